//! R-RBAC-3: who is out of scope, or moves out of it, is not touched, and the attempt is recorded.

use std::sync::Arc;

use async_trait::async_trait;
use pinward_core::{
    AccessNumber, AccessNumberPatch, Person, Policy, PolicyIdentity, Timestamp, User, UserId,
};
use pinward_directory::import::PinList;
use pinward_service::{NewPin, NewScope, PinImport, Refusal, Right};
use pinward_store::{AuditQuery, Store};
use pinward_testkit::{Hook, Kit};

use super::{FINANCE, id, scoped};
use crate::helpers::KEN;
use crate::use_cases::new_number;

// A user who was in scope when they were read, and is not when something is done to them.
#[tokio::test]
async fn whoever_moved_away_is_not_touched() {
    let kit = Kit::sample().await;
    let administrator = kit.administrator();
    let caller = scoped(&kit, &[FINANCE], &["global"]).await;
    let user = kit.person("johnsmith").await;
    kit.service
        .lock_pin(&caller, &user)
        .await
        .expect("in scope");
    kit.service
        .unlock_pin(&caller, &user)
        .await
        .expect("in scope");
    let mut moved = user.person.clone();
    moved.dn = "CN=John Smith,OU=Legal,DC=litwareinc,DC=com".to_owned();
    let act = kit.act();
    let _put = kit.store.put_people(vec![moved], false, &act).await;
    let service = &kit.service;
    let generated = NewPin::Generated;
    for answer in [
        id(service.assign_pin(&caller, &user, &generated).await),
        id(service.pin_info(&caller, &user).await),
        id(service.check_lock(&caller, &user).await),
        id(service.lock_pin(&caller, &user).await),
        id(service.check_unlock(&caller, &user).await),
        id(service.unlock_pin(&caller, &user).await),
        id(service.grant_policy(&caller, &user, None).await),
        id(service.role_assignment(&caller, &user).await),
    ] {
        assert_eq!(answer.as_deref(), Some("UserNotFound"));
    }
    let info = service
        .pin_info(&administrator, &user)
        .await
        .expect("the state");
    assert!(!info.is_pin_set && !info.is_locked_out);
    // And one who moved into the scope is reached, though they were read outside it.
    let back = user.person.clone();
    let elsewhere = User {
        person: Person {
            dn: "CN=John Smith,OU=Legal,DC=litwareinc,DC=com".to_owned(),
            ..user.person.clone()
        },
        ..user
    };
    let _put = kit.store.put_people(vec![back], false, &act).await;
    service
        .lock_pin(&caller, &elsewhere)
        .await
        .expect("in scope again");
}

/// What was refused and recorded since the last time: action and subject.
async fn refusals(kit: &Kit, seen: &mut usize) -> Vec<(String, String)> {
    let query = AuditQuery {
        outcome: Some("AccessDenied".to_owned()),
        ..AuditQuery::default()
    };
    let page = kit.store.audit(&query, None, 1000).await.expect("the log");
    let new = page.records.iter().skip(*seen);
    let new = new
        .map(|record| {
            (
                record.action.clone(),
                record.subject.clone().unwrap_or_default(),
            )
        })
        .collect();
    *seen = page.records.len();
    new
}

// A write out of scope leaves a record, a read does not, and neither does what is not there at all.
#[tokio::test]
async fn writes_out_of_scope_are_recorded() {
    let kit = Kit::sample().await;
    let caller = scoped(&kit, &[FINANCE], &["site:Redmond"]).await;
    let ken = kit.person(KEN).await;
    let service = &kit.service;
    let mut seen = 0;
    let paris = PolicyIdentity::Site("Paris".to_owned());
    let refused = |action: &str, subject: &str| vec![(action.to_owned(), subject.to_owned())];
    let sip = "sip:kenmyer@litwareinc.com";
    for (right, name, expected) in [
        (Right::AssignPin, KEN, refused("Set-CsClientPin", sip)),
        (Right::LockPin, "Ken Myer", refused("Lock-CsClientPin", sip)),
        (Right::LockPin, "Ken My*", Vec::new()),
        (Right::LockPin, "nobody77", Vec::new()),
        (Right::LockPin, "johnsmith", Vec::new()),
        (Right::ViewPin, KEN, Vec::new()),
    ] {
        let _found = service.find_people(&caller, right, name).await;
        assert_eq!(refusals(&kit, &mut seen).await, expected, "{name}");
    }
    let _refused = service.unlock_pin(&caller, &ken).await;
    assert_eq!(
        refusals(&kit, &mut seen).await,
        refused("Unlock-CsClientPin", sip)
    );
    let mut list = PinList::open(&b"Ext,PIN\n51219,18723834\n"[..]).expect("a list");
    let report = service
        .import_pins(&caller, &mut list, PinImport::default(), &mut |_| true)
        .await;
    assert_eq!(report.expect("a report").refused, 1);
    assert_eq!(
        refusals(&kit, &mut seen).await,
        refused("Set-CsClientPin", sip)
    );
    let _refused = service.pin_info(&caller, &ken).await;
    let _refused = service.policy(&caller, &paris).await;
    assert!(refusals(&kit, &mut seen).await.is_empty());
    let _refused = service.remove_policy(&caller, &paris, None).await;
    assert_eq!(
        refusals(&kit, &mut seen).await,
        refused("Remove-CsPinPolicy", "Site:Paris")
    );
    let policy = Policy::defaults(PolicyIdentity::Tag("New".to_owned()));
    let _refused = service.create_policy(&caller, &policy).await;
    assert_eq!(
        refusals(&kit, &mut seen).await,
        refused("New-CsPinPolicy", "Tag:New")
    );
    let number = new_number();
    let uri = number.primary_uri.clone();
    let administrator = kit.administrator();
    let created = service
        .create_access_number(&caller, number.clone(), NewScope::Global)
        .await;
    assert_eq!(id(created).as_deref(), Some("OutOfScope"));
    assert_eq!(
        refusals(&kit, &mut seen).await,
        refused("New-CsDialInConferencingAccessNumber", &uri)
    );
    let created = service
        .create_access_number(&administrator, number, NewScope::Global)
        .await;
    created.expect("created");
    let removed = service.remove_access_number(&caller, &uri, None).await;
    assert_eq!(id(removed).as_deref(), Some("AccessNumberNotFound"));
    assert_eq!(
        refusals(&kit, &mut seen).await,
        refused("Remove-CsDialInConferencingAccessNumber", &uri)
    );
    let _refused = service.remove_site(&caller, "Redmond", None, |_| ()).await;
    assert_eq!(
        refusals(&kit, &mut seen).await,
        refused("Remove-CsSite", "Site:Redmond")
    );
    // Nor is it told by what a SIP address is taken, only that it is: there is one of each. That somebody
    // tried is recorded.
    let mut same = new_number();
    same.pool = Some("atl-cs-001.litwareinc.com".to_owned());
    for (who, told) in [
        (&caller, "PrimaryUriTaken"),
        (&administrator, "AccessNumberExists"),
    ] {
        let scope = NewScope::SiteOfPool;
        let checked = service.check_access_number(who, same.clone(), scope).await;
        assert_eq!(id(checked).as_deref(), Some(told));
        let created = service.create_access_number(who, same.clone(), scope);
        assert_eq!(id(created.await).as_deref(), Some(told));
    }
    let tried = refused("New-CsDialInConferencingAccessNumber", &uri);
    assert_eq!(
        refusals(&kit, &mut seen).await,
        [tried.clone(), tried].concat()
    );
    // A number whose line is taken says by whom only to those who may see that number.
    let mut same_line = new_number();
    same_line.primary_uri = "sip:same@litwareinc.com".to_owned();
    same_line.pool = Some("atl-cs-001.litwareinc.com".to_owned());
    for (who, named) in [(&caller, false), (&administrator, true)] {
        let scope = NewScope::SiteOfPool;
        let checked = service.check_access_number(who, same_line.clone(), scope);
        let checked = checked.await.expect_err("a line that is taken");
        let created = service.create_access_number(who, same_line.clone(), scope);
        let created = created.await.expect_err("a line that is taken");
        for refusal in [checked, created] {
            assert_eq!(refusal.id(), "LineUriTaken", "{refusal}");
            assert_eq!(refusal.to_string().contains(&uri), named, "{refusal}");
        }
        let tried = refused("New-CsDialInConferencingAccessNumber", &uri);
        let tried = if named {
            Vec::new()
        } else {
            [tried.clone(), tried].concat()
        };
        assert_eq!(refusals(&kit, &mut seen).await, tried);
    }
    let created = service.create_access_number(
        &administrator,
        AccessNumber {
            line_uri: "tel:+14255550111".to_owned(),
            ..same_line
        },
        NewScope::SiteOfPool,
    );
    let own = created.await.expect("created").primary_uri;
    let taken = AccessNumberPatch {
        line_uri: Some(new_number().line_uri),
        ..AccessNumberPatch::default()
    };
    let checked = service.check_access_number_change(&caller, &own, &taken, None);
    assert_eq!(id(checked.await).as_deref(), Some("LineUriTaken"));
    let changed = service.change_access_number(&caller, &own, &taken, None, None);
    assert_eq!(id(changed.await).as_deref(), Some("LineUriTaken"));
    let tried = refused("Set-CsDialInConferencingAccessNumber", &uri);
    assert_eq!(
        refusals(&kit, &mut seen).await,
        [tried.clone(), tried].concat()
    );
}

/// Moves a user out of the unit the moment the state of their PIN was read.
struct MovesAway {
    store: Arc<dyn Store>,
    to: Person,
}

#[async_trait]
impl Hook for MovesAway {
    async fn looked(&self, _user: UserId) {
        let act = pinward_testkit::act(Timestamp::UNIX_EPOCH);
        let moved = vec![self.to.clone()];
        let _put = self.store.put_people(moved, false, &act).await;
    }
}

// Who moves away while their PIN is hashed does not get it.
#[tokio::test]
async fn whoever_moves_away_meanwhile_is_not_touched() {
    let kit = Kit::sample().await;
    let user = kit.person("johnsmith").await;
    let moves = MovesAway {
        store: Arc::clone(&kit.store),
        to: Person {
            dn: "CN=John Smith,OU=Legal,DC=litwareinc,DC=com".to_owned(),
            ..user.person.clone()
        },
    };
    let kit = kit.hooked(Arc::new(moves)).await;
    let caller = scoped(&kit, &[FINANCE], &["global"]).await;
    let assigned = kit
        .service
        .assign_pin(&caller, &user, &NewPin::Generated)
        .await;
    assert_eq!(id(assigned).as_deref(), Some("UserNotFound"));
    let info = kit.service.pin_info(&kit.administrator(), &user).await;
    assert!(!info.expect("the state").is_pin_set);
}
