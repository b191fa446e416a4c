//! `pinward client`, as an administrator types it.

use serde_json::Value;

use crate::program::{Run, Sample};

fn client(sample: &Sample, arguments: &str) -> Run {
    let mut command = sample.command();
    command.arg("client").args(arguments.split_whitespace());
    command.output().expect("the program starts").into()
}

fn listed(sample: &Sample) -> Value {
    let out = client(sample, "list --json").well().out;
    serde_json::from_str(&out).expect("JSON")
}

#[test]
fn a_client_is_added_changed_rotated_and_removed() {
    let sample = Sample::new();
    assert_eq!(listed(&sample), Value::Array(Vec::new()));
    let added = client(
        &sample,
        "add switchboard --rights logon --network 10.0.0.0/8,::1 --expires 2999-01-01 --json",
    );
    let added: Value = serde_json::from_str(&added.well().out).expect("JSON");
    let key = added["key"].as_str().expect("the key").to_owned();
    assert!(key.starts_with(added["keys"][0]["start"].as_str().expect("its start")));
    let all = listed(&sample);
    assert_eq!(all[0]["networks"], serde_json::json!(["10.0.0.0/8", "::1"]));
    assert_eq!(all[0]["rights"], "logon");
    assert_eq!(all[0]["expires"], "2999-01-01T00:00:00Z");
    assert_eq!(all[0]["perSecond"], 100);

    let set = client(
        &sample,
        "set Switchboard --rights role:cshelpdesk --any-network --never-expires --per-second 7",
    );
    assert!(
        set.well()
            .out
            .contains("role:CsHelpDesk, from anywhere, 7 requests/s")
    );
    let rotated = client(&sample, "rotate switchboard --overlap 2h")
        .well()
        .out;
    assert!(rotated.contains("Key: pinward_") && rotated.contains("holds until"));
    assert!(!rotated.contains(&key), "the old key is shown no more");
    assert_eq!(listed(&sample)[0]["keys"].as_array().map(Vec::len), Some(2));

    // No key is kept anywhere, and the audit log tells what was done.
    for file in std::fs::read_dir(sample.data()).expect("the folder") {
        let content = std::fs::read(file.expect("a file").path()).expect("readable");
        let found = content
            .windows(key.len())
            .any(|part| part == key.as_bytes());
        assert!(!found, "the key is kept");
    }
    client(&sample, "remove switchboard").well();
    assert_eq!(listed(&sample), Value::Array(Vec::new()));
    let ours = "Get-CsPinAudit | Where-Object {$_.Identity -eq 'Client:switchboard'}";
    let mut actions = sample.texts(ours, "Action");
    actions.sort();
    let expected = [
        "New-CsPinClient",
        "Remove-CsPinClient",
        "Set-CsPinClient",
        "Set-CsPinClient",
    ];
    assert_eq!(actions, expected);
}

#[test]
fn a_client_proves_itself_by_a_certificate() {
    let sample = Sample::new();
    let file = sample.data().join("provisioning.pem");
    let own = rcgen::generate_simple_self_signed(vec!["provisioning".to_owned()]);
    let own = own.expect("a certificate").cert;
    std::fs::write(&file, own.pem()).expect("a file");
    let digest = <sha2::Sha256 as sha2::Digest>::digest(own.der());
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let path = file.display();
    let added = client(
        &sample,
        &format!("add phones --rights logon --certificate {path}"),
    );
    let out = added.well().out;
    assert!(
        out.contains(&format!("certificate sha256:{digits}")),
        "{out}"
    );
    assert!(
        out.contains("client_authorities") && !out.contains("Key:"),
        "{out}"
    );
    let again = client(
        &sample,
        &format!("add other --rights logon --certificate {digits}"),
    );
    assert!(again.err.contains("the client phones already"), "{again:?}");

    let next = "ab".repeat(32);
    let rotated = client(
        &sample,
        &format!("rotate phones --certificate {next} --overlap 7d"),
    );
    assert!(
        rotated
            .well()
            .out
            .contains(&format!("The certificate sha256:{digits} holds until"))
    );
    let keys = &listed(&sample)[0]["keys"];
    assert_eq!(keys[0]["start"], format!("sha256:{next}"));
    assert_eq!(keys[1]["kind"], "certificate");
    let key = client(&sample, "rotate phones --overlap 0").well().out;
    assert!(key.contains("Key: pinward_"), "{key}");

    let mut params = rcgen::CertificateParams::default();
    params.not_after = rcgen::date_time_ymd(2020, 1, 1);
    let key = rcgen::KeyPair::generate().expect("a key");
    let expired = params.self_signed(&key).expect("a certificate");
    let old = sample.data().join("old.pem");
    std::fs::write(&old, expired.pem()).expect("a file");
    for (certificate, says) in [
        (old.to_str().expect("a path"), "expired at"),
        ("/nowhere.pem", "no file can be read"),
        ("/dev/null", "holds none"),
    ] {
        let run = client(
            &sample,
            &format!("add a --rights logon --certificate {certificate}"),
        );
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.err.contains(says), "{run:?}");
    }
}

// R-RBAC-2: whoever may add clients can give themselves any role
#[test]
fn only_administrators_manage_clients() {
    let sample = Sample::new();
    for (arguments, code, says) in [
        ("add a --rights logon", 1, "New-CsPinClient"),
        ("remove a", 1, "Remove-CsPinClient"),
        ("rotate a", 1, "Set-CsPinClient"),
        ("list", 1, "Get-CsPinClient"),
    ] {
        let run = client(&sample, &format!("--as kenmyer {arguments}"));
        assert_eq!(run.code, Some(code), "{run:?}");
        assert!(run.err.contains(says), "{run:?}");
    }
}

#[test]
fn wrong_arguments_say_what_is_wrong() {
    let sample = Sample::new();
    client(&sample, "add taken --rights logon").well();
    for (arguments, code, says) in [
        ("add a --rights everything", 2, "trusted-logon"),
        (
            "add a --rights logon --network 10.0.0.0/33",
            2,
            "from 0 to 32",
        ),
        ("add a/b --rights logon", 1, "cannot be the name"),
        ("add a --rights nothing", 1, "needs rights"),
        ("add Taken --rights logon", 1, "already"),
        ("add a --rights role:nobody", 1, "no role \"nobody\""),
        ("add a --rights logon --expires 2001-01-01", 1, "to come"),
        ("add a --rights logon --at-once 0", 1, "requests at once"),
        ("set taken", 1, "what to change"),
        ("set other --per-second 3", 1, "no client \"other\""),
        ("rotate taken --overlap soon", 2, "12h"),
        ("rotate taken --overlap 91d", 1, "90 days"),
        ("remove other", 1, "no client \"other\""),
    ] {
        let run = client(&sample, arguments);
        assert_eq!(run.code, Some(code), "{arguments}: {run:?}");
        assert!(run.err.contains(says), "{arguments}: {run:?}");
    }
}
