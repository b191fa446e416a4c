//! The access numbers as anybody may see them, who is invited to a conference and not known here.
//!
//! There is no right to check: the numbers are meant to be found.

use pinward_core::{AccessNumber, User, fold};

use crate::{Service, Unavailable};

/// A region and the numbers that people there dial.
#[derive(Clone, Debug)]
pub struct Region {
    /// Its name.
    pub name: String,
    /// Its numbers in the order in which they are shown.
    pub numbers: Vec<AccessNumber>,
}

impl Service {
    /// The regions by name, with the numbers that are for everybody. Those that are for a site are shown
    /// to its users only.
    pub async fn dial_in_regions(&self, user: Option<&User>) -> Result<Vec<Region>, Unavailable> {
        let site = user.and_then(|user| user.person.site.as_deref()).map(fold);
        let mut names: Vec<String> = Vec::new();
        for number in self.store.access_numbers(None).await? {
            for region in number.regions {
                if !names.iter().any(|name| fold(name) == fold(&region)) {
                    names.push(region);
                }
            }
        }
        names.sort_by_key(|name| fold(name));
        let mut regions = Vec::with_capacity(names.len());
        for name in names {
            let mut numbers = self.store.access_numbers(Some(&name)).await?;
            numbers.retain(|number| {
                let of_site = number.site.as_deref().map(fold);
                of_site.is_none() || of_site == site
            });
            if !numbers.is_empty() {
                regions.push(Region { name, numbers });
            }
        }
        Ok(regions)
    }
}
