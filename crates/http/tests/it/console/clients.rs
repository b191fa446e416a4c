//! The clients of the API.

use super::{as_role, done, furnish, missing, refused, send};
use crate::browser::{Page, Stage};

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
async fn another_key_that_is_sent_twice_is_given_once() {
    let stage = Stage::new().await;
    furnish(&stage).await;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    let rotate = "/admin/clients/rotate";
    let asked = browser.get(&format!("{rotate}?of=switchboard")).await;
    let seen = asked.field("seen");
    let fields = [("of", "switchboard"), ("hours", "24"), ("seen", &*seen)];
    let page = send(&mut browser, rotate, &fields).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let administrator = stage.kit.administrator();
    let kept = stage.kit.service.clients(&administrator).await.unwrap();
    refused(&mut browser, rotate, &fields, "ClientOvertaken").await;
    let after = stage.kit.service.clients(&administrator).await.unwrap();
    assert_eq!(after, kept);
    assert_eq!(kept[0].keys.len(), 2, "the key that was in use holds still");
}

// R-SEC-1
#[tokio::test]
async fn a_client_proves_itself_by_its_certificate() {
    let stage = Stage::new().await;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    let first = "5F:".repeat(31) + "5F";
    let client = |certificate| {
        [
            ("of", "portal"),
            ("rights", "logon"),
            ("per_second", "20"),
            ("at_once", "8"),
            ("certificate", certificate),
        ]
    };
    let new = "/admin/clients/new";
    let malformed = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
    for wrong in ["5f5f", malformed] {
        let page = refused(&mut browser, new, &client(wrong), "InputInvalid").await;
        page.says(wrong.lines().next().unwrap());
    }
    let page = send(&mut browser, new, &client(&first)).await;
    assert_eq!(page.status, 200, "{}", page.text);
    page.says("by its certificate");
    assert!(!page.text.contains("pinward_"), "{}", page.text);
    let list = browser.get("/admin/clients").await;
    list.says("Certificate <code>sha256:5f5f");
    let second = "60".repeat(32);
    let another = [
        ("of", "portal"),
        ("hours", "24"),
        ("certificate", second.as_str()),
    ];
    let rotate = "/admin/clients/rotate";
    let page = send(&mut browser, rotate, &another).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let list = browser.get("/admin/clients").await;
    list.says("Certificate <code>sha256:6060");
    list.says(", ends <time");
    let mut other = client(&second);
    other[0].1 = "other";
    refused(&mut browser, new, &other, "CertificateTaken").await;
}
