//! The place of an access number among those of its regions.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use pinward_core::{AccessNumber, RegionChoice};
use pinward_service::{AccessNumberChoice, Right};

use super::failure::Failure;
use super::form::{Form, choice, number, whole};
use super::layout::{Area, done, may};
use super::number_changes::as_it_is;
use super::policies::Which;
use super::who::{Admin, Sent};
use crate::App;
use crate::web::visit::percent;

const ORDER: &str = "/admin/access-numbers/order";

/// `GET /admin/access-numbers/order`
pub(super) async fn ask(
    State(app): State<App>,
    admin: Admin,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let moved = as_it_is(&app, &admin, &which.of).await?;
    let inputs = inputs(&app, &admin, &moved, "", "1").await?;
    let body = html! {
        @if which.done == "changed" { (done("The place is changed.")) }
        (inputs)
    };
    Ok(form(&admin, &title(&moved)).show(&body))
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
    region: &str,
    place: &str,
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
        input type="hidden" name="of" value=(moved.primary_uri);
        (choice("region", "Region", regions, region))
        (number("place", label, place, 1))
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
    admin.proven_for(ORDER, of)?;
    let moved = as_it_is(&app, admin, of).await?;
    match put(&app, &sent, of).await {
        Ok(()) => {
            let name = percent(of);
            Ok(Redirect::to(&format!("{ORDER}?of={name}&done=changed")).into_response())
        }
        Err(failure) => {
            let (region, place) = (sent.field("region"), sent.field("place"));
            let inputs = inputs(&app, admin, &moved, region, place).await?;
            form(admin, &title(&moved)).again(&inputs, failure)
        }
    }
}

async fn put(app: &App, sent: &Sent, of: &str) -> Result<(), Failure> {
    let place: u32 = whole("Place", sent.field("place"))?;
    let Some(priority) = place.checked_sub(1) else {
        return Err(Failure::malformed("places begin with 1"));
    };
    let priority = usize::try_from(priority).unwrap_or(usize::MAX);
    let (caller, region) = (&sent.admin.caller, sent.field("region"));
    let service = app.service();
    service
        .reorder_access_number(caller, of, region, priority, None)
        .await?;
    Ok(())
}
