//! What becomes of the users of Pinward when their domain changes.

use std::fmt::Write as _;

use pinward_core::{Outcome, User};
use pinward_directory::ldap::{BindName, LdapSource};
use pinward_service::{Attempt, Door, NewPin, Proof, Right, SyncError, SyncOptions, SyncReport};
use pinward_testkit::{Kit, Samba};

use crate::domain::{BASE, entry, person, settings, source, start, unit};
use crate::slapd::password;

async fn try_sync(kit: &Kit, source: &mut LdapSource) -> Result<SyncReport, SyncError> {
    let options = SyncOptions::of("domain", "Ldap");
    kit.service
        .sync(&kit.administrator(), source, &options, &mut |_| true)
        .await
}

async fn sync(kit: &Kit, source: &mut LdapSource) -> SyncReport {
    let report = try_sync(kit, source).await.unwrap();
    assert!(!report.asks && report.unusable.is_empty(), "{report:?}");
    report
}

async fn log_on(kit: &Kit, who: &str, pin: &str) -> Outcome {
    let attempt = Attempt {
        who,
        pin,
        also_known_as: None,
        source: pinward_service::Source::of(Door::Shell),
        delivery: None,
    };
    kit.service.log_on(&attempt).await.unwrap().outcome
}

async fn assign(kit: &Kit, user: &User, pin: &str) -> bool {
    let named = NewPin::Named(pin);
    let done = kit
        .service
        .assign_pin(&kit.administrator(), user, &named)
        .await;
    done.is_ok()
}

fn at(name: &str) -> String {
    format!("{name},{BASE}")
}

fn change(samba: &Samba, name: &str, lines: &str) {
    samba.modify(&format!(
        "dn: {}\nchangetype: modify\n{lines}\n\n",
        at(name)
    ));
}

fn number(number: u32) -> String {
    format!(
        "replace: telephoneNumber\ntelephoneNumber: +1 425 555 {number:04}\n-\nreplace: ipPhone\nipPhone: {number:04}"
    )
}

/// A source that sees deleted objects.
fn as_administrator(samba: &Samba) -> LdapSource {
    let mut how = settings(samba);
    how.name = BindName::parse(Samba::ADMIN.0).unwrap();
    how.password = password(Samba::ADMIN.1);
    source(how, "OU=Staff")
}

#[tokio::test]
async fn pin_history_count_and_grant_stay_with_a_person_whatever_they_are_called() {
    let people: String = (1..=9)
        .map(|n| person(&format!("u{n}"), 1000 + n))
        .collect();
    let entries = unit("OU=移動\\, neu,OU=Staff") + &people;
    let Some(samba) = start(&entries) else { return };
    let kit = Kit::without_people().await;
    let mut domain = as_administrator(&samba);
    let report = sync(&kit, &mut domain).await;
    assert_eq!((report.full, report.figures.created), (true, 9));

    let user = kit.person("u1@litwareinc.com").await;
    let administrator = kit.administrator();
    let policy = Some("ExecutivesPinPolicy");
    let granted = kit.service.grant_policy(&administrator, &user, policy);
    granted.await.unwrap();
    assert!(assign(&kit, &user, "187238340912").await);
    kit.clock.advance_minutes(1);
    assert!(assign(&kit, &user, "603182759461").await);
    assert_eq!(log_on(&kit, "1001", "603182759461").await, Outcome::Success);
    assert_eq!(
        log_on(&kit, "1001", "55555555").await,
        Outcome::IncorrectPin
    );
    for other in ["u2", "u3"] {
        let other = kit.person(&format!("LITWAREINC\\{other}")).await;
        let pin = if other.person.sam_account_name == "u2" {
            "73051846"
        } else {
            "92640713"
        };
        assert!(assign(&kit, &other, pin).await);
    }

    // Renamed, moved, called and numbered otherwise; two swap their numbers; two share one; one is
    // disabled, one is deleted.
    samba.rename(
        &at("CN=u1,OU=Staff"),
        &at("CN=Müller\\, Änne,OU=移動\\, neu,OU=Staff"),
    );
    change(
        &samba,
        "CN=Müller\\, Änne,OU=移動\\, neu,OU=Staff",
        &format!(
            "{}\n-\nreplace: sAMAccountName\nsAMAccountName: aenne\n-\nreplace: mail\nmail: aenne@litwareinc.com\n-\n\
             replace: userPrincipalName\nuserPrincipalName: aenne@litwareinc.com",
            number(2001)
        ),
    );
    change(&samba, "CN=u2,OU=Staff", &number(1003));
    change(&samba, "CN=u3,OU=Staff", &number(1002));
    change(&samba, "CN=u4,OU=Staff", &number(1005));
    change(
        &samba,
        "CN=u6,OU=Staff",
        "replace: userAccountControl\nuserAccountControl: 546",
    );
    samba.delete(&at("CN=u7,OU=Staff"));
    let report = sync(&kit, &mut domain).await;
    assert!(!report.full);
    assert_eq!((report.figures.created, report.figures.disabled), (0, 2));
    let [conflict] = report.conflicts.as_slice() else {
        panic!("{report:?}");
    };
    assert_eq!(conflict.value, "1005");

    let same = kit.person("aenne@litwareinc.com").await;
    assert_eq!((same.id, &same.person.guid), (user.id, &user.person.guid));
    assert_eq!(same.pin_policy.as_deref(), policy);
    let info = kit
        .service
        .pin_info(&kit.administrator(), &same)
        .await
        .unwrap();
    assert_eq!((info.local_failures, info.global_failures), (1, 1));
    assert_eq!(log_on(&kit, "2001", "603182759461").await, Outcome::Success);
    assert_eq!(
        log_on(&kit, "1001", "603182759461").await,
        Outcome::UserDoesNotExist
    );
    // R-HIST-1
    let source = pinward_service::Source::of(Door::Shell);
    let chosen = kit
        .service
        .choose_pin(&same, Proof::Password, "187238340912", &source)
        .await;
    assert!(chosen.is_err(), "the history knows it");
    let chosen = kit
        .service
        .choose_pin(&same, Proof::Password, "506172839415", &source)
        .await;
    assert!(chosen.is_ok(), "{chosen:?}");
    assert_eq!(log_on(&kit, "1003", "73051846").await, Outcome::Success);
    assert_eq!(log_on(&kit, "1002", "92640713").await, Outcome::Success);
    assert_eq!(
        log_on(&kit, "1005", "00000000").await,
        Outcome::NonUniqueUser
    );
    for gone in ["u6", "u7"] {
        let gone = kit.person(&format!("LITWAREINC\\{gone}")).await;
        assert!(!gone.person.enabled, "{gone:?}");
    }
}

#[tokio::test]
async fn users_are_found_by_each_form_of_their_name() {
    let mut entries = unit("OU=Büro\\, Süd,OU=Staff");
    let named = [
        ("Ken Myer", "kenmyer", "OU=Staff"),
        ("Müller\\, Jörg", "jörg", "OU=Büro\\, Süd,OU=Staff"),
        ("王小明", "wang", "OU=Büro\\, Süd,OU=Staff"),
        ("Back\\\\slash", "back", "OU=Staff"),
    ];
    for (cn, logon, place) in named {
        let mut more = String::new();
        writeln!(
            more,
            "msRTCSIP-PrimaryUserAddress: sip:{logon}.voice@litwareinc.com"
        )
        .unwrap();
        entries += &entry(&format!("CN={cn},{place}"), logon, &more);
    }
    let Some(samba) = start(&entries) else { return };
    let kit = Kit::without_people().await;
    let _report = sync(&kit, &mut source(settings(&samba), "OU=Staff")).await;
    for (cn, logon, place) in named {
        let display = cn.replace("\\,", ",").replace("\\\\", "\\");
        let expected = kit
            .person(&format!("sip:{logon}.voice@litwareinc.com"))
            .await;
        assert_eq!(expected.person.display_name, display);
        for name in [
            format!("{logon}.voice@litwareinc.com"),
            format!("{logon}@litwareinc.com"),
            format!("LITWAREINC\\{logon}"),
            format!("litwareinc\\{}", logon.to_uppercase()),
            at(&format!("CN={cn},{place}")),
            at(&format!("cn={cn}, {}", place.to_lowercase())),
        ] {
            assert_eq!(kit.person(&name).await.id, expected.id, "{name}");
        }
        // The display name does, with the wildcards of the people who ask.
        let administrator = kit.administrator();
        let found = kit
            .service
            .find_people(&administrator, Right::ViewPeople, &display);
        let found = found.await.unwrap();
        assert_eq!(found.len(), 1, "{display}");
    }
}

#[tokio::test]
async fn a_changed_password_of_the_service_account_is_said_and_changes_nobody() {
    let people: String = (1..=3)
        .map(|n| person(&format!("u{n}"), 1000 + n))
        .collect();
    let Some(samba) = start(&people) else { return };
    let kit = Kit::without_people().await;
    let mut domain = source(settings(&samba), "OU=Staff");
    let _first = sync(&kit, &mut domain).await;
    let before = kit.store.users_after(None, 100).await.unwrap();
    let new = Samba::password("An0ther-Pass!");
    change(
        &samba,
        "CN=pinward,CN=Users",
        &format!("replace: clearTextPassword\n{new}"),
    );
    samba.delete(&at("CN=u1,OU=Staff"));
    let error = try_sync(&kit, &mut domain).await.unwrap_err();
    let SyncError::Source(said) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(said.id, "DirectoryBindRefused");
    let text = error.to_string();
    assert!(
        text.contains(samba.address()) && text.contains("Nobody was changed"),
        "{text}"
    );
    assert!(!text.contains(Samba::SERVICE.1), "{text}");
    assert_eq!(kit.store.users_after(None, 100).await.unwrap(), before);
    let sources = kit.service.sources(&kit.administrator()).await.unwrap();
    assert_eq!(
        sources[0].last_result.as_deref(),
        Some("DirectoryBindRefused")
    );

    let mut how = settings(&samba);
    how.password = password("An0ther-Pass!");
    let mut domain = source(how, "OU=Staff");
    let options = SyncOptions {
        full: true,
        ..SyncOptions::of("domain", "Ldap")
    };
    let administrator = kit.administrator();
    let report = kit
        .service
        .sync(&administrator, &mut domain, &options, &mut |_| true)
        .await;
    assert_eq!(report.unwrap().figures.disabled, 1);
}
