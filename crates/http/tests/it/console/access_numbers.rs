//! The access numbers.

use super::{as_role, done, missing, refused};
use crate::browser::Stage;

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
    let order = "/admin/access-numbers/order";
    let place = |region, place| [number[0], ("region", region), ("place", place)];
    let page = done(&mut browser, order, &place("seattle", "1")).await;
    page.says("The place is changed.");
    for (region, at, code) in [
        ("Tacoma", "0", "InputInvalid"),
        ("Tacoma", "first", "InputInvalid"),
        ("Paris", "1", "RegionNotOfNumber"),
    ] {
        refused(&mut browser, order, &place(region, at), code).await;
    }
    let remove = "/admin/access-numbers/remove";
    let list = done(&mut browser, remove, &number[..1]).await;
    assert!(!list.text.contains("TacomaDialIn"));
    let ways = &["edit", "order", "remove"];
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

#[tokio::test]
async fn the_first_number_of_a_region_is_another_one() {
    let stage = Stage::new().await;
    let mut browser = as_role(&stage, "CsVoiceAdministrator").await;
    let numbers = stage.kit.store.access_numbers(Some("Redmond")).await;
    let numbers = numbers.unwrap();
    assert!(numbers.len() > 1, "{numbers:?}");
    let last = numbers.last().unwrap();
    let of = [("of", last.primary_uri.as_str())];
    let order = "/admin/access-numbers/order";
    let place = [of[0], ("region", "Redmond"), ("place", "1")];
    let page = done(&mut browser, order, &place).await;
    page.says("The place is changed.");
    let shown = format!("<ol><li><strong>{}</strong>", last.display_number);
    page.says(&shown);
    let now = stage.kit.store.access_numbers(Some("Redmond")).await;
    assert_eq!(now.unwrap()[0], *last);
}
