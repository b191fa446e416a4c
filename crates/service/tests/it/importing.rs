//! Imports of every size end and count every row, and nobody's PIN is lost or inherited by one.

use pinward_core::{Outcome, Person};
use pinward_directory::import::{Reason, RowError};
use pinward_service::ImportReport;
use pinward_testkit::Kit;

use crate::helpers::{KEN, KEN_EXTENSION, assign, choose, failures, log_on};

const OF_THE_DIRECTORY: &str = "0b5e7a1c-1111-4222-8333-444455556666";

async fn import(kit: &Kit, person: Person) -> ImportReport {
    let mut rows = [Ok((2, person))].into_iter();
    kit.service
        .import_people(&kit.administrator(), &mut rows, false, &mut |_| true)
        .await
        .expect("imported")
}

// R-SET-1: what the directory tells of a person later on does not cost them their PIN
#[tokio::test]
async fn a_guid_that_is_told_later_leaves_the_pin_and_its_history() {
    let kit = Kit::sample().await;
    let ken = assign(&kit, KEN, "18723834").await;
    let made_up = ken.person.clone();
    assert!(made_up.guid_is_made_up());
    let mut told = made_up.clone();
    told.guid = OF_THE_DIRECTORY.to_owned();
    assert_eq!(import(&kit, told).await.updated, 1);
    assert_eq!(kit.person(KEN).await.person.guid, OF_THE_DIRECTORY);
    let opens = log_on(&kit, KEN_EXTENSION, "18723834").await;
    assert_eq!(opens, Outcome::Success);
    // A file without GUIDs takes nothing away.
    assert_eq!(import(&kit, made_up).await.unchanged, 1);
    assert_eq!(kit.person(KEN).await.person.guid, OF_THE_DIRECTORY);
    let opens = log_on(&kit, KEN_EXTENSION, "18723834").await;
    assert_eq!(opens, Outcome::Success);
    // New PINs are bound as the old ones, so that the history is still known.
    let ken = assign(&kit, KEN, "383042650").await;
    let patch = pinward_core::PolicyPatch {
        pin_history_count: Some(3),
        ..Default::default()
    };
    crate::helpers::policy(&kit, "site:Redmond", patch).await;
    for old in ["18723834", "383042650"] {
        let chosen = choose(&kit, &ken, old).await;
        assert!(
            matches!(chosen, Err(pinward_service::ChoosePinError::UsedBefore(3))),
            "{chosen:?}"
        );
    }
}

// R-LOCK-1, R-POL-6: another person under a name that was somebody's inherits nothing of it
#[tokio::test]
async fn another_person_of_the_same_name_does_not_inherit() {
    let kit = Kit::sample().await;
    let mut first = kit.person(KEN).await.person;
    first.guid = OF_THE_DIRECTORY.to_owned();
    let _told = import(&kit, first.clone()).await;
    let ken = assign(&kit, KEN, "18723834").await;
    kit.service
        .grant_policy(&kit.administrator(), &ken, Some("RedmondUsersPinPolicy"))
        .await
        .expect("granted");
    let wrong = log_on(&kit, KEN_EXTENSION, "72940618").await;
    assert_eq!(wrong, Outcome::IncorrectPin);
    let mut second = first;
    second.guid = OF_THE_DIRECTORY.replace('0', "1");
    assert_eq!(import(&kit, second).await.updated, 1);
    let verdict = log_on(&kit, KEN_EXTENSION, "18723834").await;
    assert_eq!(verdict, Outcome::PinNotSet);
    assert_eq!(failures(&kit, KEN).await, (0, 0));
    assert_eq!(kit.person(KEN).await.pin_policy, None);
    assign(&kit, KEN, "383042650").await;
    let opens = log_on(&kit, KEN_EXTENSION, "383042650").await;
    assert_eq!(opens, Outcome::Success);
}

// R-AUTH-6: a file that names nobody for certain must not make everybody ambiguous
#[tokio::test]
async fn a_logon_name_is_not_imported_twice() {
    let kit = Kit::sample().await;
    let mut first = kit.person(KEN).await.person;
    first.guid = OF_THE_DIRECTORY.to_owned();
    let mut again = kit.person(KEN).await.person;
    again.dn = "CN=kenmyer,DC=litwareinc,DC=com".to_owned();
    let _told = import(&kit, first).await;
    let report = import(&kit, again).await;
    assert_eq!((report.created, report.refused.len()), (0, 1), "{report:?}");
    assert!(report.refused[0].reason.contains("LITWAREINC\\kenmyer"));
}

#[tokio::test]
async fn every_number_of_rows_is_imported() {
    let kit = Kit::sample().await;
    let template = kit.person("Pilar Ackerman").await.person;
    for (round, rows) in [0_usize, 1, 999, 1000, 1001, 2000].into_iter().enumerate() {
        let mut people = (0..rows).map(|row| {
            if row % 100 == 99 {
                return Err(RowError {
                    line: row as u64 + 2,
                    reason: Reason::Quotes,
                });
            }
            let mut person = template.clone();
            person.guid = format!("{round:08x}-0000-4000-8000-{row:012x}");
            person.dn = format!("CN=Import {round} {row},OU=Import,DC=litwareinc,DC=com");
            person.sam_account_name = format!("import{round}x{row}");
            person.sip_address = Some(format!("sip:import{round}x{row}@litwareinc.com"));
            person.upn = None;
            person.line_uri = None;
            Ok((row as u64 + 2, person))
        });
        let mut told = 0;
        let report = kit
            .service
            .import_people(&kit.administrator(), &mut people, false, &mut |progress| {
                told = progress.read;
                true
            })
            .await
            .expect("imported");
        assert_eq!(
            (report.refused.len(), told),
            (rows / 100, rows),
            "{rows} rows"
        );
        assert_eq!(report.created, rows - rows / 100, "{rows} rows");
        assert!(!report.interrupted);
    }
}
