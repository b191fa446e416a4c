//! What the forms of the console are made of.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::failure::{Failure, Told};
use super::layout::{Area, done, page, page_with, refused};
use super::who::{Admin, Kept};

/// A line of text.
pub(super) fn text(name: &str, label: &str, value: &str) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            input id=(name) name=(name) type="text" value=(value) autocomplete="off";
        }
    }
}

/// A number from `min` on.
pub(super) fn number(name: &str, label: &str, value: &str, min: u32) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            input id=(name) name=(name) type="number" min=(min) value=(value);
        }
    }
}

/// Several lines of text.
pub(super) fn lines(name: &str, label: &str, value: &str) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            textarea id=(name) name=(name) rows="3" autocomplete="off" { (value) }
        }
    }
}

/// Which thing the form is about, in which state.
pub(super) fn what(of: &str, seen: &str) -> Markup {
    html! {
        input type="hidden" name="of" value=(of);
        input type="hidden" name="seen" value=(seen);
    }
}

/// One of several: what is sent, and what is shown.
pub(super) fn choice<'a>(
    name: &str,
    label: &str,
    options: impl IntoIterator<Item = (&'a str, &'a str)>,
    chosen: &str,
) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            select id=(name) name=(name) {
                @for (value, shown) in options {
                    option value=(value) selected[value == chosen] { (shown) }
                }
            }
        }
    }
}

/// What stands in the lines of a text, but for empty ones.
pub(super) fn each_line(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A whole number that was put in.
pub(super) fn whole<N: std::str::FromStr>(label: &str, text: &str) -> Result<N, Failure> {
    let read = text.trim().parse();
    read.map_err(|_| Failure::malformed(format!("“{label}” is no whole number within its bounds")))
}

/// What is said above a form with what was kept while the password was asked for.
pub(super) fn shown_again(kept: Option<&Kept>) -> Markup {
    let text = "Your password is confirmed. Nothing is done yet: this is what you had put in.";
    html! { @if kept.is_some() { (done(text)) } }
}

/// A page with a form to fill in.
pub(super) struct Form<'a> {
    pub admin: &'a Admin,
    pub here: Area,
    pub title: &'a str,
    /// Where it is sent.
    pub action: &'a str,
    /// What its button says.
    pub button: &'a str,
}

impl Form<'_> {
    /// The form for the first time, or with what was `kept` while the password was asked for.
    pub fn show(&self, kept: Option<&Kept>, inputs: &Markup) -> Response {
        self.page(StatusCode::OK, &shown_again(kept), inputs)
    }

    /// The form again, with why what was put in was refused; another failure is the answer itself.
    pub fn again(&self, inputs: &Markup, failure: Failure) -> Result<Response, Failure> {
        let told: Told = failure.of_the_names().of_the_input()?;
        Ok(self.page(told.status, &refused(&told), inputs))
    }

    fn page(&self, status: StatusCode, said: &Markup, inputs: &Markup) -> Response {
        let body = html! {
            (said)
            form.sheet method="post" action=(self.action) autocomplete="off" {
                (self.admin.token())
                (inputs)
                div.actions {
                    button type="submit" { (self.button) }
                    a.button.plain href=(self.here.path()) { "Leave it" }
                }
            }
        };
        page_with(status, self.admin, self.here, self.title, &body)
    }
}

/// A question before something is done.
pub(super) struct Question<'a> {
    pub admin: &'a Admin,
    pub here: Area,
    pub title: &'a str,
    /// Where the answer is sent, and with what.
    pub action: &'a str,
    pub with: &'a [(&'a str, &'a str)],
    /// What the button says that does it.
    pub button: &'a str,
}

impl Question<'_> {
    /// The page that asks, below what there is to know.
    pub fn ask(&self, told: &Markup) -> Response {
        let body = html! {
            (told)
            form.actions method="post" action=(self.action) {
                (self.admin.token())
                @for (name, value) in self.with { input type="hidden" name=(name) value=(value); }
                button.danger type="submit" { (self.button) }
                a.button.plain href=(self.here.path()) { "Leave it" }
            }
        };
        page(self.admin, self.here, self.title, &body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_taken_one_by_one() {
        for (text, lines) in [
            ("", &[][..]),
            (" \r\n\r\n", &[]),
            (" a b \r\nc\n", &["a b", "c"]),
        ] {
            assert_eq!(each_line(text), lines, "{text:?}");
        }
    }
}
