//! Where the people of the sample company work, and as what.

use super::names::{EVERYWHERE, IN_FRANCE, IN_IRELAND, Names};

/// A city with an office.
pub(super) struct Place {
    pub city: &'static str,
    /// Id of the site.
    pub site: &'static str,
    pub state: Option<&'static str>,
    /// ISO 3166 code.
    pub country: &'static str,
    pub pool: &'static str,
    /// All but the last four digits of its numbers; no subscriber anywhere has them.
    pub prefix: &'static str,
    /// The first digit of its five-digit extensions.
    pub extension: char,
    pub names: &'static [&'static Names],
    /// Its share, in hundredths.
    pub share: u64,
}

pub(super) const REDMOND: usize = 0;

pub(super) const PLACES: [Place; 5] = [
    Place {
        city: "Redmond",
        site: "Redmond",
        state: Some("WA"),
        country: "US",
        pool: "atl-cs-001.litwareinc.com",
        prefix: "+1425555",
        extension: '5',
        names: EVERYWHERE,
        share: 44,
    },
    Place {
        city: "Seattle",
        site: "Redmond",
        state: Some("WA"),
        country: "US",
        pool: "atl-cs-001.litwareinc.com",
        prefix: "+1206555",
        extension: '8',
        names: EVERYWHERE,
        share: 12,
    },
    Place {
        city: "Portland",
        site: "Redmond",
        state: Some("OR"),
        country: "US",
        pool: "atl-cs-001.litwareinc.com",
        prefix: "+1503555",
        extension: '7',
        names: EVERYWHERE,
        share: 10,
    },
    Place {
        city: "Paris",
        site: "Paris",
        state: None,
        country: "FR",
        pool: "par-cs-001.litwareinc.com",
        prefix: "+3319900",
        extension: '3',
        names: IN_FRANCE,
        share: 18,
    },
    Place {
        city: "Dublin",
        site: "Dublin",
        state: None,
        country: "IE",
        pool: "dub-cs-001.litwareinc.com",
        prefix: "+35320911",
        extension: '6',
        names: IN_IRELAND,
        share: 16,
    },
];

/// A department and what its people are called besides Manager and Supervisor.
#[derive(Clone, Copy)]
pub(super) struct Department {
    pub name: &'static str,
    pub titles: &'static [&'static str],
}

pub(super) const DEPARTMENTS: [Department; 8] = [
    Department {
        name: "Finance",
        titles: &["Accountant", "Controller", "Payroll Clerk", "Auditor"],
    },
    Department {
        name: "Marketing",
        titles: &["Copywriter", "Designer", "Event Planner"],
    },
    Department {
        name: "Sales",
        titles: &["Account Executive", "Sales Representative"],
    },
    Department {
        name: "Support",
        titles: &["Support Engineer", "Dispatcher", "Support Engineer"],
    },
    Department {
        name: "Engineering",
        titles: &[
            "Software Engineer",
            "Test Engineer",
            "Architect",
            "Technical Writer",
        ],
    },
    Department {
        name: "Operations",
        titles: &["Operator", "Facilities Technician", "Buyer"],
    },
    Department {
        name: "Human Resources",
        titles: &["Recruiter", "Benefits Specialist"],
    },
    Department {
        name: "Legal",
        titles: &["Counsel", "Paralegal"],
    },
];

/// The organisational unit, from the leaf up, without the domain.
pub(super) fn unit(place: &Place, department: &str, number: usize) -> String {
    let even = number.is_multiple_of(2);
    match (place.city, department) {
        ("Redmond" | "Seattle", "Finance") if even => "OU=Finance,OU=North America".to_owned(),
        ("Redmond" | "Seattle", "Sales") => "OU=Sales,OU=North America".to_owned(),
        ("Portland", _) => "OU=Portland".to_owned(),
        ("Redmond", "Engineering") if even => "OU=Platform,OU=Engineering".to_owned(),
        ("Redmond", "Operations" | "Human Resources") => "OU=Redmond".to_owned(),
        ("Paris" | "Dublin", "Sales" | "Support") => format!("OU={department},OU={}", place.city),
        _ => format!("OU={department}"),
    }
}
