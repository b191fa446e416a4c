//! Sites, and who belongs to them.

use std::sync::Arc;

use pinward_core::{Membership, Person, Site};

/// A site with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteDetails {
    /// The site.
    pub site: Site,
    /// Its rule.
    pub membership: Membership,
    /// How many enabled people belong to it.
    pub users: u64,
}

impl SiteDetails {
    /// Whether what is set of it is the same; who belongs to it comes and goes.
    pub fn is_set_like(&self, other: &Self) -> bool {
        self.site == other.site && self.membership == other.membership
    }
}

/// What came of creating a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum SiteCreated {
    /// It exists now.
    Done,
    /// It existed already; nothing was changed.
    Exists,
}

/// What came of changing a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum SiteChanged {
    /// It is so now.
    Done,
    /// There is no such site.
    NotFound,
    /// It is another one by now than was seen.
    Overtaken,
}

/// What came of removing a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum SiteRemoved {
    /// It is gone.
    Done {
        /// How many enabled people belonged to it.
        users: u64,
        /// Whether a policy went with it.
        policy: bool,
    },
    /// There is no such site.
    NotFound,
    /// It is another one by now than was seen.
    Overtaken,
}

/// The rules by which people belong to sites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteRules {
    /// Counts the changes of the rules.
    pub version: i64,
    /// Whether there is somebody to whom they are not applied yet.
    pub pending: bool,
    /// The sites that have a rule, by id.
    pub rules: Vec<(String, Membership)>,
}

/// What the rules say of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The id of the site they give the person; one that has a rule.
    pub site: Option<String>,
    /// Whether the rule that is looked at means the person.
    pub meant: bool,
    /// Whether it does, and so does the rule of another site.
    pub contested: bool,
    /// Whether it does, and the directory names another site.
    pub kept: bool,
}

/// Says where a person belongs by the rules. [`Person::site`] is what the directory said.
pub type Judge = Arc<dyn Fn(&Person) -> Place + Send + Sync>;

/// What holds of a change by somebody who does not say who belongs to which site: no rule may give the
/// person another site for it (R-RBAC-3).
#[derive(Clone)]
pub struct KeptPlace {
    /// The rules by which `judge` judges, as [`SiteRules::version`].
    pub version: i64,
    /// What the rules say.
    pub judge: Judge,
}

impl KeptPlace {
    /// Whether the rules give a person whom the directory names no site for another one after a change.
    /// Whoever falls out of a site is in nobody's scope who did not reach them before.
    #[must_use]
    pub fn forbids(&self, before: &Person, after: &Person) -> bool {
        let by_rule = |person: &Person| {
            (self.judge)(&Person {
                site: None,
                ..person.clone()
            })
            .site
        };
        let next = by_rule(after);
        next.is_some() && next != by_rule(before)
    }
}

/// Applying the rules to some people.
#[derive(Clone)]
pub struct Placing {
    /// The rules by which `judge` judges, as [`SiteRules::version`].
    pub version: i64,
    /// To how many people at most.
    pub most: usize,
    /// What the rules say.
    pub judge: Judge,
}

/// What came of applying the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Placed {
    /// They were applied to some more people.
    Some(PlacedBatch),
    /// The rules were changed in between: read them again.
    RulesChanged,
}

/// What applying the rules did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlacedBatch {
    /// People that were gone through.
    pub gone_through: u64,
    /// People who belong elsewhere now.
    pub moved: u64,
    /// People of whom [`Place::meant`] was said.
    pub meant: u64,
    /// People of whom [`Place::contested`] was said.
    pub contested: u64,
    /// People of whom [`Place::kept`] was said.
    pub kept: u64,
    /// Whether everybody was gone through.
    pub done: bool,
}

impl PlacedBatch {
    /// Adds what a further batch did.
    pub fn add(&mut self, batch: Self) {
        self.gone_through += batch.gone_through;
        self.moved += batch.moved;
        self.meant += batch.meant;
        self.contested += batch.contested;
        self.kept += batch.kept;
        self.done = batch.done;
    }
}
