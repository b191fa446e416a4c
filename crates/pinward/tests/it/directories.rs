//! `pinward sync` with the directories of pinward.toml, against a real slapd.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Stdio;

use ldap3::Mod;
use pinward_testkit::{Authority, For};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::program::{Run, Sample};
use crate::server::Server;
use crate::slapd::{BASE, NAME, PASSWORD, Slapd, free_port, is_there};

/// A directory with these many people in two units, and a program set up for it.
struct Setup {
    sample: Sample,
    slapd: Slapd,
    runtime: Runtime,
}

impl Setup {
    fn new(people: u32, certificate: For) -> Setup {
        let runtime = Runtime::new().expect("a runtime");
        let slapd = runtime.block_on(Slapd::start(&entries(people), certificate));
        let sample = Sample::new();
        let setup = Setup {
            sample,
            slapd,
            runtime,
        };
        setup.password(PASSWORD);
        setup.configure("");
        setup
    }

    fn password(&self, text: &str) {
        let file = self.sample.data().join("slapd.password");
        fs::write(&file, format!("{text}\n")).expect("the password");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("its mode");
    }

    /// The configuration with the usual keys; `further` belongs to the directory.
    fn configure(&self, further: &str) {
        self.configure_with(&[], further);
    }

    /// The same with other values of some keys.
    fn configure_with(&self, other: &[(&str, &str)], further: &str) {
        let text = configuration(&self.slapd, other, further);
        write(&self.sample, &text);
    }

    fn sync(&self, arguments: &[&str]) -> Run {
        let run: Run = sync(&self.sample, arguments);
        for text in [&run.out, &run.err] {
            assert!(!text.contains(PASSWORD_IN_OUTPUT), "{run:?}");
        }
        run
    }

    fn sync_json(&self, arguments: &[&str]) -> Value {
        let run = self.sync(&[arguments, &["--json"]].concat());
        let all: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("JSON: {run:?}"));
        all[0].clone()
    }

    fn change(&self, cn: &str, name: &str, value: &str) {
        self.runtime.block_on(async {
            let mut admin = self.slapd.admin().await;
            let change = Mod::Replace(name, HashSet::from([value]));
            let dn = format!("cn={cn},ou=Redmond,{BASE}");
            let done = admin.modify(&dn, vec![change]);
            done.await.expect("an answer").success().expect("changed");
        });
    }
}

/// What no output may hold; a text that stands in no name, so that it is found if it is there.
const PASSWORD_IN_OUTPUT: &str = "never-shown-5871";

fn sync(sample: &Sample, arguments: &[&str]) -> Run {
    let mut command = sample.command();
    command.arg("sync").args(arguments);
    command.output().expect("runs").into()
}

fn write(sample: &Sample, text: &str) {
    fs::write(sample.data().join("pinward.toml"), text).expect("the configuration");
}

fn configuration(slapd: &Slapd, other: &[(&str, &str)], further: &str) -> String {
    let usual = [
        ("name", "\"staff\"".to_owned()),
        ("preset", "\"openldap\"".to_owned()),
        ("servers", format!("[\"{}\"]", slapd.ldaps())),
        ("ca_file", format!("{:?}", slapd.authority.file())),
        ("bind_name", format!("\"{NAME}\"")),
        ("password_file", "\"slapd.password\"".to_owned()),
        ("bases", format!("[\"{BASE}\"]")),
    ];
    let mut text = "[[directory]]\n".to_owned();
    for (key, value) in usual {
        let other = other.iter().find(|(name, _)| *name == key);
        match other.map_or(value.as_str(), |(_, value)| *value) {
            "" => {}
            value => writeln!(text, "{key} = {value}").expect("written"),
        }
    }
    text + further
}

fn entries(people: u32) -> String {
    let mut all = String::new();
    for unit in ["Redmond", "Bonn"] {
        write!(
            all,
            "dn: ou={unit},{BASE}\nobjectClass: organizationalUnit\nou: {unit}\n\n"
        )
        .expect("written");
    }
    for number in 0..people {
        let unit = if number % 2 == 0 { "Redmond" } else { "Bonn" };
        write!(
            all,
            "dn: cn=Person {number},ou={unit},{BASE}\nobjectClass: inetOrgPerson\ncn: Person {number}\n\
             sn: {number}\nuid: person{number}\nmail: person{number}@litwareinc.com\n\
             telephoneNumber: 0711 77{number:04}\ncarLicense: S-PW {number}\n\n"
        )
        .expect("written");
    }
    all
}

const NUMBERS: &str = "[directory.mapping]\nkeep = [\"carLicense\"]\n\
     numbers = { country_code = \"49\", national_prefix = \"0\", extension_length = 6 }\n\
     [[directory.site]]\nname = \"Redmond\"\nunits = [\"ou=Redmond,dc=litwareinc,dc=com\"]\n";

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

/// Each step with what it found: `tls ok`.
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

/// A configuration without a directory to reach.
fn unreached(sample: &Sample, change: impl FnOnce(&str) -> String) -> Run {
    let file = sample.data().join("password");
    fs::write(&file, PASSWORD_IN_OUTPUT).expect("the password");
    let mode = fs::Permissions::from_mode(0o640);
    fs::set_permissions(&file, mode).expect("its mode");
    let text = "[[directory]]\nname = \"staff\"\npreset = \"active-directory\"\n\
         servers = [\"ldaps://127.0.0.1:1\"]\naccept_any_certificate = true\n\
         bind_name = \"LITWAREINC\\\\pinward\"\npassword_file = \"password\"\n\
         bases = [\"DC=litwareinc,DC=com\"]\n";
    write(sample, &change(text));
    let run = sync(sample, &["--dry-run"]);
    assert!(
        !(run.out.clone() + &run.err).contains(PASSWORD_IN_OUTPUT),
        "{run:?}"
    );
    run
}

#[test]
fn what_is_wrong_with_the_configuration_is_said() {
    let sample = Sample::new();
    let well = unreached(&sample, str::to_owned);
    assert!(
        well.err.contains("staff: ldaps://127.0.0.1:1: connecting"),
        "{well:?}"
    );
    for (from, to, said) in [
        ("name = \"staff\"\n", "", "missing field `name`"),
        ("\"staff\"", "\" \"", "a name is empty"),
        (
            "preset =",
            "prset =",
            "there is no key `prset` in [[directory]]; is `preset` meant?",
        ),
        (
            "active-directory",
            "ad",
            "unknown variant `ad`, expected one of `active-directory`",
        ),
        (
            "ldaps://127",
            "127",
            "servers: \"127.0.0.1:1\" is no address",
        ),
        (
            "[\"ldaps://127.0.0.1:1\"]",
            "[]",
            "servers: name at least one",
        ),
        (
            "accept_any_certificate = true",
            "ca_file = \"none.pem\"",
            "ca_file: ",
        ),
        (
            "accept_any",
            "ca_file = \"x\"\naccept_any",
            "exclude each other",
        ),
        (
            "LITWAREINC\\\\pinward",
            "pinward",
            "bind_name: \"pinward\" is no name",
        ),
        (
            "password_file = \"password\"",
            "",
            "either password_file or password_variable",
        ),
        (
            "password_file = \"password\"",
            "password = \"never-shown-5871\"",
            "does not stand in this file",
        ),
        (
            "password_file = \"password\"",
            "pasword = \"never-shown-5871\"",
            "there is no key `pasword`",
        ),
        (
            "password_file = \"password\"",
            "password = \"never-shown-5871",
            "line 7",
        ),
        (
            "password_file",
            "password_variable = \"X\"\npassword_file",
            "either password_file or",
        ),
        (
            "password_file = \"password\"",
            "password_variable = \"NOT_SET\"",
            "no variable NOT_SET",
        ),
        ("\"password\"", "\"missing\"", "password_file: cannot read"),
        (
            "DC=litwareinc,DC=com",
            "litwareinc.com",
            "bases: \"litwareinc.com\" is not a distinguished",
        ),
        (
            "[\"DC=litwareinc,DC=com\"]",
            "[]",
            "bases: name at least one",
        ),
        (
            "[\"DC=litwareinc,DC=com\"]",
            "[\"DC=litwareinc,DC=com\", \"ou=People, dc=LitwareInc,dc=com\"]",
            "bases: \"DC=litwareinc,DC=com\" and \"ou=People, dc=LitwareInc,dc=com\" overlap",
        ),
        ("bases", "page_size = 1001\nbases", "page_size is 1001"),
        (
            "bases",
            "connect_timeout = \"soon\"\nbases",
            "\"soon\" is no length of time",
        ),
        (
            "bases",
            "operation_timeout = \"2 hours\"\nbases",
            "operation_timeout goes from",
        ),
        (
            "bases",
            "mapping.enabled = \"(a=b\"\nbases",
            "mapping.enabled: ",
        ),
        (
            "bases",
            "mapping.people = \"(a=b\"\nbases",
            "no LDAP filter",
        ),
        (
            "bases",
            "mapping.logon = [\"not a name\"]\nbases",
            "no name of an attribute",
        ),
        (
            "bases",
            "mapping.numbers.country_code = \"+49\"\nbases",
            "country_code is \"+49\"",
        ),
        (
            "bases",
            "mapping.numbers.extension_length = 99\nbases",
            "extension_length is 99",
        ),
        (
            "bases",
            "mapping.changes = \"often\"\nbases",
            "unknown variant `often`",
        ),
        (
            "bases",
            "site = [{ name = \"Bonn\" }]\nbases",
            "site \"Bonn\": give it either",
        ),
        (
            "bases",
            "site = [{ name = \"a/b\", filter = \"a=b\" }]\nbases",
            "site \"a/b\": ",
        ),
        ("[[directory]]", "[directory]", "line 1"),
    ] {
        let run = unreached(&sample, |text| {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        });
        assert_eq!(run.code, Some(1), "{to}: {run:?}");
        assert!(
            run.err.contains("pinward.toml") && run.err.contains(said),
            "{to}: {run:?}"
        );
    }
    let twice = unreached(&sample, |text| {
        format!("{text}{}", text.replace("staff", "STAFF"))
    });
    assert!(
        twice.err.contains("two have the name \"STAFF\""),
        "{twice:?}"
    );
    let none = unreached(&sample, |_| String::new());
    assert!(none.err.contains("names no directory"), "{none:?}");
    unreached(&sample, str::to_owned);
    let other = sync(&sample, &["--source", "guests"]);
    assert!(
        other.err.contains("no directory \"guests\"; it has staff"),
        "{other:?}"
    );
    let readable = sample.data().join("password");
    open_to_all(&readable);
    let refused = sync(&sample, &[]);
    assert!(
        refused.err.contains("mode 0644") && refused.err.contains("chmod 600"),
        "{refused:?}"
    );
    for (arguments, code) in [
        (&["--check", "--dry-run"][..], 2),
        (&["--from", "x.csv", "--full"], 2),
        (&["--from", "x.csv", "--check"], 2),
        (&["--domain", "X"], 1),
        (&["--check", "--domain", "X"], 1),
    ] {
        assert_eq!(sync(&sample, arguments).code, Some(code), "{arguments:?}");
    }
}

fn open_to_all(file: &Path) {
    fs::set_permissions(file, fs::Permissions::from_mode(0o644)).expect("its mode");
}

#[test]
fn a_password_from_the_environment() {
    if !is_there() {
        return;
    }
    let setup = Setup::new(1, For::This);
    setup.configure_with(
        &[("password_file", "")],
        "password_variable = \"LDAP_PASSWORD\"\n",
    );
    let mut command = setup.sample.command();
    command.arg("sync").env("LDAP_PASSWORD", PASSWORD);
    let run: Run = command.output().expect("runs").into();
    assert!(run.well().out.contains("1 created"));
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
