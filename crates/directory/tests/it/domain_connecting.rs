//! The ways to a domain controller, and what can be in the way.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use pinward_directory::ldap::{
    BindName, BindRefused, Certificate, Connection, Groups, LdapError, Mapping, Preset, Server,
    Settings, Step, Trust, What,
};
use pinward_directory::source::{Reading, Source};
use pinward_testkit::{Authority, For, Samba};

use crate::domain::{
    BASE, group, ldaps, mapped, person, read, settings, source, start, start_with, starttls,
};
use crate::proxy::{self, Behind, Then};
use crate::slapd::password;

async fn refused(settings: &Settings) -> LdapError {
    match Connection::open(settings).await {
        Ok(_) => panic!("connected"),
        Err(mut errors) => errors.remove(0),
    }
}

fn through(samba: &Samba, port: u16) -> Server {
    format!("ldaps://{}:{port}", samba.address())
        .parse()
        .unwrap()
}

#[tokio::test]
async fn three_names_of_the_service_account_and_certificates() {
    let Some(samba) = start("") else { return };
    let dn = format!("CN=pinward,CN=Users,{BASE}");
    for name in [&dn, "pinward@litwareinc.com", "LITWAREINC\\pinward"] {
        for server in [ldaps(&samba), starttls(&samba)] {
            let mut how = settings(&samba);
            how.name = BindName::parse(name).unwrap();
            how.servers = vec![server.clone()];
            let open = Connection::open(&how).await;
            assert!(open.is_ok(), "{name} {server}: {:?}", open.err());
        }
        let mut how = settings(&samba);
        how.name = BindName::parse(name).unwrap();
        how.password = password("wrong");
        let error = refused(&how).await;
        assert_eq!(error.what, What::Bind(BindRefused::WrongPassword), "{name}");
    }
    let mut how = settings(&samba);
    let folder = tempfile::tempdir().unwrap();
    how.trust = Trust::file(&Authority::new(folder.path()).file()).unwrap();
    for server in [ldaps(&samba), starttls(&samba)] {
        how.servers = vec![server];
        let error = refused(&how).await;
        let unknown = What::Certificate(Certificate::UnknownAuthority);
        assert_eq!((error.step, error.what), (Step::Tls, unknown));
    }
    // A base of another domain, to which Active Directory refers, and one that is not there.
    for base in ["OU=Nowhere", "DC=sub"] {
        let error = read(&mut source(settings(&samba), base), None).await.err();
        let error = error.expect("no such base");
        assert_eq!(error.id, "DirectoryBaseNotFound", "{error}");
    }
}

#[tokio::test]
async fn expired_certificates_and_those_of_others() {
    for (certificate, problem) in [
        (For::Past, Certificate::Expired),
        (For::Another, Certificate::WrongName),
    ] {
        let Some(samba) = start_with("", certificate) else {
            return;
        };
        for server in [ldaps(&samba), starttls(&samba)] {
            let mut how = settings(&samba);
            how.servers = vec![server];
            let error = refused(&how).await;
            assert_eq!(error.what, What::Certificate(problem.clone()));
        }
    }
}

#[tokio::test]
async fn where_the_encryption_ends_on_the_way_it_is_said() {
    let Some(samba) = start("") else { return };
    let port = proxy::start(&samba, Behind::Plain, || {
        Box::new(|_, message| Then::Pass(message))
    })
    .await;
    let mut how = settings(&samba);
    how.servers = vec![through(&samba, port)];
    let error = refused(&how).await;
    assert_eq!(
        (error.step, &error.what),
        (Step::Bind, &What::NotEncryptedThere)
    );
    assert!(error.to_string().contains("load balancer"), "{error}");
}

const WELL: u8 = 0;
const SILENT: u8 = 1;
const CUT: u8 = 2;

#[tokio::test]
async fn a_server_that_lets_in_and_then_hangs_is_passed_over_and_used_again() {
    let people: String = (0..12).map(|n| person(&format!("u{n}"), n)).collect();
    let Some(samba) = start(&people) else { return };
    let state = Arc::new(AtomicU8::new(SILENT));
    let seen = Arc::clone(&state);
    let port = proxy::start(&samba, Behind::Encrypted, move || {
        let state = Arc::clone(&seen);
        Box::new(move |search, message| match state.load(Ordering::SeqCst) {
            SILENT if search => Then::Silence,
            CUT if search => Then::Cut,
            _ => Then::Pass(message),
        })
    })
    .await;
    let mut how = settings(&samba);
    how.servers = vec![through(&samba, port), ldaps(&samba)];
    how.operation_timeout = Duration::from_secs(4);
    how.page_size = 5;
    let mut source = source(how, "OU=Staff");
    let first = read(&mut source, None).await.unwrap();
    assert_eq!((first.reading, first.people.len()), (Reading::Full, 12));

    state.store(WELL, Ordering::SeqCst);
    for (broken, id) in [
        (SILENT, "DirectoryNoAnswer"),
        (CUT, "DirectoryConnectionLost"),
    ] {
        let mut pages = source.read(None).await.unwrap();
        assert_eq!(pages.next().await.unwrap().map(|page| page.len()), Some(5));
        state.store(broken, Ordering::SeqCst);
        let error = pages.next().await.unwrap_err();
        assert_eq!(error.id, id, "{error}");
        assert!(
            error.message.contains(&port.to_string()),
            "the first: {error}"
        );
        assert_eq!(pages.cookie(), None);
        state.store(WELL, Ordering::SeqCst);
        // Begun again at once, it asks the other server, and after that the first one again.
        assert!(source.has_another());
        let again = read(&mut source, None).await.unwrap();
        assert_eq!((again.reading, again.people.len()), (Reading::Full, 12));
        assert!(!source.has_another());
    }
    // The same database on whichever way: an increment goes on from what the other server told.
    let next = read(&mut source, first.cookie.as_ref()).await.unwrap();
    assert_eq!((next.reading, next.people.len()), (Reading::Increment, 0));
}

#[tokio::test]
async fn lists_that_come_in_parts_are_read_whole() {
    let mut entries = String::new();
    let mut members: Vec<String> = (0..20).map(|n| format!("CN=u{n},OU=Staff")).collect();
    for number in 0..20 {
        entries += &person(&format!("u{number}"), number);
    }
    for number in 0..1600 {
        let cn = format!("CN=c{number},OU=Staff");
        entries += &format!("dn: {cn},{BASE}\nobjectClass: contact\n\n");
        members.push(cn);
    }
    let members: Vec<&str> = members.iter().map(String::as_str).collect();
    entries += &group("CN=Everybody", &members);
    for number in 0..40 {
        entries += &group(&format!("CN=Team {number}"), &["CN=u7,OU=Staff"]);
    }
    let Some(samba) = start(&entries) else { return };
    let port = proxy::start(&samba, Behind::Encrypted, || {
        Box::new(|search, message| match search {
            true => {
                let message = proxy::few_values(&message, "member", 150);
                Then::Pass(proxy::few_values(&message, "memberof", 15))
            }
            false => Then::Pass(message),
        })
    })
    .await;
    for groups in [Groups::Members, Groups::MemberOf] {
        let mut how = settings(&samba);
        how.servers = vec![through(&samba, port)];
        let mapping = Mapping {
            groups,
            ..Mapping::of(Preset::ActiveDirectory).unwrap()
        };
        let read = read(&mut mapped(how, "", mapping), None).await.unwrap();
        for number in 0..20 {
            let person = &read.people[&format!("u{number}")];
            let expected = if number == 7 { 41 } else { 1 };
            assert_eq!(person.groups().len(), expected, "u{number} {groups:?}");
        }
    }
}
