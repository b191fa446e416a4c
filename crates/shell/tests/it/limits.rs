//! Nothing hangs, overflows the stack, or fills the memory.

use pinward_shell::{Limits, Stop};

use crate::support::{session_with, with_large_stack};

fn small() -> Limits {
    Limits {
        steps: 3_000_000,
        cells: 3_000_000,
        text_bytes: 1 << 20,
        elements: 100_000,
        ..Limits::default()
    }
}

#[track_caller]
fn stops_with(source: &str, id: &str) {
    let source = source.to_owned();
    let got = with_large_stack(move || {
        let (mut session, _) = session_with(small());
        match session.collect(&source) {
            Err(Stop::Terminated(error)) => error.id.to_string(),
            Ok(_) => "nothing".to_owned(),
            Err(stop) => format!("{stop:?}"),
        }
    });
    assert_eq!(got, id);
}

#[test]
fn limits_stop_scripts() {
    for (source, id) in [
        ("while ($true) { }", "StepLimit"),
        ("for (;;) { 1 | Out-Null }", "StepLimit"),
        ("$a = 1; while ($true) { $a += $a }", "StepLimit"),
        ("$a = @(1); while ($true) { $a += $a }", "ElementLimit"),
        ("$a = 'x'; while ($true) { $a += $a }", "TextLimit"),
        ("'x' * 1000000000000", "TextLimit"),
        ("1..1000000000000", "ElementLimit"),
        ("(1..1000) * 100000000", "ElementLimit"),
        ("'x'.PadLeft(100000000000)", "TextLimit"),
        (
            "$h = @{}; $i = 0; while ($true) { $h[$i] = 'x' * 1000; $i++ }",
            "MemoryLimit",
        ),
        (
            "$b = { 1 | ForEach-Object $b }; 1 | ForEach-Object $b",
            "DepthLimit",
        ),
        (
            "$s = 'a' * 100000; while ($true) { $t = $s -replace 'a', $s }",
            "TextLimit",
        ),
    ] {
        stops_with(source, id);
    }
}

/// Memory that was given back may be asked for again, where the host tells how much is in use.
#[test]
fn memory_given_back_does_not_count() {
    let limits = Limits {
        cells: 100_000,
        ..Limits::default()
    };
    let limit = 100_000 * 32;
    // Each turn asks for some four cells and keeps none.
    let source = "foreach ($i in 1..60000) { $h = @{a = $i} }; 'done'";
    for (memory, id) in [
        (vec![], "MemoryLimit"),
        (vec![7 * limit; 100], "done"),
        // Half of it is held: the other half may be asked for.
        (
            vec![limit, limit + limit / 2, limit + limit / 2, limit * 2],
            "MemoryLimit",
        ),
        (vec![limit, limit * 2], "MemoryLimit"),
    ] {
        let (mut session, host) = session_with(limits);
        host.with(|seen| seen.memory = memory.clone().into());
        let got = match session.collect(source) {
            Ok(values) => values.last().unwrap().to_text().to_string(),
            Err(Stop::Terminated(error)) => error.id.to_string(),
            Err(stop) => format!("{stop:?}"),
        };
        assert_eq!(got, id, "{memory:?}");
    }
}

#[test]
fn deep_source_is_refused() {
    for (open, close) in [
        ("(", ")"),
        ("@(", ")"),
        ("$(", ")"),
        ("{", "}"),
        ("@{a=", "}"),
        ("\"$(", ")\""),
        ("!", ""),
        (",", ""),
        ("if(1){", "}"),
        ("[int]", ""),
    ] {
        for depth in [20_usize, 40, 60, 100, 125, 1000, 100_000] {
            let source = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            let refused = with_large_stack(move || {
                let (mut session, _) = session_with(small());
                matches!(session.collect(&source), Err(Stop::Terminated(e)) if e.id == "TooDeep")
            });
            assert!(refused || depth < 1000, "{open} {depth}");
        }
    }
}

#[test]
fn long_chains_are_fine() {
    for source in [
        format!("1{}", "+1".repeat(20_000)),
        format!("1{}", ",1".repeat(20_000)),
        format!("$x{}", ".a".repeat(20_000)),
        format!("$x = 1\n{}", "$x\n".repeat(20_000)),
        format!("if (0) {{}} {}", "elseif (0) {}".repeat(5_000)),
        format!("\"{}\"", "$x".repeat(20_000)),
    ] {
        let (mut session, _) = session_with(small());
        assert!(session.collect(&source).is_ok(), "{}", &source[..40]);
    }
}

/// A value nested thirty thousand deep is dropped without recursion.
#[test]
fn deep_values_are_dropped_flat() {
    let (mut session, _) = session_with(Limits::default());
    let source = "$a = 1; for ($i = 0; $i -lt 30000; $i++) { $a = ,$a }; $a = 0
        $h = @{}; $c = $h; for ($i = 0; $i -lt 30000; $i++) { $n = @{}; $c.n = $n; $c = $n }; $h = 0; $c = 0";
    session.collect(source).unwrap();
    assert_eq!(
        session.collect("\"$a $h\"").unwrap()[0].to_text().as_ref(),
        "0 0"
    );
}

#[test]
fn patterns_that_ruin_backtrackers_are_quick() {
    let (mut session, _) = session_with(small());
    let text = "a".repeat(5_000);
    session
        .collect(&format!(
            "'{text}' -match '(a+)+$b'; '{text}' -like '*a*a*a*a*a*b'"
        ))
        .unwrap();
}

/// 100,000 objects through a condition and a count: well under a second in release; here only that
/// it comes out right, within the usual limits.
#[test]
fn many_objects_flow_through() {
    let (mut session, _) = session_with(Limits::default());
    let source =
        "(Get-Person 20000 | Where-Object {$_.Name -eq 'Person 7'} | Measure-Object).Count";
    let started = std::time::Instant::now();
    let result = session
        .collect(&source.replace(
            "20000",
            if cfg!(debug_assertions) {
                "20000"
            } else {
                "100000"
            },
        ))
        .unwrap();
    assert_eq!(result[0].to_text().as_ref(), "1");
    println!("{:?}", started.elapsed());
}
