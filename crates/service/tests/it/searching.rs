//! Searching people as somebody types, and one of them by number.

use std::time::Instant;

use pinward_core::{Person, Role, UserId};
use pinward_service::{Caller, Refusal, Right};
use pinward_testkit::Kit;

use crate::helpers::KEN;
use crate::scopes::scoped;

async fn found(kit: &Kit, caller: &Caller, text: &str) -> Vec<String> {
    let found = kit.service.search_people(caller, text).await.unwrap();
    let name = |user: &pinward_core::User| user.person.display_name.clone();
    found.people.iter().map(name).collect()
}

#[tokio::test]
async fn people_are_found_by_the_beginning_of_any_name_or_number() {
    let kit = Kit::sample().await;
    let administrator = kit.administrator();
    let ken = kit.person(KEN).await.person;
    let digits: String = ken
        .line_uri
        .unwrap()
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    for text in [
        "ken",
        "KENMYER",
        "Myer k",
        "sip:kenmyer@",
        "litwareinc\\kenm",
        "5121",
        &digits[..9],
    ] {
        let names = found(&kit, &administrator, text).await;
        assert!(names.contains(&"Ken Myer".to_owned()), "{text}: {names:?}");
    }
    for text in ["", "*", "litwareinc", "ken zzz", "\" OR ken"] {
        assert!(found(&kit, &administrator, text).await.is_empty(), "{text}");
    }
}

#[tokio::test]
async fn whoever_is_called_otherwise_is_found_so() {
    let kit = Kit::sample().await;
    let administrator = kit.administrator();
    let mut ken = kit.person(KEN).await.person;
    ken.display_name = "Zoë Quispe".to_owned();
    ken.first_name = None;
    ken.last_name = None;
    let put = kit.store.put_people(vec![ken], false, &kit.act()).await;
    drop(put.unwrap());
    assert_eq!(
        found(&kit, &administrator, "zoe quis").await,
        ["Zoë Quispe"]
    );
    assert!(found(&kit, &administrator, "myer").await.is_empty());
    assert_eq!(found(&kit, &administrator, "kenmyer").await, ["Zoë Quispe"]);
}

// R-RBAC-3
#[tokio::test]
async fn whoever_is_out_of_scope_is_not_found() {
    let kit = Kit::sample().await;
    let ken = kit.person(KEN).await;
    let elsewhere = scoped(&kit, &["OU:ou=Finance,dc=litwareinc,dc=com"], &["global"]).await;
    assert!(found(&kit, &elsewhere, "kenmyer").await.is_empty());
    let refused = kit.service.person(&elsewhere, ken.id).await.unwrap_err();
    assert_eq!(refused.id(), "UserNotFound");
    let here = kit.service.person(&kit.administrator(), ken.id).await;
    assert_eq!(here.unwrap().id, ken.id);
    let nobody = kit
        .service
        .person(&kit.administrator(), UserId(99_999))
        .await;
    assert_eq!(nobody.unwrap_err().id(), "UserNotFound");
}

// R-RBAC-2: people who are not enabled are for those who may see them
#[tokio::test]
async fn people_who_are_not_enabled_need_a_right_of_their_own() {
    let kit = Kit::sample().await;
    let mut ken = kit.person(KEN).await;
    ken.person.enabled = false;
    let put = kit
        .store
        .put_people(vec![ken.person.clone()], false, &kit.act())
        .await;
    drop(put.unwrap());
    let role = Role {
        cmdlets: vec![Right::ViewUsers.cmdlet().to_owned()],
        ..pinward_core::standard_role("CsHelpDesk").unwrap().clone()
    };
    let of_users = Caller::new("of users", vec![role]);
    assert!(found(&kit, &of_users, "kenmyer").await.is_empty());
    assert!(kit.service.person(&of_users, ken.id).await.is_err());
    let desk = Caller::with_standard_role("desk", "CsHelpDesk");
    assert_eq!(found(&kit, &desk, "kenmyer").await, ["Ken Myer"]);
    assert!(kit.service.person(&desk, ken.id).await.is_ok());
}

fn numbered(number: u32, of: &Person) -> Person {
    Person {
        guid: format!("00000000-0000-4000-9000-{number:012x}"),
        dn: format!("CN=Worker {number},OU=Plant,DC=litwareinc,DC=com"),
        display_name: format!("Worker {number}"),
        first_name: Some("Worker".to_owned()),
        last_name: Some(number.to_string()),
        sam_account_name: format!("worker{number}"),
        upn: Some(format!("worker{number}@litwareinc.com")),
        sip_address: Some(format!("sip:worker{number}@litwareinc.com")),
        line_uri: Some(format!("tel:+1206555{number:06};ext={number}")),
        ..of.clone()
    }
}

#[tokio::test]
async fn the_very_word_comes_first_and_more_is_told() {
    let kit = Kit::sample().await;
    let administrator = kit.administrator();
    let ken = kit.person(KEN).await.person;
    let workers = (700..800).map(|number| numbered(number, &ken)).collect();
    drop(
        kit.store
            .put_people(workers, false, &kit.act())
            .await
            .unwrap(),
    );
    let all = kit
        .service
        .search_people(&administrator, "worker")
        .await
        .unwrap();
    assert_eq!((all.people.len(), all.more), (20, true));
    let one = kit
        .service
        .search_people(&administrator, "worker 77")
        .await
        .unwrap();
    assert_eq!((one.people.len(), one.more), (10, false));
    let mut other = numbered(77, &ken);
    other.display_name = "Worker 77 of the second shift".to_owned();
    drop(
        kit.store
            .put_people(vec![other], false, &kit.act())
            .await
            .unwrap(),
    );
    let first = found(&kit, &administrator, "77").await;
    assert_eq!(first[0], "Worker 77 of the second shift");
    assert_eq!(first.len(), 11);
}

/// How long a search takes among 100,000: `cargo nextest run --release … --run-ignored all --no-capture`.
#[tokio::test]
#[ignore = "a measurement"]
async fn searching_among_a_hundred_thousand() {
    let kit = Kit::sample_in(crate::helpers::in_memory()).await;
    let ken = kit.person(KEN).await.person;
    let began = Instant::now();
    for part in 0..100 {
        let workers =
            (part * 1000..(part + 1) * 1000).map(|number| numbered(100_000 + number, &ken));
        drop(
            kit.store
                .put_people(workers.collect(), false, &kit.act())
                .await
                .unwrap(),
        );
    }
    println!("100,000 people put in {:?}", began.elapsed());
    let scoped = scoped(&kit, &["OU:ou=Finance,dc=litwareinc,dc=com"], &["global"]).await;
    for (who, caller) in [("everybody", kit.administrator()), ("a unit", scoped)] {
        for text in [
            "w",
            "wo",
            "worker",
            "worker 1",
            "worker 15 12",
            "1206555",
            "150123",
            "ken",
            "zz",
        ] {
            let mut times: Vec<_> = Vec::new();
            for _ in 0..20 {
                let began = Instant::now();
                drop(kit.service.search_people(&caller, text).await.unwrap());
                times.push(began.elapsed());
            }
            times.sort();
            println!(
                "{who}, {text:?}: median {:?}, slowest {:?}",
                times[10], times[19]
            );
        }
    }
}
