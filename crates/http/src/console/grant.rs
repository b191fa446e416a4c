//! Granting a user a per-user policy, or taking the grant back, with what it would mean.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use pinward_core::{PolicyIdentity, User, UserId};
use pinward_service::{GrantError, GrantForesight, Right};

use super::failure::Failure;
use super::layout::{Area, maybe_time, page};
use super::pin::to_sheet;
use super::user::{reaches, show_refused};
use super::who::{Admin, Filled, Named, Sent};
use crate::App;

/// The form on the sheet.
pub(super) async fn section(app: &App, admin: &Admin, user: &User) -> Result<Markup, Failure> {
    if !reaches(admin, Right::GrantPolicy, user) {
        return Ok(html! {});
    }
    let names = names(app, admin).await?;
    let granted = user.pin_policy.as_deref().unwrap_or_default();
    Ok(html! {
        section aria-labelledby="grant" {
            h2 id="grant" { "Per-user policy" }
            form.sheet method="post" action={"/admin/users/" (user.id.0) "/policy"} {
                (admin.token())
                div.field {
                    label for="policy" { "Name; empty for what the site or the company has" }
                    input id="policy" name="policy" value=(granted) list="policies" autocomplete="off";
                    datalist id="policies" { @for name in &names { option value=(name) {} } }
                }
                button type="submit" { "Go on…" }
            }
        }
    })
}

/// The per-user policies that the caller may know of.
async fn names(app: &App, admin: &Admin) -> Result<Vec<String>, Failure> {
    if !super::layout::may(&admin.caller, Right::ViewPolicy) {
        return Ok(Vec::new());
    }
    let policies = app.service().policies(&admin.caller).await?;
    let name = |identity| match identity {
        PolicyIdentity::Tag(name) => Some(name),
        _ => None,
    };
    Ok(policies
        .into_iter()
        .filter_map(|policy| name(policy.identity))
        .collect())
}

/// `POST /admin/users/{id}/policy`: first without `sure`, then with it.
pub(super) async fn grant(
    State(app): State<App>,
    Named(id): Named,
    sent: Sent,
) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::GrantPolicy)?;
    let service = app.service();
    let user = service.person(&admin.caller, UserId(id)).await?;
    let name = Some(sent.field("policy")).filter(|name| !name.is_empty());
    if !sent.says_yes("sure") {
        return match service.foresee_grant(&admin.caller, &user, name).await {
            Ok(foresight) => Ok(ask(admin, &user, name, &foresight)),
            Err(error) => refused(&app, admin, &user, error).await,
        };
    }
    match service.grant_policy(&admin.caller, &user, name).await {
        Ok(()) if name.is_some() => Ok(to_sheet(id, "granted")),
        Ok(()) => Ok(to_sheet(id, "ungranted")),
        Err(error) => refused(&app, admin, &user, error).await,
    }
}

async fn refused(
    app: &App,
    admin: &Admin,
    user: &User,
    error: GrantError,
) -> Result<Response, Failure> {
    show_refused(app, admin, user, Failure::from(error).of_the_names()).await
}

fn ask(admin: &Admin, user: &User, name: Option<&str>, foresight: &GrantForesight) -> Response {
    let body = html! {
        p {
            strong { (user.person.display_name) } " is governed by "
            strong { (foresight.now.identity) } " now and would be by " strong { (foresight.then.identity) } "."
        }
        dl.facts {
            dt { "PIN expires now" } dd { (maybe_time(foresight.expires_now, "never")) }
            dt { "PIN would expire" } dd { (maybe_time(foresight.expires_then, "never")) }
        }
        @if foresight.expired_at_once {
            div.notice.bad { "The PIN would have expired at once." }
        }
        form.actions method="post" action={"/admin/users/" (user.id.0) "/policy"} {
            (admin.token())
            input type="hidden" name="policy" value=(name.unwrap_or_default());
            input type="hidden" name="sure" value="yes";
            button type="submit" { (if name.is_some() { "Grant it" } else { "Take the grant back" }) }
            a.button.plain href={"/admin/users/" (user.id.0)} { "Leave it" }
        }
    };
    page(admin, Area::Users, "What the grant would mean", &body)
}
