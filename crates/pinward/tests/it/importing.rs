//! `pinward import`.

use std::fs;

use crate::program::{Run, Sample};

const CSV: &str = "\
DisplayName,SamAccountName,UserPrincipalName,SipAddress,LineURI,Department,Site
Ada Example,ada,ada@litwareinc.com,sip:ada@litwareinc.com,tel:+14255559001;ext=59001,Research,Redmond
Bob Example,bob,bob@litwareinc.com,sip:bob@litwareinc.com,tel:+14255559002;ext=59002,Research,Atlantis
\"Cyd, Example\",cyd,cyd@litwareinc.com,sip:cyd@litwareinc.com,,Research,Paris
";

fn import(sample: &Sample, arguments: &[&str]) -> Run {
    sample
        .command()
        .arg("import")
        .args(arguments)
        .output()
        .expect("runs")
        .into()
}

#[test]
fn a_file_is_tried_imported_and_updated() {
    let sample = Sample::new();
    let file = sample.everything().join("people.csv");
    fs::write(&file, CSV).expect("the file");
    let path = file.to_str().expect("UTF-8");

    let dry = import(&sample, &["--dry-run", path]);
    assert_eq!(dry.code, Some(1), "{dry:?}");
    assert!(dry.out.contains("2 would be created"), "{dry:?}");
    assert!(
        dry.err.contains("line 3") && dry.err.contains("Atlantis"),
        "{dry:?}"
    );
    assert_eq!(
        sample.run("Get-CsUser 'Ada Example'").code,
        Some(1),
        "nothing was changed"
    );

    let done = import(&sample, &["--json", path]);
    let report: serde_json::Value = serde_json::from_str(&done.out).expect("JSON");
    assert_eq!(report["created"], 2);
    assert_eq!(report["refused"][0]["line"], 3);
    sample.run("Set-CsClientPin 'Ada Example' 18723834").well();
    assert_eq!(
        sample.texts("Get-CsUser 'Cyd, Example'", "Department"),
        ["Research"]
    );

    let moved = CSV.replace("59001", "59011").replace("Atlantis", "Dublin");
    fs::write(&file, moved).expect("the file again");
    let again = import(&sample, &["--json", path]);
    assert_eq!(again.code, Some(0), "{again:?}");
    let report: serde_json::Value = serde_json::from_str(&again.out).expect("JSON");
    assert_eq!(
        (&report["created"], &report["updated"]),
        (&1.into(), &1.into())
    );
    assert_eq!(report["unchanged"], 1);
    assert!(
        sample.logs_on("59011", "18723834"),
        "the PIN stayed with the user"
    );
}

#[test]
fn ldif_is_read_too() {
    let sample = Sample::new();
    let ldif = "version: 1\n\ndn: OU=Research,DC=litwareinc,DC=com\nobjectClass: organizationalUnit\n\n\
        dn: CN=Dee Example,OU=Research,DC=litwareinc,DC=com\nobjectClass: user\nsAMAccountName: dee\n\
        userPrincipalName: dee@litwareinc.com\ndisplayName:: RGVlIEV4w6RtcGxl\nmail: dee@litwareinc.com\n\
        telephoneNumber: +1 425 555 9004\n";
    let file = sample.everything().join("people.ldif");
    fs::write(&file, ldif).expect("the file");
    let run = import(&sample, &[file.to_str().expect("UTF-8")]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.out.starts_with("1 created") && run.out.contains("1 entries"),
        "{run:?}"
    );
    assert_eq!(
        sample.texts(
            "Get-CsUser -OU 'ou=Research,dc=litwareinc,dc=com'",
            "DisplayName"
        ),
        ["Dee Exämple"]
    );
}

#[test]
fn what_the_file_does_not_say_is_named_on_the_command_line() {
    let sample = Sample::new();
    let file = sample.everything().join("names.csv");
    fs::write(&file, "SamAccountName,DisplayName\nada,Ada Example\n").expect("the file");
    let path = file.to_str().expect("UTF-8");

    let refused = import(&sample, &[path]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.err.contains("--domain"), "{refused:?}");

    let told = [
        "--domain",
        "LITWAREINC",
        "--site",
        "Redmond",
        "--registrar-pool",
        "atl-cs-001.litwareinc.com",
        path,
    ];
    let done = import(&sample, &told);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(
        sample.texts("Get-CsAdUser 'litwareinc\\ada'", "DisplayName"),
        ["Ada Example"]
    );
}
