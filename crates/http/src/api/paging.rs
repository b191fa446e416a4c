//! Lists in parts.

use axum::http::StatusCode;

use crate::Problem;

/// Entries in a part where the request does not say.
const USUAL: u32 = 100;
/// Entries in a part at most.
const MOST: u32 = 1000;

/// How many entries to answer.
pub fn limit(asked: Option<u32>) -> Result<usize, Problem> {
    let limit = asked.unwrap_or(USUAL);
    match (1..=MOST).contains(&limit) {
        true => Ok(usize::try_from(limit).unwrap_or(usize::MAX)),
        false => Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "QueryInvalid",
            format!("limit is from 1 to {MOST}"),
        )),
    }
}
