//! What `pinward sync --check` says.

use pinward_testkit::{Authority, For};
use serde_json::Value;

use super::{NUMBERS, PASSWORD_IN_OUTPUT, Setup};
use crate::slapd::{BASE, NAME, free_port, is_there};

/// Each step with what it found: `tls ok`.
fn steps(check: &Value) -> Vec<String> {
    let steps = check["steps"].as_array().expect("steps").iter();
    let text = |step: &Value, name: &str| step[name].as_str().expect("text").to_owned();
    let steps = steps.map(|step| text(step, "step") + " " + &text(step, "outcome"));
    steps.collect()
}

#[test]
fn a_check_explains_each_step() {
    if !is_there() {
        return;
    }
    let setup = Setup::new(12, For::This);
    setup.configure(NUMBERS);
    let run = setup.sync(&["--check"]).well();
    for said in [
        "certificate for 127.0.0.1, issued by",
        &format!("as {NAME}"),
        "12 people, 12 enabled",
        "of 12 enabled people 12 have a line URI and 12 a SIP address",
        "telephonenumber \"0711 770000\"",
    ] {
        assert!(run.out.contains(said), "{said}: {run:#?}");
    }
    let check = setup.sync_json(&["--check"]);
    assert_eq!(
        steps(&check),
        [
            "name ok",
            "port ok",
            "tls ok",
            "bind ok",
            "base ok",
            "groups warning",
            "people ok",
            "paging ok",
            "mapping ok",
            "changes ok",
            "site ok"
        ]
    );
    setup.configure(&NUMBERS.replace("\"Redmond\"", "\"Nowhere\""));
    let run = setup.sync(&["--check"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    for said in ["FAILED", "Nowhere", "New-CsSite -Identity 'Nowhere'"] {
        assert!(run.out.contains(said), "{said}: {run:#?}");
    }
    setup.configure(NUMBERS);
    assert_eq!(
        setup.sample.texts("Get-CsDirectoryStatus", "Name").len(),
        0,
        "nothing is kept"
    );

    let stranger = Authority::new(&setup.sample.everything().join("stranger"));
    let stranger = format!("{:?}", stranger.file());
    let closed = format!("[\"ldaps://127.0.0.1:{}\"]", free_port());
    let crossed = format!("[\"ldaps://127.0.0.1:{}\"]", setup.slapd.port);
    let nowhere = format!("[\"ou=Nowhere,{BASE}\"]");
    let unknown = r#"["ldaps://dc1.nowhere.invalid"]"#;
    for (key, value, further, last, id, said) in [
        (
            "servers",
            unknown,
            "",
            "name failed",
            "DirectoryNameUnknown",
            "has no address",
        ),
        (
            "servers",
            &*closed,
            "",
            "port failed",
            "DirectoryNotReached",
            "the port",
        ),
        (
            "servers",
            &*crossed,
            "",
            "tls failed",
            "",
            "does this port speak LDAPS?",
        ),
        (
            "ca_file",
            &*stranger,
            "",
            "tls failed",
            "DirectoryCertificateRefused",
            "issued by",
        ),
        (
            "bind_name",
            r#""cn=nobody,dc=x""#,
            "",
            "bind failed",
            "DirectoryBindRefused",
            "check bind_name",
        ),
        (
            "bases",
            &*nowhere,
            "",
            "base failed",
            "DirectoryBaseNotFound",
            "ou=Nowhere",
        ),
        (
            "preset",
            r#""openldap""#,
            "mapping = { people = \"(uid=nobody*)\" }",
            "people failed",
            "DirectoryNobodyFound",
            "check the filter",
        ),
        (
            "preset",
            r#""openldap""#,
            "mapping = { people = \"(uid=nobody\" }",
            "configuration failed",
            "",
            "no LDAP filter",
        ),
    ] {
        setup.configure_with(&[(key, value)], further);
        let check = setup.sync_json(&["--check"]);
        let found = steps(&check);
        assert_eq!(found.last().map(String::as_str), Some(last), "{check:#}");
        let step = check["steps"]
            .as_array()
            .and_then(|steps| steps.last())
            .expect("a step");
        assert_eq!(
            step["id"]
                .as_str()
                .unwrap_or_default()
                .replace("DirectoryConnectionLost", ""),
            id,
            "{check:#}"
        );
        assert!(
            step["said"].as_str().expect("text").contains(said),
            "{check:#}"
        );
        let run = setup.sync(&["--check"]);
        assert_eq!(run.code, Some(1), "{run:?}");
        assert!(run.out.contains("FAILED"), "{run:?}");
    }

    setup.password(PASSWORD_IN_OUTPUT);
    setup.configure("");
    let wrong = setup.sync_json(&["--check"]);
    assert_eq!(
        steps(&wrong).last().map(String::as_str),
        Some("bind failed")
    );
    assert_eq!(setup.sync(&[]).code, Some(1));
}

#[test]
fn certificates_that_are_refused_are_described_and_taking_any_is_warned_of() {
    if !is_there() {
        return;
    }
    for (certificate, said) in [
        (For::Past, "valid from 2000-01-01 to 2001-01-01"),
        (For::Another, "certificate for dc.litwareinc.com"),
    ] {
        let setup = Setup::new(2, certificate);
        let refused = setup.sync(&["--check"]);
        assert_eq!(refused.code, Some(1), "{refused:?}");
        assert!(refused.out.contains(said), "{refused:?}");
        setup.configure_with(&[("ca_file", "")], "accept_any_certificate = true\n");
        let warned = setup.sync(&["--check"]);
        assert_eq!(warned.code, Some(0), "{warned:?}");
        assert!(warned.out.contains("is not checked"), "{warned:?}");
        let sync = setup.sync(&[]);
        assert_eq!(sync.code, Some(0), "{sync:?}");
        assert!(
            sync.err
                .contains("staff: the certificate of the directory is not checked"),
            "{sync:?}"
        );
    }
}
