//! R-RBAC-3: the scopes of a role.

use std::cell::LazyCell;
use std::fmt;

use crate::dn::{Dn, DnError};
use crate::fold::fold;
use crate::person::Person;

/// The longest scope or distinguished name of a unit that is written down, in characters.
pub(crate) const LONGEST_SCOPE: usize = 2048;

/// What a role reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    Global,
    /// One site, by its folded id.
    Site(String),
    /// An organisational unit and everything beneath.
    Ou(Dn),
}

/// Why a text is not a scope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    /// None of the three forms.
    #[error("\"{given}\" is not a scope; write global, site:<SiteId> or OU:<distinguished name>")]
    Unknown {
        /// The text given.
        given: String,
    },
    /// Longer than anything that it could name.
    #[error("a scope has {given} characters; it can have {LONGEST_SCOPE} at most")]
    TooLong {
        /// How many were given.
        given: usize,
    },
    /// `OU:` with something that is not a distinguished name.
    #[error("the scope names no organisational unit: {0}")]
    Dn(#[from] DnError),
}

impl Scope {
    /// Reads `global`, `site:<SiteId>` or `OU:<DN>`, in any case.
    pub fn parse(text: &str) -> Result<Scope, ScopeError> {
        let given = text.trim();
        if given.eq_ignore_ascii_case("global") {
            return Ok(Scope::Global);
        }
        let unknown = || ScopeError::Unknown {
            given: given.to_owned(),
        };
        let (kind, name) = given.split_once(':').ok_or_else(unknown)?;
        let name = name.trim();
        match fold(kind).as_str() {
            "site" if !name.is_empty() => Ok(Scope::Site(fold(name))),
            "ou" => Ok(Scope::Ou(Dn::parse(name)?)),
            _ => Err(unknown()),
        }
    }

    /// Whether a person lies within. A person whose DN cannot be read lies in no OU.
    pub fn covers_person(&self, person: &Person) -> bool {
        self.covers_place(&person.dn, person.site.as_deref())
    }

    /// The same for somebody of whom only the DN and the site are known.
    pub fn covers_place(&self, dn: &str, site: Option<&str>) -> bool {
        match self {
            Scope::Global => true,
            Scope::Site(id) => self.covers_site_key(id, site),
            Scope::Ou(base) => Dn::parse(dn).is_ok_and(|dn| dn.is_within(base)),
        }
    }

    /// Whether the configuration of a site lies within; `None` stands for what belongs to no site
    /// (the global policy, per-user policies) and needs the global scope.
    pub fn covers_site(&self, site: Option<&str>) -> bool {
        match self {
            Scope::Global => true,
            Scope::Site(id) => self.covers_site_key(id, site),
            Scope::Ou(_) => false,
        }
    }

    /// The text of a scope as it is kept: what it names as it was typed, its kind as the
    /// documentation writes it, and no blanks between them.
    pub fn spelled(text: &str) -> Result<String, ScopeError> {
        let length = text.chars().count();
        if length > LONGEST_SCOPE {
            return Err(ScopeError::TooLong { given: length });
        }
        let given = text.trim();
        let name = given.split_once(':').map_or("", |(_, name)| name.trim());
        Ok(match Scope::parse(given)? {
            Scope::Global => "global".to_owned(),
            Scope::Site(_) => format!("site:{name}"),
            Scope::Ou(_) => format!("OU:{name}"),
        })
    }

    fn covers_site_key(&self, id: &str, site: Option<&str>) -> bool {
        site.is_some_and(|site| fold(site) == *id)
    }
}

/// What several scopes reach together.
#[derive(Clone, Debug)]
pub enum Reach {
    /// Everything: one of them is global.
    Everything,
    /// What one of them covers; nothing where there are none.
    Of(Vec<Scope>),
}

impl Reach {
    /// The scopes of these texts; a text that is no scope covers nothing.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Reach {
        let mut scopes = Vec::new();
        for text in texts {
            match Scope::parse(text) {
                Ok(Scope::Global) => return Reach::Everything,
                Ok(scope) => scopes.push(scope),
                Err(_) => {}
            }
        }
        Reach::Of(scopes)
    }

    /// Whether a person lies within.
    pub fn covers_person(&self, person: &Person) -> bool {
        self.covers_place(&person.dn, person.site.as_deref())
    }

    /// As [`Scope::covers_place`].
    pub fn covers_place(&self, dn: &str, site: Option<&str>) -> bool {
        let Reach::Of(scopes) = self else {
            return true;
        };
        // Read once, and only where a unit is among the scopes.
        let name = LazyCell::new(|| Dn::parse(dn).ok());
        scopes.iter().any(|scope| match scope {
            Scope::Ou(base) => name.as_ref().is_some_and(|name| name.is_within(base)),
            Scope::Global | Scope::Site(_) => scope.covers_place(dn, site),
        })
    }

    /// Whether the configuration of a site lies within; `None` as in [`Scope::covers_site`].
    pub fn covers_site(&self, site: Option<&str>) -> bool {
        match self {
            Reach::Everything => true,
            Reach::Of(scopes) => scopes.iter().any(|scope| scope.covers_site(site)),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scope::Global => f.write_str("global"),
            Scope::Site(id) => write!(f, "site:{id}"),
            Scope::Ou(dn) => write!(f, "OU:{}", dn.folded()),
        }
    }
}
