//! The administrators' console.

mod access_numbers;
mod acts;
mod clients;
mod looks;
mod roles;
mod seen;
mod sites;
mod table;

use pinward_core::{ClientLimits, ClientRights, ListEdit, RoleChange};
use pinward_service::{NewClient, NewRole};

use crate::browser::{Browser, JOHN, Page, Stage};

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
async fn send(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    let token = token(browser).await;
    let mut all = vec![("token", token.as_str())];
    all.extend(fields);
    browser.post(path, &all).await
}

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
