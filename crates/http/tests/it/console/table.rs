//! Every page of the console for every role: open to whom the table of roles says, and to nobody else.

use std::collections::BTreeSet;

use pinward_core::standard_roles;
use pinward_http::CONSOLE_PATHS;
use pinward_service::Right;

use super::{as_role, send};
use crate::browser::{Browser, JOHN, KEN, Page, Stage};

/// A path, and of which rights any opens it; none: whoever may open some part of the console.
struct Row {
    method: &'static str,
    path: &'static str,
    rights: &'static [Right],
    /// What is asked for or sent.
    with: &'static [(&'static str, &'static str)],
}

const fn get(path: &'static str, rights: &'static [Right]) -> Row {
    Row {
        method: "get",
        path,
        rights,
        with: &[],
    }
}

const fn get_of(
    path: &'static str,
    rights: &'static [Right],
    with: &'static [(&'static str, &'static str)],
) -> Row {
    Row {
        method: "get",
        path,
        rights,
        with,
    }
}

const fn post(
    path: &'static str,
    rights: &'static [Right],
    with: &'static [(&'static str, &'static str)],
) -> Row {
    Row {
        method: "post",
        path,
        rights,
        with,
    }
}

const POLICY: &[(&str, &str)] = &[
    ("of", "global"),
    ("description", ""),
    ("min_length", "6"),
    ("history", "3"),
    ("lifetime", "90"),
    ("attempts", ""),
];

const SITE: &[(&str, &str)] = &[("of", "Redmond")];
const ROLE: &[(&str, &str)] = &[("of", "Desk"), ("users", "global")];
const CLIENT: &[(&str, &str)] = &[("of", "switchboard")];
const NUMBER: &[(&str, &str)] = &[("of", "sip:RedmondDialIn@litwareinc.com")];
const PLACE: &[(&str, &str)] = &[
    ("of", "sip:RedmondDialIn@litwareinc.com"),
    ("region", "Redmond"),
    ("place", "1"),
];
/// A name that nothing has.
const NOTHING: &[(&str, &str)] = &[("of", "Nothing")];

const ROWS: &[Row] = &[
    get("/admin", &[]),
    get("/admin/dashboard", &[Right::ViewAudit, Right::ViewPin]),
    get_of("/admin/users", &[Right::ViewUsers], &[("q", "ken")]),
    get_of("/admin/users/found", &[Right::ViewUsers], &[("q", "ken")]),
    get("/admin/users/{id}", &[Right::ViewUsers]),
    post("/admin/users/{id}/pin", &[Right::AssignPin], &[]),
    get("/admin/users/{id}/lock", &[Right::LockPin]),
    post("/admin/users/{id}/lock", &[Right::LockPin], &[]),
    post("/admin/users/{id}/unlock", &[Right::UnlockPin], &[]),
    post(
        "/admin/users/{id}/policy",
        &[Right::GrantPolicy],
        &[("policy", "")],
    ),
    get("/admin/policies", &[Right::ViewPolicy]),
    get_of(
        "/admin/policies/one",
        &[Right::ViewPolicy],
        &[("of", "global")],
    ),
    get_of(
        "/admin/policies/compare",
        &[Right::ViewPolicy],
        &[("of", "global"), ("and", "global")],
    ),
    get("/admin/policies/new", &[Right::CreatePolicy]),
    post("/admin/policies/new", &[Right::CreatePolicy], POLICY),
    get_of(
        "/admin/policies/edit",
        &[Right::ChangePolicy],
        &[("of", "global")],
    ),
    post("/admin/policies/edit", &[Right::ChangePolicy], POLICY),
    get_of(
        "/admin/policies/remove",
        &[Right::RemovePolicy],
        &[("of", "global")],
    ),
    post(
        "/admin/policies/remove",
        &[Right::RemovePolicy],
        &[("of", "global")],
    ),
    post("/admin/users/{id}/roles/grant", &[Right::GrantRole], &[]),
    post("/admin/users/{id}/roles/revoke", &[Right::RevokeRole], &[]),
    get("/admin/sites", &[Right::ViewSites]),
    get("/admin/sites/new", &[Right::CreateSite]),
    post("/admin/sites/new", &[Right::CreateSite], &[]),
    get_of("/admin/sites/edit", &[Right::ChangeSite], SITE),
    post("/admin/sites/edit", &[Right::ChangeSite], SITE),
    get_of("/admin/sites/remove", &[Right::RemoveSite], SITE),
    post("/admin/sites/remove", &[Right::RemoveSite], NOTHING),
    get("/admin/roles", &[Right::ViewRoles]),
    get("/admin/roles/new", &[Right::CreateRole]),
    post("/admin/roles/new", &[Right::CreateRole], &[]),
    get_of("/admin/roles/edit", &[Right::ChangeRole], ROLE),
    post("/admin/roles/edit", &[Right::ChangeRole], ROLE),
    get_of("/admin/roles/update", &[Right::UpdateRole], ROLE),
    post("/admin/roles/update", &[Right::UpdateRole], ROLE),
    get_of("/admin/roles/remove", &[Right::RemoveRole], ROLE),
    post("/admin/roles/remove", &[Right::RemoveRole], NOTHING),
    get("/admin/clients", &[Right::ViewClients]),
    get("/admin/clients/new", &[Right::AddClient]),
    post("/admin/clients/new", &[Right::AddClient], &[]),
    get_of("/admin/clients/edit", &[Right::ChangeClient], CLIENT),
    post("/admin/clients/edit", &[Right::ChangeClient], CLIENT),
    get_of("/admin/clients/rotate", &[Right::ChangeClient], CLIENT),
    post("/admin/clients/rotate", &[Right::ChangeClient], CLIENT),
    get_of("/admin/clients/remove", &[Right::RemoveClient], CLIENT),
    post("/admin/clients/remove", &[Right::RemoveClient], NOTHING),
    get("/admin/access-numbers", &[Right::ViewAccessNumbers]),
    get("/admin/access-numbers/new", &[Right::CreateAccessNumber]),
    post(
        "/admin/access-numbers/new",
        &[Right::CreateAccessNumber],
        &[],
    ),
    get_of(
        "/admin/access-numbers/edit",
        &[Right::ChangeAccessNumber],
        NUMBER,
    ),
    post(
        "/admin/access-numbers/edit",
        &[Right::ChangeAccessNumber],
        NUMBER,
    ),
    get_of(
        "/admin/access-numbers/order",
        &[Right::ChangeAccessNumber],
        NUMBER,
    ),
    post(
        "/admin/access-numbers/order",
        &[Right::ChangeAccessNumber],
        PLACE,
    ),
    get_of(
        "/admin/access-numbers/remove",
        &[Right::RemoveAccessNumber],
        NUMBER,
    ),
    post(
        "/admin/access-numbers/remove",
        &[Right::RemoveAccessNumber],
        NOTHING,
    ),
    get("/admin/audit", &[Right::ViewAudit]),
    get("/admin/directory", &[Right::ViewSources]),
];

impl Row {
    /// The path with the user in it.
    fn address(&self, user: i64) -> String {
        self.path.replace("{id}", &user.to_string())
    }

    async fn ask(&self, browser: &mut Browser, user: i64) -> Page {
        let path = self.address(user);
        match self.method {
            "get" => {
                let pairs: Vec<_> = self
                    .with
                    .iter()
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect();
                browser.get(&format!("{path}?{}", pairs.join("&"))).await
            }
            _ => send(browser, &path, self.with).await,
        }
    }
}

/// What is shown at every address that is not asked with a form.
pub async fn every_page(browser: &mut Browser, user: i64) -> Vec<(&'static str, Page)> {
    let mut pages = Vec::new();
    for row in ROWS.iter().filter(|row| row.method == "get") {
        pages.push((row.path, row.ask(browser, user).await));
    }
    pages
}

#[test]
fn every_page_has_its_row() {
    let rows: BTreeSet<_> = ROWS.iter().map(|row| (row.method, row.path)).collect();
    assert_eq!(rows, CONSOLE_PATHS.iter().copied().collect());
    assert_eq!(rows.len(), ROWS.len());
}

// R-RBAC-2, R-RBAC-4
#[tokio::test]
async fn each_role_opens_what_its_cmdlets_say_and_nothing_else() {
    let stage = Stage::new().await;
    let ken = stage.kit.person(KEN).await.id.0;
    super::furnish(&stage).await;
    for role in standard_roles() {
        let mut browser = as_role(&stage, &role.identity).await;
        for row in ROWS {
            let allowed = |right: &Right| role.allows(right.cmdlet());
            let opens = row.rights.is_empty() || row.rights.iter().any(allowed);
            let page = row.ask(&mut browser, ken).await;
            let what = format!(
                "{} {} {}: {}",
                role.identity, row.method, row.path, page.status
            );
            match opens {
                true => assert!(
                    // What is not there is told to whoever may remove it.
                    matches!(page.status.as_u16(), 200 | 303 | 404 | 422),
                    "{what} {}",
                    page.text
                ),
                false => {
                    assert_eq!(page.status, 403, "{what}");
                    page.says("data-code=\"AccessDenied\"");
                }
            }
        }
    }
}

#[tokio::test]
async fn nobody_comes_in_without_signing_in_or_without_a_role() {
    let stage = Stage::new().await;
    let ken = stage.kit.person(KEN).await.id.0;
    let mut nobody = stage.browser();
    let mut john = stage.browser();
    john.sign_in(JOHN).await;
    for row in ROWS {
        let page = match row.method {
            "get" => nobody.get(&row.address(ken)).await,
            _ => nobody.post(&row.address(ken), row.with).await,
        };
        assert_eq!(page.status, 303, "{}", row.path);
        assert!(
            page.header("location").starts_with("/sign-in"),
            "{}",
            row.path
        );
        let page = row.ask(&mut john, ken).await;
        assert_eq!(page.status, 403, "{}", row.path);
        page.says("You hold no role");
    }
}

// R-SEC: a form of another site, or without the token of the session, changes nothing
#[tokio::test]
async fn only_forms_of_the_session_are_taken() {
    let stage = Stage::new().await;
    let ken = stage.kit.person(KEN).await.id.0;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    let right = super::token(&mut browser).await;
    let before = stage
        .kit
        .store
        .audit(&Default::default(), None, 10_000)
        .await
        .unwrap();
    for row in ROWS.iter().filter(|row| row.method == "post") {
        let path = row.address(ken);
        for token in ["", "0", &right.replace(|c: char| c.is_ascii_digit(), "a")] {
            let mut fields = vec![("token", token)];
            fields.extend(row.with);
            assert_eq!(
                browser.post(&path, &fields).await.status,
                403,
                "{path} {token}"
            );
        }
        let mut fields = vec![("token", right.as_str())];
        fields.extend(row.with);
        let same = std::mem::replace(
            &mut browser.headers,
            vec![("sec-fetch-site", "cross-site".to_owned())],
        );
        assert_eq!(browser.post(&path, &fields).await.status, 403, "{path}");
        browser.headers = same;
    }
    let after = stage
        .kit
        .store
        .audit(&Default::default(), None, 10_000)
        .await
        .unwrap();
    assert_eq!(before, after);
}

// R-RBAC-3
#[tokio::test]
async fn who_is_out_of_scope_is_not_there() {
    let stage = Stage::new().await;
    let ken = stage.kit.person(KEN).await.id.0;
    let finance = "OU:ou=Finance,dc=litwareinc,dc=com";
    let role = super::scoped_role(&stage, "CsAdministrator", finance, "site:Redmond").await;
    let mut browser = as_role(&stage, role).await;
    for row in ROWS.iter().filter(|row| row.path.contains("{id}")) {
        // No role with a scope can hold what gives and takes roles.
        let expected = if row.path.contains("/roles/") {
            403
        } else {
            404
        };
        let page = row.ask(&mut browser, ken).await;
        assert_eq!(page.status, expected, "{} {}", row.method, row.path);
        let nobody = row.ask(&mut browser, 999_999).await;
        assert_eq!(nobody.status, expected, "{} {}", row.method, row.path);
    }
    let found = browser.get("/admin/users/found?q=kenmyer").await;
    found.says("Nobody is found");
    assert_eq!(
        browser.get("/admin/policies/one?of=global").await.status,
        404
    );
    browser
        .get("/admin/dashboard")
        .await
        .says("your roles reach a part");
}
