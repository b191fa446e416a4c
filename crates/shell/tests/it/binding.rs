//! Arguments and parameters.

use crate::support::{check, session};

#[test]
fn by_name_and_position() {
    check(&[
        ("Show-Bound a", "\"Identity=a\""),
        ("Show-Bound a b", "\"Identity=a Text=b\""),
        ("Show-Bound -Text b a", "\"Identity=a Text=b\""),
        ("Show-Bound -Identity a -Force", "\"Identity=a Force=True\""),
        ("Show-Bound a -Force:$false", "\"Identity=a Force=False\""),
        ("Show-Bound a –Force", "\"Identity=a Force=True\""),
        ("Show-Bound a -fl $true", "\"Identity=a Flag=True\""),
        ("Show-Bound a -fo", "\"Identity=a Force=True\""),
        ("Show-Bound a -f", "reported AmbiguousParameter"),
        ("Show-Bound a -ph 51219", "\"Identity=a PhoneOrExt=51219\""),
        (
            "Show-Bound a -PhoneOrExtension 1",
            "\"Identity=a PhoneOrExt=1\"",
        ),
        ("Show-Bound a b c", "reported UnknownPosition"),
        ("Show-Bound a -Nope 1", "reported UnknownParameter"),
        ("Show-Bound a -Text", "reported MissingArgument"),
        (
            "Show-Bound a -Text b -Text c",
            "reported ParameterGivenTwice",
        ),
        ("Show-Bound", "reported MissingParameter"),
        ("Show-Bound ''", "reported ParameterValue"),
        ("Show-Bound -- -x", "\"Identity=-x\""),
        (
            "sb kenmyer@litwareinc.com",
            "\"Identity=kenmyer@litwareinc.com\"",
        ),
        (
            "sb litwareinc\\kenmyer",
            "\"Identity=litwareinc\\\\kenmyer\"",
        ),
        ("sb site:USA/Redmond", "\"Identity=site:USA/Redmond\""),
        ("$n = 'x'; sb $n\\y", "\"Identity=x\\\\y\""),
        ("sb a`b", "\"Identity=a\\u{8}\""),
        ("sb (1 + 2)", "\"Identity=3\""),
        ("sb $(1; 2)[1]", "\"Identity=2\""),
        (
            "$p = @{Identity='a'; Force=$true}; sb @p",
            "\"Identity=a Force=True\"",
        ),
        ("$p = 'a', 'b'; sb @p", "\"Identity=a Text=b\""),
        ("sb @nothing", "reported SplatValue"),
    ]);
}

#[test]
fn conversion() {
    check(&[
        ("sb a -Whole 10", "\"Identity=a Whole=10\""),
        ("sb a -Whole '10'", "\"Identity=a Whole=10\""),
        ("sb a -Whole 0", "reported ParameterValue"),
        ("sb a -Whole 1000", "reported ParameterValue"),
        ("sb a -Whole ten", "reported ParameterValue"),
        ("sb a -Whole 1.5", "reported ParameterValue"),
        ("sb a -Whole -1", "reported ParameterValue"),
        ("sb a -Signed -1", "\"Identity=a Signed=-1\""),
        (
            "sb a -Large 18446744073709551615",
            "\"Identity=a Large=18446744073709551615\"",
        ),
        (
            "sb a -Large 18446744073709551616",
            "reported ParameterValue",
        ),
        ("sb a -Flag $true", "\"Identity=a Flag=True\""),
        ("sb a -Flag 1", "\"Identity=a Flag=True\""),
        ("sb a -Flag yes", "reported ParameterValue"),
        ("sb a -Text $null", "\"Identity=a Text=null\""),
        ("sb $null", "reported ParameterValue"),
        ("sb a -List x, y", "\"Identity=a List=[x y]\""),
        ("sb a -List x", "\"Identity=a List=[x]\""),
        ("sb a -Colour gree", "\"Identity=a Colour=Green\""),
        ("sb a -Colour gre", "reported ParameterValue"),
        (
            "sb a -Filter {Title -eq 'x'}",
            "\"Identity=a Filter=Title -eq 'x'\"",
        ),
        (
            "sb a -Filter 'Title -eq 1'",
            "\"Identity=a Filter=Title -eq 1\"",
        ),
        (
            "sb a -When 2026-01-02",
            "\"Identity=a When=2026-01-02 00:00:00\"",
        ),
        ("sb a -When soon", "reported ParameterValue"),
        ("sb a -Size unlimited", "\"Identity=a Size=Unlimited\""),
        ("sb a -Size 5", "\"Identity=a Size=5\""),
        (
            "sb a -Members @{Add='x'}",
            "\"Identity=a Members=System.Collections.Hashtable\"",
        ),
        ("sb a -Members @{Plus='x'}", "reported ParameterValue"),
        ("sb a -Members x,y", "\"Identity=a Members=[x y]\""),
        ("sb (Get-Person 1)", "\"Identity=sip:p1@example.com\""),
        ("sb (Get-Person 2)", "reported ParameterValue"),
    ]);
}

#[test]
fn from_the_pipeline() {
    check(&[
        ("'a','b' | sb", "\"Identity=a\" \"Identity=b\""),
        (
            "Get-Person 2 | sb -Text t",
            "\"Identity=sip:p1@example.com Text=t\" \"Identity=sip:p2@example.com Text=t\"",
        ),
        (
            "[pscustomobject]@{Identity='i'; Text='no'} | sb",
            "\"Identity=i\"",
        ),
        ("5 | sb", "\"Identity=5\""),
        (
            "[pscustomobject]@{Other='i'} | sb",
            "reported InputNotBound",
        ),
        (
            "'a', @{x=1}, 'b' | sb",
            "\"Identity=a\" \"Identity=b\" reported InputNotBound",
        ),
        ("'a' | Get-Person", "reported InputNotBound"),
        ("@() | sb", ""),
        ("$null | sb", "reported InputNotBound"),
    ]);
}

#[test]
fn parameter_sets() {
    check(&[
        ("Use-Set", "\"Identity: \""),
        ("Use-Set x", "\"Identity: Identity=x\""),
        ("Use-Set -Filter x", "\"Filter: Filter=x\""),
        ("Use-Set -Region x", "\"Region: Region=x\""),
        ("Use-Set x -Filter y", "reported UnknownPosition"),
        (
            "Use-Set -Identity x -Filter y",
            "reported AmbiguousParameterSet",
        ),
        ("Get-Person 1 | Use-Set", "\"Instance: Instance=Person\""),
        (
            "Get-Person 1 | Use-Set -Empty",
            "\"Instance: Instance=Person Empty=True\"",
        ),
        ("'x' | Use-Set", "\"Identity: Identity=x\""),
    ]);
}

#[test]
fn secrets_are_never_shown() {
    for source in [
        "Set-Secret ken -Pin (1,2)",
        "Set-Secret ken 18723834 99887766",
        "Set-Secret ken -Pin 18723834 -Pinn 4711",
        "'x', @{Pin=99887766} | Set-Secret -Pin 18723834",
        "Set-Secret ken -Pin 18723834 -Whole 7\n'x'",
        "Set-Secret ken -99887766 5",
    ] {
        let (mut session, host) = session();
        session.run(source);
        let shown: String = host.with(|seen| seen.errors.iter().map(ToString::to_string).collect());
        assert!(!shown.is_empty(), "{source}");
        for digits in ["18723834", "99887766"] {
            assert!(!shown.contains(digits), "{source}: {shown}");
        }
    }
}
