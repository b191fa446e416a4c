//! Style, scripts and pictures: part of the program, and named after what is in them, so that browsers
//! may keep them for ever.
//!
//! To add one: a file in `assets/` and a line in [`ASSETS`].

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use ring::digest;

use super::session::hex;

/// Where they lie.
pub const FOLDER: &str = "/assets/";

/// A file that ships with the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asset {
    /// The look of all pages.
    Style,
    /// What makes the users' page nicer; everything works without.
    Script,
    /// The picture of the tab.
    Icon,
    /// What the console looks like beside that.
    ConsoleStyle,
    /// What makes the console quicker; everything works without.
    ConsoleScript,
}

struct File {
    asset: Asset,
    stem: &'static str,
    extension: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
}

const ASSETS: &[File] = &[
    File {
        asset: Asset::Style,
        stem: "pinward",
        extension: "css",
        kind: "text/css; charset=utf-8",
        bytes: include_bytes!("assets/pinward.css"),
    },
    File {
        asset: Asset::Script,
        stem: "pinward",
        extension: "js",
        kind: "text/javascript; charset=utf-8",
        bytes: include_bytes!("assets/pinward.js"),
    },
    File {
        asset: Asset::Icon,
        stem: "icon",
        extension: "svg",
        kind: "image/svg+xml",
        bytes: include_bytes!("assets/icon.svg"),
    },
    File {
        asset: Asset::ConsoleStyle,
        stem: "console",
        extension: "css",
        kind: "text/css; charset=utf-8",
        bytes: include_bytes!("assets/console.css"),
    },
    File {
        asset: Asset::ConsoleScript,
        stem: "console",
        extension: "js",
        kind: "text/javascript; charset=utf-8",
        bytes: include_bytes!("assets/console.js"),
    },
];

/// The names, each with a part of the hash.
static NAMES: LazyLock<Vec<(Asset, String)>> = LazyLock::new(|| {
    let name = |file: &File| {
        let hash = hex(digest::digest(&digest::SHA256, file.bytes).as_ref());
        let short: String = hash.chars().take(16).collect();
        format!("{}.{short}.{}", file.stem, file.extension)
    };
    ASSETS.iter().map(|file| (file.asset, name(file))).collect()
});

impl Asset {
    /// Its address on this server.
    pub fn href(self) -> String {
        let found = NAMES.iter().find(|(asset, _)| *asset == self);
        let name = found.map_or("", |(_, name)| name);
        format!("{FOLDER}{name}")
    }

    /// Whether it is a script.
    pub fn is_script(self) -> bool {
        let found = ASSETS.iter().find(|file| file.asset == self);
        found.is_some_and(|file| file.extension == "js")
    }
}

/// Answers with a file.
pub async fn get(Path(name): Path<String>) -> Response {
    let found = NAMES.iter().position(|(_, known)| *known == name);
    match found.and_then(|at| ASSETS.get(at)) {
        Some(file) => {
            let lines = [
                (header::CONTENT_TYPE, file.kind),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ];
            (lines, file.bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_a_name_of_its_own() {
        let mut names: Vec<_> = ASSETS.iter().map(|file| file.asset.href()).collect();
        assert!(names.iter().all(|name| name.len() > FOLDER.len() + 16));
        names.dedup();
        assert_eq!(names.len(), ASSETS.len());
    }
}
