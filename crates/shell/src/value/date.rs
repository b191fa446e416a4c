//! Points in time and lengths of time.

use std::cmp::Ordering;

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Span, Timestamp};

use super::Value;

/// A point in time with the offset from UTC in which it is shown.
///
/// Cmdlets make one with `cx.date(timestamp)`, which takes the session's time zone.
#[derive(Clone, Copy, Debug)]
pub struct Date {
    at: Timestamp,
    offset: Offset,
}

impl Date {
    /// `at`, shown as in `zone`.
    #[must_use]
    pub fn new(at: Timestamp, zone: &TimeZone) -> Self {
        Date {
            at,
            offset: zone.to_offset(at),
        }
    }

    /// The point in time.
    #[must_use]
    pub fn timestamp(&self) -> Timestamp {
        self.at
    }

    /// The time on the clock where it is shown.
    #[must_use]
    pub fn civil(&self) -> DateTime {
        self.offset.to_datetime(self.at)
    }

    /// The same point in time, shown as in `zone`.
    #[must_use]
    pub fn in_zone(&self, zone: &TimeZone) -> Self {
        Date::new(self.at, zone)
    }

    /// The same offset, another time on the clock; `None` beyond the supported years.
    #[must_use]
    pub fn at_civil(&self, civil: DateTime) -> Option<Self> {
        self.offset.to_timestamp(civil).ok().map(|at| Date {
            at,
            offset: self.offset,
        })
    }

    /// Later (or earlier) by `span`; `None` beyond the supported years.
    #[must_use]
    pub fn plus(&self, span: SignedDuration) -> Option<Self> {
        self.at.checked_add(span).ok().map(|at| Date {
            at,
            offset: self.offset,
        })
    }

    /// Later by whole months on the clock; `None` beyond the supported years.
    #[must_use]
    pub fn plus_months(&self, months: i64) -> Option<Self> {
        let span = Span::new().try_months(months).ok()?;
        self.at_civil(self.civil().checked_add(span).ok()?)
    }

    /// The time from `earlier` to this one.
    #[must_use]
    pub fn since(&self, earlier: &Date) -> SignedDuration {
        self.at.duration_since(earlier.at)
    }

    /// Reads ISO 8601 and the plain forms `2026-01-31`, `2026-01-31 14:05[:09]`, `1/31/2026
    /// [14:05[:09] [AM|PM]]`; without an offset the time is of `zone`.
    #[must_use]
    pub fn parse(text: &str, zone: &TimeZone) -> Option<Date> {
        let text = text.trim();
        if let Ok(at) = text.parse::<Timestamp>() {
            return Some(Date::new(at, zone));
        }
        let civil = text
            .parse::<DateTime>()
            .ok()
            .or_else(|| {
                FORMATS
                    .iter()
                    .find_map(|f| DateTime::strptime(f, text).ok())
            })
            .or_else(|| {
                DAY_FORMATS
                    .iter()
                    .find_map(|f| jiff::civil::Date::strptime(f, text).ok())
                    .map(|d| d.at(0, 0, 0, 0))
            })?;
        let at = zone.to_ambiguous_timestamp(civil).compatible().ok()?;
        Some(Date::new(at, zone))
    }

    pub(super) fn property(&self, name: &str) -> Option<Value> {
        let c = self.civil();
        let whole = |v: i64| Some(Value::from(v));
        match name.to_ascii_lowercase().as_str() {
            "year" => whole(c.year().into()),
            "month" => whole(c.month().into()),
            "day" => whole(c.day().into()),
            "hour" => whole(c.hour().into()),
            "minute" => whole(c.minute().into()),
            "second" => whole(c.second().into()),
            "millisecond" => whole(c.millisecond().into()),
            "dayofyear" => whole(c.day_of_year().into()),
            "dayofweek" => Some(Value::from(c.strftime("%A").to_string())),
            "date" => self.at_civil(c.date().at(0, 0, 0, 0)).map(Value::Date),
            _ => None,
        }
    }
}

const FORMATS: &[&str] = &[
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
];
const DAY_FORMATS: &[&str] = &["%Y-%m-%d", "%m/%d/%Y"];

/// `2026-01-31 14:05:09`: unambiguous everywhere, sorts as text.
impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.civil().strftime("%Y-%m-%d %H:%M:%S"))
    }
}

impl PartialEq for Date {
    fn eq(&self, other: &Date) -> bool {
        self.at == other.at
    }
}

impl PartialOrd for Date {
    fn partial_cmp(&self, other: &Date) -> Option<Ordering> {
        Some(self.at.cmp(&other.at))
    }
}

/// Reads a length of time such as `1.02:03:04`: days, hours, minutes, seconds. `08:00` is eight hours,
/// a number alone so many days.
#[must_use]
pub fn parse_span(text: &str) -> Option<SignedDuration> {
    let (days, clock) = match text.split_once('.') {
        Some((days, clock)) if clock.contains(':') => (days, clock),
        _ if text.contains(':') => ("0", text),
        _ => (text, "0:0"),
    };
    let number = |part: &str| part.trim().parse::<f64>().ok();
    let days = number(days)?;
    let mut parts = clock.split(':').map(number);
    let (hours, minutes) = (parts.next()??, parts.next()??);
    let seconds = parts.next().unwrap_or(Some(0.0))?;
    if parts.next().is_some() {
        return None;
    }
    let all = days * 86_400.0 + hours * 3600.0 + minutes * 60.0 + seconds;
    SignedDuration::try_from_secs_f64(all).ok()
}

/// A property of a length of time.
pub(super) fn span_property(span: SignedDuration, name: &str) -> Option<Value> {
    let whole = |v: i64| Some(Value::from(v));
    let seconds = span.as_secs();
    match name.to_ascii_lowercase().as_str() {
        "days" => whole(seconds / 86_400),
        "hours" => whole(seconds / 3600 % 24),
        "minutes" => whole(seconds / 60 % 60),
        "seconds" => whole(seconds % 60),
        "milliseconds" => whole(span.subsec_millis().into()),
        "totaldays" => Some(Value::from(span.as_secs_f64() / 86_400.0)),
        "totalhours" => Some(Value::from(span.as_secs_f64() / 3600.0)),
        "totalminutes" => Some(Value::from(span.as_secs_f64() / 60.0)),
        "totalseconds" => Some(Value::from(span.as_secs_f64())),
        "totalmilliseconds" => Some(Value::from(span.as_secs_f64() * 1000.0)),
        _ => None,
    }
}

/// `1.02:03:04.0050000`, as PowerShell shows a length of time.
pub(super) fn span_text(span: SignedDuration) -> String {
    let sign = if span.is_negative() { "-" } else { "" };
    let span = span.unsigned_abs();
    let seconds = span.as_secs();
    let days = match seconds / 86_400 {
        0 => String::new(),
        d => format!("{d}."),
    };
    let fraction = match span.subsec_nanos() / 100 {
        0 => String::new(),
        f => format!(".{f:07}"),
    };
    let (h, m, s) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{sign}{days}{h:02}:{m:02}:{s:02}{fraction}")
}
