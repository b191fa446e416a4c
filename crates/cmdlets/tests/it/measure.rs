//! How long commands over 100,000 users take. Not a test: run with
//! `cargo nextest run --release -p pinward-cmdlets --run-ignored only measure --no-capture`.

use std::time::Instant;

use pinward_core::Person;
use pinward_directory::sample;

use crate::bench::Bench;

/// The sample company a hundred times over, each time with other names.
fn multitude(bench: &Bench) {
    let people = sample::company().people;
    for copy in 0..100 {
        let batch = people.iter().map(|person| twin(person, copy)).collect();
        let act = bench.kit.act();
        let put = bench.kit.store.put_people(batch, false, &act);
        bench.runtime.block_on(put).unwrap();
    }
}

fn twin(person: &Person, copy: usize) -> Person {
    if copy == 0 {
        return person.clone();
    }
    let logon = format!("{}x{copy}", person.sam_account_name);
    let address = format!("{logon}@litwareinc.com");
    Person {
        guid: format!("{:08x}{}", copy, &person.guid[8..]),
        dn: person.dn.replacen("CN=", &format!("CN={copy} "), 1),
        display_name: format!("{copy} {}", person.display_name),
        sip_address: Some(format!("sip:{address}")),
        upn: Some(address),
        sam_account_name: logon,
        line_uri: None,
        ..person.clone()
    }
}

/// The most memory the process ever had, in MiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kib.unwrap_or_default() / 1024
}

#[test]
#[ignore = "a measurement"]
fn measure_a_large_company() {
    Bench::on(|bench| {
        multitude(bench);
        println!("peak {} MiB before", peak());
        for source in [
            "Get-CsUser | Measure-Object",
            "Get-CsUser -Filter {City -eq 'Paris'} | Measure-Object",
            "Get-CsUser -LdapFilter '(title=Manager)' | Measure-Object",
            "Get-CsUser -OU 'OU=Finance,DC=litwareinc,DC=com' | Measure-Object",
            "Get-CsUser | Get-CsClientPinInfo | Measure-Object",
            "Get-CsUser | Grant-CsPinPolicy -PolicyName RedmondUsersPinPolicy",
            "Get-CsUser | Set-CsClientPin | Measure-Object",
            "Get-CsUser '*' | Measure-Object",
        ] {
            let begun = Instant::now();
            let values = bench.values(source);
            let count = values.first().and_then(|value| value.property("Count"));
            println!(
                "{:8.2?} {count:?} {source}; peak {} MiB",
                begun.elapsed(),
                peak()
            );
        }
    });
}

#[test]
#[ignore = "a measurement"]
fn measure_the_figures_of_policies() {
    Bench::on(|bench| {
        multitude(bench);
        bench.ok("Get-CsUser -ResultSize 1000 | Set-CsClientPin");
        for source in [
            "Test-CsPinPolicy",
            "Test-CsPinPolicy",
            "Set-CsPinPolicy -PINHistoryCount 1 -PINLifetime 30 -WhatIf",
            "Remove-CsPinPolicy site:Redmond -WhatIf",
        ] {
            let begun = Instant::now();
            let told = bench.values(source).len() + bench.remarks().len();
            println!("{:8.2?} {told} answers: {source}", begun.elapsed());
        }
    });
}
