//! Making, changing and removing what the company configures.

use super::{as_role, furnish, scoped_role, send};
use crate::browser::{Browser, KEN, Page, Stage};

/// Sends a form that is taken, and goes to where it leads.
async fn done(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    let page = send(browser, path, fields).await;
    assert_eq!(page.status, 303, "{path}: {}", page.text);
    let to = page.header("location").to_owned();
    browser.get(&to).await
}

/// Sends a form that is refused for this reason, and is shown again.
async fn refused(browser: &mut Browser, path: &str, fields: &[(&str, &str)], code: &str) -> Page {
    let page = send(browser, path, fields).await;
    assert_eq!(page.status, 422, "{path}: {}", page.text);
    page.says(&format!("data-code=\"{code}\""));
    page
}

/// Asks for the forms of something that is not there, and sends them: the answer is the same everywhere.
async fn missing(
    browser: &mut Browser,
    list: &str,
    ways: &[&str],
    fields: &[(&str, &str)],
    code: &str,
) {
    for way in ways {
        let path = format!("{list}/{way}");
        let asked = browser
            .get(&format!("{path}?of={}", fields[0].1.replace(' ', "%20")))
            .await;
        let sent = send(browser, &path, fields).await;
        for page in [asked, sent] {
            assert_eq!(page.status, 404, "{path}: {}", page.text);
            page.says(&format!("data-code=\"{code}\""));
            page.says(&format!("href=\"{list}\">Back to: "));
        }
    }
}

#[tokio::test]
async fn what_somebody_else_changed_is_looked_at_again() {
    let stage = Stage::new().await;
    furnish(&stage).await;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    let policy = |description| {
        vec![
            ("of", "Site:Redmond"),
            ("description", description),
            ("min_length", "6"),
            ("history", "3"),
            ("lifetime", "90"),
            ("attempts", ""),
            ("sure", "yes"),
        ]
    };
    let number = |name| {
        vec![
            ("of", "sip:RedmondDialIn@litwareinc.com"),
            ("display_number", "1-800-555-1235"),
            ("line", "tel:+18005551235"),
            ("display_name", name),
            ("language", "en-US"),
        ]
    };
    let site = |name| vec![("of", "Redmond"), ("display_name", name)];
    let role = |cmdlet| {
        vec![
            ("of", "Desk"),
            ("users", "global"),
            ("configuration", "global"),
            ("cmdlet", cmdlet),
        ]
    };
    for (list, first, second, code) in [
        ("policies", policy("One"), policy("Two"), "PolicyOvertaken"),
        ("sites", site("One"), site("Two"), "SiteOvertaken"),
        (
            "access-numbers",
            number("One"),
            number("Two"),
            "AccessNumberOvertaken",
        ),
        (
            "roles",
            role("Get-CsUser"),
            role("Get-CsSite"),
            "RoleOvertaken",
        ),
    ] {
        let (edit, remove) = (
            format!("/admin/{list}/edit"),
            format!("/admin/{list}/remove"),
        );
        let of = first[0].1;
        let seen = browser.get(&format!("{edit}?of={of}")).await.field("seen");
        let asked = browser.get(&format!("{remove}?of={of}")).await;
        assert_eq!(asked.field("seen"), seen, "{list}");
        let as_seen = |fields: &[(&'static str, &'static str)]| -> Vec<(&'static str, String)> {
            let fields = fields
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned()));
            fields.chain([("seen", seen.clone())]).collect()
        };
        let first = as_seen(&first);
        let first: Vec<_> = first.iter().map(|(n, v)| (*n, v.as_str())).collect();
        done(&mut browser, &edit, &first).await;
        let second = as_seen(&second);
        let second: Vec<_> = second.iter().map(|(n, v)| (*n, v.as_str())).collect();
        refused(&mut browser, &edit, &second, code).await;
        refused(&mut browser, &remove, &second, code).await;
        let now = browser
            .get(&format!("{remove}?of={of}"))
            .await
            .field("seen");
        done(&mut browser, &remove, &[("of", of), ("seen", &now)]).await;
    }
}

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

#[tokio::test]
async fn an_access_number_is_made_changed_and_removed() {
    let stage = Stage::new().await;
    let mut browser = as_role(&stage, "CsVoiceAdministrator").await;
    let number = [
        ("of", "sip:TacomaDialIn@litwareinc.com"),
        ("display_number", "1-800-555-1235"),
        ("line", "tel:+18005551235"),
        ("display_name", "Tacoma"),
        ("language", "en-US"),
        ("languages", "fr-CA\nfr-FR"),
        ("regions", "Tacoma\r\nSeattle"),
        ("pool", "atl-cs-001.litwareinc.com"),
        ("scope", ""),
    ];
    let new = "/admin/access-numbers/new";
    let list = done(&mut browser, new, &number).await;
    list.says("The access number is created.");
    list.says("1-800-555-1235");
    list.says("en-US, fr-CA, fr-FR");
    list.says("Tacoma, Seattle");
    refused(&mut browser, new, &number, "AccessNumberExists").await;
    let wrong = [("of", "sip:x@litwareinc.com"), ("line", "tel:1")];
    refused(&mut browser, new, &wrong, "AccessNumberInvalid")
        .await
        .says("value=\"tel:1\"");
    let edit = "/admin/access-numbers/edit";
    browser
        .get(&format!("{edit}?of=sip:TacomaDialIn@litwareinc.com"))
        .await
        .says("fr-CA\nfr-FR</textarea>");
    let mut changed = number;
    changed[1].1 = "1-800-555-1299";
    changed[5].1 = "";
    let list = done(&mut browser, edit, &changed).await;
    list.says("1-800-555-1299");
    assert!(!list.text.contains("fr-CA, fr-FR"));
    let remove = "/admin/access-numbers/remove";
    let list = done(&mut browser, remove, &number[..1]).await;
    assert!(!list.text.contains("TacomaDialIn"));
    let ways = &["edit", "remove"];
    let code = "AccessNumberNotFound";
    missing(
        &mut browser,
        "/admin/access-numbers",
        ways,
        &number[..1],
        code,
    )
    .await;
}

// R-SEC-1
#[tokio::test]
async fn a_client_is_added_changed_given_another_key_and_removed() {
    let stage = Stage::new().await;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    let client = [
        ("of", "portal"),
        ("rights", "role:CsHelpDesk"),
        ("networks", "10.20.0.0/16\n2001:db8::1"),
        ("expires", "2099-01-31"),
        ("per_second", "20"),
        ("at_once", "8"),
    ];
    let page = send(&mut browser, "/admin/clients/new", &client).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let key = |page: &Page| {
        let (_, after) = page.text.split_once("id=\"generated\">").unwrap();
        after.split('<').next().unwrap().to_owned()
    };
    let first = key(&page);
    assert!(
        first.starts_with("pinward_") && first.len() == 72,
        "{first}"
    );
    assert_eq!(page.text.matches(&first).count(), 1);
    let list = browser.get("/admin/clients").await;
    for shown in [
        "portal",
        "role:CsHelpDesk",
        "10.20.0.0/16, 2001:db8::1",
        "20 a second, 8 at once",
    ] {
        list.says(shown);
    }
    assert!(!list.text.contains(&first));
    assert!(!browser.get("/admin/audit").await.text.contains(&first));
    refused(&mut browser, "/admin/clients/new", &client, "ClientExists").await;
    for (field, value, code) in [
        ("networks", "10.20.0.0/99", "InputInvalid"),
        ("rights", "everything", "InputInvalid"),
        ("rights", "role:Nothing", "RoleNotFound"),
        ("expires", "soon", "InputInvalid"),
        ("expires", "1999-01-01", "ClientInvalid"),
        ("per_second", "0", "ClientInvalid"),
        ("at_once", "-1", "InputInvalid"),
    ] {
        let wrong = client.map(|(name, kept)| (name, if name == field { value } else { kept }));
        refused(&mut browser, "/admin/clients/edit", &wrong, code).await;
    }
    let mut changed = client;
    changed[1].1 = "logon";
    changed[2].1 = "";
    let list = done(&mut browser, "/admin/clients/edit", &changed).await;
    list.says("<dd>logon</dd>");
    list.says("<dd>anywhere</dd>");

    let rotate = "/admin/clients/rotate";
    let hours = |hours| [("of", "portal"), ("hours", hours)];
    refused(&mut browser, rotate, &hours("x"), "InputInvalid").await;
    refused(&mut browser, rotate, &hours("9999"), "ClientInvalid").await;
    let page = send(&mut browser, rotate, &hours("24")).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert_ne!(key(&page), first);
    browser.get("/admin/clients").await.says(", ends <time");
    let list = done(&mut browser, "/admin/clients/remove", &client[..1]).await;
    assert!(!list.text.contains("portal"));
    let ways = &["edit", "rotate", "remove"];
    missing(
        &mut browser,
        "/admin/clients",
        ways,
        &client,
        "ClientNotFound",
    )
    .await;
}

#[tokio::test]
async fn a_role_is_made_warned_of_changed_held_and_removed() {
    let stage = Stage::new().await;
    furnish(&stage).await;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    let finance = "OU:OU=Finance,DC=litwareinc,DC=com";
    let role = [
        ("of", "Finance desk"),
        ("template", "CsHelpDesk"),
        ("users", finance),
        ("configuration", "global"),
    ];
    let new = "/admin/roles/new";
    done(&mut browser, new, &role).await.says("Finance desk");
    refused(&mut browser, new, &role, "RoleExists").await;
    let mut nowhere = role;
    nowhere[0].1 = "Moon desk";
    nowhere[2].1 = "OU:OU=Moon,DC=litwareinc,DC=com";
    let asked = send(&mut browser, new, &nowhere).await;
    assert_eq!(asked.status, 200);
    asked.says("nobody is in");
    assert!(!browser.get("/admin/roles").await.text.contains("Moon desk"));
    let sure: Vec<_> = nowhere.into_iter().chain([("sure", "yes")]).collect();
    done(&mut browser, new, &sure).await.says("Moon desk");

    let edit = "/admin/roles/edit";
    let with = |users, cmdlet| {
        [
            ("of", "Finance desk"),
            ("users", users),
            ("configuration", "global"),
            ("cmdlet", "Get-CsUser"),
            ("cmdlet", cmdlet),
        ]
    };
    for (fields, code) in [
        (with("Finance", "Get-CsSite"), "RoleInvalid"),
        (with("global", "Grant-CsAdminRole"), "RoleInvalid"),
        (with("site:Moon", "Get-CsSite"), "SiteNotFound"),
    ] {
        refused(&mut browser, edit, &fields, code).await;
    }
    let list = done(&mut browser, edit, &with(finance, "Get-CsPinAudit")).await;
    list.says("2 cmdlets");
    let standard = [("of", "CsHelpDesk"), ("users", "global")];
    refused(&mut browser, edit, &standard, "RoleIsStandard").await;

    let sheet = format!("/admin/users/{}", stage.kit.person(KEN).await.id.0);
    let grant = [("role", "Finance desk")];
    let page = done(&mut browser, &format!("{sheet}/roles/grant"), &grant).await;
    page.says("The role is granted.");
    page.says("<li>Finance desk</li>");
    let held = [("held", "Finance desk")];
    let page = done(&mut browser, &format!("{sheet}/roles/revoke"), &held).await;
    page.says("The role is taken back.");
    assert!(!page.text.contains("<li>Finance desk</li>"));
    let nothing = [("role", "Nothing")];
    let grant = format!("{sheet}/roles/grant");
    refused(&mut browser, &grant, &nothing, "RoleNotFound").await;
    let list = done(&mut browser, "/admin/roles/remove", &role[..1]).await;
    assert!(!list.text.contains("Finance desk"));
    let ways = &["edit", "remove"];
    missing(
        &mut browser,
        "/admin/roles",
        ways,
        &role[..1],
        "RoleNotFound",
    )
    .await;
}
