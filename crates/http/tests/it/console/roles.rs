//! The roles, and who holds them.

use pinward_core::{ListEdit, Role, RoleChange};
use pinward_service::NewRole;

use super::{as_role, done, furnish, missing, refused, send};
use crate::browser::{KEN, Stage};
use crate::outdated::{outdate, put_into_group};

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

    put_into_group(&stage.kit, "Reception", &[KEN]).await;
    let mut group = role;
    group[0].1 = "Reception";
    let asked = send(&mut browser, new, &group).await;
    asked.says("1 of its people hold the role");
    asked.says("Do it all the same");

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
    let ways = &["edit", "update", "remove"];
    missing(
        &mut browser,
        "/admin/roles",
        ways,
        &role[..1],
        "RoleNotFound",
    )
    .await;
}

// R-RBAC-1
#[tokio::test]
async fn a_role_is_brought_up_to_its_template() {
    let stage = Stage::new().await;
    furnish(&stage).await;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    let (list, update, desk) = ("/admin/roles", "/admin/roles/update", [("of", "Desk")]);
    assert!(!browser.get(list).await.text.contains("Update…"));
    let nothing = browser.get(&format!("{update}?of=Desk")).await;
    nothing.says("has gained nothing since");
    // As if the role had been made before the template had one of its cmdlets.
    let gained = outdate(&stage.kit, "Desk").await;
    browser.get(list).await.says("/admin/roles/update?of=Desk");
    let asked = browser.get(&format!("{update}?of=Desk")).await;
    asked.says(&format!("<li>{gained}</li>"));
    let page = done(&mut browser, update, &desk).await;
    page.says("The role is changed.");
    assert!(!page.text.contains("Update…"));
    let roles = stage.kit.store.custom_roles().await.unwrap();
    assert!(roles[0].allows(&gained), "{roles:?}");
    let standard = [("of", "CsHelpDesk")];
    refused(&mut browser, update, &standard, "RoleIsStandard").await;
}

// R-RBAC-1: what the page showed, and no more
#[tokio::test]
async fn a_role_gains_what_was_shown() {
    let stage = Stage::new().await;
    furnish(&stage).await;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    let (service, administrator) = (&stage.kit.service, stage.kit.administrator());
    let new = NewRole {
        identity: "Night".to_owned(),
        template: "Desk".to_owned(),
        change: RoleChange::default(),
    };
    service.create_role(&administrator, &new).await.unwrap();
    let update = "/admin/roles/update";
    let mut seen = Vec::new();
    for cmdlet in ["Get-CsClientPinInfo", "Set-CsUser"] {
        let asked = browser.get(&format!("{update}?of=Night")).await;
        seen.push(asked.field("seen"));
        let more = RoleChange {
            cmdlets: Some(ListEdit::Edit {
                add: vec![cmdlet.to_owned()],
                remove: Vec::new(),
            }),
            ..RoleChange::default()
        };
        let changed = service.change_role(&administrator, "Desk", &more, None);
        changed.await.unwrap();
    }
    let before = stage.kit.store.custom_roles().await.unwrap();
    for tag in &seen {
        let fields = [("of", "Night"), ("seen", tag.as_str())];
        refused(&mut browser, update, &fields, "RoleOvertaken").await;
    }
    assert_eq!(stage.kit.store.custom_roles().await.unwrap(), before);
    let now = browser.get(&format!("{update}?of=Night")).await;
    let now = now.field("seen");
    let fields = [("of", "Night"), ("seen", now.as_str())];
    done(&mut browser, update, &fields)
        .await
        .says("The role is changed.");
    refused(&mut browser, update, &fields, "RoleOvertaken").await;
}

// R-RBAC-1: a newer version of the program, or one that is no more, may know what this one does not
#[tokio::test]
async fn a_role_keeps_the_cmdlets_that_nobody_knows() {
    let stage = Stage::new().await;
    furnish(&stage).await;
    let (store, act) = (&stage.kit.store, stage.kit.act());
    let desk = store.custom_roles().await.unwrap().remove(0);
    let later = Role {
        identity: "Later".to_owned(),
        cmdlets: vec!["Get-CsLater".to_owned(), "Get-CsUser".to_owned()],
        ..desk
    };
    let _made = store.create_role(&later, &act).await.unwrap();
    let mut browser = as_role(&stage, "CsAdministrator").await;
    let page = browser.get("/admin/roles/edit?of=Later").await;
    let boxes = page.text.split("name=\"cmdlet\"").skip(1);
    let boxes = boxes.map(|one| one.split('>').next().unwrap());
    let ticked: Vec<_> = boxes.filter(|one| one.contains("checked")).collect();
    let names = ticked.iter().map(|one| one.split('"').nth(3).unwrap());
    let mut fields = vec![
        ("of", "Later"),
        ("users", "site:Redmond"),
        ("configuration", "global"),
    ];
    fields.extend(names.map(|name| ("cmdlet", name)));
    done(&mut browser, "/admin/roles/edit", &fields).await;
    let kept = store.custom_roles().await.unwrap();
    let kept = kept.iter().find(|role| role.is_called("Later")).unwrap();
    assert_eq!(kept.user_scopes, ["site:Redmond"]);
    assert_eq!(kept.cmdlets, later.cmdlets);
    // Shown again for something else, the form offers it still, and it can be taken away.
    let wrong = [("of", "Later"), ("users", "Redmond")];
    refused(&mut browser, "/admin/roles/edit", &wrong, "RoleInvalid")
        .await
        .says("value=\"Get-CsLater\"");
    fields.retain(|(_, value)| *value != "Get-CsLater");
    done(&mut browser, "/admin/roles/edit", &fields).await;
    let kept = store.custom_roles().await.unwrap();
    assert!(!kept.iter().any(|role| role.allows("Get-CsLater")));
}
