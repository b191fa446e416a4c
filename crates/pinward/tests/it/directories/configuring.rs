//! What is wrong with the configuration of a directory is said.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use pinward_testkit::For;

use super::{PASSWORD_IN_OUTPUT, Setup, sync, write};
use crate::program::{Run, Sample};
use crate::slapd::{PASSWORD, is_there};

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
