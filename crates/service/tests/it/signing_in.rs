//! Signing in with the password of the directory.

use std::sync::Arc;
use std::time::{Duration, Instant};

use pinward_core::{SignedDuration, User};
use pinward_directory::PasswordAnswer;
use pinward_service::{
    AuditQuery, AuditRecord, Door, Refusal, Right, SignIn, SignInError, SignInLimits, SignedIn,
    Source,
};
use pinward_testkit::{FakePasswords, Kit};
use zeroize::Zeroizing;

use crate::helpers::KEN;

/// Somebody without a role.
const JOHN: &str = "litwareinc\\johnsmith";
/// A name that nobody has.
const NOBODY: &str = "litwareinc\\somebody";

struct Stage {
    kit: Kit,
    directory: Arc<FakePasswords>,
}

impl Stage {
    async fn new() -> Stage {
        Stage::with(SignInLimits::default()).await
    }

    async fn with(limits: SignInLimits) -> Stage {
        let kit = Kit::sample().await;
        let directory = Arc::new(FakePasswords::default());
        let check = Arc::clone(&directory) as Arc<_>;
        kit.service.ask_passwords_of(Some(check), limits);
        Stage { kit, directory }
    }

    /// What Ken Myer is told, who is signed in and proves himself again.
    async fn proves(&self, password: &str) -> &'static str {
        let ken = self.kit.person(KEN).await;
        let attempt = SignIn {
            who: "",
            password: Zeroizing::new(password.to_owned()),
            source: &Source::of(Door::Web),
            address: None,
        };
        let proven = self.kit.service.prove_again(&ken, &attempt).await;
        proven.map_or_else(|error| error.id(), |()| "In")
    }

    async fn from(
        &self,
        who: &str,
        password: &str,
        address: &str,
    ) -> Result<SignedIn, SignInError> {
        let source = Source {
            client: Some(address.into()),
            ..Source::of(Door::Web)
        };
        let attempt = SignIn {
            who,
            password: Zeroizing::new(password.to_owned()),
            source: &source,
            address: address.parse().ok(),
        };
        self.kit.service.sign_in(&attempt).await
    }

    /// `In`, or the identifier of the refusal.
    async fn came(&self, who: &str, password: &str) -> &'static str {
        came(&self.from(who, password, "192.0.2.7").await)
    }

    async fn records(&self, action: &str) -> Vec<AuditRecord> {
        let administrator = self.kit.administrator();
        let query = AuditQuery {
            action: Some(action.to_owned()),
            ..AuditQuery::default()
        };
        let pages = self.kit.service.audit(&administrator, query);
        pages.expect("pages").next().await.expect("records")
    }
}

fn came(answer: &Result<SignedIn, SignInError>) -> &'static str {
    match answer {
        Ok(_) => "In",
        Err(error) => error.id(),
    }
}

#[tokio::test]
async fn every_form_of_a_name_signs_its_one_user_in() {
    let stage = Stage::new().await;
    let ken = stage.kit.person(KEN).await;
    let dn = ken.person.dn.clone();
    let upn = ken.person.upn.clone().expect("a user principal name");
    for who in [
        KEN,
        "LITWAREINC\\KenMyer",
        " kenmyer ",
        "Ken Myer",
        "sip:kenmyer@litwareinc.com",
        "+14255551219",
        "51219",
        &upn,
        &dn,
    ] {
        let signed_in = stage.from(who, "right", "192.0.2.7").await;
        assert_eq!(
            signed_in.map(|done| done.user.id).ok(),
            Some(ken.id),
            "{who}"
        );
    }
    for who in ["", "*", "Ken*", "kenmyer*", "somebody", "9"] {
        assert_eq!(stage.came(who, "right").await, "SignInWrong", "{who}");
    }
}

#[tokio::test]
async fn what_the_directory_says_is_told_on_and_recorded() {
    let stage = Stage::new().await;
    for (answer, expected, recorded) in [
        (PasswordAnswer::Right, "In", "Success"),
        (PasswordAnswer::Wrong, "SignInWrong", "SignInWrong"),
        (PasswordAnswer::NotKept, "SignInWrong", "PasswordNotKept"),
        (PasswordAnswer::Right, "In", "Success"),
        (
            PasswordAnswer::Disabled,
            "AccountDisabled",
            "AccountDisabled",
        ),
        (PasswordAnswer::Expired, "AccountExpired", "AccountExpired"),
        (
            PasswordAnswer::PasswordExpired,
            "PasswordExpired",
            "PasswordExpired",
        ),
        (
            PasswordAnswer::MustChange,
            "PasswordMustBeChanged",
            "PasswordMustBeChanged",
        ),
        (PasswordAnswer::Locked, "AccountLocked", "AccountLocked"),
        (
            PasswordAnswer::NotAllowed,
            "SignInNotAllowed",
            "SignInNotAllowed",
        ),
    ] {
        stage.directory.answer("kenmyer", answer);
        assert_eq!(stage.came(KEN, "x").await, expected);
        let records = stage.records("SignIn").await;
        let last = records.last().expect("a record");
        let expected = (
            recorded,
            Some("sip:kenmyer@litwareinc.com"),
            Some("192.0.2.7"),
        );
        let found = (
            last.outcome.as_str(),
            last.subject.as_deref(),
            last.client.as_deref(),
        );
        assert_eq!(found, expected);
        assert_eq!(last.door, "web");
        // Who was not let in has not proven that it is they.
        assert_eq!(last.actor.is_some(), recorded == "Success");
    }
    assert_eq!(stage.came(NOBODY, "right").await, "SignInWrong");
    stage.directory.set_down(true);
    for who in [KEN, NOBODY] {
        assert_eq!(stage.came(who, "right").await, "DirectoryNotReached");
    }
    let records = stage.records("SignIn").await;
    let last = records.last().expect("a record");
    let found = (last.outcome.as_str(), last.subject.as_deref());
    assert_eq!(found, ("UserDoesNotExist", Some("(19 characters)")));
}

/// Strangers do not let the audit log grow: what nobody was asked leaves no record, and of what was too much
/// there is one.
#[tokio::test]
async fn what_the_directory_was_not_asked_is_hardly_recorded() {
    let stage = Stage::new().await;
    for who in [KEN, NOBODY] {
        for (password, answers) in [
            ("", ["PasswordMissing"; 4]),
            (
                "x",
                ["SignInWrong", "SignInWrong", "SignInWrong", "TooManyTries"],
            ),
            ("x", ["TooManyTries"; 4]),
        ] {
            for expected in answers {
                assert_eq!(stage.came(who, password).await, expected);
            }
        }
        stage.kit.clock.advance_minutes(30);
        for expected in ["SignInWrong", "SignInWrong", "SignInWrong", "TooManyTries"] {
            assert_eq!(stage.came(who, "x").await, expected);
        }
        stage.kit.clock.advance_minutes(30);
        stage.directory.set_down(true);
        assert_eq!(stage.came(who, "x").await, "DirectoryNotReached");
        stage.directory.set_down(false);
    }
    let limits = SignInLimits::default();
    stage.kit.service.ask_passwords_of(None, limits);
    assert_eq!(stage.came(KEN, "right").await, "SignInNotSetUp");
    let records = stage.records("SignIn").await;
    let outcomes: Vec<_> = records.iter().map(|record| &*record.outcome).collect();
    let of = |wrong| [wrong, wrong, wrong, "TooManyTries"];
    let expected: Vec<_> = [
        "SignInWrong",
        "SignInWrong",
        "UserDoesNotExist",
        "UserDoesNotExist",
    ]
    .into_iter()
    .flat_map(of)
    .collect();
    assert_eq!(outcomes, expected);
}

/// Whatever names are tried in whatever order: the answers to those of a user are those to names that nobody
/// has.
#[tokio::test]
async fn no_number_of_tries_tells_whether_a_name_is_anybodys() {
    let forms = |logon: &str, display: &str, number: &str| {
        [
            logon.to_owned(),
            format!("LITWAREINC\\{logon}"),
            format!(" {}@litwareinc.com", logon.to_uppercase()),
            format!("sip:{logon}@litwareinc.com"),
            display.to_owned(),
            format!("+1425555{number}"),
            format!("5{number}"),
        ]
    };
    let ken = forms("kenmyer", "Ken Myer", "1219");
    let nobody = forms("kenmeyer", "Ken Meyer", "1999");
    // Which of the names, one after the other; all of them again and again in the end.
    let orders: [&[usize]; 4] = [
        &[0, 1, 2, 3, 4, 4, 4, 4],
        &[4, 5, 6, 0, 0, 0, 0, 1],
        &[0, 4, 5, 6, 4, 5, 6, 3, 4, 5, 6],
        &[
            0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6, 4, 5, 6,
        ],
    ];
    for order in orders {
        let stage = Stage::new().await;
        for down in [false, true] {
            stage.directory.set_down(down);
            for (step, form) in order.iter().enumerate() {
                let came = [
                    stage.came(&ken[*form], "x").await,
                    stage.came(&nobody[*form], "x").await,
                ];
                assert_eq!(came[0], came[1], "{order:?}, {step}, down {down}");
            }
        }
        assert!(stage.directory.given() <= 3, "the directory may lock it");
    }
}

#[tokio::test]
async fn an_empty_password_is_never_sent() {
    let stage = Stage::new().await;
    for who in [KEN, NOBODY] {
        assert_eq!(stage.came(who, "").await, "PasswordMissing");
    }
    assert_eq!(stage.directory.asked(), 0);
    stage
        .kit
        .service
        .ask_passwords_of(None, SignInLimits::default());
    assert_eq!(stage.came(KEN, "right").await, "SignInNotSetUp");
}

#[tokio::test]
async fn no_account_can_be_locked_from_here() {
    let stage = Stage::new().await;
    for who in [KEN, NOBODY] {
        for name in [who, &who.to_uppercase(), who] {
            assert_eq!(stage.came(name, "x").await, "SignInWrong", "{who}");
        }
        let asked = stage.directory.asked();
        assert_eq!(stage.came(who, "right").await, "TooManyTries", "{who}");
        stage.kit.clock.advance_minutes(29);
        assert_eq!(stage.came(who, "right").await, "TooManyTries", "{who}");
        assert_eq!(stage.directory.asked(), asked);
        stage.kit.clock.advance_minutes(1);
        assert_ne!(stage.came(who, "right").await, "TooManyTries", "{who}");
    }
    // By any of their names, and without a word of it; and nobody else has to wait.
    stage.kit.clock.advance_minutes(30);
    let given = stage.directory.given();
    for name in ["kenmyer", "51219", "Ken Myer"] {
        assert_eq!(stage.came(name, "x").await, "SignInWrong");
    }
    assert_eq!(stage.came("+14255551219", "right").await, "SignInWrong");
    assert_eq!(stage.directory.given(), given + 3);
    let last = stage.records("SignIn").await.pop().expect("a record");
    assert_eq!(last.outcome, "TooManyTries");
    stage.kit.clock.advance_minutes(30);
    assert_eq!(stage.came("+14255551219", "right").await, "In");
    assert_eq!(
        stage.came("packerman@litwareinc.com", "x").await,
        "SignInWrong"
    );
}

#[tokio::test]
async fn no_number_of_parallel_tries_passes_the_limit() {
    let stage = Arc::new(Stage::new().await);
    let tries: Vec<_> = (0..40)
        .map(|_| {
            let stage = Arc::clone(&stage);
            tokio::spawn(async move { stage.came(KEN, "x").await })
        })
        .collect();
    let mut wrong = 0;
    for one in tries {
        match one.await.expect("an answer") {
            "SignInWrong" => wrong += 1,
            other => assert_eq!(other, "TooManyTries"),
        }
    }
    assert_eq!((wrong, stage.directory.asked()), (3, 3));
}

#[tokio::test]
async fn a_directory_that_swallows_passwords_is_not_given_more_of_them() {
    let stage = Stage::new().await;
    stage.directory.answer("kenmyer", PasswordAnswer::NoAnswer);
    for _ in 0..3 {
        assert_eq!(stage.came(KEN, "x").await, "DirectoryNoAnswer");
    }
    assert_eq!(stage.came(KEN, "x").await, "TooManyTries");
    assert_eq!(stage.directory.asked(), 3);
}

#[tokio::test]
async fn an_address_that_tries_many_names_has_to_wait() {
    let limits = SignInLimits {
        wrong_per_address: 4,
        address_pause: SignedDuration::from_mins(15),
        ..SignInLimits::default()
    };
    let stage = Stage::with(limits).await;
    let wrong = async |address: &str, count: usize| {
        for n in 0..count {
            let name = format!("nobody{n} of {address}");
            let answer = stage.from(&name, "x", address).await;
            assert_eq!(came(&answer), "SignInWrong", "{address} {n}");
        }
        came(&stage.from(KEN, "right", address).await)
    };
    assert_eq!(wrong("192.0.2.1", 4).await, "TooManyTries");
    // An IPv6 network is one, and so is an IPv4 address that is written as IPv6.
    assert_eq!(wrong("2001:db8:0:1::5", 2).await, "In");
    assert_eq!(wrong("2001:db8:0:1:9::", 2).await, "TooManyTries");
    assert_eq!(wrong("::ffff:192.0.2.1", 0).await, "TooManyTries");
    assert_eq!(wrong("192.0.2.2", 3).await, "In");
    let until = match stage.from(KEN, "right", "192.0.2.1").await {
        Err(SignInError::TooManyTries { until }) => until,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        until,
        pinward_core::Clock::now(&*stage.kit.clock) + limits.address_pause
    );
    stage.kit.clock.advance_minutes(15);
    assert_eq!(wrong("192.0.2.1", 0).await, "In");
}

// R-RBAC-1: the roles of the moment
#[tokio::test]
async fn whoever_signed_in_has_the_roles_that_they_hold_now() {
    let stage = Stage::new().await;
    let (service, administrator) = (&stage.kit.service, stage.kit.administrator());
    let john = stage.kit.person(JOHN).await;
    let web = Source::of(Door::Web);
    let signed_in = stage.from(JOHN, "right", "192.0.2.7").await.expect("in");
    assert_eq!(signed_in.caller.name(), "LITWAREINC\\johnsmith");
    assert!(signed_in.caller.permit(Right::LockPin).is_err());
    let granted = service
        .grant_role(&administrator, &john, "CsHelpDesk")
        .await;
    granted.expect("granted");
    let may = async |user: &User| {
        let now = service.signed_in(user.id, &web).await.expect("an answer");
        now.map(|now| now.caller.permit(Right::LockPin).is_ok())
    };
    assert_eq!(may(&john).await, Some(true));
    let revoked = service
        .revoke_role(&administrator, &john, "CsHelpDesk")
        .await;
    revoked.expect("revoked");
    assert_eq!(may(&john).await, Some(false));
    let gone = User {
        id: pinward_core::UserId(-1),
        ..john
    };
    assert_eq!(may(&gone).await, None);
}

#[tokio::test]
async fn proving_again_is_recorded_as_such_and_limited_too() {
    let stage = Stage::new().await;
    let mut outcomes = Vec::new();
    for password in ["right", "x", "right", "x", "x", "right", "right"] {
        outcomes.push(stage.proves(password).await);
    }
    let (wrong, many) = ("SignInWrong", "TooManyTries");
    assert_eq!(outcomes, ["In", wrong, "In", wrong, wrong, many, many]);
    // Of tries that are too many the first is recorded.
    assert_eq!(stage.records("ProveAgain").await.len(), 6);
    stage.kit.clock.advance_minutes(30);
    assert_eq!(stage.proves("right").await, "In");
}

#[tokio::test]
async fn no_stranger_keeps_those_who_are_signed_in_from_proving() {
    let stage = Stage::new().await;
    for _ in 0..3 {
        assert_eq!(stage.came(KEN, "x").await, "SignInWrong");
    }
    assert_eq!(stage.came(KEN, "right").await, "TooManyTries");
    assert_eq!(stage.proves("right").await, "In");
    // And it gives strangers no further try.
    assert_eq!(stage.came(KEN, "right").await, "TooManyTries");
    for expected in ["SignInWrong", "SignInWrong", "TooManyTries"] {
        assert_eq!(stage.proves("x").await, expected);
    }
}

#[tokio::test]
async fn a_name_that_nobody_has_takes_as_long_as_a_wrong_password() {
    let stage = Stage::new().await;
    let timed = async |who: String| {
        let begun = Instant::now();
        assert_eq!(came(&stage.from(&who, "x", "-").await), "SignInWrong");
        begun.elapsed()
    };
    // The first of all wait for nobody.
    timed("sip:packerman@litwareinc.com".to_owned()).await;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    let mut pages = stage
        .kit
        .service
        .users(&stage.kit.administrator())
        .expect("users");
    let users = pages.next().await.expect("a page");
    for (n, user) in users.iter().take(40).enumerate() {
        known.push(timed(user.person.dn.clone()).await);
        unknown.push(timed(format!("nobody{n}")).await);
    }
    known.sort();
    unknown.sort();
    let apart = known[20].abs_diff(unknown[20]);
    assert!(
        apart < Duration::from_millis(3),
        "{:?} {:?}",
        known[20],
        unknown[20]
    );
}
