//! The sample company in a real Active Directory domain: what is synchronised from there is asked as
//! the built-in company is, and answers the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use pinward_core::{Dn, Person};
use pinward_directory::Password;
use pinward_directory::ldap::{BindName, LdapSource, Mapping, Preset, Settings, Trust};
use pinward_directory::sample;
use pinward_service::{Caller, SiteRequest, SyncOptions};
use pinward_shell::Value;
use pinward_testkit::{For, Kit, Samba};
use zeroize::Zeroizing;

use crate::bench::Bench;
use crate::examples;

/// What a directory knows otherwise, or has no place for.
const OWN: [&str; 3] = ["Guid", "WhenChanged", "WhenCreated"];

#[test]
fn examples_of_directory_queries_answer_as_on_the_built_in_company() {
    if !Samba::is_there() {
        return;
    }
    let samba = Samba::start(
        Path::new(env!("CARGO_TARGET_TMPDIR")),
        &ldif(&sample::company().people),
        For::This,
    );
    let kit = synchronised(&samba);
    drop(samba);
    let folder = kit.folder().to_owned();
    for listing in ["Get-CsUser", "Get-CsAdUser"] {
        let (built_in, synced) = (rows(None, listing), rows(Some(&folder), listing));
        assert!(built_in.len() > 900);
        assert_eq!(built_in.len(), synced.len(), "{listing}");
        for (built_in, synced) in built_in.iter().zip(&synced) {
            assert_eq!(built_in, synced, "{listing}");
        }
    }
    let asks = |code: &str| {
        let names = ["Get-CsUser", "Get-CsAdUser", "kenmyer"];
        names.iter().any(|name| code.contains(name))
    };
    let mut count = 0;
    for (code, check) in examples::all().filter(|(code, _)| asks(code)) {
        println!("{code}");
        on(Some(&folder), move |bench| check(bench, code));
        count += 1;
    }
    assert!(count >= 30, "{count} examples");
}

/// A session on the built-in company, or on a copy of what was synchronised.
fn on(folder: Option<&PathBuf>, test: impl FnOnce(&mut Bench) + Send + 'static) {
    let folder = folder.cloned();
    let kit = async move {
        match folder {
            Some(folder) => Kit::copy_of(&folder).await,
            None => Kit::sample().await,
        }
    };
    Bench::with_kit(
        Caller::with_standard_role("test", "CsAdministrator"),
        kit,
        test,
    );
}

/// All properties of what a command lists, sorted by identity.
fn rows(folder: Option<&PathBuf>, listing: &'static str) -> Vec<BTreeMap<String, String>> {
    let (sender, receiver) = std::sync::mpsc::channel();
    on(folder, move |bench| {
        let listed = bench.ok(listing);
        sender.send(listed.iter().map(row).collect()).unwrap();
    });
    let mut rows: Vec<BTreeMap<String, String>> = receiver.recv().unwrap();
    rows.sort();
    rows
}

fn row(value: &Value) -> BTreeMap<String, String> {
    let properties = value.as_object().unwrap().properties();
    properties
        .iter()
        .filter(|property| !OWN.contains(&&*property.name))
        .map(|property| {
            (
                property.name.to_string(),
                property.value.to_text().to_string(),
            )
        })
        .collect()
}

/// People, their organisational units and their groups.
fn ldif(people: &[Person]) -> String {
    let mut all = String::new();
    let mut units = BTreeSet::new();
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut entries = String::new();
    for person in people {
        let (mut above, mut dn) = (Vec::new(), person.dn.as_str());
        while let Some((_, parent)) = split(dn) {
            above.push(parent);
            dn = parent;
        }
        units.extend(above.iter().filter(|dn| dn.starts_with("OU=")).copied());
        for group in person.attributes.get("memberof").into_iter().flatten() {
            groups.entry(group).or_default().push(&person.dn);
        }
        entry(person, &mut entries);
    }
    units.insert("OU=Groups,DC=litwareinc,DC=com");
    let mut units: Vec<&str> = units.into_iter().collect();
    units.sort_by_key(|unit| Dn::parse(unit).unwrap().depth());
    for unit in units {
        write!(all, "dn: {unit}\nobjectClass: organizationalUnit\n\n").unwrap();
    }
    all += &entries;
    for (group, members) in groups {
        write!(all, "dn: {group}\nobjectClass: group\n").unwrap();
        for member in members {
            writeln!(all, "member: {member}").unwrap();
        }
        all.push('\n');
    }
    all
}

/// The first part of a name and the rest.
fn split(dn: &str) -> Option<(&str, &str)> {
    let bytes = dn.as_bytes();
    let comma = (1..bytes.len()).find(|&at| bytes[at] == b',' && bytes[at - 1] != b'\\')?;
    Some((&dn[..comma], &dn[comma + 1..]))
}

fn entry(person: &Person, out: &mut String) {
    let control = if person.enabled { 544 } else { 546 };
    let mut lines = vec![
        ("dn", person.dn.clone()),
        ("objectClass", "user".to_owned()),
        ("sAMAccountName", person.sam_account_name.clone()),
        ("userAccountControl", control.to_string()),
        ("displayName", person.display_name.clone()),
        ("msRTCSIP-UserEnabled", "TRUE".to_owned()),
    ];
    let fields = [
        ("givenName", &person.first_name),
        ("sn", &person.last_name),
        ("userPrincipalName", &person.upn),
        ("msRTCSIP-PrimaryUserAddress", &person.sip_address),
        ("msRTCSIP-Line", &person.line_uri),
    ];
    for (name, value) in fields {
        lines.extend(value.clone().map(|value| (name, value)));
    }
    lines.extend(person.registrar_pool.as_ref().map(|pool| {
        let services = "CN=RTC Service,CN=Services,CN=Configuration,DC=litwareinc,DC=com";
        let server = format!("CN=Lc Services,CN=Microsoft,CN={pool},CN=Pools,{services}");
        ("msRTCSIP-PrimaryHomeServer", server)
    }));
    for (name, values) in person
        .attributes
        .iter()
        .filter(|(name, _)| *name != "memberof")
    {
        lines.extend(values.iter().map(|value| (name.as_str(), value.clone())));
    }
    for (name, value) in lines {
        writeln!(out, "{name}: {value}").unwrap();
    }
    out.push('\n');
}

/// The people of the domain in a product without any others.
fn synchronised(samba: &Samba) -> Kit {
    let settings = Settings {
        servers: vec![format!("ldaps://{}", samba.address()).parse().unwrap()],
        trust: Trust::file(&samba.authority.file()).unwrap(),
        name: BindName::parse(Samba::SERVICE.0).unwrap(),
        password: Password::new(Zeroizing::new(Samba::SERVICE.1.to_owned())).unwrap(),
        connect_timeout: Duration::from_secs(20),
        operation_timeout: Duration::from_secs(20),
        page_size: 500,
    };
    let mapping = Mapping {
        // The built-in company has nobody but its people.
        people: "(&(objectCategory=person)(objectClass=user)(msRTCSIP-UserEnabled=TRUE))"
            .to_owned(),
        ..Mapping::of(Preset::Lync).unwrap()
    };
    let mut source = LdapSource::new(settings, vec![Samba::BASE.to_owned()], mapping).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let kit = Kit::without_people().await;
        let options = SyncOptions::of("domain", "Ldap");
        let report = kit
            .service
            .sync(&kit.administrator(), &mut source, &options, &mut |_| true)
            .await
            .unwrap();
        assert_eq!(report.figures.created, 1000);
        assert_eq!(report.unusable, []);
        // The front desk.
        assert_eq!(report.conflicts.len(), 1, "{:?}", report.conflicts);
        for (site, request) in sites() {
            let administrator = kit.administrator();
            let changed = kit
                .service
                .change_site(&administrator, &site, &request, None, |_| {})
                .await;
            changed.unwrap();
        }
        kit
    })
}

/// The rules by which people belong to the sites of the built-in company: the places where they work.
fn sites() -> Vec<(String, SiteRequest)> {
    let mut cities: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for person in sample::company().people {
        if let (Some(site), Some(city)) = (person.site, person.attributes.get("l")) {
            cities.entry(site).or_default().insert(city[0].clone());
        }
    }
    let rule = |(site, cities): (String, BTreeSet<String>)| {
        let cities: String = cities.iter().map(|city| format!("(l={city})")).collect();
        let request = SiteRequest {
            filter: Some(Some(format!("(|{cities})"))),
            ..SiteRequest::default()
        };
        (site, request)
    };
    cities.into_iter().map(rule).collect()
}
