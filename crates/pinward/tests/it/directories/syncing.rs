//! Synchronising, by the command and by the server.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use pinward_testkit::For;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::{NUMBERS, PASSWORD_IN_OUTPUT, Setup, configuration, entries, write};
use crate::program::{Run, Sample};
use crate::server::Server;
use crate::slapd::{BASE, NAME, PASSWORD, Slapd, free_port, is_there};

#[test]
fn a_directory_is_synchronised_and_logons_go_on_while_it_is_down() {
    if !is_there() {
        return;
    }
    let mut setup = Setup::new(30, For::This);
    setup.configure(NUMBERS);
    let sample = &setup.sample;
    let dry = setup.sync(&["--dry-run"]).well();
    assert!(dry.out.contains("staff: 30 would be created"), "{dry:?}");
    for shown in [
        "telephonenumber \"0711 770000\"",
        "tel:+49711770000;ext=770000, extension 770000, site Redmond",
        "sip:person0@litwareinc.com",
    ] {
        assert!(dry.out.contains(shown), "{shown}: {dry:?}");
    }
    assert_eq!(sample.run("Get-CsUser 'Person 1'").code, Some(1));

    let first = setup.sync_json(&[]);
    let figures = ["created", "full", "conflicts"].map(|name| first[name].clone());
    assert_eq!(
        figures,
        [30.into(), true.into(), Value::Array(Vec::new())],
        "{first}"
    );
    let policy = "Set-CsPinPolicy site:Redmond -MinPasswordLength 9";
    sample.run(policy).well();
    assert_eq!(
        sample.run("Set-CsClientPin 'Person 0' 18723834").code,
        Some(1),
        "too short there"
    );
    sample.run("Set-CsClientPin 'Person 0' 187238342").well();
    sample.run("Set-CsClientPin 'Person 1' 18723834").well();
    assert!(sample.logs_on("770001", "18723834"));

    // Attributes that only this mapping names.
    for search in [
        "Get-CsUser -LdapFilter '(carLicense=S-PW 7)'",
        "Get-CsUser -LdapFilter '(&(carLicense=*7)(uid=person7))'",
        "Get-CsUser -Filter {carLicense -eq 'S-PW 7'}",
    ] {
        assert_eq!(
            sample.texts(search, "SamAccountName"),
            ["person7"],
            "{search}"
        );
    }

    setup.change("Person 0", "telephoneNumber", "0711 779999");
    let second = setup.sync_json(&[]);
    assert_eq!(
        (&second["updated"], &second["full"]),
        (&1.into(), &false.into()),
        "{second}"
    );
    assert!(sample.logs_on("779999", "187238342"));
    assert_eq!(setup.sync_json(&["--full"])["full"], true);
    assert_eq!(setup.sync_json(&["--source", "STAFF"])["full"], false);

    setup.slapd.kill();
    let down = setup.sync(&[]);
    assert_eq!(down.code, Some(1), "{down:?}");
    assert!(
        down.err.contains("staff: ") && down.err.contains("connecting"),
        "{down:?}"
    );
    assert_eq!(setup.sync_json(&[])["error"]["id"], "DirectoryNotReached");
    assert!(setup.sample.logs_on("770001", "18723834"));
    let result = setup.sample.texts("Get-CsDirectoryStatus", "LastResult");
    assert_eq!(result, ["DirectoryNotReached"]);
}

#[test]
fn the_second_server_takes_over_and_that_is_said() {
    if !is_there() {
        return;
    }
    let setup = Setup::new(4, For::This);
    let closed = format!("ldaps://127.0.0.1:{}", free_port());
    let servers = format!("[\"{closed}\", \"{}\"]", setup.slapd.starttls());
    setup.configure_with(&[("servers", &servers)], "");
    let run = setup.sync(&[]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.out.contains("4 created"), "{run:?}");
    let said = format!("{} is asked instead", setup.slapd.starttls());
    assert!(
        run.err.contains(&closed) && run.err.contains(&said),
        "{run:?}"
    );
    let passed_over = &setup.sync_json(&[])["passedOver"][0];
    assert_eq!(passed_over["id"], "DirectoryNotReached");
    // The check says it of the first and goes on with the second.
    let check = setup.sync_json(&["--check"]);
    assert_eq!(
        (&check["ok"], &check["people"]),
        (&false.into(), &4.into()),
        "{check}"
    );
}

#[test]
fn ctrl_c_does_not_wait_for_a_server_that_does_not_answer() {
    let sample = Sample::new();
    let password = sample.data().join("silent.password");
    fs::write(&password, PASSWORD).expect("the password");
    fs::set_permissions(&password, fs::Permissions::from_mode(0o600)).expect("its mode");
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("its number").port();
    write(
        &sample,
        &format!(
            "[[directory]]\nname = \"silent\"\npreset = \"openldap\"\n\
             servers = [\"ldaps://127.0.0.1:{port}\"]\nbind_name = \"{NAME}\"\n\
             password_file = \"silent.password\"\nbases = [\"{BASE}\"]\n\
             accept_any_certificate = true\nconnect_timeout = \"10 minutes\"\n"
        ),
    );
    let mut command = sample.command();
    command.arg("sync");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().expect("runs");
    let _asked = silent.accept().expect("it connects");
    let pid = Pid::from_child(&child);
    kill_process(pid, Signal::INT).expect("told to stop");
    let run: Run = child.wait_with_output().expect("ends").into();
    assert_eq!(run.code, Some(130), "{run:?}");
}

#[test]
fn the_server_synchronises_by_itself_and_follows_its_configuration() {
    if !is_there() {
        return;
    }
    let setup = Setup::new(3, For::This);
    let sample = &setup.sample;
    let text =
        |slapd: &Slapd| configuration(slapd, &[("ca_file", "")], "accept_any_certificate = true\n");
    let mut server = Server::with(sample, &text(&setup.slapd));
    let synchronised = server.log_until("synchronised");
    assert!(synchronised.contains("created=3"), "{synchronised}");
    assert!(
        server
            .log()
            .contains("the certificate of the directory is not checked")
    );
    assert_eq!(
        sample.texts("Get-CsUser 'Person 1'", "SamAccountName"),
        ["person1"]
    );
    let by_whom = "Get-CsPinAudit | Where-Object {$_.Door -eq 'schedule'} | Select-Object -First 1";
    assert_eq!(sample.texts(by_whom, "Action"), ["Import-CsUser"]);

    // Another directory is added while it runs; the first one is not due.
    let other = setup.runtime.block_on(Slapd::start(&entries(0), For::This));
    let second = text(&other).replace("\"staff\"", "\"guests\"");
    let file = sample.data().join("pinward.toml");
    let both = fs::read_to_string(&file).expect("the configuration") + &second;
    fs::write(&file, both).expect("the configuration");
    server.signal(rustix::process::Signal::HUP);
    let told = server.log_until("synchronised");
    assert!(
        told.contains("guests") && told.contains("created=0"),
        "{told}"
    );
    server.signal(rustix::process::Signal::TERM);
    assert_eq!(server.ended().code(), Some(0), "{}", server.log());
    assert!(
        !server.log().contains(PASSWORD_IN_OUTPUT),
        "{}",
        server.log()
    );
}
