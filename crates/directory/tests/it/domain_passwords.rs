//! What a domain controller says of passwords, and that it is not asked too often.

use std::sync::Arc;

use pinward_core::Person;
use pinward_directory::ldap::{LdapPasswords, Mapping, Preset};
use pinward_directory::{PasswordAnswer, PasswordCheck};
use pinward_service::{Door, Refusal, SignIn, SignInLimits, SyncOptions};
use pinward_testkit::{Kit, Samba};
use zeroize::Zeroizing;

use crate::domain::{BASE, entry, read, settings, source, start};
use crate::slapd::password;

const RIGHT: &str = "Pässwörd ☎ 1";

/// Somebody in `OU=Staff` whose password is right, with further lines.
fn staff(cn: &str, logon: &str, control: u32, more: &str) -> String {
    let more = format!("{}{more}", Samba::password(RIGHT));
    let entry = entry(&format!("CN={cn},OU=Staff"), logon, &more);
    entry.replace(
        "userAccountControl: 544",
        &format!("userAccountControl: {control}"),
    )
}

fn checked_by(samba: &Samba) -> LdapPasswords {
    let mut passwords = LdapPasswords::default();
    passwords
        .add(
            settings(samba),
            vec![BASE.to_owned()],
            Mapping::of(Preset::ActiveDirectory).unwrap(),
        )
        .unwrap();
    passwords
}

/// The account is locked for half an hour after so many wrong passwords.
fn lock_after(samba: &Samba, wrong: u32) {
    samba.modify(&format!(
        "dn: {BASE}\nchangetype: modify\nreplace: lockoutThreshold\nlockoutThreshold: {wrong}\n-\n\
         replace: lockoutDuration\nlockoutDuration: -18000000000\n-\n\
         replace: lockOutObservationWindow\nlockOutObservationWindow: -18000000000\n\n"
    ));
}

async fn answer(passwords: &LdapPasswords, person: &Person, keyed: &str) -> PasswordAnswer {
    let answer = passwords.check(Some(person), &password(keyed)).await;
    answer.unwrap_or_else(|error| panic!("{}: {error}", person.dn))
}

#[tokio::test]
async fn answers_are_told_apart() {
    const NORMAL: u32 = 512;
    const DISABLED: u32 = 514;
    const NEVER_EXPIRES: u32 = 66048;
    let entries = staff("Müller\\, Jörg \\\\ 会議", "good", NEVER_EXPIRES, "")
        + &staff("off", "off", DISABLED, "")
        + &staff(
            "past",
            "past",
            NEVER_EXPIRES,
            "accountExpires: 125000000000000000\n",
        )
        + &staff("reset", "reset", NORMAL, "pwdLastSet: 0\n")
        + &staff("locked", "locked", NEVER_EXPIRES, "");
    let Some(samba) = start(&entries) else { return };
    let people = read(&mut source(settings(&samba), "OU=Staff"), None).await;
    let people = people.unwrap().people;
    let passwords = checked_by(&samba);
    lock_after(&samba, 3);
    for _ in 0..3 {
        let told = answer(&passwords, &people["locked"], "wrong").await;
        assert_eq!(told, PasswordAnswer::Wrong);
    }
    for (logon, expected) in [
        ("good", PasswordAnswer::Right),
        ("off", PasswordAnswer::Disabled),
        ("past", PasswordAnswer::Expired),
        ("reset", PasswordAnswer::MustChange),
        ("locked", PasswordAnswer::Locked),
    ] {
        let told = answer(&passwords, &people[logon], RIGHT).await;
        assert_eq!(told, expected, "{logon}");
    }
    // Who does not know the password learns nothing of the account, unless it is locked.
    for logon in ["good", "off", "past", "reset"] {
        let told = answer(&passwords, &people[logon], "wrong").await;
        assert_eq!(told, PasswordAnswer::Wrong, "{logon}");
    }
    let nobody = passwords.check(None, &password(RIGHT)).await;
    assert_eq!(nobody, Ok(PasswordAnswer::Wrong));
}

#[tokio::test]
async fn nobody_can_lock_an_account_of_the_domain_through_pinward() {
    const NEVER_EXPIRES: u32 = 66048;
    let entries = staff("ken", "ken", NEVER_EXPIRES, "");
    let Some(samba) = start(&entries) else { return };
    lock_after(&samba, 5);
    let kit = Kit::without_people().await;
    let (administrator, options) = (kit.administrator(), SyncOptions::of("domain", "Ldap"));
    let mut people = source(settings(&samba), "OU=Staff");
    let report = kit
        .service
        .sync(&administrator, &mut people, &options, &mut |_| true)
        .await;
    assert_eq!(report.unwrap().figures.created, 1);
    let check = Arc::new(checked_by(&samba));
    kit.service
        .ask_passwords_of(Some(check), SignInLimits::default());
    let from = pinward_service::Source::of(Door::Web);
    let sign_in = async |who: &str, password: &str| {
        let attempt = SignIn {
            who,
            password: Zeroizing::new(password.to_owned()),
            source: &from,
            address: None,
        };
        match kit.service.sign_in(&attempt).await {
            Ok(_) => "In",
            Err(error) => error.id(),
        }
    };
    assert_eq!(sign_in("LITWAREINC\\ken", RIGHT).await, "In");
    // Each form of the name counts for the one account.
    for (turn, who) in ["ken", "ken@litwareinc.com", "LITWAREINC\\ken"]
        .iter()
        .cycle()
        .take(12)
        .enumerate()
    {
        let expected = if turn < 3 {
            "SignInWrong"
        } else {
            "TooManyTries"
        };
        assert_eq!(sign_in(who, "wrong").await, expected, "{turn}");
    }
    let ken = kit.person("LITWAREINC\\ken").await.person;
    let told = answer(&checked_by(&samba), &ken, RIGHT).await;
    assert_eq!(told, PasswordAnswer::Right, "not locked in the domain");
    kit.clock.advance_minutes(31);
    assert_eq!(sign_in("ken", RIGHT).await, "In");
}
