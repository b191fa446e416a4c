//! Signing in at the pages: sessions, cookies, forms of other sites, what is said to whom.

use pinward_directory::PasswordAnswer;

use crate::browser::{JOHN, KEN, Stage};

#[tokio::test]
async fn in_and_out_again() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    let before = browser.get("/").await;
    before.says("action=\"/sign-in\"");
    assert!(!before.text.contains("action=\"/pin\""));
    browser.sign_in(JOHN).await;
    assert_eq!(browser.cookies["pinward"].len(), 64);
    let inside = browser.get("/").await;
    inside.says("John Smith");
    inside.says("action=\"/pin\"");
    assert!(!inside.text.contains("/admin"), "John has no role");
    let session = browser.cookies.clone();
    let token = inside.token();
    let out = browser.post("/sign-out", &[("token", &token)]).await;
    assert_eq!((out.status.as_u16(), out.header("location")), (303, "/"));
    assert!(browser.cookies.is_empty());
    // The session itself is over, whoever kept its cookie.
    browser.cookies = session;
    browser.get("/").await.says("action=\"/sign-in\"");
    let mut ken = stage.browser();
    ken.sign_in(KEN).await;
    ken.get("/").await.says("href=\"/admin\"");
}

#[tokio::test]
async fn every_refusal_is_told_in_words_with_its_code() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    for (answer, code, status) in [
        (PasswordAnswer::Wrong, "SignInWrong", 422),
        (PasswordAnswer::NotKept, "SignInWrong", 422),
        (PasswordAnswer::Disabled, "AccountDisabled", 422),
        (PasswordAnswer::Expired, "AccountExpired", 422),
        (PasswordAnswer::PasswordExpired, "PasswordExpired", 422),
        (PasswordAnswer::MustChange, "PasswordMustBeChanged", 422),
        (PasswordAnswer::NotAllowed, "SignInNotAllowed", 422),
        (PasswordAnswer::Locked, "AccountLocked", 422),
        (PasswordAnswer::Right, "TooManyTries", 429),
    ] {
        stage.directory.answer("johnsmith", answer);
        let page = browser.try_sign_in(JOHN, "sesame&secret").await;
        page.says(&format!("data-code=\"{code}\""));
        assert_eq!(page.status, status, "{code}");
        page.says("value=\"litwareinc\\johnsmith\"");
        assert!(!page.text.contains("sesame"), "{code}");
        assert!(browser.cookies.is_empty());
    }
    stage.directory.set_down(true);
    let page = browser.try_sign_in(KEN, "right").await;
    assert_eq!(page.status, 503);
    page.says("DirectoryNotReached");
    browser.try_sign_in(KEN, "").await.says("PasswordMissing");
    stage.kit.service.ask_passwords_of(None, Default::default());
    browser.try_sign_in(KEN, "x").await.says("SignInNotSetUp");
}

#[tokio::test]
async fn a_session_has_a_new_name_after_each_password() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    browser.sign_in(JOHN).await;
    let first = browser.cookies.clone();
    browser.sign_in(JOHN).await;
    let second = browser.cookies.clone();
    assert_ne!(first, second);
    let token = browser.get("/").await.token();
    let proven = [
        ("token", token.as_str()),
        ("password", "right"),
        ("to", "/x"),
    ];
    let page = browser.post("/prove", &proven).await;
    assert_eq!((page.status.as_u16(), page.header("location")), (303, "/x"));
    assert_ne!(browser.cookies, second);
    for over in [first, second] {
        browser.cookies = over;
        browser.get("/").await.says("action=\"/sign-in\"");
    }
    // A name that somebody else put into the browser is never taken over.
    browser.cookies.insert("pinward".to_owned(), "a".repeat(64));
    browser.sign_in(JOHN).await;
    assert_ne!(browser.cookies["pinward"], "a".repeat(64));
}

#[tokio::test]
async fn over_tls_the_cookie_is_bound_to_it() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    browser.encrypted = true;
    let page = browser.try_sign_in(JOHN, "right").await;
    let line = page.header("set-cookie");
    assert!(line.starts_with("__Host-pinward="), "{line}");
    for part in ["; Secure", "; HttpOnly", "; SameSite=Strict", "; Path=/"] {
        assert!(line.contains(part), "{line}");
    }
    browser.get("/").await.says("John Smith");
    browser.encrypted = false;
    browser.get("/").await.says("action=\"/sign-in\"");
}

#[tokio::test]
async fn sessions_end_when_idle_and_when_their_user_goes() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    browser.sign_in(JOHN).await;
    stage.clock.advance_minutes(19);
    browser.get("/").await.says("John Smith");
    stage.clock.advance_minutes(20);
    browser.get("/").await.says("action=\"/sign-in\"");
    browser.sign_in(JOHN).await;
    let mut john = stage.kit.person(JOHN).await.person;
    john.enabled = false;
    let _put = stage
        .kit
        .store
        .put_people(vec![john], false, &stage.kit.act())
        .await;
    browser.get("/").await.says("action=\"/sign-in\"");
}

#[tokio::test]
async fn forms_of_other_sites_do_nothing() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    browser.headers = vec![("sec-fetch-site", "cross-site".to_owned())];
    let page = browser.try_sign_in(JOHN, "right").await;
    assert_eq!(page.status, 403);
    assert!(browser.cookies.is_empty());
    browser.headers = vec![("origin", "https://pins.litwareinc.com".to_owned())];
    browser.sign_in(JOHN).await;
    let token = browser.get("/").await.token();
    let fields = |token| [("token", token), ("pin", "18723834"), ("again", "18723834")];
    for (headers, token) in [
        (vec![], token.as_str()),
        (vec![("origin", "null".to_owned())], &token),
        (vec![("sec-fetch-site", "same-site".to_owned())], &token),
        (vec![("sec-fetch-site", "same-origin".to_owned())], ""),
        (vec![("sec-fetch-site", "same-origin".to_owned())], "x"),
    ] {
        browser.headers = headers;
        let page = browser.post("/pin", &fields(token)).await;
        assert_eq!(page.status, 403, "{:?}", browser.headers);
    }
    browser.headers = vec![("sec-fetch-site", "same-origin".to_owned())];
    let page = browser.post("/pin", &fields(&token)).await;
    assert_eq!(page.header("location"), "/?done");
}

#[tokio::test]
async fn whoever_is_not_signed_in_comes_back_to_where_they_wanted_to_go() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    let page = browser.get("/prove?to=/x%3Fa").await;
    assert_eq!(
        page.header("location"),
        "/sign-in?to=/prove%3Fto%3D/x%253Fa"
    );
    let location = page.header("location").to_owned();
    browser
        .get(&location)
        .await
        .says("value=\"/prove?to=/x%3Fa\"");
    for to in ["//evil.example", "https://evil.example", "/\\evil.example"] {
        let fields = [("who", JOHN), ("password", "right"), ("to", to)];
        let page = browser.post("/sign-in", &fields).await;
        assert_eq!(page.header("location"), "/", "{to}");
    }
}
