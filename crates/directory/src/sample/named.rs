//! The people who are there on purpose.

use super::places::REDMOND;

/// One of them.
pub(super) struct Named {
    pub first: &'static str,
    pub last: &'static str,
    pub display_name: &'static str,
    pub logon: &'static str,
    /// Index of the place.
    pub place: usize,
    pub department: &'static str,
    pub title: &'static str,
    /// The organisational unit without the domain.
    pub unit: &'static str,
    /// The last four digits of the number.
    pub subscriber: Option<&'static str>,
    pub enabled: bool,
    /// The groups they are a member of: those of roles.
    pub groups: &'static [&'static str],
}

/// Somebody at Redmond, from whom the others differ.
const SOMEBODY: Named = Named {
    first: "",
    last: "",
    display_name: "",
    logon: "",
    place: REDMOND,
    department: "Operations",
    title: "Operator",
    unit: "OU=Redmond",
    subscriber: None,
    enabled: true,
    groups: &[],
};

pub(super) const PEOPLE: &[Named] = &[
    // The names of the reference pages.
    Named {
        first: "Ken",
        last: "Myer",
        display_name: "Ken Myer",
        logon: "kenmyer",
        title: "Manager",
        subscriber: Some("1219"),
        groups: &["CsUserAdministrator"],
        ..SOMEBODY
    },
    Named {
        first: "Pilar",
        last: "Ackerman",
        display_name: "Pilar Ackerman",
        logon: "packerman",
        department: "Finance",
        title: "Supervisor",
        unit: "OU=Finance,OU=North America",
        subscriber: Some("1297"),
        groups: &["CsHelpDesk"],
        ..SOMEBODY
    },
    // "* Smith"
    Named {
        first: "John",
        last: "Smith",
        display_name: "John Smith",
        logon: "johnsmith",
        department: "Finance",
        title: "Accountant",
        unit: "OU=Finance",
        subscriber: Some("1301"),
        ..SOMEBODY
    },
    Named {
        first: "Denise",
        last: "Smith",
        display_name: "Denise Smith",
        logon: "denisesmith",
        department: "Marketing",
        title: "Manager",
        unit: "OU=Marketing",
        subscriber: Some("1302"),
        ..SOMEBODY
    },
    // One display name for two.
    Named {
        first: "Maria",
        last: "Garcia",
        display_name: "Maria Garcia",
        logon: "mariagarcia",
        department: "Support",
        title: "Dispatcher",
        unit: "OU=Support",
        subscriber: Some("1310"),
        ..SOMEBODY
    },
    Named {
        first: "Maria",
        last: "Garcia",
        display_name: "Maria Garcia",
        logon: "mariagarcia2",
        department: "Finance",
        title: "Auditor",
        unit: "OU=Finance",
        subscriber: Some("1311"),
        ..SOMEBODY
    },
    // One number for two: the front desk.
    Named {
        first: "Lena",
        last: "Fischer",
        display_name: "Lena Fischer",
        logon: "lenafischer",
        title: "Receptionist",
        subscriber: Some("1000"),
        ..SOMEBODY
    },
    Named {
        first: "Tom",
        last: "Archer",
        display_name: "Tom Archer",
        logon: "tomarcher",
        title: "Receptionist",
        subscriber: Some("1000"),
        ..SOMEBODY
    },
    // A comma in the name, and no organisational unit.
    Named {
        first: "Petra",
        last: "Novak",
        display_name: "Novak, Petra",
        logon: "petranovak",
        department: "Legal",
        title: "Counsel",
        unit: "CN=Users",
        subscriber: Some("1320"),
        ..SOMEBODY
    },
    // No longer with the company, and never with a telephone.
    Named {
        first: "Gary",
        last: "Winslow",
        display_name: "Gary Winslow",
        logon: "garywinslow",
        subscriber: Some("1330"),
        enabled: false,
        ..SOMEBODY
    },
    Named {
        first: "Ruth",
        last: "Calloway",
        display_name: "Ruth Calloway",
        logon: "ruthcalloway",
        department: "Human Resources",
        title: "Recruiter",
        ..SOMEBODY
    },
];
