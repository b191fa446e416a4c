//! What a refusal says (R-RBAC-4). Who may do what is in `use_cases.rs`.

use pinward_service::{Caller, NewPin};
use pinward_testkit::Kit;

use crate::helpers::KEN;

#[tokio::test]
async fn a_refusal_says_who_and_what_is_missing() {
    let kit = Kit::sample().await;
    let user = kit.person(KEN).await;
    let caller = Caller::with_standard_role("litwareinc\\helper", "CsViewOnlyAdministrator");
    let refused = kit
        .service
        .assign_pin(&caller, &user, &NewPin::Generated)
        .await;
    let text = refused.err().expect("refused").to_string();
    assert!(
        text.contains("litwareinc\\helper") && text.contains("Set-CsClientPin"),
        "{text}"
    );
}
