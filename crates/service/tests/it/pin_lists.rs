//! PINs from lists of other telephone systems.

use pinward_core::{Outcome, PolicyPatch};
use pinward_directory::import::PinList;
use pinward_service::{PinImport, PinImportReport, PinRowDone, PinRowOutcome};
use pinward_testkit::Kit;

use crate::helpers::{KEN, KEN_EXTENSION, assign, choose, log_on, policy};

/// Imports a list and tells what came of each row: line, user, result.
async fn import(kit: &Kit, list: &str, how: PinImport) -> (PinImportReport, Vec<String>) {
    stopping_after(kit, list, how, usize::MAX).await
}

/// The same, stopped after so many rows.
async fn stopping_after(
    kit: &Kit,
    list: &str,
    how: PinImport,
    most: usize,
) -> (PinImportReport, Vec<String>) {
    let mut rows = PinList::open(list.as_bytes()).expect("a list of PINs");
    let mut told = Vec::new();
    let report = kit
        .service
        .import_pins(&kit.administrator(), &mut rows, how, &mut |done| {
            let result = match &done.outcome {
                PinRowOutcome::Assigned => "Assigned".to_owned(),
                PinRowOutcome::LeftAlone => "LeftAlone".to_owned(),
                PinRowOutcome::Generated { pin, .. } => format!(
                    "Generated {}",
                    pin.as_ref()
                        .map_or_else(String::new, |pin| pin.reveal().to_string())
                ),
                PinRowOutcome::Refused { id, reason } => {
                    assert!(!reason.contains("123456"), "{reason}");
                    (*id).to_owned()
                }
            };
            let user = done.identity.as_deref().unwrap_or("?");
            told.push(format!("{} {user} {result}", done.line));
            told.len() < most
        })
        .await
        .expect("an import");
    (report, told)
}

const HOW: PinImport = PinImport {
    dry_run: false,
    must_change: false,
    generate_for_refused: false,
    in_flight: 3,
};

const LIST: &str = "\
Ext,PIN,Mail
51219,018723834,
,383042650,Pilar Ackerman
51219,1985848,
59999,1985848,
,123456,johnsmith@litwareinc.com
51219,1985848,johnsmith@litwareinc.com
51220,,
";

// R-SET-1, R-SET-6, R-PIN-4
#[tokio::test]
async fn each_row_is_judged_by_itself() {
    let kit = Kit::sample().await;
    let expected = [
        "2 sip:kenmyer@litwareinc.com Assigned",
        "3 sip:packerman@litwareinc.com Assigned",
        "4 ? UserNamedTwice",
        "5 ? UserNotFound",
        "6 sip:johnsmith@litwareinc.com PinRefused",
        "7 ? UserNotUnique",
        "8 ? RowInvalid",
    ];
    let dry = PinImport {
        dry_run: true,
        ..HOW
    };
    let (report, told) = import(&kit, LIST, dry).await;
    assert_eq!(told, expected);
    assert_eq!((report.assigned, report.refused), (2, 5));
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "018723834").await,
        Outcome::PinNotSet
    );

    let (report, told) = import(&kit, LIST, HOW).await;
    assert_eq!(told, expected);
    assert_eq!((report.assigned, report.refused), (2, 5));
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "018723834").await,
        Outcome::Success
    );
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "1985848").await,
        Outcome::IncorrectPin
    );
}

#[tokio::test]
async fn a_second_run_does_what_the_first_did_not() {
    let kit = Kit::sample().await;
    let mut list = "Identity,PIN\n".to_owned();
    let mut pages = kit.service.users(&kit.administrator()).expect("users");
    let users = pages.next().await.expect("a page");
    for (number, user) in (10..).zip(users.iter().take(30)) {
        let name = user.person.upn.as_deref().expect("a name");
        list.push_str(&format!("{name},{number}739026184\n"));
    }
    let (first, told) = stopping_after(&kit, &list, HOW, 7).await;
    assert!(first.interrupted);
    // What was begun is brought to its end, told and counted.
    assert!((7..10).contains(&told.len()), "{told:?}");
    assert_eq!(first.assigned, told.len() as u64);
    let with_pin = async || kit.store.counts().await.expect("counts").users_with_pin;
    assert_eq!(with_pin().await, first.assigned);

    // Somebody chooses another PIN in between, and keeps it.
    choose(&kit, &users[0], "5553184072").await.expect("a PIN");
    let (second, _) = import(&kit, &list, HOW).await;
    assert_eq!(
        (second.left_alone, second.assigned),
        (first.assigned, 30 - first.assigned)
    );
    assert!(!second.interrupted);
    assert_eq!(with_pin().await, 30);
    let first_user = users[0].person.upn.as_deref().expect("a name");
    assert_eq!(
        log_on(&kit, first_user, "5553184072").await,
        Outcome::Success
    );
}

// R-AUTH-4
#[tokio::test]
async fn imported_pins_may_have_to_be_changed() {
    let kit = Kit::sample().await;
    let how = PinImport {
        must_change: true,
        ..HOW
    };
    let (report, _) = import(&kit, "ext,pin\n51219,18723834\n", how).await;
    assert_eq!(report.assigned, 1);
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "18723834").await,
        Outcome::PinMustBeChanged
    );
}

// R-PIN-2, R-PIN-5, R-SET-5
#[tokio::test]
async fn refused_pins_are_replaced_only_where_there_is_none() {
    let kit = Kit::sample().await;
    let how = PinImport {
        generate_for_refused: true,
        ..HOW
    };
    let list = "ext,pin\n51219,123456\n";
    let dry = PinImport {
        dry_run: true,
        ..how
    };
    let (_, told) = import(&kit, list, dry).await;
    assert_eq!(told, ["2 sip:kenmyer@litwareinc.com Generated "]);
    let (report, told) = import(&kit, list, how).await;
    assert_eq!(report.generated, 1);
    let pin = told[0].rsplit(' ').next().expect("a PIN");
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, pin).await,
        Outcome::PinMustBeChanged
    );
    // Again: the generated one stays.
    let (again, told) = import(&kit, list, how).await;
    assert_eq!((again.generated, again.refused), (0, 1), "{told:?}");
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, pin).await,
        Outcome::PinMustBeChanged
    );

    let ken = kit.person(KEN).await;
    kit.service
        .lock_pin(&kit.administrator(), &ken)
        .await
        .expect("a lock");
    let (_, told) = import(&kit, "ext,pin\n51219,1985848\n", how).await;
    assert_eq!(told, ["2 sip:kenmyer@litwareinc.com PinLocked"]);
}

// R-POL-7: the policy of now decides, for the PIN that is there too.
#[tokio::test]
async fn a_pin_that_is_there_already_is_judged_first() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, "18723834").await;
    let list = "ext,pin\n51219,18723834\n";
    let (_, told) = import(&kit, list, HOW).await;
    assert_eq!(told, ["2 sip:kenmyer@litwareinc.com LeftAlone"]);
    let patch = PolicyPatch {
        min_password_length: Some(12),
        ..PolicyPatch::default()
    };
    policy(&kit, "site:Redmond", patch).await;
    let (_, told) = import(&kit, list, HOW).await;
    assert_eq!(told, ["2 sip:kenmyer@litwareinc.com PinRefused"]);
}

// R-LOCK-10: a dry run answers the same for a right guess and a wrong one, of the PIN and of earlier ones.
#[tokio::test]
async fn a_dry_run_is_no_way_to_guess() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, "5553184072").await;
    assign(&kit, KEN, "18723834").await;
    let dry = PinImport {
        dry_run: true,
        ..HOW
    };
    for guess in ["18723834", "5553184072", "739026184"] {
        let list = format!("ext,pin\n51219,{guess}\n");
        let (report, told) = import(&kit, &list, dry).await;
        assert_eq!(told, ["2 sip:kenmyer@litwareinc.com Assigned"], "{guess}");
        assert_eq!((report.assigned, report.left_alone), (1, 0), "{guess}");
    }
    let (_, told) = import(&kit, "ext,pin\n51219,5553184072\n", HOW).await;
    assert_eq!(told, ["2 sip:kenmyer@litwareinc.com LeftAlone"]);
}

// R-SEC-3: a PIN that stands where the user should is not repeated.
#[tokio::test]
async fn swapped_columns_show_no_pin() {
    let kit = Kit::sample().await;
    let mut rows =
        PinList::open("PIN,Ext,Mail\n51219,18723834,\n51220,94830211,94830212\n".as_bytes())
            .expect("a list of PINs");
    let mut told = Vec::new();
    let admin = kit.administrator();
    let mut tell = |done: &PinRowDone| {
        if let PinRowOutcome::Refused { id, reason } = &done.outcome {
            assert!(!reason.chars().any(|c| c.is_ascii_digit()), "{reason}");
            told.push((done.line, *id));
        }
        true
    };
    let done = kit.service.import_pins(&admin, &mut rows, HOW, &mut tell);
    assert_eq!(done.await.expect("an import").refused, 2);
    assert_eq!(told, [(2, "UserNotFound"), (3, "UserNotFound")]);
}
