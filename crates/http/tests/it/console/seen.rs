//! Forms that were made before somebody else changed the same thing.

use super::{as_role, done, furnish, refused};
use crate::browser::Stage;

#[tokio::test]
async fn what_somebody_else_changed_is_looked_at_again() {
    let stage = Stage::new().await;
    furnish(&stage).await;
    let mut browser = as_role(&stage, "CsAdministrator").await;
    let policy = |description| {
        vec![
            ("of", "Site:Redmond"),
            ("description", description),
            ("min_length", "6"),
            ("history", "3"),
            ("lifetime", "90"),
            ("attempts", ""),
            ("sure", "yes"),
        ]
    };
    let number = |name| {
        vec![
            ("of", "sip:RedmondDialIn@litwareinc.com"),
            ("display_number", "1-800-555-1235"),
            ("line", "tel:+18005551235"),
            ("display_name", name),
            ("language", "en-US"),
        ]
    };
    let site = |name| vec![("of", "Redmond"), ("display_name", name)];
    let role = |cmdlet| {
        vec![
            ("of", "Desk"),
            ("users", "global"),
            ("configuration", "global"),
            ("cmdlet", cmdlet),
        ]
    };
    let client = |rights| {
        vec![
            ("of", "switchboard"),
            ("rights", rights),
            ("per_second", "20"),
            ("at_once", "8"),
        ]
    };
    for (list, first, second, code) in [
        ("policies", policy("One"), policy("Two"), "PolicyOvertaken"),
        ("sites", site("One"), site("Two"), "SiteOvertaken"),
        (
            "access-numbers",
            number("One"),
            number("Two"),
            "AccessNumberOvertaken",
        ),
        (
            "roles",
            role("Get-CsUser"),
            role("Get-CsSite"),
            "RoleOvertaken",
        ),
        (
            "clients",
            client("trusted-logon"),
            client("role:CsHelpDesk"),
            "ClientOvertaken",
        ),
    ] {
        let (edit, remove) = (
            format!("/admin/{list}/edit"),
            format!("/admin/{list}/remove"),
        );
        let of = first[0].1;
        let seen = browser.get(&format!("{edit}?of={of}")).await.field("seen");
        let asked = browser.get(&format!("{remove}?of={of}")).await;
        assert_eq!(asked.field("seen"), seen, "{list}");
        let as_seen = |fields: &[(&'static str, &'static str)]| -> Vec<(&'static str, String)> {
            let fields = fields
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned()));
            fields.chain([("seen", seen.clone())]).collect()
        };
        let first = as_seen(&first);
        let first: Vec<_> = first.iter().map(|(n, v)| (*n, v.as_str())).collect();
        done(&mut browser, &edit, &first).await;
        let second = as_seen(&second);
        let second: Vec<_> = second.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let again = refused(&mut browser, &edit, &second, code).await;
        let now = format!(
            "href=\"{edit}?of={}\"",
            of.replace(':', "%3A").replace('@', "%40")
        );
        again.says(&format!("{now}>Load it as it is now</a>"));
        refused(&mut browser, &remove, &second, code).await;
        let now = browser
            .get(&format!("{remove}?of={of}"))
            .await
            .field("seen");
        done(&mut browser, &remove, &[("of", of), ("seen", &now)]).await;
    }
}

#[tokio::test]
async fn a_number_is_given_its_place_as_it_was_seen() {
    let stage = Stage::new().await;
    let mut browser = as_role(&stage, "CsVoiceAdministrator").await;
    let uri = "sip:RedmondDialIn@litwareinc.com";
    let order = "/admin/access-numbers/order";
    let asked = browser.get(&format!("{order}?of={uri}")).await;
    let seen = asked.field("seen");
    let place = |seen| {
        [
            ("of", uri),
            ("seen", seen),
            ("region", "Redmond"),
            ("place", "1"),
        ]
    };
    done(&mut browser, order, &place(&seen)).await;
    let number = [
        ("of", uri),
        ("display_number", "1-800-555-1234"),
        ("line", "tel:+18005551234"),
        ("language", "en-US"),
        ("regions", "Redmond"),
        ("display_name", "Renamed"),
    ];
    done(&mut browser, "/admin/access-numbers/edit", &number).await;
    let again = refused(&mut browser, order, &place(&seen), "AccessNumberOvertaken").await;
    assert_eq!(again.field("seen"), seen);
    let now = format!("{order}?of=sip%3ARedmondDialIn%40litwareinc.com");
    again.says(&format!("href=\"{now}\">Load it as it is now</a>"));
    let seen = browser.get(&now).await.field("seen");
    done(&mut browser, order, &place(&seen)).await;
}
