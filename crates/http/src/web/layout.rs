//! What all pages have around them: head, navigation, the switch of languages.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use super::assets::Asset;
use super::posted::token_field;
use super::visit::{Member, Visit, percent};
use super::words::Language;

/// A page, but for its body.
pub struct Frame<'a> {
    /// For whom.
    pub visit: &'a Visit,
    /// Its title, in the tab too.
    pub title: &'a str,
    /// Its links, beside those to the start page and the console; `None`: no others.
    pub nav: Option<Markup>,
    /// Scripts and styles of its own.
    pub assets: &'a [Asset],
    /// Whether it takes more than the width of a text: for tables.
    pub wide: bool,
}

impl<'a> Frame<'a> {
    /// An ordinary page.
    pub fn of(visit: &'a Visit, title: &'a str) -> Self {
        Self {
            visit,
            title,
            nav: None,
            assets: &[],
            wide: false,
        }
    }

    /// The page with this body, beneath the title as its heading.
    pub fn answer(&self, status: StatusCode, body: &Markup) -> Response {
        let language = self.visit.language;
        let words = language.words();
        let page = html! {
            (DOCTYPE)
            html lang=(language.tag()) dir=(language.direction()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) " – Pinward" }
                    link rel="icon" href=(Asset::Icon.href());
                    link rel="stylesheet" href=(Asset::Style.href());
                    script src=(Asset::Script.href()) defer {}
                    @for asset in self.assets {
                        @if asset.is_script() {
                            script src=(asset.href()) defer {}
                        } @else {
                            link rel="stylesheet" href=(asset.href());
                        }
                    }
                }
                body class=[self.wide.then_some("wide")] {
                    a.skip href="#main" { (words.skip) }
                    header.top { div {
                        a.brand href="/" { "Pinward" }
                        (self.navigation())
                        (self.who())
                    } }
                    main #main tabindex="-1" {
                        h1 { (self.title) }
                        (body)
                    }
                    footer { div {
                        nav aria-label=(words.language) { (self.languages()) }
                    } }
                }
            }
        };
        (status, Html(page.into_string())).into_response()
    }

    fn navigation(&self) -> Markup {
        let words = self.visit.words();
        let signed = self.visit.member.as_ref();
        let console = signed.is_some_and(|signed| crate::console::opens_for(&signed.who.caller));
        html! {
            @if console || self.nav.is_some() {
                nav aria-label="Pinward" {
                    (link(self.visit, "/", words.home))
                    @if console { (link(self.visit, "/admin", words.administration)) }
                    @if let Some(nav) = &self.nav { (nav) }
                }
            }
        }
    }

    fn who(&self) -> Markup {
        let Some(signed) = &self.visit.member else {
            return html! {};
        };
        let member = Member {
            visit: self.visit.clone(),
            signed: std::sync::Arc::clone(signed),
        };
        html! {
            form.who method="post" action="/sign-out" {
                (token_field(&member))
                bdi { (signed.who.user.person.display_name) }
                button.plain { (self.visit.words().sign_out) }
            }
        }
    }

    fn languages(&self) -> Markup {
        let back = percent(&self.visit.here);
        html! {
            ul.languages {
                @for language in Language::ALL {
                    li {
                        a href={ "/language/" (language.tag()) "?to=" (back) }
                            lang=(language.tag()) hreflang=(language.tag()) dir=(language.direction())
                            aria-current=[(language == self.visit.language).then_some("true")] {
                            (language.own_name())
                        }
                    }
                }
            }
        }
    }
}

/// A link of a navigation; the page that is shown is marked.
pub fn link(visit: &Visit, href: &str, text: &str) -> Markup {
    let path = visit.here.split('?').next().unwrap_or_default();
    let here = (path == href).then_some("page");
    html! { a href=(href) aria-current=[here] { (text) } }
}

/// A page that tells why something did not work, and leads back.
pub fn failure(visit: &Visit, status: StatusCode, why: &str) -> Response {
    let words = visit.words();
    Frame::of(visit, words.failed).answer(
        status,
        &html! {
            div.notice.bad role="alert" { p { (why) } }
            p { a href="/" { (words.back_home) } }
        },
    )
}
