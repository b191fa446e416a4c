//! What strangers cause is told in the log, and does not fill it.

use pinward_testkit::Kit;

#[tokio::test]
async fn a_matter_is_told_once_a_minute_and_how_often_it_came() {
    let kit = Kit::sample().await;
    let complaints = kit.service.complaints();
    for (seconds, matter, told) in [
        (0, "a key", Some(0)),
        (0, "a key", None),
        (0, "a signature", Some(0)),
        (59, "a key", None),
        (1, "a key", Some(2)),
        (0, "a key", None),
        (3600, "a key", Some(1)),
        (60, "a key", Some(0)),
        // A clock that is set back silences nothing for long.
        (-3600, "a key", Some(0)),
        (1, "a key", None),
    ] {
        kit.clock.advance_seconds(seconds);
        assert_eq!(complaints.due(matter), told, "{seconds} {matter}");
    }
}
