//! The place of an access number among those of its regions.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use pinward_core::{AccessNumber, RegionChoice};
use pinward_service::{AccessNumberChoice, Right};

use super::failure::Failure;
use super::form::{Form, choice, number, what, whole};
use super::layout::{Area, done, may};
use super::number_changes::{as_it_is, seen};
use super::policies::Which;
use super::who::{Admin, Filled, Sent};
use crate::App;
use crate::seen::Stateful;
use crate::web::visit::percent;

const ORDER: &str = "/admin/access-numbers/order";

/// `GET /admin/access-numbers/order`
pub(super) async fn ask(
    State(app): State<App>,
    admin: Admin,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let moved = as_it_is(&app, &admin, &which.of).await?;
    let (kept, tag) = (admin.kept(), moved.tag());
    let fields = match &kept {
        Some(kept) => Fields::put(kept),
        None => Fields {
            seen: &tag,
            region: "",
            place: "1",
        },
    };
    let inputs = inputs(&app, &admin, &moved, &fields).await?;
    let body = html! {
        @if which.done == "changed" { (done("The place is changed.")) }
        (inputs)
    };
    Ok(form(&admin, &title(&moved)).show(kept.as_ref(), &body))
}

/// What stands in the form.
struct Fields<'a> {
    seen: &'a str,
    region: &'a str,
    place: &'a str,
}

impl<'a> Fields<'a> {
    fn put(sent: &'a impl Filled) -> Self {
        Self {
            seen: sent.field("seen"),
            region: sent.field("region"),
            place: sent.field("place"),
        }
    }
}

fn title(moved: &AccessNumber) -> String {
    format!("Order of {}", moved.display_number)
}

fn form<'a>(admin: &'a Admin, title: &'a str) -> Form<'a> {
    Form {
        admin,
        here: Area::AccessNumbers,
        title,
        action: ORDER,
        button: "Move it",
    }
}

async fn inputs(
    app: &App,
    admin: &Admin,
    moved: &AccessNumber,
    fields: &Fields<'_>,
) -> Result<Markup, Failure> {
    let orders = match may(&admin.caller, Right::ViewAccessNumbers) {
        true => orders(app, admin, moved).await?,
        false => Vec::new(),
    };
    let regions = moved
        .regions
        .iter()
        .map(|name| (name.as_str(), name.as_str()));
    let label =
        "Place among all numbers of the region, also those out of your reach; 1 is the first";
    Ok(html! {
        @for (name, numbers) in &orders {
            h2 { (name) }
            ol {
                @for one in numbers {
                    li {
                        @if one.primary_uri == moved.primary_uri { strong { (one.display_number) } }
                        @else { (one.display_number) }
                        @if let Some(called) = &one.display_name { " – " (called) }
                    }
                }
            }
        }
        (what(&moved.primary_uri, fields.seen))
        (choice("region", "Region", regions, fields.region))
        (number("place", label, fields.place, 1))
    })
}

/// The numbers of each of its regions, as people there are shown them.
async fn orders(
    app: &App,
    admin: &Admin,
    moved: &AccessNumber,
) -> Result<Vec<(String, Vec<AccessNumber>)>, Failure> {
    let mut orders = Vec::with_capacity(moved.regions.len());
    for region in moved.regions.clone() {
        let choice = RegionChoice {
            region: region.clone(),
            scope: None,
        };
        let choice = AccessNumberChoice::Region(choice);
        let numbers = app.service().access_numbers(&admin.caller, &choice).await?;
        orders.push((region, numbers));
    }
    Ok(orders)
}

/// `POST /admin/access-numbers/order`
pub(super) async fn change(State(app): State<App>, sent: Sent) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::ChangeAccessNumber)?;
    let of = sent.field("of");
    sent.proven_for(ORDER, of)?;
    let moved = as_it_is(&app, admin, of).await?;
    match put(&app, &sent, moved.clone()).await {
        Ok(()) => {
            let name = percent(of);
            Ok(Redirect::to(&format!("{ORDER}?of={name}&done=changed")).into_response())
        }
        Err(failure) => {
            let inputs = inputs(&app, admin, &moved, &Fields::put(&sent)).await?;
            let failure = failure.with_the_way(ORDER, of);
            form(admin, &title(&moved)).again(&inputs, failure)
        }
    }
}

async fn put(app: &App, sent: &Sent, moved: AccessNumber) -> Result<(), Failure> {
    let of = moved.primary_uri.clone();
    let seen = seen(sent.field("seen"), moved)?;
    let place: u32 = whole("Place", sent.field("place"))?;
    let Some(priority) = place.checked_sub(1) else {
        return Err(Failure::malformed("places begin with 1"));
    };
    let priority = usize::try_from(priority).unwrap_or(usize::MAX);
    let (caller, region) = (&sent.admin.caller, sent.field("region"));
    let service = app.service();
    service
        .reorder_access_number(caller, &of, region, priority, seen.as_ref())
        .await?;
    Ok(())
}
