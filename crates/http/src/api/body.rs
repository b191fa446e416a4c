//! What a request says: its body, its query, the names in its address. What is not as documented is a
//! problem that says where, and never repeats a value: it may be a PIN (R-SEC-3).

use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;

use axum::body::{Body as HttpBody, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use http_body::Body as _;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::{App, Problem};

/// The longest body, in octets, unless a route says otherwise.
const LONGEST: usize = 64 << 10;

/// A JSON body of at most so many octets.
pub struct Body<T, const MOST: usize = LONGEST>(pub T);

impl<T: DeserializeOwned, const MOST: usize> FromRequest<App> for Body<T, MOST> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &App) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "NotJson",
                "send a body of JSON: Content-Type: application/json",
            ));
        }
        let bytes = whole(request.into_body(), MOST).await?;
        match serde_json::from_slice(&bytes) {
            Ok(Object(value)) => Ok(Self(value)),
            Err(error) => Err(invalid("BodyInvalid", "body", &error.to_string())),
        }
    }
}

/// All of a body, which nearly always comes in one piece.
async fn whole(mut body: HttpBody, most: usize) -> Result<Bytes, Problem> {
    let mut before = Vec::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let frame = frame.map_err(|_broken_off| {
            let what = "the body broke off before its end";
            Problem::new(StatusCode::BAD_REQUEST, "BodyInvalid", what)
        })?;
        let Ok(piece) = frame.into_data() else {
            continue;
        };
        if piece.len() > most - before.len() {
            let what = "the body is longer than anything that is wanted here";
            let status = StatusCode::PAYLOAD_TOO_LARGE;
            return Err(Problem::new(status, "BodyTooLong", what));
        }
        if before.is_empty() && body.is_end_stream() {
            return Ok(piece);
        }
        before.extend_from_slice(&piece);
    }
    Ok(before.into())
}

/// What is written as an object. Otherwise a structure could be written as the list of its fields too, of which
/// the document says nothing.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Reader<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }

        deserializer.deserialize_map(Reader(PhantomData))
    }
}

/// An object within a body.
pub fn object<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let Object(value) = Object::deserialize(deserializer)?;
    Ok(value)
}

/// A list of objects within a body.
pub fn objects<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let all = Vec::<Object<T>>::deserialize(deserializer)?;
    Ok(all.into_iter().map(|Object(value)| value).collect())
}

/// Tells null, which takes a value away, from what is left out.
pub fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// A text, or none.
pub trait Text {
    /// The text.
    fn text(&self) -> Option<&str>;
}

impl Text for String {
    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

impl Text for Option<String> {
    fn text(&self) -> Option<&str> {
        self.as_deref()
    }
}

/// A text of at most so many characters, where no use case has the limit that the document states.
pub fn up_to<'de, const MOST: usize, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Text + Deserialize<'de>,
    D: Deserializer<'de>,
{
    let value = T::deserialize(deserializer)?;
    let length = value.text().map_or(0, |text| text.chars().count());
    match length > MOST {
        true => Err(D::Error::invalid_length(
            length,
            &format!("at most {MOST} characters").as_str(),
        )),
        false => Ok(value),
    }
}

/// What the query says.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        match Query::<T>::try_from_uri(&parts.uri) {
            Ok(Query(params)) => Ok(Self(params)),
            Err(error) => {
                let said = error.body_text();
                let what = match parameter(&said) {
                    Some(name) => &format!("parameter {name} of the query"),
                    None => "query",
                };
                Err(invalid("QueryInvalid", what, &said))
            }
        }
    }
}

/// The names in the address.
pub struct Names<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Names<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        match Path::<T>::from_request_parts(parts, app).await {
            Ok(Path(names)) => Ok(Self(names)),
            Err(_) => Err(invalid("AddressInvalid", "address", "")),
        }
    }
}

/// What is told of what a parser said.
fn invalid(code: &'static str, what: &str, said: &str) -> Problem {
    let told = safe(said);
    let detail = match told.is_empty() {
        true => format!("the {what} is not as documented; see /api/v1/openapi.json"),
        false => format!("the {what} is not as documented: {told}; see /api/v1/openapi.json"),
    };
    Problem::new(StatusCode::BAD_REQUEST, code, detail)
}

/// The parameter whose value is not as documented, where it is one that is known: a name that is not is complained of
/// in other words, and is nobody's but the request's.
fn parameter(said: &str) -> Option<&str> {
    let (before, _) = said.split_once(": invalid ")?;
    if said.contains("unknown field") {
        return None;
    }
    let (_, name) = before.rsplit_once(": ")?;
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    plain.then_some(name)
}

/// The part of a parser's words that stems from this program and not from the request: what was expected,
/// or which field is missing; and the place.
fn safe(said: &str) -> String {
    let place = said.rfind(" at line ").map_or("", |at| &said[at..]);
    let words = said.strip_suffix(place).unwrap_or(said);
    let words = match (words.rfind("expected "), words.find("missing field ")) {
        (Some(at), _) | (None, Some(at)) => &words[at..],
        (None, None) => "",
    };
    format!("{words}{place}").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    // R-SEC-3
    #[test]
    fn a_problem_repeats_no_value() {
        #[derive(serde::Deserialize, Debug)]
        #[serde(deny_unknown_fields)]
        struct Wanted {
            #[expect(dead_code, reason = "it is only read")]
            pin: String,
        }
        for (text, told) in [
            (r#"{"pin": 18723834}"#, "expected a string at line 1"),
            (r#"{"18723834": 1}"#, "expected `pin` at line 1"),
            (r#"{}"#, "missing field `pin` at line 1"),
            (r#"{"pin": "18723834"#, "at line 1"),
            ("18723834", "expected struct Wanted at line 1"),
            ("", "at line 1"),
        ] {
            let error = serde_json::from_str::<Wanted>(text).unwrap_err();
            let told_of_it = safe(&error.to_string());
            assert!(told_of_it.contains(told), "{text}: {told_of_it}");
            assert!(!told_of_it.contains("18723834"), "{text}: {told_of_it}");
        }
    }
    // R-SEC-3
    #[test]
    fn a_parameter_is_named_if_it_is_one() {
        #[derive(serde::Deserialize, Debug)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct Wanted {
            #[serde(default, deserialize_with = "up_to::<4, _, _>")]
            #[expect(dead_code, reason = "it is only read")]
            line_uri: Option<String>,
            #[expect(dead_code, reason = "it is only read")]
            limit: Option<u32>,
        }
        for (query, named) in [
            ("lineUri=18723834", Some("lineUri")),
            ("limit=18723834x", Some("limit")),
            ("lineUri=1&limit=x:+invalid+18723834", Some("limit")),
            ("secret=18723834", None),
            ("secret:+invalid+18723834=1", None),
            ("limit=1&limit=18723834", None),
        ] {
            let uri = format!("/?{query}").parse().expect("an address");
            let error = Query::<Wanted>::try_from_uri(&uri).unwrap_err();
            assert_eq!(parameter(&error.body_text()), named, "{query}");
        }
    }
}
