//! What becomes of spans, whatever the collector does.

use std::fs;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pinward_testkit::SeededEntropy;
use pinward_traces::{
    Collector as Place, Dropped, Exporter, Headers, News, Recorder, Spans, Terms, Trust,
};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, crypto::ring};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::collector::{Collector, Does};

/// So many spans that have ended, in a queue with this room.
fn ended(spans: usize, room: usize) -> (Spans, Recorder) {
    let terms = Terms {
        service_name: "pinward".to_owned(),
        version: "1",
        attributes: Vec::new(),
        sample_ratio: 1.0,
        room,
    };
    let (recorder, queue) = Recorder::new(&terms, Arc::new(SeededEntropy::new(1)));
    let subscriber = tracing_subscriber::registry().with(recorder.layer());
    tracing::subscriber::with_default(subscriber, || {
        for _ in 0..spans {
            drop(tracing::info_span!("logon"));
        }
    });
    (queue, recorder)
}

fn place(endpoint: &str, trust: Option<Trust>, patience: Duration) -> Arc<Place> {
    Arc::new(Place {
        endpoint: endpoint.parse().expect("an address"),
        headers: Headers::default(),
        trust,
        patience,
    })
}

/// What is told until the program has ended, which it does at once.
async fn news(spans: Spans, place: Arc<Place>) -> Vec<News> {
    let told = Mutex::new(Vec::new());
    let collector = watch::channel(place).1;
    let exporter = Exporter::new(spans, collector, Duration::from_secs(1));
    let finish = CancellationToken::new();
    finish.cancel();
    exporter
        .run(finish, |news| told.lock().expect("the news").push(news))
        .await;
    told.into_inner().expect("the news")
}

const LONG: Duration = Duration::from_secs(60);

#[tokio::test]
async fn what_the_collector_answers_decides() {
    let refused = |why: &str| News::Dropped(3, Dropped::Refused(why.to_owned()));
    let away = |why: &str| News::Dropped(3, Dropped::Unreachable(why.to_owned()));
    for (does, expected) in [
        (&[Does::Answer(200)][..], vec![News::Exported(3)]),
        (&[Does::Answer(202)], vec![News::Exported(3)]),
        (
            &[Does::Reject(2)],
            vec![
                News::Exported(1),
                News::Dropped(2, Dropped::Refused("it took the others".to_owned())),
            ],
        ),
        (
            &[Does::Reject(99)],
            vec![
                News::Exported(0),
                News::Dropped(3, Dropped::Refused("it took the others".to_owned())),
            ],
        ),
        (&[Does::Reject(-1)], vec![News::Exported(3)]),
        (
            &[Does::Answer(400)],
            vec![refused("it answered 400 Bad Request")],
        ),
        (
            &[Does::Answer(401)],
            vec![refused("it answered 401 Unauthorized")],
        ),
        (
            &[Does::Answer(301)],
            vec![refused("it answered 301 Moved Permanently")],
        ),
        (
            &[Does::Answer(503)],
            vec![away("it answered 503 Service Unavailable")],
        ),
    ] {
        let mut collector = Collector::that(does, None).await;
        let endpoint = format!("http://{}", collector.address);
        let (spans, _recorder) = ended(3, 8);
        assert_eq!(
            news(spans, place(&endpoint, None, LONG)).await,
            expected,
            "{does:?}"
        );
        assert_eq!(collector.requests.recv().await, Some(3), "{does:?}");
    }
    for does in [&[Does::Babble][..], &[Does::Close]] {
        let collector = Collector::that(does, None).await;
        let endpoint = format!("http://{}", collector.address);
        let (spans, _recorder) = ended(3, 8);
        let told = news(spans, place(&endpoint, None, LONG)).await;
        assert!(
            matches!(&told[..], [News::Dropped(3, Dropped::Unreachable(_))]),
            "{told:?}"
        );
    }
}

#[tokio::test]
async fn the_same_spans_are_handed_over_again_before_they_are_given_up() {
    let busy = || News::Away("it answered 503 Service Unavailable".to_owned());
    let given_up = Dropped::Unreachable("it answered 503 Service Unavailable".to_owned());
    for (does, expected) in [
        (
            &[Does::Answer(503), Does::Answer(429), Does::Answer(200)][..],
            vec![
                busy(),
                News::Away("it answered 429 Too Many Requests".to_owned()),
                News::Exported(3),
            ],
        ),
        (
            &[Does::Answer(503)],
            vec![busy(), busy(), News::Dropped(3, given_up)],
        ),
    ] {
        let collector = Collector::that(does, None).await;
        let endpoint = format!("http://{}", collector.address);
        let (spans, _recorder) = ended(3, 8);
        let (told, mut came) = tokio::sync::mpsc::unbounded_channel();
        let exporter = Exporter::new(
            spans,
            watch::channel(place(&endpoint, None, LONG)).1,
            Duration::from_secs(1),
        );
        let finish = CancellationToken::new();
        let running = exporter.run(finish.clone(), move |news| told.send(news).expect("heard"));
        let running = tokio::spawn(running);
        for expected in expected {
            assert_eq!(came.recv().await, Some(expected), "{does:?}");
        }
        finish.cancel();
        running.await.expect("it ends");
        assert_eq!(came.recv().await, None, "nothing is left");
    }
}

#[tokio::test]
async fn what_finds_no_room_is_counted() {
    let mut collector = Collector::that(&[Does::Answer(200)], None).await;
    let endpoint = format!("http://{}", collector.address);
    let (spans, _recorder) = ended(10, 4);
    assert_eq!(
        news(spans, place(&endpoint, None, LONG)).await,
        [News::Dropped(6, Dropped::QueueFull), News::Exported(4)]
    );
    assert_eq!(collector.requests.recv().await, Some(4));
}

#[tokio::test]
async fn many_go_in_several_requests() {
    let mut collector = Collector::that(&[Does::Answer(200)], None).await;
    let endpoint = format!("http://{}", collector.address);
    let (spans, _recorder) = ended(1100, 2000);
    let told = news(spans, place(&endpoint, None, LONG)).await;
    assert_eq!(told, [512, 512, 76].map(News::Exported));
    for expected in [512, 512, 76] {
        assert_eq!(collector.requests.recv().await, Some(expected));
    }
}

#[tokio::test]
async fn a_collector_that_never_answers_does_not_hold_up_the_end() {
    let collector = Collector::that(&[Does::Wait], None).await;
    let endpoint = format!("http://{}", collector.address);
    let (spans, _recorder) = ended(600, 600);
    let told = news(spans, place(&endpoint, None, LONG)).await;
    let why = "it took longer than 5s at the end".to_owned();
    assert_eq!(told, [News::Dropped(600, Dropped::Unreachable(why))]);
    // One that takes too long is one that is away.
    let (spans, _recorder) = ended(3, 8);
    let told = news(spans, place(&endpoint, None, Duration::from_millis(10))).await;
    let why = "it took longer than 10ms".to_owned();
    assert_eq!(told, [News::Dropped(3, Dropped::Unreachable(why))]);
}

#[tokio::test]
async fn spans_that_were_taken_are_not_handed_over_again() {
    let mut collector = Collector::that(&[Does::Stall], None).await;
    let endpoint = format!("http://{}", collector.address);
    let (spans, _recorder) = ended(3, 8);
    let told = news(spans, place(&endpoint, None, Duration::from_secs(3))).await;
    assert_eq!(told, [News::Exported(3)]);
    assert_eq!(collector.requests.recv().await, Some(3));
    assert!(collector.requests.try_recv().is_err(), "once");
}

#[tokio::test]
async fn a_certificate_is_believed_that_an_authority_of_the_file_signed() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("made");
    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("made");
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a certificate");
    let config = Arc::new(config);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ca.pem");
    for (authority, believed) in [(&made, true), (&other, false)] {
        let collector = Collector::that(&[Does::Answer(200)], Some(Arc::clone(&config))).await;
        let endpoint = format!("https://localhost:{}", collector.address.port());
        fs::write(&file, authority.cert.pem()).expect("the file");
        let trust = Trust::of(Some(&file)).expect("an authority");
        let (spans, _recorder) = ended(3, 8);
        let told = news(spans, place(&endpoint, Some(trust), LONG)).await;
        assert_eq!(told == [News::Exported(3)], believed, "{told:?}");
    }
}
