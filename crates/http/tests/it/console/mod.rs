//! The administrators' console.

mod acts;
mod looks;
mod table;

use pinward_core::{ListEdit, RoleChange};
use pinward_service::NewRole;

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
