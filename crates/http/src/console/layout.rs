//! What all pages of the console have around them.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use pinward_core::Timestamp;
use pinward_service::{Caller, Right};

use super::failure::Told;
use super::who::Admin;
use crate::web::assets::Asset;
use crate::web::layout::Frame;
use crate::web::visit::percent;

/// A part of the console; in the order of its navigation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Area {
    Dashboard,
    Users,
    Policies,
    Sites,
    Roles,
    Clients,
    AccessNumbers,
    Audit,
    Directory,
}

impl Area {
    const ALL: [Self; 9] = [
        Self::Dashboard,
        Self::Users,
        Self::Policies,
        Self::Sites,
        Self::Roles,
        Self::Clients,
        Self::AccessNumbers,
        Self::Audit,
        Self::Directory,
    ];

    /// The part that a page belongs to.
    pub(super) fn at(path: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|area| path.starts_with(area.path()))
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Dashboard => "Dashboard",
            Self::Users => "Users",
            Self::Policies => "Policies",
            Self::Sites => "Sites",
            Self::Roles => "Roles",
            Self::Clients => "API clients",
            Self::AccessNumbers => "Access numbers",
            Self::Audit => "Audit log",
            Self::Directory => "Directory",
        }
    }

    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Dashboard => "/admin/dashboard",
            Self::Users => "/admin/users",
            Self::Policies => "/admin/policies",
            Self::Sites => "/admin/sites",
            Self::Roles => "/admin/roles",
            Self::Clients => "/admin/clients",
            Self::AccessNumbers => "/admin/access-numbers",
            Self::Audit => "/admin/audit",
            Self::Directory => "/admin/directory",
        }
    }

    /// Its list, which then says what was done.
    pub(super) fn after(self, done: &str) -> Response {
        Redirect::to(&format!("{}?done={done}", self.path())).into_response()
    }

    /// The rights of which any opens it.
    fn rights(self) -> &'static [Right] {
        match self {
            Self::Dashboard => &[Right::ViewAudit, Right::ViewPin],
            Self::Users => &[Right::ViewUsers],
            Self::Policies => &[Right::ViewPolicy],
            Self::Sites => &[Right::ViewSites],
            Self::Roles => &[Right::ViewRoles],
            Self::Clients => &[Right::ViewClients],
            Self::AccessNumbers => &[Right::ViewAccessNumbers],
            Self::Audit => &[Right::ViewAudit],
            Self::Directory => &[Right::ViewSources],
        }
    }

    /// The parts that somebody may open.
    pub(super) fn of(caller: &Caller) -> impl Iterator<Item = Self> + '_ {
        let opens = |area: &Self| area.rights().iter().any(|right| may(caller, *right));
        Self::ALL.into_iter().filter(opens)
    }
}

/// Whether a button for it makes sense. Whether it is allowed is decided where it is done.
pub(super) fn may(caller: &Caller, right: Right) -> bool {
    caller.permit(right).is_ok()
}

/// A page of the console.
pub(super) fn page(admin: &Admin, here: Area, title: &str, body: &Markup) -> Response {
    page_with(StatusCode::OK, admin, here, title, body)
}

/// A page with another status.
pub(super) fn page_with(
    status: StatusCode,
    admin: &Admin,
    here: Area,
    title: &str,
    body: &Markup,
) -> Response {
    let frame = Frame {
        visit: &admin.member().visit,
        title,
        nav: Some(navigation(admin, here)),
        assets: &[Asset::ConsoleStyle, Asset::ConsoleScript],
        wide: true,
    };
    frame.answer(status, body)
}

/// A part of a page, for the script.
pub(super) fn fragment(body: Markup) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (kind, body.into_string()).into_response()
}

fn navigation(admin: &Admin, here: Area) -> Markup {
    html! {
        @for area in Area::of(&admin.caller) {
            a href=(area.path()) aria-current=[(area == here).then_some("page")] { (area.name()) }
        }
    }
}

/// A time; the script shows it in the time zone of whoever reads it.
pub(super) fn time(at: Timestamp) -> Markup {
    let text = at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
    html! { time datetime=(at) data-exact { (text) } }
}

/// A time that may not be there.
pub(super) fn maybe_time(at: Option<Timestamp>, otherwise: &str) -> Markup {
    match at {
        Some(at) => time(at),
        None => html! { (otherwise) },
    }
}

/// One line of a sheet.
pub(super) fn fact(name: &str, value: &Markup) -> Markup {
    html! { dt { (name) } dd { (value) } }
}

/// What went well.
pub(super) fn done(text: &str) -> Markup {
    html! { div.notice.good role="status" { p { (text) } } }
}

/// What was done just before to a thing of the list, by its name in the address.
pub(super) fn done_to(what: &str, how: &str) -> Markup {
    match how {
        "created" | "changed" | "removed" => done(&format!("The {what} is {how}.")),
        _ => html! {},
    }
}

/// The ways to change and to remove a thing of a list.
pub(super) fn ways(of: &str, at: Area, change: bool, remove: bool) -> Markup {
    let (at, name) = (at.path(), percent(of));
    html! {
        @if change { a.way href={(at) "/edit?of=" (name)} aria-label={"Change " (of)} { "Change…" } }
        @if remove { a.way href={(at) "/remove?of=" (name)} aria-label={"Remove " (of)} { "Remove…" } }
    }
}

/// What was refused, with its identifier, and the way to go on.
pub(super) fn refused(told: &Told) -> Markup {
    html! {
        div.notice.bad role="alert" {
            p data-code=(told.id) { (told.text) }
            @if let Some(now) = &told.now { p { a href=(now) { "Load it as it is now" } } }
        }
    }
}
