//! The administrators' console.

mod acts;
mod changes;
mod looks;
mod table;

use pinward_core::{ClientLimits, ClientRights, ListEdit, RoleChange};
use pinward_service::{NewClient, NewRole};

use crate::browser::{Browser, JOHN, Stage};

/// Gives John the role alone, and signs him in.
async fn as_role(stage: &Stage, role: &str) -> Browser {
    let (kit, administrator) = (&stage.kit, stage.kit.administrator());
    let john = kit.person(JOHN).await;
    let held = kit.service.role_assignment(&administrator, &john).await;
    for earlier in held.unwrap() {
        let taken = kit.service.revoke_role(&administrator, &john, &earlier);
        taken.await.unwrap();
    }
    let granted = kit.service.grant_role(&administrator, &john, role);
    granted.await.unwrap();
    let mut browser = stage.browser();
    browser.sign_in(JOHN).await;
    browser
}

/// Makes a role that reaches some users and the configuration of some sites.
async fn scoped_role(stage: &Stage, template: &str, users: &str, sites: &str) -> &'static str {
    let new = NewRole {
        identity: "Desk".to_owned(),
        template: template.to_owned(),
        change: RoleChange {
            user_scopes: Some(ListEdit::Replace(vec![users.to_owned()])),
            config_scopes: Some(ListEdit::Replace(vec![sites.to_owned()])),
            ..RoleChange::default()
        },
    };
    let administrator = stage.kit.administrator();
    let made = stage.kit.service.create_role(&administrator, &new).await;
    made.unwrap();
    "Desk"
}

/// Makes the role `Auditor` with these cmdlets alone.
async fn role_of(stage: &Stage, cmdlets: &[&str]) {
    let cmdlets = cmdlets.iter().map(|name| (*name).to_owned()).collect();
    let new = NewRole {
        identity: "Auditor".to_owned(),
        template: "CsAdministrator".to_owned(),
        change: RoleChange {
            cmdlets: Some(ListEdit::Replace(cmdlets)),
            ..RoleChange::default()
        },
    };
    let administrator = stage.kit.administrator();
    let made = stage.kit.service.create_role(&administrator, &new).await;
    made.unwrap();
}

/// Makes what the sample company has none of: a role of its own, `Desk`, and a client, `switchboard`.
async fn furnish(stage: &Stage) {
    scoped_role(stage, "CsHelpDesk", "global", "global").await;
    let new = NewClient {
        name: "switchboard".to_owned(),
        rights: ClientRights::LogOn,
        networks: Vec::new(),
        expires: None,
        limits: ClientLimits::default(),
        proven_by: pinward_service::ProvenBy::Key,
    };
    let administrator = stage.kit.administrator();
    let added = stage.kit.service.add_client(&administrator, &new).await;
    added.unwrap();
}

/// The token of the session's forms: each page has the form that signs out.
async fn token(browser: &mut Browser) -> String {
    browser.get("/").await.token()
}

/// Sends a form with the session's token.
async fn send(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> crate::browser::Page {
    let token = token(browser).await;
    let mut all = vec![("token", token.as_str())];
    all.extend(fields);
    browser.post(path, &all).await
}
