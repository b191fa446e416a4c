//! The users' page: what stands there for whom, and what becomes of a PIN.

use pinward_core::PolicyPatch;
use pinward_http::Settings;
use pinward_service::{Attempt, Door, NewPin, Source, Terms};

use crate::browser::{Browser, JOHN, Stage};

const PINS: [&str; 3] = ["18723834", "383042650", "1985848"];

async fn signed_in(stage: &Stage) -> Browser {
    let mut browser = stage.browser();
    browser.sign_in(JOHN).await;
    browser
}

async fn assign(stage: &Stage, pin: &str, terms: &Terms) {
    let (service, user) = (&stage.kit.service, stage.kit.person(JOHN).await);
    let assigned = service
        .assign_pin_on(
            terms,
            &stage.kit.administrator(),
            &user,
            &NewPin::Named(pin),
        )
        .await;
    assert!(assigned.is_ok());
}

async fn outcome(stage: &Stage, pin: &str) -> String {
    let attempt = Attempt {
        who: JOHN,
        pin,
        also_known_as: None,
        source: Source::of(Door::Shell),
        delivery: None,
    };
    let verdict = stage.kit.service.log_on(&attempt).await.unwrap();
    verdict.outcome.name().to_owned()
}

async fn policy(stage: &Stage, patch: PolicyPatch) {
    let (service, administrator) = (&stage.kit.service, stage.kit.administrator());
    for policy in service.policies(&administrator).await.unwrap() {
        let identity = &policy.identity;
        let changed = service.change_policy(&administrator, identity, &patch, None);
        assert!(changed.await.is_ok());
    }
}

#[tokio::test]
async fn pages_are_told_to_browsers_as_what_they_are() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    for path in ["/", "/sign-in", "/nothing", "/prove"] {
        let page = browser.get(path).await;
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("x-frame-options"), "DENY");
        assert_eq!(page.header("referrer-policy"), "same-origin");
        assert_eq!(page.header("strict-transport-security"), "");
        for inline in [" style=", "<style", " onclick", "<script>", "javascript:"] {
            assert!(!page.text.contains(inline), "{path} has {inline}");
        }
    }
    assert_eq!(browser.get("/nothing").await.status, 404);
    browser.headers.pop();
    let api = browser.get("/api/nothing").await;
    assert_eq!(
        (api.status.as_u16(), api.header("content-type")),
        (404, "application/problem+json")
    );
    browser.encrypted = true;
    let page = browser.get("/").await;
    assert!(
        page.header("strict-transport-security")
            .starts_with("max-age=")
    );
}

#[tokio::test]
async fn files_have_names_that_change_with_them() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    let page = browser.get("/").await;
    let mut files = 0;
    for part in page.text.split("\"/assets/").skip(1) {
        let path = format!("/assets/{}", part.split('"').next().unwrap());
        let file = browser.get(&path).await;
        assert_eq!(file.status, 200, "{path}");
        assert!(file.header("cache-control").contains("immutable"));
        assert!(!file.text.is_empty());
        files += 1;
    }
    assert!(files >= 3);
    assert_eq!(browser.get("/assets/pinward.css").await.status, 404);
}

#[tokio::test]
async fn everybody_sees_numbers_and_keys() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    let numbers = stage.kit.service.dial_in_regions(None).await.unwrap();
    assert!(numbers.len() > 1);
    let page = browser.get("/").await;
    for region in &numbers {
        page.says(&format!("<bdi>{}</bdi>", region.name));
        for number in &region.numbers {
            page.says(&format!("href=\"{}\"", number.line_uri));
        }
    }
    page.says("<kbd dir=\"ltr\">*6</kbd>");
}

#[tokio::test]
async fn each_language_by_wish_and_by_choice() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    browser
        .headers
        .push(("accept-language", "fr-CA,de;q=0.5".to_owned()));
    browser
        .get("/")
        .await
        .says("<html lang=\"fr\" dir=\"ltr\">");
    for (tag, direction) in [
        ("en", "ltr"),
        ("de", "ltr"),
        ("es", "ltr"),
        ("ja", "ltr"),
        ("ar", "rtl"),
    ] {
        let page = browser
            .get(&format!("/language/{tag}?to=/sign-in%3Fto%3D/x"))
            .await;
        assert_eq!(page.header("location"), "/sign-in?to=/x");
        let page = browser.get("/").await;
        page.says(&format!("<html lang=\"{tag}\" dir=\"{direction}\">"));
        page.says(&format!(
            "lang=\"{tag}\" hreflang=\"{tag}\" dir=\"{direction}\" aria-current=\"true\""
        ));
    }
    browser.get("/language/xx").await;
    browser.get("/").await.says("<html lang=\"ar\"");
}

// R-PIN-4, R-SET-2
#[tokio::test]
async fn every_broken_rule_is_named_and_the_pin_is_not() {
    let stage = Stage::new().await;
    let mut browser = signed_in(&stage).await;
    let user = stage.kit.person(JOHN).await;
    let line = user.person.line_uri.unwrap();
    let (number, extension) = line
        .trim_start_matches("tel:+")
        .split_once(";ext=")
        .unwrap();
    for (pin, codes) in [
        ("1259", &["PinTooShort"][..]),
        ("12a59", &["PinNotDigits"]),
        ("", &["PinTooShort"]),
        ("7391846205739184620573918", &["PinTooLong"]),
        ("225577", &["PinRepeatingDigits"]),
        ("839839", &["PinRepeatedBlock"]),
        ("991234", &["PinConsecutiveDigits"]),
        ("1234", &["PinTooShort", "PinConsecutiveDigits"]),
        (extension, &["PinIsExtension", "PinInPhoneNumber"]),
        (&number[2..8], &["PinInPhoneNumber"]),
        ("147258", &["PinTooCommon"]),
    ] {
        let page = browser.choose(pin, pin).await;
        assert_eq!(page.status, 422, "{pin}");
        for code in codes {
            page.says(&format!("data-code=\"{code}\""));
        }
        assert!(pin.len() < 5 || !page.text.contains(&format!("value=\"{pin}\"")));
    }
    let page = browser.choose("18723834", "18723835").await;
    page.says("data-code=\"PinsDiffer\"");
    assert_eq!(outcome(&stage, "18723834").await, "PinNotSet");
}

// R-HIST-1
#[tokio::test]
async fn a_pin_is_chosen_and_the_history_binds() {
    let stage = Stage::new().await;
    let patch = PolicyPatch {
        pin_history_count: Some(2),
        ..PolicyPatch::default()
    };
    policy(&stage, patch).await;
    let mut browser = signed_in(&stage).await;
    browser.get("/").await.says("data-state=\"Missing\"");
    for pin in &PINS[..2] {
        let page = browser.choose(pin, pin).await;
        assert_eq!(
            (page.status.as_u16(), page.header("location")),
            (303, "/?done")
        );
        browser.get("/?done").await.says("data-code=\"Done\"");
        assert_eq!(outcome(&stage, pin).await, "Success");
    }
    let page = browser.choose(PINS[0], PINS[0]).await;
    page.says("data-code=\"PinInHistory\"");
    page.says("<bdi>2</bdi>");
    let page = browser.choose(PINS[2], PINS[2]).await;
    assert_eq!(page.header("location"), "/?done");
    let page = browser.choose(PINS[0], PINS[0]).await;
    assert_eq!(page.header("location"), "/?done");
}

// R-EXP-2, R-AUTH-4
#[tokio::test]
async fn expired_and_temporary_pins_are_replaced() {
    let stage = Stage::new().await;
    let patch = PolicyPatch {
        pin_history_count: Some(1),
        pin_lifetime_days: Some(30),
        ..PolicyPatch::default()
    };
    policy(&stage, patch).await;
    assign(&stage, PINS[0], &Terms::default()).await;
    stage.clock.advance_days(31);
    let mut browser = signed_in(&stage).await;
    assert_eq!(outcome(&stage, PINS[0]).await, "PinExpired");
    browser.get("/").await.says("data-state=\"Expired\"");
    browser.choose(PINS[1], PINS[1]).await;
    assert_eq!(outcome(&stage, PINS[1]).await, "Success");
    let terms = Terms {
        must_change: true,
        expires_in: None,
    };
    assign(&stage, PINS[2], &terms).await;
    browser.get("/").await.says("data-state=\"Temporary\"");
    let page = browser.choose(PINS[2], PINS[2]).await;
    page.says("data-code=\"PinInHistory\"");
    browser.choose(PINS[0], PINS[0]).await;
    assert_eq!(outcome(&stage, PINS[0]).await, "Success");
    let page = browser.get("/").await;
    assert!(!page.text.contains("data-state"), "{}", page.text);
}

// R-SET-4, R-SET-5
#[tokio::test]
async fn locks_say_whom_to_ask_and_until_when() {
    let stage = Stage::with(Settings {
        help_desk: Some("Anna & Ben <2000>".to_owned()),
        ..Settings::default()
    })
    .await;
    assign(&stage, PINS[0], &Terms::default()).await;
    let mut browser = signed_in(&stage).await;
    for _ in 0..25 {
        assert_eq!(outcome(&stage, "999").await, "IncorrectPin");
    }
    let page = browser.get("/").await;
    page.says("data-state=\"LockedUntil\"");
    page.says("datetime=\"2026-01-05T10:00:00Z\"");
    let token = page.token();
    let page = browser.choose(PINS[1], PINS[1]).await;
    assert_eq!(page.header("location"), "/?done");
    assert_eq!(outcome(&stage, PINS[1]).await, "Success");
    let (service, user) = (&stage.kit.service, stage.kit.person(JOHN).await);
    service
        .lock_pin(&stage.kit.administrator(), &user)
        .await
        .unwrap();
    let page = browser.get("/").await;
    page.says("data-state=\"LockedByAdministrator\"");
    page.says("Anna &amp; Ben &lt;2000&gt;");
    assert!(!page.text.contains("action=\"/pin\""));
    let fields = [
        ("token", token.as_str()),
        ("pin", PINS[2]),
        ("again", PINS[2]),
    ];
    let page = browser.post("/pin", &fields).await;
    assert_eq!(page.status, 409);
    page.says("data-state=\"LockedByAdministrator\"");
}

#[tokio::test]
async fn a_pin_is_set_only_shortly_after_the_password() {
    let stage = Stage::new().await;
    let mut browser = signed_in(&stage).await;
    for _ in 0..2 {
        stage.clock.advance_minutes(8);
        browser.get("/").await.says("John Smith");
    }
    let page = browser.choose(PINS[0], PINS[0]).await;
    assert_eq!(page.header("location"), "/prove?to=/");
    assert_eq!(outcome(&stage, PINS[0]).await, "PinNotSet");
    let token = browser.get("/prove?to=/").await.token();
    let mut fields = [
        ("token", token.as_str()),
        ("password", "wrong"),
        ("to", "/"),
    ];
    browser
        .post("/prove", &fields)
        .await
        .says("data-code=\"SignInWrong\"");
    fields[1].1 = "right";
    assert_eq!(
        browser.post("/prove", &fields).await.header("location"),
        "/"
    );
    let page = browser.choose(PINS[0], PINS[0]).await;
    assert_eq!(page.header("location"), "/?done");
}
