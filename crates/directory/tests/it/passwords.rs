//! Whether a password is right, asked of a real directory.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::time::Duration;

use pinward_core::Person;
use pinward_directory::ldap::{LdapPasswords, Mapping, Preset, Server, Settings, Trust};
use pinward_directory::{PasswordAnswer, PasswordCheck};
use pinward_testkit::For;

use crate::slapd::{BASE, Slapd, free_port, is_there, password, settings};

/// A key that no directory gives.
const MADE_UP: &str = "00000000-0000-8000-8000-000000000000";

/// Somebody of that name.
fn person(name: &str) -> Person {
    Person {
        guid: MADE_UP.to_owned(),
        dn: format!("cn={name},{BASE}"),
        display_name: name.to_owned(),
        first_name: None,
        last_name: None,
        sam_account_name: name.to_owned(),
        domain: "litwareinc".to_owned(),
        upn: None,
        sip_address: None,
        line_uri: None,
        enabled: true,
        registrar_pool: None,
        site: None,
        attributes: Default::default(),
        when_created: None,
        when_changed: None,
    }
}

fn checked_by(settings: Settings) -> LdapPasswords {
    let mut passwords = LdapPasswords::default();
    let mapping = Mapping::of(Preset::Openldap).unwrap();
    passwords
        .add(settings, vec![BASE.to_owned()], mapping)
        .unwrap();
    passwords
}

/// People with the password "right", each with more lines.
fn people(named: &[(&str, &str)]) -> String {
    let mut entries = String::new();
    for (name, more) in named {
        write!(
            entries,
            "dn: cn={name},{BASE}\nobjectClass: inetOrgPerson\ncn: {name}\nsn: x\n\
             userPassword: right\n{more}\n"
        )
        .unwrap();
    }
    entries
}

#[tokio::test]
async fn right_wrong_nobody_and_elsewhere() {
    if !is_there() {
        return;
    }
    let named = [("Ken Myer", ""), ("Müller\\, Jörg \\+ 会議", "")];
    let slapd = Slapd::start(&people(&named[..1]), For::This).await;
    let mut admin = slapd.admin().await;
    let name = format!("cn={},{BASE}", named[1].0);
    let attributes = vec![
        ("objectClass", ["inetOrgPerson"].into()),
        ("sn", ["x"].into()),
        ("userPassword", ["passwörd ☎"].into()),
    ];
    let added = admin.add(&name, attributes).await.unwrap();
    added.success().unwrap();
    let passwords = checked_by(settings(vec![slapd.ldaps()], slapd.trust()));
    let elsewhere = Person {
        dn: "cn=Ken Myer,dc=fabrikam,dc=com".to_owned(),
        ..person("Ken Myer")
    };
    for (person, keyed, expected) in [
        (Some(person("Ken Myer")), "right", PasswordAnswer::Right),
        (Some(person("ken myer")), "right", PasswordAnswer::Right),
        (Some(person("Ken Myer")), "Right", PasswordAnswer::Wrong),
        (Some(person("Ken Myer")), " right", PasswordAnswer::Wrong),
        (
            Some(person(named[1].0)),
            "passwörd ☎",
            PasswordAnswer::Right,
        ),
        (Some(person("Somebody")), "right", PasswordAnswer::Wrong),
        (None, "right", PasswordAnswer::Wrong),
        (Some(elsewhere), "right", PasswordAnswer::NotKept),
    ] {
        let answer = passwords.check(person.as_ref(), &password(keyed)).await;
        let who = person.map(|person| person.dn);
        assert_eq!(answer, Ok(expected), "{who:?} {keyed}");
    }
}

#[tokio::test]
async fn whoever_got_the_name_of_somebody_else_is_not_them() {
    if !is_there() {
        return;
    }
    let slapd = Slapd::start(&people(&[("Ken Myer", "")]), For::This).await;
    let passwords = checked_by(settings(vec![slapd.ldaps()], slapd.trust()));
    let mut admin = slapd.admin().await;
    let key = async |admin: &mut ldap3::Ldap| {
        let name = format!("cn=Ken Myer,{BASE}");
        let found = admin
            .search(&name, ldap3::Scope::Base, "(objectClass=*)", ["entryUUID"])
            .await
            .unwrap();
        let entry = found.success().unwrap().0.remove(0);
        ldap3::SearchEntry::construct(entry).attrs["entryUUID"][0].clone()
    };
    let ken = Person {
        guid: key(&mut admin).await,
        ..person("Ken Myer")
    };
    let check = async || passwords.check(Some(&ken), &password("right")).await;
    assert_eq!(check().await, Ok(PasswordAnswer::Right));
    let name = ken.dn.clone();
    admin.delete(&name).await.unwrap().success().unwrap();
    let attributes = vec![
        ("objectClass", ["inetOrgPerson"].into()),
        ("sn", ["x"].into()),
        ("userPassword", ["right"].into()),
    ];
    let added = admin.add(&name, attributes).await.unwrap();
    added.success().unwrap();
    assert_ne!(key(&mut admin).await, ken.guid);
    assert_eq!(check().await, Ok(PasswordAnswer::NotKept));
}

#[tokio::test]
async fn a_password_policy_is_told_apart() {
    if !is_there() {
        return;
    }
    let policy = format!(
        "dn: cn=policy,{BASE}\nobjectClass: device\nobjectClass: pwdPolicy\ncn: policy\n\
         pwdAttribute: userPassword\npwdMaxAge: 31536000\npwdLockout: TRUE\npwdMaxFailure: 3\n\
         pwdMustChange: TRUE\n\n"
    );
    let named = [
        ("good", ""),
        ("locked", "pwdAccountLockedTime: 000001010000Z\n"),
        ("expired", "pwdChangedTime: 20010101000000Z\n"),
        ("reset", "pwdReset: TRUE\n"),
    ];
    let more = format!("overlay ppolicy\nppolicy_default cn=policy,{BASE}\nppolicy_use_lockout\n");
    let entries = policy + &people(&named);
    let slapd = Slapd::start_with(&entries, For::This, &more).await;
    let passwords = checked_by(settings(vec![slapd.starttls()], slapd.trust()));
    let check = async |name: &str, keyed| {
        let answer = passwords.check(Some(&person(name)), &password(keyed)).await;
        answer.unwrap()
    };
    assert_eq!(check("good", "right").await, PasswordAnswer::Right);
    assert_eq!(check("locked", "right").await, PasswordAnswer::Locked);
    assert_eq!(
        check("expired", "right").await,
        PasswordAnswer::PasswordExpired
    );
    assert_eq!(check("reset", "right").await, PasswordAnswer::MustChange);
    // Only the right password tells that it has expired or must be changed.
    for name in ["good", "expired", "reset"] {
        assert_eq!(check(name, "wrong").await, PasswordAnswer::Wrong, "{name}");
    }
    for _ in 0..2 {
        assert_eq!(check("good", "wrong").await, PasswordAnswer::Wrong);
    }
    assert_eq!(check("good", "right").await, PasswordAnswer::Locked);
}

#[tokio::test]
async fn who_cannot_be_reached_says_nothing_of_the_password() {
    let hung = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = hung.local_addr().unwrap().port();
    let server = |port: u16| -> Server { format!("ldaps://127.0.0.1:{port}").parse().unwrap() };
    let servers = vec![server(free_port()), server(port)];
    let mut how = settings(servers, Trust::accept_any_certificate().unwrap());
    how.connect_timeout = Duration::from_millis(200);
    let passwords = checked_by(how);
    for somebody in [Some(person("Ken Myer")), None] {
        let answer = passwords.check(somebody.as_ref(), &password("right")).await;
        let error = answer.unwrap_err();
        assert_eq!(error.id, "DirectoryNoAnswer");
        assert!(error.message.contains(&format!(":{port}: encrypting")));
        assert!(!error.message.contains("right"), "{error}");
    }
}

#[tokio::test]
async fn the_second_server_is_asked_where_the_first_is_down_only() {
    if !is_there() {
        return;
    }
    let entries = people(&[("Ken Myer", "")]);
    let mut first = Slapd::start(&entries, For::This).await;
    let second = Slapd::start(&people(&[]), For::This).await;
    let any = Trust::accept_any_certificate().unwrap();
    let passwords = checked_by(settings(vec![second.ldaps(), first.ldaps()], any));
    let ken = person("Ken Myer");
    let check = async || passwords.check(Some(&ken), &password("right")).await;
    // The first that answers does not know him: the other, which would, is not asked.
    assert_eq!(check().await, Ok(PasswordAnswer::Wrong));
    drop(second);
    assert_eq!(check().await, Ok(PasswordAnswer::Right));
    first.kill();
    assert!(check().await.is_err());
}
