//! The sites.

use super::{as_role, done, missing, refused, scoped_role, send};
use crate::browser::Stage;

#[tokio::test]
async fn a_site_is_made_changed_and_removed() {
    let stage = Stage::new().await;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    let units = "OU=Finance,DC=litwareinc,DC=com\r\n";
    let site = [
        ("of", "Tacoma"),
        ("display_name", "Tacoma & Harbour"),
        ("rule", "units"),
        ("units", units),
    ];
    let list = done(&mut browser, "/admin/sites/new", &site).await;
    list.says("The site is created.");
    list.says("Tacoma &amp; Harbour");
    list.says("<li>OU=Finance,DC=litwareinc,DC=com</li>");
    refused(&mut browser, "/admin/sites/new", &site, "SiteExists").await;
    for (rule, units, filter, code) in [
        ("units", "", "", "InputInvalid"),
        ("units", "Finance", "", "OuInvalid"),
        ("filter", "", "(cn=", "LdapFilterInvalid"),
        ("filter", "", "", "LdapFilterInvalid"),
    ] {
        let fields = [
            ("of", "Tacoma"),
            ("display_name", "Kept as typed"),
            ("rule", rule),
            ("units", units),
            ("filter", filter),
        ];
        let page = refused(&mut browser, "/admin/sites/edit", &fields, code).await;
        page.says("value=\"Kept as typed\"");
    }
    browser
        .get("/admin/sites/edit?of=Tacoma")
        .await
        .says("OU=Finance,DC=litwareinc,DC=com</textarea>");
    let filter = "(department=Nowhere)";
    let changed = [("of", "Tacoma"), ("rule", "filter"), ("filter", filter)];
    let list = done(&mut browser, "/admin/sites/edit", &changed).await;
    list.says("The site is changed.");
    list.says("<code>(department=Nowhere)</code>");
    assert!(!list.text.contains("Harbour"));
    let list = done(&mut browser, "/admin/sites/remove", &[("of", "Tacoma")]).await;
    list.says("The site is removed.");
    assert!(!list.text.contains("Tacoma"));
    let gone = [("of", "Tacoma")];
    missing(
        &mut browser,
        "/admin/sites",
        &["edit", "remove"],
        &gone,
        "SiteNotFound",
    )
    .await;
    assert_eq!(browser.get("/admin/sites/edit?of=Tacoma").await.status, 404);
}

// R-RBAC-3
#[tokio::test]
async fn who_reaches_one_site_changes_its_name_and_nothing_else() {
    let stage = Stage::new().await;
    let role = scoped_role(&stage, "CsAdministrator", "global", "site:Redmond").await;
    let mut browser = as_role(&stage, role).await;
    let list = browser.get("/admin/sites").await;
    list.says("/admin/sites/edit?of=Redmond");
    let named = [("of", "Redmond"), ("display_name", "Head office")];
    done(&mut browser, "/admin/sites/edit", &named)
        .await
        .says("Head office");
    for (path, fields, status) in [
        ("/admin/sites/new", vec![("of", "Tacoma")], 403),
        (
            "/admin/sites/edit",
            vec![("of", "Redmond"), ("rule", "filter"), ("filter", "(a=b)")],
            403,
        ),
        ("/admin/sites/remove", vec![("of", "Redmond")], 403),
        ("/admin/sites/remove", vec![("of", "Paris")], 404),
        ("/admin/sites/edit", vec![("of", "Paris")], 404),
        (
            "/admin/access-numbers/edit",
            vec![("of", "sip:ParisDialIn@litwareinc.com")],
            404,
        ),
    ] {
        let page = send(&mut browser, path, &fields).await;
        assert_eq!(page.status, status, "{path} {fields:?}: {}", page.text);
    }
}
