//! `/api/v1/access-numbers`: the numbers by which people dial in. Each has an `ETag`; a change or a removal with
//! `If-Match` is made only if the number is still the one that was seen.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, put};
use axum::{Json, Router};
use pinward_core::{AccessNumber, AccessNumberPatch};
use pinward_service::{AccessNumberChoice, AccessNumberError, NewScope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Body, Names, given};
use super::client::Client;
use super::refusal::refused;
use super::stated::{Language, Region};
use crate::seen::{Seen, tagged};
use crate::{App, Problem};

/// Their routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/access-numbers", get(list).post(create))
        .route(
            "/api/v1/access-numbers/{number}",
            get(one).patch(change).delete(remove),
        )
        .route(
            "/api/v1/access-numbers/{number}/regions/{region}",
            put(reorder),
        )
}

/// An access number.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccessNumberEntry {
    /// Its SIP address.
    primary_uri: String,
    /// What people call it.
    display_name: Option<String>,
    /// The number as it is shown to people.
    display_number: String,
    /// The number itself.
    line_uri: String,
    /// The language of announcements.
    primary_language: String,
    /// Languages that a caller may choose instead.
    secondary_languages: Vec<String>,
    /// The pool.
    pool: Option<String>,
    /// The hosting provider's proxy.
    hosting_provider: Option<String>,
    /// The regions whose people are shown it.
    regions: Vec<String>,
    /// The site whose people are shown it; null: everybody's.
    site: Option<String>,
}

impl From<AccessNumber> for AccessNumberEntry {
    fn from(number: AccessNumber) -> Self {
        Self {
            primary_uri: number.primary_uri,
            display_name: number.display_name,
            display_number: number.display_number,
            line_uri: number.line_uri,
            primary_language: number.primary_language,
            secondary_languages: number.secondary_languages,
            pool: number.pool,
            hosting_provider: number.hosting_provider,
            regions: number.regions,
            site: number.site,
        }
    }
}

/// Lists the access numbers by SIP address.
#[utoipa::path(get, path = "/api/v1/access-numbers", tag = "access numbers", operation_id = "listAccessNumbers",
    responses((status = 200, body = Vec<AccessNumberEntry>)))]
pub async fn list(
    State(app): State<App>,
    client: Client,
) -> Result<Json<Vec<AccessNumberEntry>>, Problem> {
    let all = AccessNumberChoice::All;
    let numbers = app.service().access_numbers(client.caller(), &all).await;
    let numbers = numbers.map_err(|error| refused(&error))?;
    Ok(Json(
        numbers.into_iter().map(AccessNumberEntry::from).collect(),
    ))
}

/// A new access number.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAccessNumber {
    /// The SIP address that stands for it from then on: `sip:name@domain`.
    #[schema(min_length = 1, max_length = 258)]
    primary_uri: String,
    /// What people call it.
    #[schema(min_length = 1, max_length = 256)]
    display_name: Option<String>,
    /// The number as it is shown to people.
    #[schema(min_length = 1, max_length = 256)]
    display_number: String,
    /// The number itself: `tel:+18005551234`.
    #[schema(min_length = 1, max_length = 20)]
    line_uri: String,
    /// The language of announcements, such as `en-US`.
    #[schema(min_length = 1, max_length = 256)]
    primary_language: String,
    /// Up to four languages that a caller may choose instead.
    #[serde(default)]
    #[schema(value_type = Vec<Language>, max_items = 4)]
    secondary_languages: Vec<String>,
    /// The full name of the pool that answers it; or `hostingProvider`.
    #[schema(min_length = 1, max_length = 253)]
    pool: Option<String>,
    /// The full name of the proxy of the provider that answers it; or `pool`.
    #[schema(min_length = 1, max_length = 253)]
    hosting_provider: Option<String>,
    /// The regions whose people are shown it.
    #[serde(default)]
    #[schema(value_type = Vec<Region>, max_items = 256)]
    regions: Vec<String>,
    /// It is for the site to which most people of its pool belong, and not for everybody.
    #[serde(default)]
    scope_to_site: bool,
}

impl From<NewAccessNumber> for AccessNumber {
    fn from(new: NewAccessNumber) -> Self {
        Self {
            primary_uri: new.primary_uri,
            display_name: new.display_name,
            display_number: new.display_number,
            line_uri: new.line_uri,
            primary_language: new.primary_language,
            secondary_languages: new.secondary_languages,
            pool: new.pool,
            hosting_provider: new.hosting_provider,
            regions: new.regions,
            site: None,
        }
    }
}

/// What is to be so of an access number; what is left out stays as it is.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AccessNumberValues {
    /// What people call it; null takes the name away.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 256)]
    display_name: Option<Option<String>>,
    /// The number as it is shown to people.
    #[schema(min_length = 1, max_length = 256)]
    display_number: Option<String>,
    /// The number itself: `tel:+18005551234`.
    #[schema(min_length = 1, max_length = 20)]
    line_uri: Option<String>,
    /// The language of announcements, such as `en-US`.
    #[schema(min_length = 1, max_length = 256)]
    primary_language: Option<String>,
    /// Up to four languages that a caller may choose instead.
    #[schema(value_type = Option<Vec<Language>>, max_items = 4)]
    secondary_languages: Option<Vec<String>>,
    /// The regions whose people are shown it. In those that it stays in it keeps its place; in new ones it
    /// is the last.
    #[schema(value_type = Option<Vec<Region>>, max_items = 256)]
    regions: Option<Vec<String>>,
    /// Whether it is for the site to which most people of its pool belong, or for everybody.
    scope_to_site: Option<bool>,
}

impl From<AccessNumberValues> for AccessNumberPatch {
    fn from(values: AccessNumberValues) -> Self {
        Self {
            display_name: values.display_name,
            display_number: values.display_number,
            line_uri: values.line_uri,
            primary_language: values.primary_language,
            secondary_languages: values.secondary_languages,
            regions: values.regions,
            site: None,
        }
    }
}

/// The place of an access number among those of a region.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Place {
    /// 0 is the first; beyond the last is the last.
    priority: u32,
}

fn scope(to_site: bool) -> NewScope {
    match to_site {
        true => NewScope::SiteOfPool,
        false => NewScope::Global,
    }
}

/// Shows an access number.
#[utoipa::path(get, path = "/api/v1/access-numbers/{number}", tag = "access numbers", operation_id = "getAccessNumber",
    params(("number" = String, Path, example = "sip:RedmondDialIn@litwareinc.com", description = "Its SIP address")),
    responses((status = 200, body = AccessNumberEntry, headers(("ETag" = String, description = "What identifies this state")))))]
pub async fn one(
    State(app): State<App>,
    client: Client,
    Names(uri): Names<String>,
) -> Result<Response, Problem> {
    let number = app.service().access_number(client.caller(), &uri).await;
    let number = number.map_err(|error| refused(&error))?;
    Ok(tagged(StatusCode::OK, number, AccessNumberEntry::from))
}

/// Makes an access number, the last of its regions. All that is wrong with it is told at once.
#[utoipa::path(post, path = "/api/v1/access-numbers", tag = "access numbers", operation_id = "createAccessNumber",
    request_body = NewAccessNumber,
    responses((status = 201, body = AccessNumberEntry, headers(("ETag" = String, description = "What identifies this state"))),
        (status = 404, body = crate::Problem),
        (status = 409, body = crate::Problem)))]
pub async fn create(
    State(app): State<App>,
    client: Client,
    Body(new): Body<NewAccessNumber>,
) -> Result<Response, Problem> {
    let scope = scope(new.scope_to_site);
    let created = app
        .service()
        .create_access_number(client.caller(), new.into(), scope);
    let created = created.await.map_err(|error| refused(&error))?;
    Ok(tagged(
        StatusCode::CREATED,
        created,
        AccessNumberEntry::from,
    ))
}

/// Changes what is given of an access number, as a whole or not at all.
#[utoipa::path(patch, path = "/api/v1/access-numbers/{number}", tag = "access numbers",
    operation_id = "changeAccessNumber",
    params(
        ("number" = String, Path, example = "sip:RedmondDialIn@litwareinc.com", description = "Its SIP address"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the state that was seen")),
    request_body = AccessNumberValues,
    responses((status = 200, body = AccessNumberEntry, headers(("ETag" = String, description = "What identifies this state"))),
        (status = 409, body = crate::Problem)))]
pub async fn change(
    State(app): State<App>,
    client: Client,
    Names(uri): Names<String>,
    seen: Seen,
    Body(values): Body<AccessNumberValues>,
) -> Result<Response, Problem> {
    let (service, caller) = (app.service(), client.caller());
    let nothing = AccessNumberPatch::default();
    let now = service.check_access_number_change(caller, &uri, &nothing, None);
    let seen = seen.held(now, overtaken(&uri)).await;
    let seen = seen.map_err(|error| refused(&error))?;
    let scope = values.scope_to_site.map(scope);
    let patch = values.into();
    let changed = service.change_access_number(caller, &uri, &patch, scope, seen.as_ref());
    let changed = changed.await.map_err(|error| refused(&error))?;
    Ok(tagged(StatusCode::OK, changed, AccessNumberEntry::from))
}

fn overtaken(uri: &str) -> AccessNumberError {
    let uri = uri.to_owned();
    AccessNumberError::Overtaken { uri }
}

/// Gives an access number another place among those of one of its regions.
#[utoipa::path(put, path = "/api/v1/access-numbers/{number}/regions/{region}", tag = "access numbers",
    operation_id = "reorderAccessNumber",
    params(
        ("number" = String, Path, example = "sip:RedmondDialIn@litwareinc.com", description = "Its SIP address"),
        ("region" = String, Path, example = "Redmond", description = "One of its regions"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the state that was seen")),
    request_body = Place,
    responses((status = 204)))]
pub async fn reorder(
    State(app): State<App>,
    client: Client,
    Names((uri, region)): Names<(String, String)>,
    seen: Seen,
    Body(place): Body<Place>,
) -> Result<StatusCode, Problem> {
    let priority = usize::try_from(place.priority).unwrap_or(usize::MAX);
    let (service, caller) = (app.service(), client.caller());
    let now = service.check_reordering(caller, &uri, &region);
    let seen = seen.held(now, overtaken(&uri)).await;
    let seen = seen.map_err(|error| refused(&error))?;
    let moved = service.reorder_access_number(caller, &uri, &region, priority, seen.as_ref());
    let _number = moved.await.map_err(|error| refused(&error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes an access number.
#[utoipa::path(delete, path = "/api/v1/access-numbers/{number}", tag = "access numbers",
    operation_id = "removeAccessNumber",
    params(
        ("number" = String, Path, example = "sip:RedmondDialIn@litwareinc.com", description = "Its SIP address"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the state that was seen")),
    responses((status = 204)))]
pub async fn remove(
    State(app): State<App>,
    client: Client,
    Names(uri): Names<String>,
    seen: Seen,
) -> Result<StatusCode, Problem> {
    let (service, caller) = (app.service(), client.caller());
    let now = service.check_access_number_removal(caller, &uri);
    let seen = seen.held(now, overtaken(&uri)).await;
    let seen = seen.map_err(|error| refused(&error))?;
    let removed = service.remove_access_number(caller, &uri, seen.as_ref());
    removed.await.map_err(|error| refused(&error))?;
    Ok(StatusCode::NO_CONTENT)
}
