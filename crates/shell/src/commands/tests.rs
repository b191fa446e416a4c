//! `source → output` through a whole session.

use std::sync::Arc;

use crate::error::Category;
use crate::host::TestHost;
use crate::value::Value;
use crate::{Limits, Object, Registry, Session, TypeDesc};

static USER: TypeDesc = TypeDesc::new("ADUser", &["Identity", "Name", "Title", "Age", "Tags"])
    .shows(&["Name", "Title"]);

fn user(name: &str, title: Option<&str>, age: Option<i64>) -> Value {
    Object::new(&USER)
        .with("Identity", format!("CN={name}"))
        .with("Name", name)
        .with("Title", title)
        .with("Age", age)
        .with("Tags", vec!["a", "b"])
        .into()
}

fn session() -> (Session, TestHost) {
    let host = TestHost::new();
    let registry = Arc::new(Registry::with_language_commands());
    let mut session = Session::new(registry, Box::new(host.clone()), Limits::default());
    let users = vec![
        user("Ken Myer", Some("Manager"), Some(41)),
        user("Ärne Öst", Some("engineer"), Some(9)),
        user("Pilar", None, None),
        user("arne", Some("Engineer"), Some(100)),
    ];
    session.set_variable("u", Value::array(users)).unwrap();
    (session, host)
}

fn run(source: &str) -> (String, Vec<String>) {
    let (mut session, host) = session();
    session.run(source);
    (host.output(), host.error_ids())
}

/// Output without blank lines, and no errors.
fn check(source: &str, expected: &str) {
    let (output, errors) = run(source);
    assert_eq!(errors, [""; 0], "{source}");
    let lines: Vec<&str> = output.lines().filter(|l| !l.is_empty()).collect();
    assert_eq!(lines.join("\n"), expected, "{source}");
}

fn check_all(table: &[(&str, &str)]) {
    table
        .iter()
        .for_each(|(source, expected)| check(source, expected));
}

fn refused(source: &str, id: &str) {
    let (output, errors) = run(source);
    assert_eq!(errors, [id], "{source}: {output}");
}

#[test]
fn where_object() {
    check_all(&[
        ("1..5 | Where-Object {$_ -gt 3}", "4\n5"),
        ("1..5 | ? {$_ % 2}", "1\n3\n5"),
        ("($u | where Title -eq 'engineer').Name", "Ärne Öst\narne"),
        ("($u | where Title -ceq 'engineer').Name", "Ärne Öst"),
        (
            "($u | Where-Object -Property Age -GE -Value 41).Name",
            "Ken Myer\narne",
        ),
        (
            "($u | where Name -like '*r*' | where Title).Name",
            "Ken Myer\nÄrne Öst\narne",
        ),
        ("($u | where -Not Title).Name", "Pilar"),
        ("($u | where Title -eq $null).Name", "Pilar"),
        ("($u | where Name -in 'arne','pilar').Name", "Pilar\narne"),
        (
            "($u | where Tags -contains 'b' | where Name -match '^K').Name",
            "Ken Myer",
        ),
        ("(1,'x' | where {$_ -is [int]})", "1"),
        ("($u | where Age -is int).Count", "3"),
        ("Where-Object {$true} -InputObject 7", "7"),
    ]);
    refused("1 | where Name 5", "InvalidArgument");
    refused("1 | where Name -eq", "InvalidArgument");
    refused("1 | where {$_} -eq 5", "InvalidArgument");
    refused("1 | where Name -eq -lt 6", "InvalidArgument");
    refused("1 | where", "MissingParameter");
}

#[test]
fn foreach_object() {
    check_all(&[
        ("1..3 | ForEach-Object {$_ * 2}", "2\n4\n6"),
        ("1..3 | % {'b'} {$_} {'e'}", "b\n1\n2\n3\ne"),
        (
            "1..2 | % -Begin {'b'} -Process {$_} -End {'e'}",
            "b\n1\n2\ne",
        ),
        ("$u | % Name", "Ken Myer\nÄrne Öst\nPilar\narne"),
        ("$u[0] | foreach Tags", "a\nb"),
        ("$u[0] | % Nam*", "Ken Myer"),
        ("$s = 0; 1..4 | % {$s += $_}; $s", "10"),
    ]);
    refused("1 | %", "InvalidArgument");
    refused("1 | % a b", "InvalidArgument");
}

#[test]
fn select_object() {
    check_all(&[
        ("1..9 | select -First 2", "1\n2"),
        ("1..9 | select -Last 2", "8\n9"),
        ("1..9 | select -Skip 7", "8\n9"),
        ("1..9 | select -Skip 1 -First 2", "2\n3"),
        ("1..9 | select -Last 2 -Skip 1", "7\n8"),
        ("1..9 | select -SkipLast 7", "1\n2"),
        ("1..9 | select -First 1 -Last 1", "1\n9"),
        ("1..9 | select -Index 3,0", "1\n4"),
        ("1,2,1,3,2 | select -Unique", "1\n2\n3"),
        ("1..3 | select -First 0", ""),
        ("$u[0] | select -ExpandProperty Tags", "a\nb"),
        (
            "$u[0] | select name, AGE",
            "Name     Age\n----     ---\nKen Myer  41",
        ),
        (
            "$u[0] | select N* , @{n='Double';e={$_.Age * 2}}",
            "Name     Double\n----     ------\nKen Myer     82",
        ),
        (
            "$u[0] | select * -ExcludeProperty Id*, Ta*, Age",
            "Name     Title\n----     -----\nKen Myer Manager",
        ),
        (
            "$u[0] | select -ExcludeProperty Id*, Ta*, Age, Title",
            "Name\n----\nKen Myer",
        ),
        (
            "$u[0] | select Missing, Name",
            "Missing Name\n------- ----\n        Ken Myer",
        ),
        ("($u[0] | select Name | gm)[0].TypeName", "Selected.ADUser"),
    ]);
    refused("$u[0] | select -ExpandProperty Nope", "PropertyNotFound");
    refused("$u[0] | select @{n='x'}", "InvalidArgument");
    refused("$u[0] | select @{n='x';e='Name';q=1}", "InvalidArgument");
}

#[test]
fn select_first_stops_what_comes_before() {
    let (mut session, host) = session();
    session.run("$n = 0; 1..100 | % {$n++; $_} | select -First 3 | Out-Null; $n");
    assert_eq!(host.output(), "3\n");
}

#[test]
fn sort_object() {
    check_all(&[
        ("3,1,2 | sort", "1\n2\n3"),
        ("3,1,2 | sort -Descending", "3\n2\n1"),
        ("'b','A','a','B' | sort", "A\na\nb\nB"),
        ("'b','A','a' | sort -Unique", "A\nb"),
        ("($u | sort Name).Name", "arne\nÄrne Öst\nKen Myer\nPilar"),
        (
            "($u | sort Title, Age).Name",
            "Pilar\nÄrne Öst\narne\nKen Myer",
        ),
        (
            "($u | sort @{e='Title';Descending=$true}, Age).Name",
            "Ken Myer\nÄrne Öst\narne\nPilar",
        ),
        (
            "($u | sort {$_.Name.Length}).Name",
            "arne\nPilar\nKen Myer\nÄrne Öst",
        ),
        ("10,'9',8.5 | sort", "8.5\n9\n10"),
        ("10,'x',9 | sort", "9\n10\nx"),
        ("5,3,9 | sort -Top 2", "3\n5"),
        ("5,3,9 | sort -Bottom 1", "9"),
    ]);
}

#[test]
fn group_and_measure() {
    check_all(&[
        (
            "$u | group Title -NoElement",
            "Count Name\n----- ----\n    1\n    2 engineer\n    1 Manager",
        ),
        ("($u | group Title)[1].Group.Name", "Ärne Öst\narne"),
        ("($u | group Title -AsHashTable).Manager.Name", "Ken Myer"),
        ("(1..4 | measure).Count", "4"),
        (
            "$m = $u | measure Age -Sum -Average -Maximum -Minimum; $m.Sum, $m.Average, $m.Maximum, $m.Minimum, $m.Count, $m.Property",
            "150\n50\n100\n9\n3\nAge",
        ),
        ("('a b','c' | measure -Word -Character).Words", "3"),
        ("(@() | measure).Count", "0"),
        (
            "$u | measure",
            "Count    : 4\nAverage  :\nSum      :\nMaximum  :\nMinimum  :\nProperty :",
        ),
    ]);
    refused("'x' | measure -Sum", "NonNumericInputObject");
}

#[test]
fn tee_and_out() {
    check_all(&[
        ("1..2 | tee -Variable t | % {$_ * 10}; $t", "10\n20\n1\n2"),
        ("1 | tee x.txt; Get-Content x.txt", "1\n1"),
        (
            "$u[0] | Out-File o.txt; gc o.txt",
            "Name     Title\n----     -----\nKen Myer Manager",
        ),
        ("1 | Out-Null", ""),
        ("(1,2 | Out-String).Length", "4"),
        (
            "$u[0] | ft Name -HideTableHeaders | Out-String -Stream",
            "Ken Myer",
        ),
        ("echo a b", "a\nb"),
        ("Write-Output 1,2 | measure | % Count", "2"),
        ("Write-Output 1,2 -NoEnumerate | measure | % Count", "1"),
    ]);
    refused("1 | tee", "InvalidArgument");
}

#[test]
fn writing_to_the_user() {
    let (mut session, host) = session();
    session.run("Write-Host \"a`e[1mb\" 2; Write-Warning w; Write-Information i; Write-Verbose v; Write-Verbose v -Verbose");
    host.with(|seen| {
        assert_eq!(seen.information, ["a␛[1mb 2", "i"]);
        assert_eq!(seen.warnings, ["w"]);
        assert_eq!(seen.verbose, ["v"]);
    });
    session.run("Write-Error 'no' -ErrorId Mine");
    host.with(|seen| {
        assert_eq!(seen.errors[0].id, "Mine");
        assert_eq!(seen.errors[0].category, Category::NotSpecified);
    });
}

#[test]
fn json() {
    check_all(&[
        (
            "$u[0] | select Name, Age, Tags | ConvertTo-Json -Compress",
            r#"{"Name":"Ken Myer","Age":41,"Tags":["a","b"]}"#,
        ),
        ("1,2 | ConvertTo-Json -Compress", "[1,2]"),
        ("1 | ConvertTo-Json -Compress -AsArray", "[1]"),
        ("ConvertTo-Json -Compress -InputObject 1,2", "[1,2]"),
        (
            "@{a=@{b=1}} | ConvertTo-Json",
            "{\n  \"a\": {\n    \"b\": 1\n  }\n}",
        ),
        (
            "Get-Date '2026-01-31T14:05:09Z' | ConvertTo-Json",
            "\"2026-01-31T14:05:09Z\"",
        ),
        ("(ConvertFrom-Json '{\"a\":[1,{\"b\":\"x\"}]}').a[1].b", "x"),
        ("('[1,2]' | ConvertFrom-Json | measure).Count", "2"),
        (
            "(ConvertFrom-Json '{\"d\":\"2026-01-31T14:05:09Z\"}').d.Year",
            "2026",
        ),
        (
            "(ConvertFrom-Json '{\"d\":1}' -AsHashtable).ContainsKey('D')",
            "True",
        ),
    ]);
    refused("'{' | ConvertFrom-Json", "InvalidJson");
    let (mut session, host) = session();
    session.run("@{a=@{b=@{c=1}}} | ConvertTo-Json -Depth 1 | Out-Null");
    assert_eq!(host.with(|seen| seen.warnings.len()), 1);
}

#[test]
fn csv() {
    check_all(&[
        (
            "$u[0] | select Name, Title, Age | ConvertTo-Csv",
            "\"Name\",\"Title\",\"Age\"\n\"Ken Myer\",\"Manager\",\"41\"",
        ),
        (
            "$u[2] | select Name, Title, Tags | ConvertTo-Csv -NoTypeInformation -Delimiter ';' -UseQuotes AsNeeded",
            "Name;Title;Tags\nPilar;;\"a; b\"",
        ),
        (
            "$u | select Name, Age | Export-Csv f.csv -NoTypeInformation; (Import-Csv f.csv)[3].name",
            "arne",
        ),
        ("'a,b','1,0712' | ConvertFrom-Csv | % b", "0712"),
        ("'1,2' | ConvertFrom-Csv -Header x, y | % y", "2"),
        (
            "'a','1' | Out-File f.csv; (ipcsv f.csv -Header q)[0].q",
            "a",
        ),
        (
            "[pscustomobject]@{a=1;b=2} | Export-Csv f.csv; [pscustomobject]@{b=4;a=3} | Export-Csv f.csv -Append; gc f.csv",
            "\"a\",\"b\"\n\"1\",\"2\"\n\"3\",\"4\"",
        ),
    ]);
    refused(
        "1 | Export-Csv x.csv; 1 | Export-Csv x.csv -NoClobber",
        "FileExists",
    );
    refused("Import-Csv nope.csv", "FileNotFound");
    refused(
        "[pscustomobject]@{a=1} | Export-Csv f.csv; [pscustomobject]@{b=1} | Export-Csv f.csv -Append",
        "CannotAppendCsvMismatch",
    );
    refused("'a,A','1,2' | ConvertFrom-Csv", "DuplicateColumn");
    refused("1 | ConvertTo-Csv -Delimiter ab", "InvalidArgument");
}

#[test]
fn content() {
    let (mut session, host) = session();
    host.with(|seen| {
        seen.files
            .insert("a".into(), b"\xef\xbb\xbfone\r\ntwo\nthree".to_vec());
        seen.files.insert("w".into(), b"\xff\xfea\0".to_vec());
    });
    session.run("Get-Content a; gc a -Tail 1; cat a -TotalCount 1; (type a -Raw).Length");
    assert_eq!(host.output(), "one\ntwo\nthree\nthree\none\n14\n");
    session.run("Get-Content w; Get-Content nope");
    assert_eq!(host.error_ids(), ["FileReadError", "FileNotFound"]);
}

#[test]
fn dates() {
    check_all(&[
        (
            "Get-Date -Date '2026-01-31 14:05' -Format 'yyyy/MM/dd HH:mm'",
            "2026/01/31 14:05",
        ),
        ("Get-Date '2026-01-31' -UFormat '%d.%m.%Y'", "31.01.2026"),
        ("Get-Date '2026-01-31' -Day 1", "2026-01-01 00:00:00"),
        ("(Get-Date).AddDays(1)", "1970-01-02 00:00:00"),
        ("(New-TimeSpan -Days 1 -Hours 2).TotalHours", "26"),
        ("(New-TimeSpan '2026-01-01' '2026-01-03').Days", "2"),
    ]);
    refused("Get-Date '2026-02-01' -Day 31", "InvalidArgument");
    refused("Get-Date -Format 'Q'", "InvalidArgument");
}

#[test]
fn format_commands() {
    check_all(&[
        (
            "$u | ft Name, @{n='A';e={$_.Age};width=5;align='left'}",
            "Name     A\n----     -\nKen Myer 41\nÄrne Öst 9\nPilar\narne     100",
        ),
        (
            "$u[0] | Format-Table",
            "Name     Title\n----     -----\nKen Myer Manager",
        ),
        ("$u[0] | Format-List", "Name  : Ken Myer\nTitle : Manager"),
        ("$u[0] | fl n*, age, nope", "Name : Ken Myer\nAge  : 41"),
        (
            "$u[0,1] | ft Name -GroupBy Title",
            "   Title: Manager\nName\n----\nKen Myer\n   Title: engineer\nName\n----\nÄrne Öst",
        ),
        ("1,'x' | ft", "1\nx"),
        ("@{a=1} | fl", "Name  : a\nValue : 1"),
        (
            "Get-Date '2026-01-31' | select @{n='D';e={$_}} | ft @{n='D';e='D';f='MM'}",
            "D\n-\n01",
        ),
        (
            "$u[0] | ft *",
            "Identity    Name     Title   Age Tags\n--------    ----     -----   --- ----\nCN=Ken Myer Ken Myer Manager  41 {a, b}",
        ),
    ]);
    refused("1 | ft @{n='x';e={1};width=0}", "InvalidArgument");
}

#[test]
fn about_the_session() {
    check_all(&[
        ("(Get-Command Where-*).Name", "Where-Object"),
        ("(gcm where).Name", "where -> Where-Object"),
        ("(gcm -Verb Sort).Noun", "Object"),
        ("(gal ft).Definition", "Format-Table"),
        ("(gal -Definition Get-Command).Name", "gcm"),
        ("$x = 5; (Get-Variable x).Value; gv x -ValueOnly", "5\n5"),
        (
            "Get-Command Out-Null -Syntax",
            "Out-Null [-InputObject <Object>] [<CommonParameters>]",
        ),
        (
            "'x' | gm Length",
            "   TypeName: System.String\nName   MemberType Definition\n----   ---------- ----------\nLength Property   int Length",
        ),
        (
            "$u[0] | gm -MemberType Property | % Name",
            "Age\nIdentity\nName\nTags\nTitle",
        ),
    ]);
    refused("Get-Command Nope-It", "CommandNotFound");
    refused("Get-Alias nope", "AliasNotFound");
    refused("Get-Help Nope-It", "HelpNotFound");
    let (mut session, host) = session();
    host.with(|seen| seen.history = vec!["a".into(), "b".into()]);
    session.run("(h -Count 1).CommandLine; (h 1).CommandLine");
    assert_eq!(host.output(), "b\na\n");
}

#[test]
fn help() {
    for (source, part) in [
        ("Get-Help Sort-Object", "SYNTAX"),
        ("help sort -Examples", "EXAMPLE 1"),
        ("man Sort-Object -Full", "Accept pipeline input?"),
        (
            "Get-Help Sort-Object -Parameter desc*",
            "-Descending [<SwitchParameter>]",
        ),
        ("Get-Help", "about_Filters"),
        ("Get-Help about_Filters", "PinPolicy"),
        ("Get-Help csv", "Export-Csv"),
        ("Sort-Object -?", "SYNTAX"),
    ] {
        let (output, errors) = run(source);
        assert_eq!(errors, [""; 0], "{source}");
        assert!(output.contains(part), "{source}: {output}");
    }
}

#[test]
fn every_command_has_help() {
    for def in super::all() {
        assert!(!def.synopsis.is_empty(), "{}", def.name);
        for param in def.params {
            assert!(!param.help.is_empty(), "{} -{}", def.name, param.name);
        }
        assert!(!crate::help::text(&def, crate::help::Detail::Full, 80).is_empty());
    }
}

#[test]
fn cancellation_stops_a_command() {
    let (mut session, host) = session();
    host.with(|seen| seen.cancelled = true);
    let result = session.run("1..1000 | sort");
    assert!(result.cancelled);
    assert_eq!(host.output(), "");
}

#[test]
fn sorting_never_panics_on_mixed_values() {
    let (mut session, host) = session();
    session.run(
        "$x = 9007199254740993, 9007199254740992.0, 9007199254740992, 'a', $null, $true, \
         (Get-Date), '12', -0.0, 0, 'A', @(1,2), @{a=1}; \
         ($x * 20 | sort).Count; ($x * 20 | sort -Descending -Unique | measure).Count -gt 5",
    );
    assert_eq!(host.error_ids(), [""; 0]);
    assert!(host.output().ends_with("True\n"), "{}", host.output());
}
