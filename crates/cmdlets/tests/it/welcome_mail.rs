//! Set-CsPinSendCAWelcomeMail.

use pinward_core::Outcome;

use crate::bench::{Bench, text};

const MAIL: &str =
    "Set-CsPinSendCAWelcomeMail kenmyer@litwareinc.com -From helpdesk@litwareinc.com";

// R-SET-1
#[test]
fn a_pin_and_the_message_that_tells_it() {
    Bench::on(|bench| {
        let mail = bench.ok(&format!("{MAIL} -Body '{{{{Pin}}}}'"));
        let pin = text(&mail[0], "Body");
        assert_eq!(
            bench.log_on("kenmyer@litwareinc.com", &pin),
            Outcome::Success
        );
        assert_eq!(text(&mail[0], "To"), "kenmyer@litwareinc.com");
        assert_eq!(text(&mail[0], "PinAssigned"), "True");
        assert!(!bench.everything_shown().contains(&pin));
        // Whoever has a PIN keeps it, and it is not told.
        let kept = bench.ok(MAIL);
        assert!(bench.warnings()[0].contains("keeps it"));
        let body = text(&kept[0], "Body");
        assert!(!body.contains(&pin) && body.contains("as before"), "{body}");
        // Numbers for everybody, not those for another site.
        assert!(body.contains("1-206-555-8716 (en-US, zh-CN)"), "{body}");
        assert!(!body.contains("8717"), "{body}");
        bench.refused(&format!("{MAIL} -Pin 383042650"), "PinAlreadySet");
        let forced = bench.ok(&format!(
            "{MAIL} -Pin '383042650' -Force -BodyAsPlainText -Subject Hi"
        ));
        assert!(text(&forced[0], "Body").contains("Your PIN: 383042650"));
        assert_eq!(text(&forced[0], "Subject"), "Hi");
        assert_eq!(
            bench.log_on("kenmyer@litwareinc.com", "383042650"),
            Outcome::Success
        );
    });
}

#[test]
fn what_makes_no_sense_is_refused_before_anything_is_assigned() {
    Bench::on(|bench| {
        for (more, id) in [
            ("-Cc 'a b@c'", "MailAddressInvalid"),
            ("-UserEmailAddress nobody", "MailAddressInvalid"),
            ("-Body '{{Password}}'", "MailTemplateInvalid"),
            ("-Body x -TemplatePath y", "BodiesExclusive"),
            ("-TemplatePath /nowhere/at/all", "MailTemplateUnreadable"),
            ("-Subject \"a`nBcc: x@y\"", "MailSubjectInvalid"),
            ("-Pin 123456", "PinRefused"),
        ] {
            bench.refused(&format!("{MAIL} {more}"), id);
        }
        bench.silent(&format!("{MAIL} -WhatIf"));
        assert!(!bench.info("Ken Myer").is_pin_set);
    });
}

// R-RBAC-2
#[test]
fn it_is_for_those_who_assign_pins() {
    Bench::with_role("CsHelpDesk", |bench| {
        assert!(bench.values(MAIL).is_empty());
        assert!(!bench.info("Ken Myer").is_pin_set);
    });
}
