//! The numbers by which people dial in to conferences.

use crate::fold::fold;
use crate::languages::parse_language;
use crate::sip_address::{is_host_name, parse_sip_address};
use crate::site::strip_site;
use crate::tel_uri::TelUri;

/// The most languages besides the primary one.
const MOST_SECONDARY: usize = 4;
/// The longest name, displayed number or region, in characters.
const LONGEST: usize = 256;
/// More regions than a number has.
const MOST_REGIONS: usize = 256;

/// A number that can be dialled, and what is announced there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessNumber {
    /// The SIP address that stands for it, with its scheme. It never changes.
    pub primary_uri: String,
    /// What people call it.
    pub display_name: Option<String>,
    /// The number as it is shown to people, written in any way.
    pub display_number: String,
    /// The number itself, "tel:+18005551234".
    pub line_uri: String,
    /// The language of announcements, one of [`crate::LANGUAGES`].
    pub primary_language: String,
    /// Languages that a caller may choose instead, at most four.
    pub secondary_languages: Vec<String>,
    /// Full name of the pool, unless it is hosted elsewhere.
    pub pool: Option<String>,
    /// Full name of the hosting provider's proxy.
    pub hosting_provider: Option<String>,
    /// The regions whose people are shown it.
    pub regions: Vec<String>,
    /// Id of the site whose people are shown it; `None`: everybody's.
    pub site: Option<String>,
}

/// What to change about a number; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessNumberPatch {
    /// What people call it; the inner `None` takes the name away.
    pub display_name: Option<Option<String>>,
    /// The number as it is shown to people.
    pub display_number: Option<String>,
    /// The number itself.
    pub line_uri: Option<String>,
    /// The language of announcements.
    pub primary_language: Option<String>,
    /// The other languages.
    pub secondary_languages: Option<Vec<String>>,
    /// The regions.
    pub regions: Option<Vec<String>>,
    /// The site; the inner `None` is everybody.
    pub site: Option<Option<String>>,
}

/// What is wrong with a number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessNumberViolation {
    /// Not the form of a SIP address.
    #[error("PrimaryUri is \"{given}\"; write it as sip:name@domain")]
    PrimaryUri {
        /// The text given.
        given: String,
    },
    /// Not the form of an international number.
    #[error(
        "LineUri is \"{given}\"; write it as tel:+18005551234, with nothing between the digits"
    )]
    LineUri {
        /// The text given.
        given: String,
    },
    /// A text that is missing, too long, or holds what cannot be shown.
    #[error(
        "{property} is \"{given}\"; it must have 1 to {LONGEST} characters, none of them control characters"
    )]
    Text {
        /// The property.
        property: &'static str,
        /// The text given.
        given: String,
    },
    /// Not one of the languages.
    #[error(
        "{property} names the language \"{given}\", which there is not. \
         `(Get-CsDialInConferencingLanguageList).Languages` lists them"
    )]
    Language {
        /// The property.
        property: &'static str,
        /// The text given.
        given: String,
    },
    /// More languages than can be offered.
    #[error("SecondaryLanguages are {given}; there can be {MOST_SECONDARY} at most")]
    TooManyLanguages {
        /// How many were given.
        given: usize,
    },
    /// The name of a region cannot be written.
    #[error(
        "Regions has \"{given}\"; a region has 1 to {LONGEST} characters, none of them a slash or a \
         control character, and is neither . nor .."
    )]
    Region {
        /// The text given.
        given: String,
    },
    /// More regions than anybody has.
    #[error("Regions are {given}; there can be {MOST_REGIONS} at most")]
    TooManyRegions {
        /// How many were given.
        given: usize,
    },
    /// It is not said, or said twice, who answers.
    #[error("either Pool or HostingProviderProxyFqdn says who answers the number")]
    Answerer,
    /// Not the full name of a host.
    #[error("{property} is \"{given}\"; it must be a full name such as atl-cs-001.litwareinc.com")]
    Host {
        /// The property.
        property: &'static str,
        /// The text given.
        given: String,
    },
}

impl AccessNumber {
    /// The number as it is kept: every value in its one form. All that is wrong with it at once.
    pub fn judged(self) -> Result<AccessNumber, Vec<AccessNumberViolation>> {
        let mut found = Vec::new();
        let judged = AccessNumber {
            primary_uri: parse_sip_address(&self.primary_uri).unwrap_or_else(|| {
                found.push(AccessNumberViolation::PrimaryUri {
                    given: self.primary_uri.clone(),
                });
                String::new()
            }),
            line_uri: line(&self.line_uri, &mut found),
            display_name: self
                .display_name
                .map(|name| text("DisplayName", &name, &mut found)),
            display_number: text("DisplayNumber", &self.display_number, &mut found),
            primary_language: language("PrimaryLanguage", &self.primary_language, &mut found),
            secondary_languages: secondary(&self.secondary_languages, &mut found),
            pool: self.pool.map(|pool| host("Pool", &pool, &mut found)),
            hosting_provider: self
                .hosting_provider
                .map(|proxy| host("HostingProviderProxyFqdn", &proxy, &mut found)),
            regions: regions(&self.regions, &mut found),
            site: self.site.map(|site| strip_site(&site).to_owned()),
        };
        match found.is_empty() {
            true => Ok(judged),
            false => Err(found),
        }
    }

    /// The same for a new number, of which it must be said who answers.
    pub fn judged_as_new(self) -> Result<AccessNumber, Vec<AccessNumberViolation>> {
        let one = self.pool.is_some() != self.hosting_provider.is_some();
        match (self.judged(), one) {
            (judged, true) => judged,
            (Ok(_), false) => Err(vec![AccessNumberViolation::Answerer]),
            (Err(mut found), false) => {
                found.push(AccessNumberViolation::Answerer);
                Err(found)
            }
        }
    }

    /// The number with the change made, judged as a whole.
    pub fn apply(
        &self,
        patch: &AccessNumberPatch,
    ) -> Result<AccessNumber, Vec<AccessNumberViolation>> {
        fn or<T: Clone>(wanted: &Option<T>, kept: &T) -> T {
            wanted.as_ref().unwrap_or(kept).clone()
        }
        AccessNumber {
            primary_uri: self.primary_uri.clone(),
            display_name: or(&patch.display_name, &self.display_name),
            display_number: or(&patch.display_number, &self.display_number),
            line_uri: or(&patch.line_uri, &self.line_uri),
            primary_language: or(&patch.primary_language, &self.primary_language),
            secondary_languages: or(&patch.secondary_languages, &self.secondary_languages),
            pool: self.pool.clone(),
            hosting_provider: self.hosting_provider.clone(),
            regions: or(&patch.regions, &self.regions),
            site: or(&patch.site, &self.site),
        }
        .judged()
    }

    /// Whether it is shown to the people of a region.
    pub fn is_in(&self, region: &str) -> bool {
        self.regions.iter().any(|one| fold(one) == fold(region))
    }
}

/// What a list of numbers is asked for: a region, and whose numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegionChoice {
    /// The region.
    pub region: String,
    /// Only numbers of this scope: the inner `None` is everybody's.
    pub scope: Option<Option<String>>,
}

impl RegionChoice {
    /// Reads `Redmond`, `site:USA/Redmond` or `global/Redmond`. What stands before a slash and is no
    /// scope belongs to no region's name, so nothing has it.
    pub fn parse(text: &str) -> RegionChoice {
        let text = text.trim();
        let Some((scope, region)) = text.split_once('/') else {
            return RegionChoice {
                region: text.to_owned(),
                scope: None,
            };
        };
        let scope = scope.trim();
        let site = strip_site(scope);
        let scope = match scope.eq_ignore_ascii_case("global") {
            true => Some(None),
            false if site.len() < scope.len() => Some(Some(site.to_owned())),
            false => {
                return RegionChoice {
                    region: text.to_owned(),
                    scope: None,
                };
            }
        };
        RegionChoice {
            region: region.trim().to_owned(),
            scope,
        }
    }

    /// Whether a number is meant.
    pub fn means(&self, number: &AccessNumber) -> bool {
        let key = |site: &Option<String>| site.as_deref().map(fold);
        number.is_in(&self.region)
            && self
                .scope
                .as_ref()
                .is_none_or(|scope| key(scope) == key(&number.site))
    }
}

fn line(given: &str, found: &mut Vec<AccessNumberViolation>) -> String {
    match TelUri::parse(given) {
        Some(line) if line.international && line.extension.is_none() => line.to_string(),
        _ => {
            found.push(AccessNumberViolation::LineUri {
                given: given.to_owned(),
            });
            String::new()
        }
    }
}

fn is_text(text: &str) -> bool {
    (1..=LONGEST).contains(&text.chars().count()) && !text.contains(char::is_control)
}

fn text(property: &'static str, given: &str, found: &mut Vec<AccessNumberViolation>) -> String {
    let trimmed = given.trim();
    if !is_text(trimmed) {
        let given = trimmed.chars().take(LONGEST).collect();
        found.push(AccessNumberViolation::Text { property, given });
    }
    trimmed.to_owned()
}

fn host(property: &'static str, given: &str, found: &mut Vec<AccessNumberViolation>) -> String {
    let trimmed = given.trim();
    if !is_host_name(trimmed) || !trimmed.contains('.') {
        found.push(AccessNumberViolation::Host {
            property,
            given: trimmed.to_owned(),
        });
    }
    trimmed.to_owned()
}

fn language(property: &'static str, given: &str, found: &mut Vec<AccessNumberViolation>) -> String {
    parse_language(given)
        .unwrap_or_else(|| {
            found.push(AccessNumberViolation::Language {
                property,
                given: given.trim().to_owned(),
            });
            ""
        })
        .to_owned()
}

fn secondary(given: &[String], found: &mut Vec<AccessNumberViolation>) -> Vec<String> {
    if given.len() > MOST_SECONDARY {
        found.push(AccessNumberViolation::TooManyLanguages { given: given.len() });
        return Vec::new();
    }
    let mut languages = Vec::new();
    for one in given {
        let tag = language("SecondaryLanguages", one, found);
        if !languages.contains(&tag) {
            languages.push(tag);
        }
    }
    languages
}

fn regions(given: &[String], found: &mut Vec<AccessNumberViolation>) -> Vec<String> {
    if given.len() > MOST_REGIONS {
        found.push(AccessNumberViolation::TooManyRegions { given: given.len() });
        return Vec::new();
    }
    let mut regions: Vec<String> = Vec::new();
    for one in given.iter().map(|region| region.trim()) {
        if !is_text(one) || one.contains('/') || matches!(one, "." | "..") {
            found.push(AccessNumberViolation::Region {
                given: one.chars().take(LONGEST).collect(),
            });
        } else if !regions.iter().any(|known| fold(known) == fold(one)) {
            regions.push(one.to_owned());
        }
    }
    regions
}
