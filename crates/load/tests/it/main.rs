//! Every scenario runs to its end, short: what the product asks of callers changes, and those here must keep up.
#![allow(clippy::expect_used, reason = "a test that cannot go on should stop")]

mod guessing;

use std::process::Command;

#[test]
fn every_scenario_measures_what_it_says() {
    for (scenarios, lines) in [
        (
            "http",
            &[
                "a hello-world of axum",
                "GET /healthz",
                "refusals of locked PINs",
                "logons, 2 connections",
            ][..],
        ),
        (
            "logons decisions refusals",
            &[
                "logons, 2 at a time",
                "durable logons at least cost, 64 at a time",
                "refusals of locked PINs, 256 at a time",
            ],
        ),
    ] {
        let run = Command::new(env!("CARGO_BIN_EXE_pinward-load"))
            .args(scenarios.split(' '))
            // More than a client that measures nothing may have refused, where the machine does so many.
            .args("--rounds 1 --seconds 1 --operations 1500 --parallel 2 --users 256".split(' '))
            .args(["--data", env!("CARGO_TARGET_TMPDIR")])
            .output()
            .expect("it starts");
        let told = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "{scenarios}: {told}");
        let out = String::from_utf8_lossy(&run.stdout);
        for line in lines {
            assert!(out.contains(line), "{scenarios}: no {line:?} in\n{out}");
        }
    }
}
