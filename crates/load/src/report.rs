//! What was found, for people and as JSON.

use std::fmt::Write;
use std::fs;

use pinward_verifier::HashParams;
use serde_json::{Value, json};

use crate::args::{Args, cores};
use crate::place::Place;
use crate::sample::Sample;
use crate::scenarios::{Found, IN_FLIGHT, Pair, REFUSALS_IN_FLIGHT, ROWS_PER_COMMIT};

/// One line of the report.
struct Row<'a> {
    /// Stable, for JSON.
    id: String,
    name: String,
    sample: &'a Sample,
    ratios: Vec<Ratio>,
}

/// A measurement set against a limit of the same run.
struct Ratio {
    id: &'static str,
    name: &'static str,
    value: f64,
    /// Where it was taken in every round: the best, and `value` is the median.
    best: Option<f64>,
}

impl Ratio {
    fn once(id: &'static str, name: &'static str, value: f64) -> Self {
        let best = None;
        Self {
            id,
            name,
            value,
            best,
        }
    }

    /// `more_is_better` decides what the best of them is.
    fn often(
        id: &'static str,
        name: &'static str,
        mut values: Vec<f64>,
        more_is_better: bool,
    ) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let median = *values.get(values.len() / 2)?;
        let best = match more_is_better {
            true => values.last(),
            false => values.first(),
        };
        Some(Self {
            id,
            name,
            value: median,
            best: best.copied(),
        })
    }
}

fn rows<'a>(found: &'a Found, args: &Args) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    let mut row = |id: String, name: String, sample: Option<&'a Sample>, ratios| {
        if let Some(sample) = sample {
            rows.push(Row {
                id,
                name,
                sample,
                ratios,
            });
        }
    };
    let limit = |id: &str| id.to_owned();
    let threads = cores();
    let one = "raw Argon2id, 1 thread".to_owned();
    row(
        limit("hashOnOne"),
        one,
        found.hash_on_one.as_ref(),
        Vec::new(),
    );
    let all = format!("raw Argon2id, {threads} threads");
    row(limit("hash"), all, found.hash.as_ref(), Vec::new());
    for ((parallel, logons), pairs) in args.parallel().zip(&found.logons).zip(&found.pairs) {
        let logons = logons.as_ref();
        let ratios = logons.map(|logons| against_hash(pairs, logons, args));
        row(
            format!("logons{parallel}"),
            format!("logons, {parallel} at a time"),
            logons,
            ratios.unwrap_or_default(),
        );
    }
    let least = format!("raw Argon2id at least cost, {threads} threads");
    row(
        limit("leastHash"),
        least,
        found.least_hash.as_ref(),
        Vec::new(),
    );
    let single = "raw commits of 1 row".to_owned();
    row(
        limit("singleCommits"),
        single,
        found.single_commits.as_ref(),
        Vec::new(),
    );
    let large = format!("raw rows, {ROWS_PER_COMMIT} in a commit");
    row(
        limit("largeCommits"),
        large,
        found.large_commits.as_ref(),
        Vec::new(),
    );
    let ratios = found
        .decisions
        .as_ref()
        .map(|decisions| against_commits(found, decisions));
    row(
        limit("decisions"),
        format!("durable logons at least cost, {IN_FLIGHT} at a time"),
        found.decisions.as_ref(),
        ratios.unwrap_or_default(),
    );
    for (parallel, refusals) in REFUSALS_IN_FLIGHT.into_iter().zip(&found.refusals) {
        row(
            format!("refusals{parallel}"),
            format!("refusals of locked PINs, {parallel} at a time"),
            refusals.as_ref(),
            Vec::new(),
        );
    }
    rows
}

fn against_hash(pairs: &[Pair], logons: &Sample, args: &Args) -> Vec<Ratio> {
    let of = |value: fn(&Pair) -> f64| pairs.iter().map(value).collect();
    let mut ratios = Vec::new();
    ratios.extend(Ratio::often(
        "ofRawRate",
        "of the raw rate",
        of(|pair| pair.rate),
        true,
    ));
    let cpu = "× the raw processor time";
    ratios.extend(Ratio::often("ofRawCpu", cpu, of(|pair| pair.cpu), false));
    let queue = "× the ideal queue at p99";
    ratios.extend(Ratio::often(
        "p99OfIdealQueue",
        queue,
        of(|pair| pair.queue),
        false,
    ));
    if let Some(peak) = logons.peak_mib {
        let lanes = args.lanes().get() as f64;
        let arenas = lanes * f64::from(HashParams::default().memory_kib) / 1024.0;
        let beside = "MiB beside the hash memory";
        ratios.push(Ratio::once("mibBesideHashMemory", beside, peak - arenas));
    }
    ratios
}

/// Each logon changes rows twice, durably.
fn against_commits(found: &Found, decisions: &Sample) -> Vec<Ratio> {
    let mut ratios = Vec::new();
    if let Some(single) = &found.single_commits {
        let value = 2.0 * decisions.per_second / single.per_second;
        let name = "× raw commits of 1 row (two each)";
        ratios.push(Ratio::once("ofSingleCommits", name, value));
    }
    if let Some(large) = &found.large_commits {
        let value = 2.0 * decisions.per_second / large.per_second;
        let name = "of raw rows in large commits (two each)";
        ratios.push(Ratio::once("ofLargeCommits", name, value));
    }
    ratios
}

/// The report for people.
pub fn text(found: &Found, args: &Args, place: &Place) -> String {
    let mut out = String::new();
    let load = load_average().unwrap_or_else(|| "unknown".to_owned());
    // Writing to a string does not fail.
    let _ = writeln!(
        out,
        "{} cores, {} lanes, {} engine threads; data on {}; load of the machine {load}\n\
         The best of {} rounds of {} s, limits and engine in turns; of memory the most. Ratios to the hash\n\
         alone are those of one round each: the median of the rounds.\n",
        cores(),
        args.lanes(),
        args.workers(),
        place.file_system,
        args.rounds,
        args.seconds,
    );
    let _ = writeln!(
        out,
        "{:<44} {:>9} {:>9} {:>9} {:>9} {:>9} {:>8}",
        "", "op/s", "p50 ms", "p99 ms", "p99.9 ms", "CPU ms/op", "peak MiB"
    );
    for Row {
        name,
        sample,
        ratios,
        ..
    } in rows(found, args)
    {
        let peak = sample
            .peak_mib
            .map_or_else(|| "-".to_owned(), |peak| format!("{peak:.0}"));
        let _ = writeln!(
            out,
            "{name:<44} {:>9.1} {:>9.3} {:>9.3} {:>9.3} {:>9.4} {peak:>8}",
            sample.per_second, sample.p50, sample.p99, sample.p999, sample.cpu
        );
        for Ratio {
            name, value, best, ..
        } in ratios
        {
            let best = best.map_or_else(String::new, |best| format!(" (at best {best:.3})"));
            let _ = writeln!(out, "    {value:>8.3} {name}{best}");
        }
    }
    out.trim_end().to_owned()
}

/// The report for programs.
pub fn json(found: &Found, args: &Args, place: &Place) -> Value {
    let measurements: Vec<Value> = rows(found, args)
        .into_iter()
        .map(
            |Row {
                 id, sample, ratios, ..
             }| {
                let mut row = json!({
                    "id": id,
                    "operations": sample.operations,
                    "seconds": sample.seconds,
                    "perSecond": sample.per_second,
                    "p50Ms": sample.p50,
                    "p99Ms": sample.p99,
                    "p999Ms": sample.p999,
                    "cpuMsPerOperation": sample.cpu,
                    "peakMib": sample.peak_mib,
                });
                for ratio in ratios {
                    row[ratio.id] = match ratio.best {
                        None => json!(ratio.value),
                        Some(best) => json!({ "median": ratio.value, "best": best }),
                    };
                }
                row
            },
        )
        .collect();
    json!({
        "cores": cores(),
        "lanes": args.lanes(),
        "workers": args.workers(),
        "fileSystem": place.file_system,
        "loadAverage": load_average(),
        "rounds": args.rounds,
        "secondsEach": args.seconds,
        "users": args.users,
        "measurements": measurements,
    })
}

/// How much else the machine does: the loads of the last 1, 5 and 15 minutes.
fn load_average() -> Option<String> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    let loads: Vec<&str> = text.split_whitespace().take(3).collect();
    Some(loads.join(" "))
}
