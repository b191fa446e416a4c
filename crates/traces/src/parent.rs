//! Going on with the trace of whoever asks: the header `traceparent` of W3C Trace Context.

use opentelemetry::Context;
use opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// So long is a header of version 00.
const LENGTH: usize = 55;

/// Makes a span that has just been made the child of the one that a `traceparent` names. A header that is not
/// as it must be is ignored, as the standard wants it.
pub fn follow(span: &Span, traceparent: &[u8]) {
    if let Some(parent) = parse(traceparent) {
        let context = Context::new().with_remote_span_context(parent);
        // A span that nobody records has no parent either.
        let _not_recorded = span.set_parent(context);
    }
}

/// `VERSION-TRACE-PARENT-FLAGS`; a version to come may have more after it.
fn parse(header: &[u8]) -> Option<SpanContext> {
    let header = std::str::from_utf8(header).ok()?;
    let (known, more) = header.split_at_checked(LENGTH)?;
    let mut parts = known.split('-');
    let mut part = |length: usize| {
        let part = parts.next()?;
        let is_hex = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
        (part.len() == length && part.bytes().all(is_hex)).then_some(part)
    };
    let (version, trace, span, flags) = (part(2)?, part(32)?, part(16)?, part(2)?);
    match version {
        "ff" => return None,
        "00" if !more.is_empty() => return None,
        _ if !more.is_empty() && !more.starts_with('-') => return None,
        _ => {}
    }
    let flags = TraceFlags::new(u8::from_str_radix(flags, 16).ok()?) & TraceFlags::SAMPLED;
    let (trace, span) = (TraceId::from_hex(trace).ok()?, SpanId::from_hex(span).ok()?);
    // Further vendors' words on the trace, `tracestate`, are not handed on: anything may be written there.
    let parent = SpanContext::new(trace, span, flags, true, TraceState::NONE);
    parent.is_valid().then_some(parent)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const SPAN: &str = "00f067aa0ba902b7";

    #[test]
    fn a_parent_is_taken_as_the_standard_writes_it() {
        for (header, sampled) in [
            (format!("00-{TRACE}-{SPAN}-01"), Some(true)),
            (format!("00-{TRACE}-{SPAN}-00"), Some(false)),
            (format!("00-{TRACE}-{SPAN}-03"), Some(true)),
            (format!("00-{TRACE}-{SPAN}-fe"), Some(false)),
            // A version to come.
            (format!("cc-{TRACE}-{SPAN}-01"), Some(true)),
            (format!("cc-{TRACE}-{SPAN}-01-more"), Some(true)),
            (format!("cc-{TRACE}-{SPAN}-01.more"), None),
            (format!("ff-{TRACE}-{SPAN}-01"), None),
            (format!("00-{TRACE}-{SPAN}-01-more"), None),
            (format!("00-{TRACE}-{SPAN}-1"), None),
            (format!("00-{TRACE}-{SPAN}"), None),
            (format!("00-{}-{SPAN}-01", TRACE.to_uppercase()), None),
            (format!("00-{TRACE}-{SPAN}-0g"), None),
            (format!("00-+{}-{SPAN}-01", &TRACE[1..]), None),
            (format!("00-{}-{SPAN}-01", "0".repeat(32)), None),
            (format!("00-{TRACE}-{}-01", "0".repeat(16)), None),
            (format!("00-{SPAN}-{TRACE}-01"), None),
            (format!("00{TRACE}--{SPAN}--01"), None),
            (format!("00-{TRACE}-{SPAN}-0é"), None),
            (String::new(), None),
        ] {
            let came = parse(header.as_bytes());
            let told = came.as_ref().map(SpanContext::is_sampled);
            assert_eq!(told, sampled, "{header}");
            if let Some(parent) = came {
                assert_eq!(parent.trace_id().to_string(), TRACE);
                assert_eq!(parent.span_id().to_string(), SPAN);
                assert!(parent.is_remote());
            }
        }
        assert!(parse(&[0xff; LENGTH]).is_none());
    }

    #[test]
    fn whatever_stands_there_is_read_without_harm() {
        let header = format!("00-{TRACE}-{SPAN}-01").into_bytes();
        for place in 0..LENGTH {
            for octet in 0..=u8::MAX {
                let mut header = header.clone();
                header[place] = octet;
                if let Some(parent) = parse(&header) {
                    assert!(parent.is_valid() && parent.is_remote());
                }
            }
            assert!(parse(&header[..place]).is_none());
        }
    }
}
