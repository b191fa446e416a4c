//! An administrator's script of more than two hundred lines, from a file, on the sample company:
//! comments, here-strings, splatting, hash tables, calculated properties, -f, if and foreach.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::{Run, Sample};

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/scripts/quarter.ps1")
}

fn run(sample: &Sample) -> Run {
    let output = sample.command().arg(script()).output();
    output.expect("the program starts").into()
}

/// The one file of that kind which the script wrote.
fn written(sample: &Sample, start: &str) -> Option<String> {
    let files = std::fs::read_dir(sample.everything()).expect("the folder");
    let names = files.map(|file| file.expect("a file").path());
    let fits = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.starts_with(start))
    };
    let found = names.into_iter().find(fits)?;
    Some(std::fs::read_to_string(found).expect("text"))
}

fn policies(sample: &Sample) -> BTreeMap<String, Value> {
    let all = sample.json("Get-CsPinPolicy").into_iter();
    all.map(|policy| {
        (
            policy["Identity"].as_str().expect("text").to_owned(),
            policy,
        )
    })
    .collect()
}

fn count(sample: &Sample, pipeline: &str) -> usize {
    sample.json(pipeline).len()
}

/// What the script says it did: the lines under the rule.
fn summary(out: &str) -> BTreeMap<&str, usize> {
    let (_, lines) = out.split_once(&"-".repeat(40)).expect("a summary");
    let words = lines.lines().filter_map(|line| line.trim().split_once(' '));
    words
        .map(|(name, number)| (name, number.trim().parse().expect("a number")))
        .collect()
}

#[test]
fn a_quarter_begins() {
    assert!(
        std::fs::read_to_string(script())
            .expect("it is there")
            .lines()
            .count()
            > 250
    );
    let sample = Sample::new();
    // Ken's PIN expires at once; Pilar of Finance has one already; somebody is locked out.
    sample
        .run("Set-CsClientPin 'Ken Myer' -ExpiresIn 0.0000001")
        .well();
    sample
        .run("Set-CsClientPin 'Pilar Ackerman' -Pin 18723834")
        .well();
    sample
        .run("Set-CsClientPin 'Novak, Petra' -Pin 18723834")
        .well();
    sample
        .run("$n = (Get-CsUser 'Novak, Petra').LineURI -replace '.*ext='; foreach ($i in 1..25) {Test-CsPhoneBootstrap -PhoneOrExt $n -Pin 99999998 | Out-Null}")
        .well();
    let locked = "Get-CsUser | Get-CsClientPinInfo | Where-Object LockState -eq Temporary";
    assert_eq!(count(&sample, locked), 1);
    let finance = count(&sample, "Get-CsUser -LdapFilter 'Department=Finance'");
    let legal = count(&sample, "Get-CsUser -LdapFilter 'Department=Legal'");
    let managers = "Get-CsUser -LdapFilter '&(Title=Manager)(!(Department=Finance))'";
    let managers = count(&sample, managers);
    let dispatchers = count(&sample, "Get-CsUser -LdapFilter 'Title=Dispatcher'");

    let first = run(&sample);
    // One newcomer is not in the directory.
    assert_eq!(first.code, Some(1), "{first:#?}");
    assert_eq!(first.err.lines().count(), 1, "{}", first.err);
    assert!(
        first.err.contains("pilar.nobody@litwareinc.com"),
        "{}",
        first.err
    );

    // Policies.
    let all = policies(&sample);
    for (identity, property, value) in [
        ("Site:Redmond", "PINLifetime", Value::from(180)),
        ("Site:Redmond", "PINHistoryCount", 5.into()),
        ("Site:Paris", "PINLifetime", 90.into()),
        (
            "Site:Paris",
            "Description",
            "Décision du 12 mars: six chiffres".into(),
        ),
        ("Site:Dublin", "MaximumLogonAttempts", 10.into()),
        ("Site:Dublin", "MinPasswordLength", 7.into()),
        ("Tag:FinancePinPolicy", "MinPasswordLength", 8.into()),
        (
            "Tag:FinancePinPolicy",
            "Description",
            "Finance: everybody, wherever they sit".into(),
        ),
        ("Tag:DispatchersPinPolicy", "PINLifetime", 0.into()),
    ] {
        assert_eq!(all[identity][property], value, "{identity} {property}");
    }
    assert!(
        first
            .out
            .contains("changed  site:Redmond: PINHistoryCount, PINLifetime\n"),
        "{}",
        first.out
    );

    // Grants.
    for (policy, people) in [
        ("FinancePinPolicy", finance),
        ("ManagersPinPolicy", managers),
        ("DispatchersPinPolicy", dispatchers),
    ] {
        let having = format!("Get-CsUser -Filter {{PinPolicy -eq '{policy}'}}");
        assert!(people > 5, "{policy}");
        assert_eq!(count(&sample, &having), people, "{policy}");
    }

    // PINs and letters.
    let had = count(
        &sample,
        "'Pilar Ackerman', 'Novak, Petra' | Get-CsUser | Where-Object Department -In Finance, Legal",
    );
    let pins = written(&sample, "pins-").expect("the PINs");
    assert_eq!(pins.lines().next(), Some("\"Pin\",\"Mail\",\"Digits\""));
    assert_eq!(pins.lines().count() - 1, finance + legal - had);
    let row: Vec<&str> = pins.lines().nth(1).expect("a row").split(',').collect();
    let (pin, mail) = (row[0].trim_matches('"'), row[1].trim_matches('"'));
    assert!(sample.logs_on(mail, pin), "{row:?}");
    assert!(sample.logs_on("51297", "18723834"), "Pilar keeps hers");
    let letters = written(&sample, "letters-").expect("the letters");
    assert_eq!(
        letters.matches("your PIN for conferences is").count(),
        finance + legal - had
    );
    assert!(letters.contains(&format!("is {pin}. Use it with your extension ")));
    assert!(letters.contains("\"everybody knows\""));

    // Newcomers, expired and locked ones.
    let welcome = written(&sample, "welcome-").expect("the newcomers");
    assert_eq!(welcome.lines().count(), 2, "{welcome}");
    assert!(
        welcome.contains("sip:tomarcher@litwareinc.com"),
        "{welcome}"
    );
    let tom = &sample.json("Get-CsClientPinInfo litwareinc\\tomarcher")[0];
    assert_eq!(tom["MustChange"], true);
    let ken = &sample.json("Get-CsClientPinInfo kenmyer")[0];
    assert_eq!(ken["LockState"], "Administrator");
    assert!(
        first.out.contains("locked   sip:kenmyer@litwareinc.com\n"),
        "{}",
        first.out
    );
    assert_eq!(count(&sample, locked), 0);

    // Reports.
    let users = count(&sample, "Get-CsUser");
    let people = written(&sample, "people-").expect("the people");
    assert_eq!(people.lines().count() - 1, users);
    let cities = written(&sample, "cities-").expect("the cities");
    let cities: Vec<Value> = serde_json::from_str(&cities).expect("JSON");
    assert_eq!(cities.len(), 5);
    assert_eq!(cities[0]["City"], "Redmond");
    let total: u64 = cities
        .iter()
        .map(|city| city["Count"].as_u64().expect("a number"))
        .sum();
    assert_eq!(total, users as u64);
    let report = written(&sample, "report-").expect("the report");
    for part in [
        "PINs of Litware, ",
        "City     Count Missing Share",
        &*format!("\nTag:FinancePinPolicy            0  {finance}    0"),
        "Within 30 days these expire: ",
        "Roles that assign PINs: CsAdministrator, CsUserAdministrator",
    ] {
        assert!(report.contains(part), "{part}\n{report}");
    }
    let said = summary(&first.out);
    assert_eq!(said["Created"], 5);
    assert_eq!(said["Changed"], 1);
    assert_eq!(said["Granted"], finance + managers + dispatchers);
    assert_eq!(said["Assigned"], finance + legal - had);
    assert_eq!((said["Welcomed"], said["Locked"], said["Freed"]), (1, 1, 1));

    // Run again it finds nothing left to do.
    let second = run(&sample);
    assert!(
        summary(&second.out).values().all(|count| *count == 0),
        "{}",
        second.out
    );
    assert_eq!(policies(&sample), all);
    assert!(sample.logs_on(mail, pin));
    let report = written(&sample, "report-").expect("the report");
    assert!(
        report.contains("PINs since the report before: 0"),
        "{report}"
    );
}
