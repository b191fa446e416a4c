//! Applying the rules by which people belong to sites. Asked for by the use cases that change a rule
//! or a person; it needs no right of its own.
//!
//! What the directory names holds before any rule. Of several rules that mean somebody, the one with
//! the deepest organisational unit above them holds, an LDAP filter after every unit, and where that
//! does not decide, the site whose id comes first.

use std::sync::Arc;

use pinward_core::{Dn, Membership, Person, fold};
use pinward_directory::filter::LdapFilter;
use pinward_store::{Judge, Place, Placed, PlacedBatch, Placing, SiteRules};

use crate::{Service, Unavailable};

/// People gone through in one transaction: a logon waits for no more than that.
const BATCH: usize = 500;

/// How far the rules are applied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlacingProgress {
    /// People gone through.
    pub gone_through: u64,
    /// People there are.
    pub people: u64,
}

impl Service {
    /// Applies the rules to everybody to whom they are not applied yet. The figures are those of the
    /// rule of the site `of`. May be given up at any time: what is left is done the next time.
    pub(crate) async fn settle_places(
        &self,
        of: Option<&str>,
        mut progress: impl FnMut(PlacingProgress),
    ) -> Result<PlacedBatch, Unavailable> {
        let mut total = PlacedBatch::default();
        let mut people = None;
        loop {
            let rules = self.store.site_rules().await?;
            if !rules.pending {
                return Ok(total);
            }
            let placing = Placing {
                version: rules.version,
                most: BATCH,
                judge: judge(&rules, of),
            };
            while let Placed::Some(batch) = self.store.place_people(placing.clone()).await? {
                total.add(batch);
                let people = match people {
                    Some(people) => people,
                    None => *people.insert(self.store.counts().await?.users),
                };
                progress(PlacingProgress {
                    gone_through: total.gone_through,
                    people,
                });
                if batch.done {
                    return Ok(total);
                }
            }
        }
    }
}

/// A rule that is ready to be asked.
struct Rule {
    site: String,
    looked_at: bool,
    units: Vec<Dn>,
    filter: Option<LdapFilter>,
}

impl Rule {
    fn read(site: &str, membership: &Membership, of: Option<&str>) -> Self {
        // What does not parse was not accepted here, and means nobody.
        let (units, filter) = match membership {
            Membership::Directory => (Vec::new(), None),
            Membership::Units(units) => {
                let units = units.iter().filter_map(|unit| Dn::parse(unit).ok());
                (units.collect(), None)
            }
            Membership::Filter(filter) => (Vec::new(), LdapFilter::parse(filter).ok()),
        };
        Self {
            site: site.to_owned(),
            looked_at: of.is_some_and(|of| fold(of) == fold(site)),
            units,
            filter,
        }
    }

    /// How closely the rule means somebody: the depth of the unit, 0 for a filter.
    fn means(&self, person: &Person, dn: Option<&Dn>) -> Option<usize> {
        if let Some(filter) = &self.filter {
            return filter.matches(person).then_some(0);
        }
        let above = self
            .units
            .iter()
            .filter(|unit| dn.is_some_and(|dn| dn.is_within(unit)));
        above.map(Dn::depth).max()
    }
}

pub(crate) fn judge(rules: &SiteRules, of: Option<&str>) -> Judge {
    let rules: Vec<Rule> = rules
        .rules
        .iter()
        .map(|(site, membership)| Rule::read(site, membership, of))
        .collect();
    Arc::new(move |person| place(&rules, person))
}

fn place(rules: &[Rule], person: &Person) -> Place {
    let dn = Dn::parse(&person.dn).ok();
    let mut best: Option<(usize, &Rule)> = None;
    let mut meaning = 0;
    let mut place = Place::default();
    for rule in rules {
        let Some(depth) = rule.means(person, dn.as_ref()) else {
            continue;
        };
        meaning += 1;
        if rule.looked_at {
            place.meant = true;
            let elsewhere = |named: &String| fold(named) != fold(&rule.site);
            place.kept = person.site.as_ref().is_some_and(elsewhere);
        }
        if best.is_none_or(|(deepest, _)| depth > deepest) {
            best = Some((depth, rule));
        }
    }
    place.contested = place.meant && meaning > 1;
    place.site = best.map(|(_, rule)| rule.site.clone());
    place
}
