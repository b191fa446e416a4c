//! `kill -9` in the middle of a bulk assignment (R-LOCK-10 has its own tests in the store).

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use regex::Regex;

use crate::program::{Run, Sample};

#[test]
fn what_was_reported_survives_a_kill() {
    let sample = Sample::new();
    let line = Regex::new(r"^(sip:\S+)\s+(\d+)\s*$").unwrap();
    for round in 1..=3 {
        let mut child = sample
            .command()
            .args([
                "-c",
                "Get-CsUser -LdapFilter 'Department=Sales' | Set-CsClientPin",
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let mut reported = Vec::new();
        let output = BufReader::new(child.stdout.take().expect("its output"));
        for text in output.lines() {
            let text = text.expect("UTF-8");
            if let Some(found) = line.captures(&text) {
                reported.push((found[1].to_owned(), found[2].to_owned()));
            }
            if reported.len() == 5 * round {
                break;
            }
        }
        child.kill().expect("killed");
        child.wait().expect("it ends");
        // R-SEC-4
        let mut verify = sample.command();
        let verified = verify.args(["audit", "verify"]).output();
        Run::from(verified.expect("the program starts")).well();
        assert_eq!(
            reported.len(),
            5 * round,
            "it was in the middle of its work"
        );
        for (user, pin) in [&reported[0], &reported[reported.len() - 1]] {
            assert!(
                sample.logs_on(user, pin),
                "round {round}: {user} was reported as done"
            );
        }
        let set = sample.texts(
            "Get-CsUser | Get-CsClientPinInfo | Where-Object IsPinSet -eq $true",
            "Identity",
        );
        assert!(
            reported.iter().all(|(user, _)| set.contains(user)),
            "round {round}"
        );
    }
    sample
        .run("Set-CsClientPin litwareinc\\kenmyer 18723834")
        .well();
}
