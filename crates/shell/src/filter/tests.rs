use proptest::prelude::*;

use super::Filter;
use crate::value::{Object, Value};

fn user() -> Value {
    Object::custom()
        .with("DisplayName", "Ken Myer")
        .with("Title", "Manager")
        .with("Enabled", true)
        .with("Disabled", false)
        .with("PinPolicy", None::<&str>)
        .with("Level", 12)
        .with("Phones", vec!["100", "200"])
        .with("None", Value::array(vec![]))
        .into()
}

fn variables(name: &str) -> Value {
    match name.to_lowercase().as_str() {
        "t" => Value::from("manager"),
        "u" => user(),
        _ => Value::Null,
    }
}

fn run(text: &str) -> Result<bool, String> {
    let user = user();
    Filter::parse(text, &variables)
        .map(|f| f.matches(&|p| user.property(p)))
        .map_err(|e| e.to_string())
}

#[test]
fn what_a_filter_selects() {
    let table = [
        ("PinPolicy -eq $Null", true),
        ("VoicePolicy -ne $Null", false),
        ("Enabled -ne $True", false),
        ("title -EQ 'manager'", true),
        ("Title –eq “Manager”", true),
        ("Title -eq \"$t\"", true),
        ("Title -eq \"x${T}\"", false),
        ("Title -eq $t", true),
        ("Title -eq $u.Title", true),
        ("Title -like 'man*'", true),
        ("Title -notlike 'man*'", false),
        ("PinPolicy -like '*'", false),
        ("PinPolicy -notlike 'x*'", true),
        ("Level -gt 9", true),
        ("Level -gt '9'", true),
        ("Level -lt -1.5", false),
        ("Level -le 12 -and Level -ge 12", true),
        ("PinPolicy -lt 5", false),
        ("PinPolicy -ge 0", false),
        ("Enabled -eq 'False'", false),
        ("Disabled -eq 'False'", true),
        ("Phones -eq '200'", true),
        ("Phones -ne '200'", false),
        ("Phones -like '3*'", false),
        ("None -eq $null", true),
        ("-not (Title -eq 'x')", true),
        ("!(Title -eq 'x') -and -not Enabled -eq $false", true),
        (
            "Title -eq 'x' -or Title -eq 'Manager' -and Level -eq 12",
            true,
        ),
        (
            "(Title -eq 'Manager' -or Title -eq 'x') -and Level -eq 1",
            false,
        ),
        ("DisplayName -eq 'it''s'", false),
    ];
    for (text, expected) in table {
        assert_eq!(run(text), Ok(expected), "{text}");
    }
}

#[test]
fn what_a_filter_refuses() {
    let table = [
        ("", "empty"),
        ("Title", "missing after \"Title\""),
        ("Title -eq", "value to compare"),
        ("Title -eq Manager", "'Manager'"),
        ("Title -match 'x'", "\"-match\""),
        ("Title -ceq 'x'", "\"-ceq\""),
        ("$_.Title -eq 'x'", "\"$_\""),
        ("'x' -eq Title", "starts with the name"),
        ("Title -eq 'x", "not closed"),
        ("Title -eq \"$(1)\"", "$( )"),
        ("Title -eq $(1)", "$( )"),
        ("(Title -eq 'x'", "\")\" is missing"),
        ("Title -eq 'x')", "without"),
        ("Title -eq 'x' Level -eq 2", "-and or -or"),
        ("Title = 'x'", "\"=\""),
        ("Title.Length -eq 2", "look inside"),
        ("Title -eq 12ab", "not a number"),
        ("Title -eq $u", "single value"),
        ("Title -eq 'x'; Remove-X", "\";\""),
        ("Title -eq ${t", "not closed"),
    ];
    for (text, part) in table {
        let error = run(text).expect_err(text);
        assert!(error.contains(part), "{text}: {error}");
    }
}

#[test]
fn nesting_is_bounded() {
    let deep = format!("{}Title -eq 'x'{}", "(".repeat(5000), ")".repeat(5000));
    assert!(run(&deep).is_err());
    assert!(run(&"-not ".repeat(5000)).is_err());
    let flat = vec!["Title -eq 'Manager'"; 2000].join(" -and ");
    assert_eq!(run(&flat), Ok(true));
}

#[test]
fn properties_are_listed_once() {
    let filter = Filter::parse("a -eq 1 -or (B -eq 2 -and A -eq 3)", &variables).unwrap();
    assert_eq!(filter.properties(), ["a", "B"]);
}

proptest! {
    #[test]
    fn never_panics(text in "[A-Za-z$_.'\"()! `{}0-9–-]{0,40}|.{0,30}") {
        _ = run(&text);
    }

    #[test]
    fn quoted_text_is_itself(text in "[^\u{2018}-\u{201b}]{0,30}") {
        let filter = format!("X -eq '{}'", text.replace('\'', "''"));
        let filter = Filter::parse(&filter, &variables).unwrap();
        prop_assert!(filter.matches(&|_| Some(Value::from(text.as_str()))));
    }
}
