//! Figures at a glance.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use pinward_core::{Outcome, Timestamp};
use pinward_service::{FiguresError, LogOnFigures, LogOnStep, Period, PinFigures, Right, SOON};
use serde::Deserialize;

use super::failure::Failure;
use super::layout::{Area, may, page};
use super::svg::{Chart, Series};
use super::who::Admin;
use crate::App;

/// How far back to look.
#[derive(Deserialize)]
pub(super) struct Choice {
    #[serde(default)]
    period: String,
}

const PERIODS: [(&str, &str, Period); 3] = [
    ("day", "24 hours", Period::Day),
    ("week", "7 days", Period::Week),
    ("month", "30 days", Period::Month),
];

/// `GET /admin`: the first part that the caller may open.
pub(super) async fn first(admin: Admin) -> Response {
    let area = Area::of(&admin.caller).next().unwrap_or(Area::Users);
    Redirect::to(area.path()).into_response()
}

/// `GET /admin/dashboard`
pub(super) async fn dashboard(
    State(app): State<App>,
    admin: Admin,
    Query(choice): Query<Choice>,
) -> Result<Response, Failure> {
    let (log, pins) = (Right::ViewAudit, Right::ViewPin);
    if !may(&admin.caller, log) {
        let _permit = admin.caller.permit(pins)?;
    }
    let chosen = PERIODS.iter().find(|(name, ..)| *name == choice.period);
    let (name, _, period) = chosen.unwrap_or(&PERIODS[0]);
    let service = app.service();
    let pins = match may(&admin.caller, pins) {
        true => pin_tiles(&service.pin_figures(&admin.caller, SOON).await?),
        false => html! {},
    };
    let logons = match may(&admin.caller, log) {
        true => match service.log_on_figures(&admin.caller, *period).await {
            Ok(figures) => log_ons(name, *period, &figures),
            Err(error @ FiguresError::OutOfScope) => html! { p { (error) "." } },
            Err(error) => return Err(error.into()),
        },
        false => html! {},
    };
    let body = html! { (pins) (logons) };
    Ok(page(&admin, Area::Dashboard, "Dashboard", &body))
}

fn pin_tiles(pins: &PinFigures) -> Markup {
    let set = pins.users - pins.missing;
    let tiles = [
        ("Users", pins.users),
        ("PINs set", set),
        ("Without a PIN", pins.missing),
        ("Expired", pins.expired),
        ("Expire within a week", pins.expiring),
        ("To be changed", pins.must_change),
        ("Locked", pins.locked),
    ];
    html! {
        section aria-labelledby="pins" {
            h2 id="pins" { "PINs" }
            dl.tiles { @for (name, count) in tiles { div { dt { (name) } dd { (count) } } } }
        }
    }
}

fn log_ons(chosen: &str, period: Period, figures: &LogOnFigures) -> Markup {
    html! {
        section aria-labelledby="logons" {
            h2 id="logons" { "Logons" }
            nav aria-label="Period" {
                ul.choice {
                    @for (name, label, _) in PERIODS {
                        li {
                            a href={"/admin/dashboard?period=" (name)} aria-current=[(name == chosen).then_some("true")] { (label) }
                        }
                    }
                }
            }
            (outcomes(period, &figures.steps).render())
            (lockouts(period, &figures.steps).render())
        }
        section aria-labelledby="sources" {
            h2 id="sources" { "Where failures come from" }
            (sources(figures))
        }
    }
}

fn places(period: Period, steps: &[LogOnStep]) -> (&'static str, Vec<String>) {
    let (axis, form) = match period {
        Period::Day => ("Hour (UTC)", "%H:00"),
        Period::Week | Period::Month => ("Day (UTC)", "%m-%d"),
    };
    let name = |start: Timestamp| start.strftime(form).to_string();
    (axis, steps.iter().map(|step| name(step.start)).collect())
}

fn outcomes(period: Period, steps: &[LogOnStep]) -> Chart<'static> {
    let series = |name, class, of: &dyn Fn(&LogOnStep) -> u64| Series {
        name,
        class,
        values: steps.iter().map(of).collect(),
    };
    let (axis, places) = places(period, steps);
    let told = [
        Outcome::Success,
        Outcome::IncorrectPin,
        Outcome::UserPinAccountLocked,
    ];
    let others = move |step: &LogOnStep| {
        step.all() - told.iter().map(|outcome| step.of(*outcome)).sum::<u64>()
    };
    Chart {
        id: "outcomes",
        title: "Logons by what came of them",
        axis,
        places,
        series: vec![
            series("Success", "good", &|step| step.of(Outcome::Success)),
            series("Incorrect PIN", "bad", &|step| {
                step.of(Outcome::IncorrectPin)
            }),
            series("Locked", "locked", &|step| {
                step.of(Outcome::UserPinAccountLocked)
            }),
            series("Others", "other", &others),
        ],
    }
}

fn lockouts(period: Period, steps: &[LogOnStep]) -> Chart<'static> {
    let (axis, places) = places(period, steps);
    Chart {
        id: "lockouts",
        title: "Users locked out for failing too often",
        axis,
        places,
        series: vec![Series {
            name: "Lockouts",
            class: "bad",
            values: steps.iter().map(|step| step.lockouts).collect(),
        }],
    }
}

fn sources(figures: &LogOnFigures) -> Markup {
    html! {
        @if figures.sources.is_empty() { p { "There were no failures." } }
        @else {
            div.scroll tabindex="0" role="region" aria-label="Sources of failures" {
                table {
                    thead { tr {
                        th scope="col" { "Client" }
                        th scope="col" { "Calling from" }
                        th.number scope="col" { "Failures" }
                    } }
                    tbody {
                        @for source in &figures.sources {
                            tr {
                                td { (source.client.as_deref().unwrap_or("–")) }
                                td { (source.caller.as_deref().unwrap_or("–")) }
                                td.number { (source.failures) }
                            }
                        }
                    }
                }
            }
        }
    }
}
