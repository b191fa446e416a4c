//! What the document states of the texts in lists. The use cases hold it.

use utoipa::ToSchema;

/// The name of a cmdlet or a script module.
#[derive(ToSchema)]
#[schema(min_length = 1, max_length = 255)]
#[expect(dead_code, reason = "it is only described")]
pub struct Name(String);

/// A scope: `global`, `site:<SiteId>` or `OU:<distinguished name>`.
#[derive(ToSchema)]
#[schema(min_length = 1, max_length = 2048)]
#[expect(dead_code, reason = "it is only described")]
pub struct ScopeText(String);

/// The distinguished name of an organisational unit.
#[derive(ToSchema)]
#[schema(min_length = 1, max_length = 2048)]
#[expect(dead_code, reason = "it is only described")]
pub struct Unit(String);

/// The name of a region, without a slash.
#[derive(ToSchema)]
#[schema(min_length = 1, max_length = 256)]
#[expect(dead_code, reason = "it is only described")]
pub struct Region(String);

/// A language of announcements, such as `fr-CA`.
#[derive(ToSchema)]
#[schema(min_length = 1, max_length = 256)]
#[expect(dead_code, reason = "it is only described")]
pub struct Language(String);
