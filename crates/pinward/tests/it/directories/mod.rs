//! `pinward sync` with the directories of pinward.toml, against a real slapd.

mod checking;
mod configuring;
mod syncing;

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use ldap3::Mod;
use pinward_testkit::For;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::program::{Run, Sample};
use crate::slapd::{BASE, NAME, PASSWORD, Slapd};

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
