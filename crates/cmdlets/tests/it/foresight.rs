//! What -WhatIf and -Confirm tell of changes of policies.

use pinward_core::Outcome;

use crate::bench::Bench;

/// The lines of the only remark that source makes.
fn told(bench: &mut Bench, source: &str) -> Vec<String> {
    bench.silent(source);
    let remarks = bench.remarks();
    assert_eq!(remarks.len(), 1, "{source}: {remarks:?}");
    remarks[0]
        .lines()
        .map(|line| line.trim().to_owned())
        .collect()
}

/// Ken, of Redmond, has had his PIN for 40 days.
fn company(bench: &mut Bench) {
    bench.ok("Set-CsPinPolicy site:Redmond -PINHistoryCount 3 -PINLifetime 0");
    bench.ok("Set-CsClientPin 'Ken Myer' -Pin 18723834");
    bench.kit.clock.advance_days(40);
    bench.tell_time();
}

// R-POL-7
#[test]
fn a_shorter_lifetime_is_foreseen() {
    Bench::on(|bench| {
        company(bench);
        let before = bench.policy("site:Redmond");
        let governed = bench
            .texts("Get-CsUser | Get-CsClientPinInfo", "EffectivePolicy")
            .iter()
            .filter(|policy| *policy == "Site:Redmond")
            .count();
        let lines = told(
            bench,
            "Set-CsPinPolicy site:Redmond -PINLifetime 30 -WhatIf",
        );
        assert_eq!(
            lines,
            [
                "What if: Performing the operation \"Change the PIN policy\" on target \"Site:Redmond\".",
                &format!("It governs {governed} users, 1 of them with a PIN."),
                "PINLifetime 30 instead of 0 (never): 1 PIN expired at once, 0 more within 7 days.",
                "PINs that are set are not judged anew: length and patterns count for new ones.",
            ]
        );
        let lines = told(
            bench,
            "Set-CsPinPolicy site:Redmond -PINLifetime 45 -WhatIf",
        );
        assert!(
            lines[2].ends_with("0 PINs expired at once, 1 more within 7 days."),
            "{lines:?}"
        );
        assert_eq!(bench.policy("site:Redmond"), before);
        // A longer one brings PINs back.
        bench.ok("Set-CsPinPolicy site:Redmond -PINLifetime 30");
        let lines = told(bench, "Set-CsPinPolicy site:Redmond -PINLifetime 0 -WhatIf");
        assert_eq!(lines[3], "1 PIN that expired would be good again.");
    });
}

// R-POL-7, R-LOCK-4
#[test]
fn a_lower_limit_is_foreseen() {
    Bench::on(|bench| {
        company(bench);
        for _ in 0..5 {
            assert_eq!(bench.log_on("51219", "00000000"), Outcome::IncorrectPin);
        }
        for (limit, users) in [(5, "1 user"), (6, "0 users"), (4, "1 user")] {
            let lines = told(
                bench,
                &format!("Set-CsPinPolicy site:Redmond -MaximumLogonAttempts {limit} -WhatIf"),
            );
            let expected = format!(
                "MaximumLogonAttempts {limit} instead of by length: {users} locked out at their next \
                 logon; it ends no lockout that holds."
            );
            assert_eq!(lines[2], expected);
        }
        assert!(!bench.info("Ken Myer").is_locked_out);
    });
}

// R-POL-5, R-POL-6
#[test]
fn a_removal_says_who_falls_to_what() {
    Bench::on(|bench| {
        company(bench);
        bench.ok("Grant-CsPinPolicy 'Ken Myer' RedmondUsersPinPolicy");
        bench.ok("Grant-CsPinPolicy 'Pilar Ackerman' RedmondUsersPinPolicy");
        let lines = told(bench, "Remove-CsPinPolicy RedmondUsersPinPolicy -WhatIf");
        assert_eq!(lines[1], "It governs 2 users, 1 of them with a PIN.");
        let fallen: Vec<&String> = lines.iter().filter(|line| line.contains("fall")).collect();
        let sites =
            [bench.user("Ken Myer"), bench.user("Pilar Ackerman")].map(|user| user.person.site);
        match sites
            .iter()
            .filter(|site| site.as_deref() == Some("Redmond"))
            .count()
        {
            2 => assert_eq!(fallen, ["2 users fall to Site:Redmond."]),
            1 => assert_eq!(
                fallen,
                ["1 user falls to Global.", "1 user falls to Site:Redmond."]
            ),
            _ => panic!("Ken Myer belongs to Redmond"),
        }
        assert_eq!(lines.last().unwrap(), "PINs stay as they are.");
        let lines = told(bench, "Remove-CsPinPolicy global -WhatIf");
        assert!(lines[0].contains("Reset"), "{lines:?}");
        assert!(lines[1].starts_with("It governs "), "{lines:?}");
        assert!(bench.policy("RedmondUsersPinPolicy").is_some());
    });
}

// R-POL-4
#[test]
fn a_grant_says_what_follows_on_what() {
    Bench::on(|bench| {
        company(bench);
        bench.ok("New-CsPinPolicy Short -PINHistoryCount 1 -PINLifetime 30");
        bench.ok("New-CsPinPolicy Long -PINHistoryCount 1 -PINLifetime 50");
        let grant = "Grant-CsPinPolicy 'Ken Myer' -WhatIf -PolicyName";
        for (name, expected) in [
            (
                "Short",
                &[
                    "Tag:Short would govern this user in place of Site:Redmond.",
                    "Their PIN would be expired at once.",
                ][..],
            ),
            (
                "Long",
                &[
                    "Tag:Long would govern this user in place of Site:Redmond.",
                    "Their PIN would expire at 2026-02-24 09:00:00.",
                ],
            ),
            ("$null", &["Site:Redmond governs this user already."]),
        ] {
            let lines = told(bench, &format!("{grant} {name}"));
            assert_eq!(&lines[1..], expected, "{name}");
        }
        bench.ok("Grant-CsPinPolicy 'Ken Myer' Short");
        let lines = told(bench, &format!("{grant} $null"));
        assert_eq!(
            lines[1..],
            [
                "Site:Redmond would govern this user in place of Tag:Short.",
                "Their PIN would not expire.",
            ]
        );
    });
}

// R-SET-7
#[test]
fn the_question_tells_it_too_and_nobody_else_is_told() {
    Bench::on(|bench| {
        company(bench);
        bench.host.with(|seen| seen.answers.push_back(2));
        bench.ok("Set-CsPinPolicy site:Redmond -PINLifetime 30 -Confirm");
        let question = bench.host.with(|seen| format!("{:?}", seen.questions));
        assert!(question.contains("1 PIN expired at once"), "{question}");
        assert_eq!(bench.policy("site:Redmond").unwrap().pin_lifetime_days, 0);
        bench.silent("Set-CsPinPolicy site:Redmond -PINLifetime 30");
        assert_eq!(bench.remarks(), Vec::<String>::new());
    });
}
