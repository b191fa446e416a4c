//! What monitoring reads.

use std::fs;
use std::path::Path;

use crate::running::{Running, With};

/// The value of a line that begins so.
fn value(page: &str, series: &str) -> f64 {
    let line = page.lines().find_map(|line| line.strip_prefix(series));
    let line = line.unwrap_or_else(|| panic!("no {series} in {page}"));
    line.trim().parse().expect("a number")
}

#[tokio::test]
async fn figures_are_where_the_public_does_not_ask() {
    let public = Running::with(With::default()).await;
    assert!(public.get("/metrics").await.starts_with("HTTP/1.1 404 "));

    let private = Running::with(With {
        monitoring: true,
        ..With::default()
    })
    .await;
    private.still_serves().await;
    private.get("/nowhere").await;
    let page = private.get("/metrics").await;
    assert!(
        page.contains("content-type: text/plain; version=0.0.4\r\n"),
        "{page}"
    );
    let requests = "pinward_http_requests_total";
    for (series, least) in [
        (
            &*format!("{requests}{{method=\"GET\",route=\"/healthz\",status=\"200\"}}"),
            1.0,
        ),
        (
            &*format!("{requests}{{method=\"GET\",route=\"\",status=\"404\"}}"),
            1.0,
        ),
        ("pinward_http_connections ", 1.0),
        ("pinward_http_connections_resting ", 0.0),
        ("pinward_http_connections_accepted_total", 3.0),
        ("pinward_hash_queue", 0.0),
        ("process_resident_memory_bytes", 1e6),
        ("process_open_fds", 3.0),
    ] {
        assert!(value(&page, series) >= least, "{series}: {page}");
    }
}

/// Each line is a comment or a series with a number, and each series is declared once before it.
#[tokio::test]
async fn the_page_is_well_formed() {
    let running = Running::with(With {
        monitoring: true,
        ..With::default()
    })
    .await;
    running.still_serves().await;
    let page = running.get("/metrics").await;
    let (_, page) = page.split_once("\r\n\r\n").expect("a body");
    let mut declared = Vec::new();
    for line in page.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').expect("a name and a kind");
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            assert!(!declared.contains(&name), "{name} is declared twice");
            declared.push(name);
        } else if !line.starts_with("# HELP ") {
            let (series, value) = line.rsplit_once(' ').expect("a series and a value");
            let name = series.split('{').next().expect("a name");
            let last = *declared.last().expect("declared before");
            let suffix = name.strip_prefix(last).expect(line);
            assert!(
                ["", "_bucket", "_sum", "_count"].contains(&suffix),
                "{line}"
            );
            value.parse::<f64>().expect(line);
        }
    }
    assert!(declared.len() > 10, "{page}");
    // What the guide names is there.
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operating.md");
    let guide = fs::read_to_string(guide).expect("the guide");
    let of_a_name = |c: char| c.is_ascii_lowercase() || c == '_';
    let named = guide
        .split(|c| !of_a_name(c))
        .filter(|word| word.starts_with("pinward_") || word.starts_with("process_"));
    let mut names = 0;
    for name in named {
        let name = name.strip_suffix("_bucket").unwrap_or(name);
        assert!(declared.contains(&name), "the guide names {name}");
        names += 1;
    }
    assert!(names > 15, "the guide was read: {names}");
}
