//! The message that welcomes a user.

use pinward_core::{MailForm, WelcomeFacts, check_template, is_mail_address, welcome_body};
use proptest::prelude::*;

fn facts(name: &str) -> WelcomeFacts<'_> {
    WelcomeFacts {
        display_name: name,
        number: Some("14255551219"),
        extension: None,
        pin: "18723834",
        access_numbers: &[],
    }
}

#[test]
fn what_is_put_in_is_escaped_in_html_alone() {
    let name = "<b>O'Neil & \"Co\"</b>";
    let html = welcome_body(None, MailForm::Html, &facts(name)).unwrap();
    assert!(
        html.contains("&lt;b&gt;O&#39;Neil &amp; &quot;Co&quot;&lt;/b&gt;"),
        "{html}"
    );
    assert!(
        html.contains("18723834") && html.contains("+14255551219"),
        "{html}"
    );
    let plain = welcome_body(None, MailForm::Plain, &facts(name)).unwrap();
    assert!(plain.contains(name) && !plain.contains("&amp;"), "{plain}");
}

#[test]
fn templates_name_what_there_is() {
    let own = "{{displayname}}: {{ Pin }}";
    let body = welcome_body(Some(own), MailForm::Plain, &facts("{{Pin}}")).unwrap();
    assert_eq!(
        body, "{{Pin}}: 18723834",
        "what is put in is not read again"
    );
    for wrong in ["{{Password}}", "{{", "{{}}", "x {{Pin"] {
        let judged = check_template(wrong);
        assert_eq!(judged.is_err(), wrong != "x {{Pin", "{wrong}");
    }
}

#[test]
fn addresses_stay_one_line() {
    for (address, good) in [
        ("kenmyer@litwareinc.com", true),
        ("a@b\r\nBcc: x@y", false),
        ("a b@c", false),
        ("a@", false),
        ("@b", false),
        ("a@b@c", false),
        ("Ken <a@b>", false),
        ("", false),
    ] {
        assert_eq!(is_mail_address(address), good, "{address}");
    }
}

proptest! {
    #[test]
    fn no_name_brings_markup_in(name in "\\PC{0,30}") {
        let body = welcome_body(Some("{{DisplayName}}"), MailForm::Html, &facts(&name)).unwrap();
        prop_assert!(!body.contains(['<', '>', '"', '\'']));
    }
}
