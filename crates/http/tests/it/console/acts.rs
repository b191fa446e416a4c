//! What is done in the console, and what is left of it.

use pinward_core::{Outcome, PolicyIdentity};
use pinward_service::{Attempt, Door, Source};

use super::{as_role, send};
use crate::browser::{Browser, KEN, Page, Stage};

async fn log_on(stage: &Stage, pin: &str) -> Outcome {
    let attempt = Attempt {
        who: KEN,
        pin,
        also_known_as: None,
        source: Source::of(Door::Shell),
        delivery: None,
    };
    stage.kit.service.log_on(&attempt).await.unwrap().outcome
}

async fn sheet(stage: &Stage) -> String {
    format!("/admin/users/{}", stage.kit.person(KEN).await.id.0)
}

/// Everything that can be read afterwards.
async fn everything(browser: &mut Browser, sheet: &str) -> String {
    let mut all = String::new();
    for path in [
        sheet,
        "/admin/audit",
        "/admin/dashboard",
        "/admin/users?q=ken",
        "/admin/policies",
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        all.push_str(&page.text);
    }
    all
}

// R-SEC-1
#[tokio::test]
async fn a_generated_pin_is_shown_once_and_never_kept() {
    let stage = Stage::new().await;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    let long = [
        ("of", "site:Redmond"),
        ("min_length", "16"),
        ("history", "0"),
        ("lifetime", "0"),
        ("sure", "yes"),
    ];
    assert_eq!(
        send(&mut browser, "/admin/policies/edit", &long)
            .await
            .status,
        303
    );
    let sheet = sheet(&stage).await;
    let page = send(&mut browser, &format!("{sheet}/pin"), &[]).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("cache-control"), "no-store");
    let (_, after) = page.text.split_once("<output id=\"generated\">").unwrap();
    let pin = after.split('<').next().unwrap();
    assert_eq!(pin.len(), 16);
    assert_eq!(page.text.matches(pin).count(), 1);
    assert_eq!(log_on(&stage, pin).await, Outcome::Success);
    assert!(!everything(&mut browser, &sheet).await.contains(pin));

    let named = "7305918264730591";
    let page = send(&mut browser, &format!("{sheet}/pin"), &[("pin", named)]).await;
    assert_eq!(page.header("location"), format!("{sheet}?done=set"));
    browser
        .get(page.header("location"))
        .await
        .says("The PIN is set.");
    assert_eq!(log_on(&stage, named).await, Outcome::Success);
    assert!(!everything(&mut browser, &sheet).await.contains(named));
    // A refused one is not repeated either.
    let refused = send(
        &mut browser,
        &format!("{sheet}/pin"),
        &[("pin", "98765432109876")],
    )
    .await;
    assert_eq!(refused.status, 422);
    refused.says("data-code=\"PinRefused\"");
    assert!(!refused.text.contains("98765432109876"));
}

#[tokio::test]
async fn temporary_pins_end_and_must_be_changed() {
    let stage = Stage::new().await;
    let mut browser = as_role(&stage, "CsUserAdministrator").await;
    let sheet = sheet(&stage).await;
    let fields = [("pin", "730591"), ("must_change", "yes"), ("days", "2")];
    assert_eq!(
        send(&mut browser, &format!("{sheet}/pin"), &fields)
            .await
            .status,
        303
    );
    assert_eq!(log_on(&stage, "730591").await, Outcome::PinMustBeChanged);
    browser
        .get(&sheet)
        .await
        .says("Good only for choosing another PIN.");
    stage.clock.advance_minutes(3 * 24 * 60);
    assert_eq!(log_on(&stage, "730591").await, Outcome::PinExpired);
    let mut again = as_role(&stage, "CsUserAdministrator").await;
    again.get(&sheet).await.says("<strong>Expired <time");
    for days in ["x", "1.5", "-1"] {
        let page = send(&mut again, &format!("{sheet}/pin"), &[("days", days)]).await;
        assert_eq!(page.status, 422, "{days}");
    }
}

// R-LOCK-7
#[tokio::test]
async fn locks_are_asked_about_told_and_ended() {
    let stage = Stage::new().await;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    let sheet = sheet(&stage).await;
    send(&mut browser, &format!("{sheet}/pin"), &[("pin", "730591")]).await;
    browser
        .get(&format!("{sheet}/lock"))
        .await
        .says("Lock the PIN of");
    assert_eq!(log_on(&stage, "730591").await, Outcome::Success);
    let locked = send(&mut browser, &format!("{sheet}/lock"), &[]).await;
    browser
        .get(locked.header("location"))
        .await
        .says("Locked by an administrator");
    assert_eq!(
        log_on(&stage, "730591").await,
        Outcome::UserPinAccountLocked
    );
    let page = send(&mut browser, &format!("{sheet}/pin"), &[("pin", "730592")]).await;
    page.says("data-code=\"PinLocked\"");
    send(&mut browser, &format!("{sheet}/unlock"), &[]).await;
    while log_on(&stage, "918264").await == Outcome::IncorrectPin {}
    let page = browser.get(&sheet).await;
    page.says("Locked out until");
    page.says("UserPinAccountLocked");
    send(&mut browser, &format!("{sheet}/unlock"), &[]).await;
    browser.get(&sheet).await.says("Set, and not locked.");
    assert_eq!(log_on(&stage, "730591").await, Outcome::Success);
}

#[tokio::test]
async fn a_policy_is_changed_only_once_it_was_shown_what_that_means() {
    let stage = Stage::new().await;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    let sheet = sheet(&stage).await;
    send(&mut browser, &format!("{sheet}/pin"), &[("pin", "730591")]).await;
    stage.clock.advance_minutes(10 * 24 * 60);
    let mut browser = as_role(&stage, "CsAdministrator").await;
    let fields = [
        ("of", "site:Redmond"),
        ("min_length", "7"),
        ("history", "3"),
        ("lifetime", "9"),
    ];
    let identity = PolicyIdentity::Site("Redmond".to_owned());
    let before = stage.kit.store.policy(&identity).await.unwrap();
    let page = send(&mut browser, "/admin/policies/edit", &fields).await;
    page.says("1 PINs expire at once");
    assert_eq!(stage.kit.store.policy(&identity).await.unwrap(), before);
    let sure: Vec<_> = fields.into_iter().chain([("sure", "yes")]).collect();
    let page = send(&mut browser, "/admin/policies/edit", &sure).await;
    browser
        .get(page.header("location"))
        .await
        .says("The policy is changed.");
    let now = stage.kit.store.policy(&identity).await.unwrap().unwrap();
    assert_eq!((now.min_password_length, now.pin_lifetime_days), (7, 9));
    for (name, value, code) in [
        ("min_length", "3", "PolicyInvalid"),
        ("history", "0", "PolicyInvalid"),
        ("lifetime", "soon", "InputInvalid"),
    ] {
        let wrong: Vec<_> = fields
            .into_iter()
            .map(|(field, given)| (field, if field == name { value } else { given }))
            .collect();
        let page = send(&mut browser, "/admin/policies/edit", &wrong).await;
        assert_eq!(page.status, 422, "{name}");
        page.says(&format!("data-code=\"{code}\""));
        page.says(&format!("value=\"{value}\""));
    }
}

#[tokio::test]
async fn a_per_user_policy_is_made_granted_and_removed() {
    let stage = Stage::new().await;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    let sheet = sheet(&stage).await;
    let fields = [
        ("of", "Night & day"),
        ("min_length", "9"),
        ("history", "2"),
        ("lifetime", "0"),
    ];
    let page = send(&mut browser, "/admin/policies/new", &fields).await;
    let one = page.header("location").to_owned();
    browser.get(&one).await.says("Tag:Night &amp; day");
    let again = send(&mut browser, "/admin/policies/new", &fields).await;
    again.says("data-code=\"PolicyExists\"");
    let asked = send(
        &mut browser,
        &format!("{sheet}/policy"),
        &[("policy", "night & day")],
    )
    .await;
    asked.says("would be by");
    let granted = [("policy", "night & day"), ("sure", "yes")];
    send(&mut browser, &format!("{sheet}/policy"), &granted).await;
    browser.get(&sheet).await.says("granted to this user");
    let unknown = send(
        &mut browser,
        &format!("{sheet}/policy"),
        &[("policy", "nothing")],
    )
    .await;
    assert_eq!(unknown.status, 422);
    unknown.says("data-code=\"PolicyNotFound\"");
    unknown.says("Ken Myer");
    let name = [("of", "tag:Night & day")];
    browser
        .get("/admin/policies/compare?of=global&and=Night%20%26%20day")
        .await
        .says("yes");
    let page = send(&mut browser, "/admin/policies/remove", &name).await;
    browser
        .get(page.header("location"))
        .await
        .says("The policy is removed.");
    browser.get(&sheet).await.says("that of the user's site");
    assert_eq!(browser.get(&one).await.status, 404);
}

#[tokio::test]
async fn dangerous_acts_need_a_password_that_was_given_lately() {
    let stage = Stage::new().await;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    let sheet = sheet(&stage).await;
    stage.clock.advance_minutes(16);
    for (path, fields) in [
        (format!("{sheet}/pin"), vec![]),
        ("/admin/policies/new".to_owned(), vec![("of", "x")]),
        ("/admin/policies/edit".to_owned(), vec![("of", "global")]),
        ("/admin/policies/remove".to_owned(), vec![("of", "global")]),
        (format!("{sheet}/roles/grant"), vec![]),
        (format!("{sheet}/roles/revoke"), vec![]),
        ("/admin/sites/new".to_owned(), vec![]),
        ("/admin/sites/edit".to_owned(), vec![]),
        ("/admin/sites/remove".to_owned(), vec![]),
        ("/admin/roles/new".to_owned(), vec![]),
        ("/admin/roles/edit".to_owned(), vec![]),
        ("/admin/roles/remove".to_owned(), vec![]),
        ("/admin/clients/new".to_owned(), vec![]),
        ("/admin/clients/edit".to_owned(), vec![]),
        ("/admin/clients/rotate".to_owned(), vec![]),
        ("/admin/clients/remove".to_owned(), vec![]),
        ("/admin/access-numbers/new".to_owned(), vec![]),
        ("/admin/access-numbers/edit".to_owned(), vec![]),
        ("/admin/access-numbers/remove".to_owned(), vec![]),
    ] {
        let page = send(&mut browser, &path, &fields).await;
        assert_eq!(page.status, 303, "{path}");
        assert!(page.header("location").starts_with("/prove?to="), "{path}");
    }
    let unlocked = send(&mut browser, &format!("{sheet}/unlock"), &[]).await;
    assert_eq!(
        unlocked.header("location"),
        format!("{sheet}?done=unlocked")
    );
}

/// Gives the password once more where a form asks for it; the page to which that leads back.
async fn prove(browser: &mut Browser, asks: &Page) -> Page {
    assert_eq!(asks.status, 303, "{}", asks.text);
    let asked = browser.get(asks.header("location")).await;
    let (token, to) = (asked.token(), asked.field("to"));
    let fields = [
        ("token", token.as_str()),
        ("password", "right"),
        ("to", to.as_str()),
    ];
    let proven = browser.post("/prove", &fields).await;
    assert_eq!(proven.header("location"), to);
    browser.get(&to).await
}

#[tokio::test]
async fn what_was_put_in_is_there_again_when_the_password_was_given() {
    let stage = Stage::new().await;
    super::furnish(&stage).await;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    let number = "sip:RedmondDialIn@litwareinc.com";
    let said = "Nothing is done yet: this is what you had put in.";
    for (form, of, fields, shown) in [
        ("policies/new", "Brief", vec![("lifetime", "77")], "77"),
        ("policies/edit", "global", vec![("history", "17")], "17"),
        (
            "sites/new",
            "Oslo",
            vec![("display_name", "Fjord")],
            "Fjord",
        ),
        (
            "sites/edit",
            "Redmond",
            vec![("filter", "(l=Moon)")],
            "(l=Moon)",
        ),
        (
            "roles/new",
            "Night",
            vec![("users", "site:Paris")],
            "site:Paris",
        ),
        (
            "roles/edit",
            "Desk",
            vec![("users", "site:Paris")],
            "site:Paris",
        ),
        ("clients/new", "door", vec![("per_second", "77")], "77"),
        ("clients/edit", "switchboard", vec![("at_once", "77")], "77"),
        ("clients/rotate", "switchboard", vec![("hours", "77")], "77"),
        (
            "access-numbers/new",
            "sip:x@y.z",
            vec![("line", "tel:+77")],
            "tel:+77",
        ),
        (
            "access-numbers/edit",
            number,
            vec![("line", "tel:+77")],
            "tel:+77",
        ),
        ("access-numbers/order", number, vec![("place", "77")], "77"),
    ] {
        stage.clock.advance_minutes(16);
        let path = format!("/admin/{form}");
        let fields = [&[("of", of), ("seen", "earlier")][..], &fields].concat();
        let asks = send(&mut browser, &path, &fields).await;
        // Not before the password is given, and not for somebody who looks at another form.
        let address = format!("{path}?of={of}");
        for other in [address.as_str(), "/admin/roles"] {
            assert!(!browser.get(other).await.text.contains(said), "{form}");
        }
        let filled = prove(&mut browser, &asks).await;
        filled.says(said);
        filled.says(shown);
        filled.says(of);
        if !form.ends_with("/new") {
            assert_eq!(filled.field("seen"), "earlier", "{form}");
        }
        let again = browser.get(&address).await;
        assert!(!again.text.contains(said), "{form}");
    }
    // What was kept does what it was to do.
    stage.clock.advance_minutes(16);
    let role = [
        ("of", "Night"),
        ("template", "CsHelpDesk"),
        ("users", "global"),
        ("configuration", "global"),
    ];
    let asks = send(&mut browser, "/admin/roles/new", &role).await;
    let filled = prove(&mut browser, &asks).await;
    filled.says("value=\"Night\"");
    let list = super::done(&mut browser, "/admin/roles/new", &role).await;
    list.says("The role is created.");
}

#[tokio::test]
async fn whoever_proves_in_one_tab_finds_what_another_had_put_in() {
    let stage = Stage::new().await;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    stage.clock.advance_minutes(16);
    let one = [("of", "global"), ("history", "17")];
    let asks = send(&mut browser, "/admin/policies/edit", &one).await;
    let other = [("of", "Redmond"), ("display_name", "Fjord")];
    send(&mut browser, "/admin/sites/edit", &other).await;
    prove(&mut browser, &asks).await.says("value=\"17\"");
    let other = browser.get("/admin/sites/edit?of=Redmond").await;
    other.says("value=\"Fjord\"");
}

#[tokio::test]
async fn a_form_that_is_sent_after_the_session_leads_back_to_it() {
    let stage = Stage::new().await;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    stage.clock.advance_minutes(21);
    let form = "/admin/sites/edit?of=Redmond";
    let back_to_form = "/sign-in?to=/admin/sites/edit%3Fof%3DRedmond";
    for (path, from, to) in [
        ("/admin/sites/edit", Some(form), back_to_form),
        ("/admin/sites/edit", None, "/sign-in?to=/admin"),
        ("/admin/sites/edit", Some("/"), "/sign-in?to=/admin"),
        (
            "/admin/sites/edit",
            Some("/administer"),
            "/sign-in?to=/admin",
        ),
        ("/admin/sites/edit", Some("//admin/x"), "/sign-in?to=/admin"),
        ("/pin", Some(form), "/sign-in?to=/"),
    ] {
        browser.headers.retain(|(name, _)| *name != "referer");
        if let Some(from) = from {
            let address = format!("https://pins.litwareinc.com{from}");
            browser.headers.push(("referer", address));
        }
        let page = browser.post(path, &[("of", "Redmond")]).await;
        assert_eq!(page.header("location"), to, "{path} from {from:?}");
    }
}

#[tokio::test]
async fn no_password_is_said_to_be_confirmed_that_was_not_given_lately() {
    let stage = Stage::new().await;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    let address = format!("{}?done=proven", sheet(&stage).await);
    for (minutes, told) in [(14, true), (1, false)] {
        stage.clock.advance_minutes(minutes);
        let page = browser.get(&address).await;
        assert_eq!(page.text.contains("is confirmed"), told, "{minutes}");
    }
}

// R-SEC-3
#[tokio::test]
async fn no_secret_is_kept_while_the_password_is_asked_for() {
    let stage = Stage::new().await;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    let sheet = sheet(&stage).await;
    let key = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA";
    for (path, secret, said) in [
        (
            format!("{sheet}/pin"),
            ("pin", "18723834"),
            "Nothing is done yet: begin again.",
        ),
        (
            "/admin/clients/new".to_owned(),
            ("certificate", key),
            "Nothing is done yet: this is what you had put in.",
        ),
    ] {
        stage.clock.advance_minutes(16);
        let asks = send(&mut browser, &path, &[("of", "door"), secret]).await;
        assert!(!asks.text.contains(secret.1));
        let back = prove(&mut browser, &asks).await;
        back.says(said);
        assert!(!back.text.contains(&secret.1[..8]), "{path}");
    }
}
