//! What the pages show: what the roles allow and nothing else, and nothing that browsers must not run.

use pinward_core::standard_roles;
use pinward_service::Right;

use super::as_role;
use super::table::every_page;
use crate::browser::{KEN, Stage};

/// A part of the sheet, and the right that shows it.
fn parts(id: i64) -> Vec<(String, Right)> {
    vec![
        (
            format!("action=\"/admin/users/{id}/pin\""),
            Right::AssignPin,
        ),
        (format!("href=\"/admin/users/{id}/lock\""), Right::LockPin),
        (
            format!("action=\"/admin/users/{id}/unlock\""),
            Right::UnlockPin,
        ),
        (
            format!("action=\"/admin/users/{id}/policy\""),
            Right::GrantPolicy,
        ),
        ("id=\"pin\"".to_owned(), Right::ViewPin),
        ("id=\"recent\"".to_owned(), Right::ViewAudit),
        ("id=\"roles\"".to_owned(), Right::ViewAssignments),
        ("href=\"/admin/policies\"".to_owned(), Right::ViewPolicy),
        ("href=\"/admin/sites\"".to_owned(), Right::ViewSites),
        ("href=\"/admin/roles\"".to_owned(), Right::ViewRoles),
        ("href=\"/admin/clients\"".to_owned(), Right::ViewClients),
        (
            "href=\"/admin/access-numbers\"".to_owned(),
            Right::ViewAccessNumbers,
        ),
        ("href=\"/admin/audit\"".to_owned(), Right::ViewAudit),
        ("href=\"/admin/directory\"".to_owned(), Right::ViewSources),
    ]
}

#[tokio::test]
async fn only_what_the_role_allows_is_shown() {
    let stage = Stage::new().await;
    let id = stage.kit.person(KEN).await.id.0;
    for role in standard_roles()
        .iter()
        .filter(|role| role.allows("Get-CsUser"))
    {
        let mut browser = as_role(&stage, &role.identity).await;
        let page = browser.get(&format!("/admin/users/{id}")).await;
        page.says("Ken Myer");
        for (part, right) in parts(id) {
            let shown = page.text.contains(&part);
            assert_eq!(
                shown,
                role.allows(right.cmdlet()),
                "{} {part}",
                role.identity
            );
        }
    }
}

#[tokio::test]
async fn a_role_opens_the_first_part_that_it_may() {
    let stage = Stage::new().await;
    for (role, path) in [
        ("CsAdministrator", "/admin/dashboard"),
        ("CsHelpDesk", "/admin/users"),
        ("CsServerAdministrator", "/admin/policies"),
    ] {
        let mut browser = as_role(&stage, role).await;
        assert_eq!(
            browser.get("/admin").await.header("location"),
            path,
            "{role}"
        );
    }
}

#[tokio::test]
async fn there_is_neither_script_nor_style_within_a_page() {
    let stage = Stage::new().await;
    let id = stage.kit.person(KEN).await.id.0;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    super::furnish(&stage).await;
    let mut seen = 0;
    for (path, page) in every_page(&mut browser, id).await {
        if path == "/admin" {
            continue;
        }
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert!(
            page.header("content-security-policy")
                .contains("default-src 'none'"),
            "{path}"
        );
        for never in ["style=", "<style", "<script>", "onclick", "javascript:"] {
            assert!(!page.text.contains(never), "{path} has {never}");
        }
        if path != "/admin/users/found" {
            page.says("<html lang=\"en\"");
            assert_eq!(page.text.matches("<h1>").count(), 1, "{path}");
        }
        seen += 1;
    }
    assert!(seen > 25);
    assert_eq!(browser.get("/admin/nothing").await.status, 404);
    assert_eq!(
        browser.get(&format!("/admin/users/{id}x")).await.status,
        404
    );
}

#[tokio::test]
async fn names_are_text_wherever_they_stand() {
    let stage = Stage::new().await;
    let mut ken = stage.kit.person(KEN).await.person;
    ken.display_name = "<b>Ken</b> & \"Co\"".to_owned();
    let put = stage
        .kit
        .store
        .put_people(vec![ken], false, &stage.kit.act())
        .await;
    drop(put.unwrap());
    let id = stage.kit.person(KEN).await.id.0;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    for path in [
        format!("/admin/users/{id}"),
        "/admin/users?q=kenmyer".to_owned(),
        "/admin/audit".to_owned(),
    ] {
        let page = browser.get(&path).await;
        assert!(!page.text.contains("<b>Ken"), "{path}");
    }
    browser
        .get("/admin/users?q=%3Cb%3E%22")
        .await
        .says("value=\"&lt;b&gt;&quot;\"");
}

#[tokio::test]
async fn the_audit_log_is_searched_and_gone_through() {
    let stage = Stage::new().await;
    let mut browser = as_role(&stage, "CsViewOnlyAdministrator").await;
    let first = browser.get("/admin/audit").await;
    let (_, after) = first.text.split_once("href=\"/admin/audit?from=").unwrap();
    let older = format!("/admin/audit?from={}", after.split('"').next().unwrap());
    let second = browser.get(&older).await;
    assert_eq!(second.status, 200);
    assert_ne!(first.text, second.text);
    let signed_in = browser
        .get("/admin/audit?action=SignIn&outcome=success")
        .await;
    signed_in.says("SignIn");
    assert!(!signed_in.text.contains("Grant-CsAdminRole"));
    for wrong in ["from=x", "after=yesterday", "user=ken"] {
        let page = browser.get(&format!("/admin/audit?{wrong}")).await;
        assert_eq!(page.status, 422, "{wrong}");
        page.says("data-code=\"InputInvalid\"");
    }
}

#[tokio::test]
async fn the_dashboard_draws_its_figures() {
    let stage = Stage::new().await;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    for period in ["", "?period=week", "?period=month"] {
        let page = browser.get(&format!("/admin/dashboard{period}")).await;
        assert_eq!(
            page.text.matches("<svg role=\"img\"").count(),
            2,
            "{period}"
        );
        page.says("Without a PIN");
        page.says("There were no failures.");
    }
    // Whoever sees the PINs but not the log sees that part.
    let mut browser = as_role(&stage, "CsUserAdministrator").await;
    let page = browser.get("/admin/dashboard").await;
    page.says("Without a PIN");
    assert!(!page.text.contains("<svg role"));
}

// Everybody who may open a part of the console, and nobody else, is shown the way to it.
#[tokio::test]
async fn the_way_to_the_console_is_shown_to_whom_it_opens() {
    let stage = Stage::new().await;
    for role in standard_roles() {
        let mut browser = as_role(&stage, &role.identity).await;
        let opens = browser.get("/admin").await.status == 303;
        let shown = browser.get("/").await.text.contains("href=\"/admin\"");
        assert_eq!(shown, opens, "{}", role.identity);
    }
    // One whose role is only for what is no user's.
    super::role_of(&stage, &["Get-CsPinAudit"]).await;
    let mut auditor = as_role(&stage, "Auditor").await;
    auditor.get("/").await.says("href=\"/admin\"");
}

#[tokio::test]
async fn an_address_that_names_no_user_is_answered_with_a_page() {
    let stage = Stage::new().await;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    for path in ["/admin/users/abc", "/admin/users/abc/lock"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 404, "{path}");
        page.says("data-code=\"PageNotFound\"");
        page.says("Back to: Users");
    }
    let page = super::send(&mut browser, "/admin/users/abc/unlock", &[]).await;
    assert_eq!(page.status, 404, "{}", page.text);
    page.says("Back to: Users");
}

#[tokio::test]
async fn an_address_that_cannot_be_read_is_answered_with_a_page() {
    let stage = Stage::new().await;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    for (path, area) in [
        ("/admin/sites/edit", "Sites"),
        ("/admin/sites/edit?of=a/b", "Sites"),
        ("/admin/sites/remove?of=", "Sites"),
        ("/admin/sites/edit?of=Redmond&of=Paris", "Sites"),
        ("/admin/policies/one?of=global&of=global", "Policies"),
        ("/admin/roles/edit?of=a&of=b", "Roles"),
        ("/admin/clients/edit?of=a&of=b", "API clients"),
        ("/admin/access-numbers/edit?of=a&of=b", "Access numbers"),
        ("/admin/users?q=a&q=b", "Users"),
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 404, "{path}: {}", page.text);
        page.says("data-code=\"PageNotFound\"");
        page.says(&format!("Back to: {area}"));
    }
    for path in ["/admin/sites/edit", "/admin/sites/remove"] {
        let page = super::send(&mut browser, path, &[("of", "a/b")]).await;
        assert_eq!(page.status, 404, "{path}: {}", page.text);
        page.says("Back to: Sites");
    }
}

#[tokio::test]
async fn a_slash_at_the_end_of_an_address_leads_to_the_page() {
    let stage = Stage::new().await;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    for (path, page) in [
        ("/admin/", "/admin"),
        ("/admin/sites/", "/admin/sites"),
        ("/admin/users/5//?a=b", "/admin/users/5?a=b"),
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, 308, "{path}: {}", answer.text);
        assert_eq!(answer.header("location"), page);
    }
    for path in ["/administration/", "//admin/", "/numbers/"] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_form_that_is_too_long_says_so() {
    let stage = Stage::new().await;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    for (length, status) in [(20 << 10, 303), (65 << 10, 413)] {
        let site = [("of", "Tacoma"), ("units", &"x".repeat(length))];
        let page = super::send(&mut browser, "/admin/sites/new", &site).await;
        assert_eq!(page.status, status, "{}", page.text);
        assert_eq!(page.text.contains("too long altogether"), status == 413);
    }
}
