//! Every use case that takes a caller: whether it asks for its right, and whether a user out of scope is
//! not there for it (R-RBAC-2, R-RBAC-3, R-RBAC-4).
//!
//! A use case that is missing in the table fails a test: add a line that calls it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::pin::Pin;

use pinward_core::{
    AccessNumber, AccessNumberPatch, ClientPatch, Enablement, MailForm, Policy, PolicyIdentity,
    PolicyPatch, RoleChange, SignedDuration, SipSource, User, UserChange, UserPatch,
    standard_roles,
};
use pinward_service::{
    AccessNumberChoice, AccessNumberError, Attempt, AuditQuery, Caller, Door, NewPin, NewRole,
    NewScope, OutdatedRole, Period, PinImport, ProvenBy, Refusal, Rhythm, Right, SOON, SiteRequest,
    Source, SyncOptions, Terms, UserQuery, WelcomeRequest,
};
use pinward_testkit::Kit;

use crate::clients::new_client;
use crate::helpers::KEN;
use crate::scopes::scoped;
use crate::sync::Listed;

/// The identifier of the refusal, if it was one.
type Came<'a> = Pin<Box<dyn Future<Output = Option<String>> + 'a>>;

struct UseCase {
    name: &'static str,
    right: Right,
    /// Whether it is about one user, who is passed to it.
    about_user: bool,
    run: for<'a> fn(&'a Kit, &'a Caller, &'a User) -> Came<'a>,
}

fn came<T, E: Refusal>(answer: Result<T, E>) -> Option<String> {
    answer.err().map(|error| error.id().to_owned())
}

macro_rules! use_cases {
    ($($name:ident: $right:ident, $about_user:literal,
       |$kit:ident, $caller:ident, $user:ident| $call:expr;)+) => {
        &[$(UseCase {
            name: stringify!($name),
            right: Right::$right,
            about_user: $about_user,
            run: |$kit, $caller, $user| Box::pin(async move {
                let _unused = $user;
                came($call)
            }),
        }),+]
    };
}

fn mail() -> WelcomeRequest {
    WelcomeRequest {
        from: "helpdesk@litwareinc.com".to_owned(),
        to: None,
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: None,
        template: None,
        form: MailForm::Plain,
        replace: false,
    }
}

fn desk() -> NewRole {
    NewRole {
        identity: "Desk".to_owned(),
        template: "CsHelpDesk".to_owned(),
        change: RoleChange::default(),
    }
}

fn of_paris() -> Policy {
    Policy::defaults(PolicyIdentity::Site("Paris".to_owned()))
}

fn outdated() -> OutdatedRole {
    OutdatedRole {
        role: standard_roles()[0].clone(),
        gains: Vec::new(),
    }
}

fn enabling() -> UserChange {
    UserChange::Enable(Enablement {
        sip_address: SipSource::Kept,
        registrar_pool: None,
    })
}

const DIAL_IN: &str = "sip:RedmondDialIn@litwareinc.com";

pub fn new_number() -> AccessNumber {
    AccessNumber {
        primary_uri: "sip:OsloDialIn@litwareinc.com".to_owned(),
        display_name: None,
        display_number: "+47 21 55 01 00".to_owned(),
        line_uri: "tel:+4721550100".to_owned(),
        primary_language: "nb-NO".to_owned(),
        secondary_languages: Vec::new(),
        pool: Some("atl-cs-001.litwareinc.com".to_owned()),
        hosting_provider: None,
        regions: vec!["Oslo".to_owned()],
        site: None,
    }
}

const GLOBAL: PolicyIdentity = PolicyIdentity::Global;
const NEW: NewPin<'static> = NewPin::Generated;

const USE_CASES: &[UseCase] = use_cases! {
    check_assignment: AssignPin, true, |kit, caller, user|
        kit.service.check_assignment(&Terms::default(), caller, user, &NEW).await;
    assign_pin: AssignPin, true, |kit, caller, user|
        kit.service.assign_pin(caller, user, &NEW).await;
    assign_pin_on: AssignPin, true, |kit, caller, user|
        kit.service.assign_pin_on(&Terms::default(), caller, user, &NEW).await;
    check_welcome: WelcomeUser, true, |kit, caller, user|
        kit.service.check_welcome(caller, user, &NEW, &mail()).await;
    welcome_user: WelcomeUser, true, |kit, caller, user|
        kit.service.welcome_user(caller, user, &NEW, &mail()).await;
    pin_info: ViewPin, true, |kit, caller, user| kit.service.pin_info(caller, user).await;
    check_lock: LockPin, true, |kit, caller, user| kit.service.check_lock(caller, user).await;
    lock_pin: LockPin, true, |kit, caller, user| kit.service.lock_pin(caller, user).await;
    check_unlock: UnlockPin, true, |kit, caller, user| kit.service.check_unlock(caller, user).await;
    unlock_pin: UnlockPin, true, |kit, caller, user| kit.service.unlock_pin(caller, user).await;
    grant_policy: GrantPolicy, true, |kit, caller, user|
        kit.service.grant_policy(caller, user, None).await;
    check_grant: GrantPolicy, false, |kit, caller, user| kit.service.check_grant(caller, None).await;
    policies: ViewPolicy, false, |kit, caller, user| kit.service.policies(caller).await;
    policy: ViewPolicy, false, |kit, caller, user| kit.service.policy(caller, &GLOBAL).await;
    new_policy: CreatePolicy, false, |kit, caller, user|
        kit.service.new_policy(caller, &GLOBAL, &PolicyPatch::default());
    check_creation: CreatePolicy, false, |kit, caller, user|
        kit.service.check_creation(caller, &of_paris()).await;
    create_policy: CreatePolicy, false, |kit, caller, user|
        kit.service.create_policy(caller, &of_paris()).await;
    check_change: ChangePolicy, false, |kit, caller, user|
        kit.service.check_change(caller, &GLOBAL, &PolicyPatch::default()).await;
    change_policy: ChangePolicy, false, |kit, caller, user|
        kit.service.change_policy(caller, &GLOBAL, &PolicyPatch::default(), None).await;
    check_removal: RemovePolicy, false, |kit, caller, user|
        kit.service.check_removal(caller, &GLOBAL).await;
    remove_policy: RemovePolicy, false, |kit, caller, user|
        kit.service.remove_policy(caller, &GLOBAL, None).await;
    foresee_change: ChangePolicy, false, |kit, caller, user|
        kit.service.foresee_change(caller, &GLOBAL, &PolicyPatch::default()).await;
    foresee_removal: RemovePolicy, false, |kit, caller, user|
        kit.service.foresee_removal(caller, &GLOBAL).await;
    foresee_grant: GrantPolicy, true, |kit, caller, user|
        kit.service.foresee_grant(caller, user, None).await;
    policy_figures: TestPolicy, false, |kit, caller, user|
        kit.service.policy_figures(caller, None, SOON).await;
    user_standing: TestPolicy, true, |kit, caller, user|
        kit.service.user_standing(caller, user, SOON).await;
    judge_pin: TestPolicy, false, |kit, caller, user|
        kit.service.judge_pin(caller, &GLOBAL, "18723834").await;
    judge_pin_of_number: TestPolicy, false, |kit, caller, user|
        kit.service.judge_pin_of_number(caller, "51219", "18723834").await;
    judge_pin_for: TestPolicy, true, |kit, caller, user|
        kit.service.judge_pin_for(caller, user, "18723834").await;
    check_user_change: ChangeUser, true, |kit, caller, user|
        kit.service.check_user_change(caller, user, &UserChange::Set(UserPatch::default())).await;
    check_user_change: DisableUser, true, |kit, caller, user|
        kit.service.check_user_change(caller, user, &UserChange::Disable).await;
    check_user_change: EnableUser, true, |kit, caller, user|
        kit.service.check_user_change(caller, user, &enabling()).await;
    change_user: ChangeUser, true, |kit, caller, user|
        kit.service.change_user(caller, user, &UserChange::Set(UserPatch::default())).await;
    change_user: DisableUser, true, |kit, caller, user|
        kit.service.change_user(caller, user, &UserChange::Disable).await;
    find_people: ViewPeople, false, |kit, caller, user|
        kit.service.find_people(caller, Right::ViewPeople, KEN).await;
    find_person: ViewPeople, false, |kit, caller, user|
        kit.service.find_person(caller, Right::ViewPeople, KEN).await;
    find_users: ViewUsers, false, |kit, caller, user| kit.service.find_users(caller, KEN).await;
    search_people: ViewUsers, false, |kit, caller, user|
        kit.service.search_people(caller, "ken").await;
    person: ViewUsers, true, |kit, caller, user| kit.service.person(caller, user.id).await;
    log_on_figures: ViewAudit, false, |kit, caller, user|
        kit.service.log_on_figures(caller, Period::Day).await;
    pin_figures: ViewPin, false, |kit, caller, user| kit.service.pin_figures(caller, SOON).await;
    users: ViewUsers, false, |kit, caller, user|
        kit.service.users(caller).map_err(pinward_service::FindUserError::from);
    people: ViewPeople, false, |kit, caller, user|
        kit.service.people(caller).map_err(pinward_service::FindUserError::from);
    import_pins: AssignPin, false, |kit, caller, user| {
        let how = PinImport::default();
        kit.service.import_pins(caller, &mut std::iter::empty(), how, &mut |_| true).await
    };
    import_people: ImportPeople, false, |kit, caller, user|
        kit.service.import_people(caller, &mut std::iter::empty(), false, &mut |_| true).await;
    sync: ImportPeople, false, |kit, caller, user| {
        let options = SyncOptions { dry_run: true, ..SyncOptions::of("users", "File") };
        kit.service.sync(caller, &mut Listed(Vec::new()), &options, &mut |_| true).await
    };
    sources: ViewSources, false, |kit, caller, user| kit.service.sources(caller).await;
    sync_due: ViewSources, false, |kit, caller, user| {
        let rhythm = Rhythm {
            every: SignedDuration::from_mins(15),
            full_every: SignedDuration::from_hours(24),
        };
        kit.service.sync_due(caller, "users", &rhythm, None).await
    };
    test_log_on: TestLogon, false, |kit, caller, user| {
        let attempt = Attempt {
            who: KEN,
            pin: "18723834",
            also_known_as: None,
            source: Source::of(Door::Shell),
            delivery: None,
        };
        kit.service.test_log_on(caller, &attempt).await
    };
    audit_page: ViewAudit, false, |kit, caller, user|
        kit.service.audit_page(caller, &AuditQuery::default(), None, 5).await;
    list_users: ViewUsers, false, |kit, caller, user| {
        let query = UserQuery { search: None, site: None, after: None, limit: 10 };
        kit.service.list_users(caller, &query).await
    };
    verify_audit: ViewAudit, false, |kit, caller, user|
        kit.service.verify_audit(caller, Vec::new(), Box::new(|_, _| true)).await;
    sites: ViewSites, false, |kit, caller, user| kit.service.sites(caller).await;
    site_details: ViewSites, false, |kit, caller, user| kit.service.site_details(caller).await;
    site_detail: ViewSites, false, |kit, caller, user|
        kit.service.site_detail(caller, "Redmond").await;
    check_site_creation: CreateSite, false, |kit, caller, user|
        kit.service.check_site_creation(caller, "Oslo", &SiteRequest::default()).await;
    create_site: CreateSite, false, |kit, caller, user|
        kit.service.create_site(caller, "Oslo", &SiteRequest::default(), |_| ()).await;
    check_site_change: ChangeSite, false, |kit, caller, user|
        kit.service.check_site_change(caller, "Paris", &SiteRequest::default()).await;
    change_site: ChangeSite, false, |kit, caller, user|
        kit.service.change_site(caller, "Paris", &SiteRequest::default(), None, |_| ()).await;
    check_site_removal: RemoveSite, false, |kit, caller, user|
        kit.service.check_site_removal(caller, "Oslo").await;
    remove_site: RemoveSite, false, |kit, caller, user|
        kit.service.remove_site(caller, "Oslo", None, |_| ()).await;
    access_numbers: ViewAccessNumbers, false, |kit, caller, user|
        kit.service.access_numbers(caller, &AccessNumberChoice::All).await;
    access_number: ViewAccessNumbers, false, |kit, caller, user|
        kit.service.access_number(caller, DIAL_IN).await;
    empty_regions: ViewAccessNumbers, false, |kit, caller, user|
        kit.service.empty_regions(caller).await;
    conferencing_languages: ViewLanguages, false, |kit, caller, user|
        kit.service.conferencing_languages(caller).map_err(AccessNumberError::from);
    check_access_number: CreateAccessNumber, false, |kit, caller, user|
        kit.service.check_access_number(caller, new_number(), NewScope::Global).await;
    create_access_number: CreateAccessNumber, false, |kit, caller, user|
        kit.service.create_access_number(caller, new_number(), NewScope::Global).await;
    check_access_number_change: ChangeAccessNumber, false, |kit, caller, user| {
        let patch = AccessNumberPatch::default();
        kit.service.check_access_number_change(caller, DIAL_IN, &patch, None).await
    };
    change_access_number: ChangeAccessNumber, false, |kit, caller, user| {
        let patch = AccessNumberPatch::default();
        kit.service.change_access_number(caller, DIAL_IN, &patch, None, None).await
    };
    check_reordering: ChangeAccessNumber, false, |kit, caller, user|
        kit.service.check_reordering(caller, DIAL_IN, "Redmond").await;
    reorder_access_number: ChangeAccessNumber, false, |kit, caller, user|
        kit.service.reorder_access_number(caller, DIAL_IN, "Redmond", 0, None).await;
    check_access_number_removal: RemoveAccessNumber, false, |kit, caller, user|
        kit.service.check_access_number_removal(caller, DIAL_IN).await;
    remove_access_number: RemoveAccessNumber, false, |kit, caller, user|
        kit.service.remove_access_number(caller, DIAL_IN, None).await;
    roles: ViewRoles, false, |kit, caller, user| kit.service.roles(caller).await;
    role_named: ViewRoles, false, |kit, caller, user|
        kit.service.role_named(caller, "CsHelpDesk").await;
    check_new_role: CreateRole, false, |kit, caller, user|
        kit.service.check_new_role(caller, &desk()).await;
    create_role: CreateRole, false, |kit, caller, user|
        kit.service.create_role(caller, &desk()).await;
    check_role_change: ChangeRole, false, |kit, caller, user|
        kit.service.check_role_change(caller, "Desk", &RoleChange::default()).await;
    change_role: ChangeRole, false, |kit, caller, user|
        kit.service.change_role(caller, "Desk", &RoleChange::default(), None).await;
    check_role_removal: RemoveRole, false, |kit, caller, user|
        kit.service.check_role_removal(caller, "Desk").await;
    remove_role: RemoveRole, false, |kit, caller, user|
        kit.service.remove_role(caller, "Desk", None).await;
    outdated_roles: UpdateRole, false, |kit, caller, user|
        kit.service.outdated_roles(caller).await;
    check_role_update: UpdateRole, false, |kit, caller, user|
        kit.service.check_role_update(caller, "Desk").await;
    update_role: UpdateRole, false, |kit, caller, user|
        kit.service.update_role(caller, &outdated(), None).await;
    role_assignment: ViewAssignments, true, |kit, caller, user|
        kit.service.role_assignment(caller, user).await;
    check_role_grant: GrantRole, false, |kit, caller, user|
        kit.service.check_role_grant(caller, "CsHelpDesk").await;
    grant_role: GrantRole, true, |kit, caller, user|
        kit.service.grant_role(caller, user, "CsHelpDesk").await;
    check_role_revocation: RevokeRole, true, |kit, caller, user|
        kit.service.check_role_revocation(caller, user, "CsHelpDesk").await;
    revoke_role: RevokeRole, true, |kit, caller, user|
        kit.service.revoke_role(caller, user, "CsHelpDesk").await;
    clients: ViewClients, false, |kit, caller, user| kit.service.clients(caller).await;
    add_client: AddClient, false, |kit, caller, user|
        kit.service.add_client(caller, &new_client("switchboard")).await;
    change_client: ChangeClient, false, |kit, caller, user|
        kit.service.change_client(caller, "switchboard", &ClientPatch::default(), None).await;
    rotate_client: ChangeClient, false, |kit, caller, user|
        kit.service.rotate_client(caller, "switchboard", ProvenBy::Key, SignedDuration::ZERO, None).await;
    remove_client: RemoveClient, false, |kit, caller, user|
        kit.service.remove_client(caller, "switchboard", None).await;
};

/// What takes a caller for the audit log only: whoever may write the key file may do it.
const BY_THE_KEY_FILE: &[&str] = &["rotate_key", "remove_key", "prune_audit"];

// R-RBAC-2, R-RBAC-4: every standard role and every use case, as the lists of the roles say
#[tokio::test]
async fn each_standard_role_may_do_what_its_cmdlets_say_and_nothing_else() {
    let kit = Kit::sample().await;
    let user = kit.person(KEN).await;
    for role in standard_roles() {
        let caller = Caller::with_standard_role("somebody", &role.identity);
        for case in USE_CASES {
            let came = (case.run)(&kit, &caller, &user).await;
            let denied = came.as_deref() == Some("AccessDenied");
            // How it stands with a user's PIN is the state of a PIN.
            let sees = case.name != "user_standing" || role.allows("Get-CsClientPinInfo");
            let listed = role.allows(case.right.cmdlet()) && sees;
            assert_eq!(denied, !listed, "{} {}: {came:?}", role.identity, case.name);
        }
    }
    let nobody = Caller::new("nobody", Vec::new());
    for case in USE_CASES {
        let came = (case.run)(&kit, &nobody, &user).await;
        assert_eq!(came.as_deref(), Some("AccessDenied"), "{}", case.name);
    }
}

// R-RBAC-3
#[tokio::test]
async fn a_user_out_of_scope_is_no_longer_there() {
    let kit = Kit::sample().await;
    let caller = scoped(&kit, &["OU:ou=Finance,dc=litwareinc,dc=com"], &["global"]).await;
    let ken = kit.person(KEN).await;
    let mut tried = 0;
    for case in USE_CASES.iter().filter(|case| case.about_user) {
        if caller.permit(case.right).is_err() {
            // What CsAdministrator alone may do knows no scopes.
            assert!(
                case.right.cmdlet().ends_with("-CsAdminRole"),
                "{}",
                case.name
            );
            continue;
        }
        let came = (case.run)(&kit, &caller, &ken).await;
        assert_eq!(came.as_deref(), Some("UserNotFound"), "{}", case.name);
        tried += 1;
    }
    assert!(tried > 5);
}

// R-RBAC-4: nothing that takes a caller is left out above
#[test]
fn every_use_case_is_in_the_table() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut public = BTreeSet::new();
    for file in fs::read_dir(source).expect("the sources") {
        let text = fs::read_to_string(file.expect("a file").path()).expect("a source");
        for kind in ["pub async fn ", "pub fn "] {
            for rest in text.split(kind).skip(1) {
                let (name, signature) = rest.split_once('(').expect("parameters");
                let signature = signature
                    .split_once('{')
                    .map_or(signature, |(head, _)| head);
                if signature.contains("caller: &Caller") {
                    public.insert(name.split('<').next().unwrap_or(name).to_owned());
                }
            }
        }
    }
    let listed = USE_CASES.iter().map(|case| case.name);
    let listed = listed.chain(BY_THE_KEY_FILE.iter().copied());
    assert_eq!(public, listed.map(str::to_owned).collect());
}
