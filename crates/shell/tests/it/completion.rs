//! Completion, completeness and what may be kept.

use pinward_shell::privacy::may_be_kept;
use pinward_shell::session::Completeness;

use crate::support::session;

#[test]
fn more_lines_are_asked_for() {
    let (session, _) = session();
    for (source, wanted) in [
        ("1", Completeness::Complete),
        ("", Completeness::Complete),
        ("if ($x) {", Completeness::Incomplete),
        ("Get-Person |", Completeness::Incomplete),
        ("1 +", Completeness::Incomplete),
        ("'a", Completeness::Incomplete),
        ("@\"\nabc", Completeness::Incomplete),
        ("@{a=1", Completeness::Incomplete),
        ("Show-Bound a `", Completeness::Incomplete),
        ("$x =", Completeness::Incomplete),
        ("<# a", Completeness::Incomplete),
        ("Show-Bound a,", Completeness::Incomplete),
        (")", Completeness::Invalid),
        ("function f {", Completeness::Invalid),
    ] {
        assert_eq!(session.is_complete(source), wanted, "{source}");
    }
}

#[test]
fn completions() {
    let (mut session, host) = session();
    session.run("$person = 1; $other = 2");
    host.with(|seen| {
        seen.completions.insert(
            "user".to_owned(),
            vec!["Ken Myer".to_owned(), "Pilar Ackerman".to_owned()],
        );
    });
    let texts = |line: &str| -> Vec<String> {
        session
            .complete_at(line, line.len())
            .items
            .into_iter()
            .map(|i| i.text)
            .collect()
    };
    assert_eq!(texts("Get-Per"), ["Get-Person"]);
    assert_eq!(texts("1 | show-b"), ["Show-Bound"]);
    assert_eq!(texts("Show-Bound -Fo"), ["-Force"]);
    assert_eq!(texts("Show-Bound x –fo"), ["-Force"]);
    assert_eq!(texts("$per"), ["$person"]);
    assert_eq!(texts("Show-Bound a -Colour G"), ["Green", "Grey"]);
    assert_eq!(texts("Show-Bound a -Flag "), ["$true", "$false"]);
    assert_eq!(texts("Get-Person | Where-Object {$_.A"), ["Age"]);
    assert_eq!(
        texts("Get-Person | Where-Object {$_.Age -eq 10} | Sort-Object -Property Na"),
        ["Name"]
    );
    assert_eq!(texts("Get-Help Get-Per"), ["Get-Person"]);
    // An open quotation mark belongs to the word, and does not make it the next one.
    assert_eq!(texts("Get-Help \"Get-Per"), ["Get-Person"]);
    assert_eq!(texts("Show-Bound a -Colour 'G"), ["Green", "Grey"]);
    let completion = session.complete_at("Get-Per | x", 7);
    assert_eq!((completion.start, completion.end), (0, 7));
}

#[test]
fn lines_that_may_hold_a_pin_are_not_kept() {
    for (line, kept) in [
        ("Get-CsUser", true),
        (
            "Get-CsClientPinInfo -Identity \"litwareinc\\kenmyer\"",
            true,
        ),
        (
            "Set-CsClientPin -Identity \"litwareinc\\kenmyer\" -Pin 18723834",
            false,
        ),
        ("Set-CsClientPin ken 4711", false),
        ("Set-CsClientPin ken -pi (Get-Content x)", false),
        ("Set-CsClientPin ken –PIN x", false),
        ("$p = '47110815'", false),
        ("$p = 0712", false),
        ("\"4711\"", false),
        ("Set-CsPinPolicy site:Redmond -PINLifetime 999", true),
        ("Get-CsUser +14255551219", true),
        ("Get-CsUser \"tel:+14255551219;ext=51219\"", false),
        ("Get-CsUser \"+14255551219\" 51219", false),
        ("$x = '47' + '11'", true),
        ("4 7 1 1", true),
        ("४७११", false),
    ] {
        assert_eq!(may_be_kept(line), kept, "{line}");
    }
}
