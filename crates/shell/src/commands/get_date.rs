//! `Get-Date` and `New-TimeSpan`

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use super::support::refuse;
use crate::format::dates;
use crate::value::Date;
use crate::{Args, CmdletDef, Cx, Flow, Param, ParamKind};

const DATE: &[Param] = &[
    Param::new("Date", ParamKind::Date)
        .alias(&["LastWriteTime"])
        .at(1)
        .by_value()
        .help("A date instead of now."),
    Param::int32("Year").range(1, 9999).help("Another year."),
    Param::int32("Month").range(1, 12).help("Another month."),
    Param::int32("Day").range(1, 31).help("Another day."),
    Param::int32("Hour").range(0, 23).help("Another hour."),
    Param::int32("Minute").range(0, 59).help("Another minute."),
    Param::int32("Second").range(0, 59).help("Another second."),
    Param::string("Format").help("Text in this .NET format, such as yyyy-MM-dd."),
    Param::string("UFormat").help("Text in this Unix format, such as %Y-%m-%d."),
    Param::switch("AsUTC").help("In universal time."),
];

pub(super) fn date() -> CmdletDef {
    CmdletDef::function("Get-Date", |cx, args| {
        let start = args.date("Date").unwrap_or_else(|| cx.date(cx.now()));
        let Some(mut date) = changed(args, start) else {
            return Err(refuse(cx, "there is no such date"));
        };
        if args.switch("AsUTC") {
            date = date.in_zone(&TimeZone::UTC);
        }
        let text = match (args.string("Format"), args.string("UFormat")) {
            (Some(_), Some(_)) => {
                return Err(refuse(cx, "-Format and -UFormat exclude each other"));
            }
            (Some(format), None) => dates::dotnet(&date, format, cx.locale()),
            (None, Some(format)) => dates::unix(&date, format.trim_start_matches('+')),
            (None, None) => return cx.emit(date),
        };
        match text {
            Ok(text) => cx.emit(text),
            Err(reason) => Err(refuse(cx, reason)),
        }
    })
    .synopsis("The date and time, or another date.")
    .params(DATE)
    .example("Get-Date", "Now.")
    .example("(Get-Date).AddDays(-30)", "Thirty days ago.")
    .example("Get-Date -Format \"yyyy-MM-dd\"", "Today as text.")
    .inputs("A date.")
}

fn changed(args: &Args, date: Date) -> Option<Date> {
    let mut civil = date.civil();
    let part = |name| args.i64(name);
    let any = ["Year", "Month", "Day", "Hour", "Minute", "Second"];
    if !any.iter().any(|n| args.given(n)) {
        return Some(date);
    }
    let small = |name, old: i8| part(name).map_or(Some(old), |v| i8::try_from(v).ok());
    let year = part("Year").map_or(Some(civil.year()), |v| i16::try_from(v).ok())?;
    civil = jiff::civil::DateTime::new(
        year,
        small("Month", civil.month())?,
        small("Day", civil.day())?,
        small("Hour", civil.hour())?,
        small("Minute", civil.minute())?,
        small("Second", civil.second())?,
        civil.subsec_nanosecond(),
    )
    .ok()?;
    date.at_civil(civil)
}

const SPAN: &[Param] = &[
    Param::new("Start", ParamKind::Date)
        .at(1)
        .by_value()
        .help("From then; now if not given."),
    Param::new("End", ParamKind::Date)
        .at(2)
        .help("Until then; now if not given."),
    Param::int32("Days").help("Days."),
    Param::int32("Hours").help("Hours."),
    Param::int32("Minutes").help("Minutes."),
    Param::int32("Seconds").help("Seconds."),
];

pub(super) fn span() -> CmdletDef {
    CmdletDef::function("New-TimeSpan", |cx: &mut Cx, args: &Args| -> Flow {
        let parts = [
            ("Days", 86_400),
            ("Hours", 3600),
            ("Minutes", 60),
            ("Seconds", 1),
        ];
        let given = parts.iter().any(|(n, _)| args.given(n));
        if given && (args.given("Start") || args.given("End")) {
            return Err(refuse(
                cx,
                "-Start and -End go without -Days, -Hours and so on",
            ));
        }
        if given {
            let seconds = parts
                .iter()
                .map(|(n, s)| args.i64(n).unwrap_or(0) * s)
                .sum();
            return cx.emit(SignedDuration::from_secs(seconds));
        }
        let now = cx.date(cx.now());
        let start = args.date("Start").unwrap_or(now);
        let end = args.date("End").unwrap_or(now);
        cx.emit(end.since(&start))
    })
    .synopsis("A length of time.")
    .params(SPAN)
    .example(
        "(Get-Date) + (New-TimeSpan -Days 2)",
        "The day after tomorrow.",
    )
    .inputs("A date.")
}
