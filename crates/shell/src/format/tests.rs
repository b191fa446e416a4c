mod dated;

use proptest::prelude::*;

use dated::date;

use super::directive::{Directive, encode};
use super::json::{self, JsonOptions};
use super::{
    Formatter, LEAST_WIDTH, Layout, Locale, TableColumn, TableOptions, cell, csv, dates, escape,
};
use crate::value::{Column, Hash, Object, TypeDesc, Value};

fn lines(values: &[Value], layout: Layout) -> Vec<String> {
    let mut lines = Vec::new();
    let mut formatter = Formatter::new(layout);
    let mut out = |l: &str| {
        lines.push(l.to_owned());
        Ok(())
    };
    for value in values {
        formatter.push(value, &mut out).unwrap();
    }
    formatter.finish(&mut out).unwrap();
    lines
}

fn check(values: &[Value], width: Option<usize>, expected: &[&str]) {
    assert_eq!(lines(values, Layout::of(width)), expected);
}

fn object(properties: &[(&'static str, Value)]) -> Value {
    let object = Object::custom();
    for (name, value) in properties {
        object.put(*name, value.clone());
    }
    object.into()
}

#[test]
fn up_to_four_properties_are_a_table() {
    let row = |name: &str, count: i64| {
        object(&[
            ("Name", name.into()),
            ("Count", count.into()),
            ("Old", false.into()),
        ])
    };
    check(
        &[row("Finance", 7), row("資材", 120), Value::from("done")],
        None,
        &[
            "",
            "Name    Count Old",
            "----    ----- ---",
            "Finance     7 False",
            "資材      120 False",
            "",
            "done",
        ],
    );
}

#[test]
fn more_properties_are_a_list() {
    let five = object(&[
        ("A", 1.into()),
        ("Longer", Value::Null),
        ("C", vec![1, 2, 3, 4, 5].into()),
        ("D", "one\ntwo".into()),
        ("E", object(&[("x", 1.into())])),
    ]);
    check(
        &[five.clone(), five],
        None,
        &[
            "",
            "A      : 1",
            "Longer :",
            "C      : {1, 2, 3, 4…}",
            "D      : one",
            "         two",
            "E      : @{x=1}",
            "",
            "A      : 1",
            "Longer :",
            "C      : {1, 2, 3, 4…}",
            "D      : one",
            "         two",
            "E      : @{x=1}",
            "",
        ],
    );
}

static SITE: TypeDesc = TypeDesc::new("Site", &["Identity", "Size", "Hidden"])
    .shows(&["Identity", "Size"])
    .as_table(&[
        Column::new("Identity").width(8),
        Column::new("Size").width(5).right(),
    ]);

#[test]
fn a_type_says_how_it_is_shown() {
    let site = |name: &str| -> Value {
        Object::new(&SITE)
            .with("Identity", name)
            .with("Size", "big")
            .with("Hidden", 1)
            .into()
    };
    check(
        &[site("Site:Redmond"), site("b")],
        None,
        &[
            "",
            "Identity  Size",
            "--------  ----",
            "Site:Re…   big",
            "b          big",
            "",
        ],
    );
}

#[test]
fn a_table_of_fixed_widths_streams() {
    let mut seen = 0;
    let mut formatter = Formatter::new(Layout::of(None));
    let site: Value = Object::new(&SITE).with("Identity", "x").into();
    formatter
        .push(&site, &mut |_| {
            seen += 1;
            Ok(())
        })
        .unwrap();
    assert_eq!(seen, 4, "blank, header, dashes, row");
}

#[test]
fn columns_that_do_not_fit_are_narrowed_then_dropped() {
    let wide = object(&[
        ("First", "a".repeat(12).as_str().into()),
        ("Second", "b".repeat(12).as_str().into()),
        ("Third", "c".into()),
    ]);
    check(
        &[wide],
        Some(20),
        &[
            "",
            "First        Second",
            "-----        ------",
            "aaaaaaaaaaaa bbbbbb…",
            "",
        ],
    );
}

/// A column of a type that is never cut: the others make room, and at the very end the line overruns.
#[test]
fn a_whole_column_is_never_cut() {
    const COLUMNS: &[Column] = &[Column::new("Who"), Column::new("Key").whole()];
    static TYPE: TypeDesc = TypeDesc::new("Keyed", &["Who", "Key"]).as_table(COLUMNS);
    let keyed = |who: &str, key: &str| -> Value {
        Object::new(&TYPE).with("Who", who).with("Key", key).into()
    };
    let long = "1234567890123456";
    check(
        &[keyed("somebody", long)],
        Some(20),
        &["", "Who  Key", "---  ---", "som… 1234567890123456", ""],
    );
    // Widths that are settled by a short value, then a long one.
    let mut lines = Vec::new();
    let mut out = |l: &str| {
        lines.push(l.to_owned());
        Ok(())
    };
    let mut formatter = Formatter::new(Layout::of(None));
    formatter.push(&keyed("a", "1"), &mut out).unwrap();
    formatter.flush(&mut out).unwrap();
    formatter.push(&keyed("a", long), &mut out).unwrap();
    formatter.finish(&mut out).unwrap();
    assert!(lines.iter().any(|l| l.ends_with(long)), "{lines:?}");
}

/// An error or warning between rows settles the widths: the last column gets what room there is.
#[test]
fn columns_settled_early_get_the_free_room() {
    let row = |name: &str| object(&[("Id", 1.into()), ("Name", name.into())]);
    let mut lines = Vec::new();
    let mut out = |l: &str| {
        lines.push(l.to_owned());
        Ok(())
    };
    let mut formatter = Formatter::new(Layout::of(None));
    formatter.push(&row("Fin"), &mut out).unwrap();
    formatter.flush(&mut out).unwrap();
    formatter
        .push(&row("Finance and accounting"), &mut out)
        .unwrap();
    formatter.finish(&mut out).unwrap();
    let whole = |l: &String| l.ends_with("Finance and accounting");
    assert!(lines.iter().any(whole), "{lines:?}");
}

#[test]
fn columns_that_were_asked_for_and_have_no_room_are_told() {
    let columns = ["First", "Second", "Third"].map(TableColumn::new).to_vec();
    let row = vec!["a".repeat(18), "b".repeat(12), "c".to_owned()];
    let row: Vec<Value> = row.into_iter().map(Value::from).collect();
    let mut out = |_: &str| Ok(());
    let mut formatter = Formatter::new(Layout::of(Some(20)));
    let start = encode(Directive::Table(columns, TableOptions::default()));
    formatter.push(&start, &mut out).unwrap();
    formatter
        .push(&encode(Directive::Row(Value::array(row))), &mut out)
        .unwrap();
    assert_eq!(formatter.warning(), None);
    formatter.finish(&mut out).unwrap();
    let expected = "These columns do not fit into the line and are left out: Second, Third. \
                    Format-List shows all.";
    assert_eq!(formatter.warning().as_deref(), Some(expected));
    assert_eq!(formatter.warning(), None);
}

#[test]
fn different_types_get_their_own_tables() {
    let a = object(&[("A", 1.into())]);
    let b = object(&[("B", 2.into())]);
    check(
        &[a, b],
        None,
        &["", "A", "-", "1", "", "", "B", "-", "2", ""],
    );
}

#[test]
fn hash_tables_are_names_and_values() {
    let hash = Hash::new();
    hash.set("Add", vec!["x", "y"].into());
    hash.set("Count", 3.into());
    check(
        &[hash.into()],
        None,
        &[
            "",
            "Name                           Value",
            "----                           -----",
            "Add                            {x, y}",
            "Count                          3",
            "",
        ],
    );
}

#[test]
fn plain_values_are_lines() {
    let values = [
        Value::Null,
        true.into(),
        1.5.into(),
        vec!["a", "b"].into(),
        "x\r\ny".into(),
        "".into(),
    ];
    check(&values, None, &["True", "1.5", "a", "b", "x", "y", ""]);
}

#[test]
fn terminals_get_no_control_characters() {
    let evil = "a\x1b]0;owned\x07\u{202e}b\u{9b}c";
    let shown = "a␛]0;owned␇<U+202E>b<U+009B>c";
    check(&[evil.into()], Some(80), &[shown]);
    // Not a terminal: the text as it is.
    check(&[evil.into()], None, &[evil]);
    check(
        &[object(&[("N", evil.into())])],
        Some(80),
        &["", "N", "-", shown, ""],
    );
    check(
        &[object(&[("N\x1b", "a\tb\nc".into())])],
        None,
        &["", "N␛", "--", "a b␊c", ""],
    );
    assert_eq!(escape::cell("Ärger 資材 👍🏽"), "Ärger 資材 👍🏽");
}

#[test]
fn lists_wrap_under_the_value_on_a_terminal() {
    let long = object(&[
        ("Name", "0123456789".repeat(3).as_str().into()),
        ("B", 1.into()),
        ("C", 1.into()),
        ("D", 1.into()),
        ("E", 1.into()),
    ]);
    let shown = lines(std::slice::from_ref(&long), Layout::of(Some(20)));
    assert_eq!(
        shown[1..4],
        [
            "Name : 0123456789012",
            "       3456789012345",
            "       6789"
        ]
    );
    assert_eq!(lines(&[long], Layout::of(None))[1].len(), 37);
}

#[test]
fn directives_lay_out_what_they_say() {
    let columns = vec![
        TableColumn {
            width: Some(5),
            ..TableColumn::new("Name")
        },
        TableColumn::new("N"),
    ];
    let wrap = TableOptions {
        wrap: true,
        ..TableOptions::default()
    };
    let row = |a: &str| encode(Directive::Row(vec![Value::from(a), Value::from(7)].into()));
    check(
        &[
            encode(Directive::Table(columns, wrap)),
            encode(Directive::Group("Site".into(), "Redmond".into())),
            row("abcdefg"),
            encode(Directive::Group("Site".into(), "Paris".into())),
            row("x"),
            encode(Directive::End),
            "text".into(),
        ],
        None,
        &[
            "",
            "   Site: Redmond",
            "",
            "Name  N",
            "----  -",
            "abcde 7",
            "fg",
            "",
            "",
            "   Site: Paris",
            "",
            "Name  N",
            "----  -",
            "x     7",
            "",
            "text",
        ],
    );
}

#[test]
fn a_million_rows_are_not_held_back() {
    let mut formatter = Formatter::new(Layout::of(None));
    let mut lines = 0;
    let row = object(&[("A", 1.into())]);
    for pushed in 1..=1000 {
        formatter
            .push(&row, &mut |_| {
                lines += 1;
                Ok(())
            })
            .unwrap();
        assert!(pushed < super::ROWS_MEASURED || lines == pushed + 3);
    }
}

#[test]
fn later_rows_may_be_wider_where_there_is_room() {
    let row = |i: i64| object(&[("N", i.into()), ("Name", format!("user {i}").into())]);
    let rows: Vec<Value> = (0..=10_000).map(row).collect();
    let lines = lines(&rows, Layout::of(None));
    let last = &lines[lines.len() - 2];
    assert_eq!(last.trim_start(), "10000 user 10000");
    assert_eq!(lines[1].find("Name"), last.find("user"));
}

/// Names in any script stand under their header: what counts is cells, not characters.
#[test]
fn wide_and_combined_characters_are_aligned() {
    let rows: Vec<Value> = [
        ("山田 太郎", "東京"),
        ("Rene\u{301}e", "Lyon"),
        ("👨\u{200d}👩\u{200d}👧 fam", "🇩🇪"),
        ("Ｗｉｄｅ", "김"),
        ("plain", "x"),
    ]
    .into_iter()
    .map(|(name, city)| {
        object(&[
            ("Name", name.into()),
            ("City", city.into()),
            ("N", 7.into()),
        ])
    })
    .collect();
    let lines = lines(&rows, Layout::of(None));
    for line in &lines[1..=rows.len() + 2] {
        // The number is one cell, at the right edge of its column.
        assert_eq!(cell::width(line), cell::width(&lines[1]), "{line}");
    }
    for (text, cells, expected) in [
        ("山田太郎", 5, "山田…"),
        ("山田太郎", 4, "山…"),
        ("Rene\u{301}e x", 6, "Rene\u{301}e…"),
        ("abc", 3, "abc"),
        ("abc", 1, "…"),
    ] {
        assert_eq!(cell::clip(text, cells), expected, "{text} in {cells}");
        assert!(cell::width(&cell::clip(text, cells)) <= cells);
    }
}

/// -Wrap breaks between words, and within one only where it is too long.
#[test]
fn texts_are_wrapped_between_words() {
    for (text, cells, expected) in [
        ("one two three", 8, &["one two", "three"][..]),
        ("one two three", 7, &["one two", "three"]),
        ("one two three", 3, &["one", "two", "thr", "ee"]),
        (
            "sip:kenmyer@litwareinc.com",
            10,
            &["sip:kenmye", "r@litwarei", "nc.com"],
        ),
        ("a  b", 2, &["a ", "b"]),
        ("山田 太郎", 6, &["山田", "太郎"]),
        ("", 5, &[""]),
    ] {
        assert_eq!(cell::wrap(text, cells), expected, "{text} in {cells}");
    }
}

#[test]
fn json_is_written_as_the_original_does() {
    let value = object(&[
        ("Name", "a\"b\n\x1b資".into()),
        ("N", 1.into()),
        ("F", 2.0.into()),
        ("Nan", f64::NAN.into()),
        ("Null", Value::Null),
        ("List", vec![1, 2].into()),
        ("Empty", Value::array(vec![])),
        ("At", date("2026-03-05T07:08:09+02:00").into()),
        (
            "O",
            object(&[("P", object(&[("Q", object(&[("R", 1.into())]))]))]),
        ),
    ]);
    let options = JsonOptions {
        depth: 2,
        compress: true,
        most_bytes: 10_000,
    };
    let json = json::write(&value, options).unwrap();
    assert!(json.cut);
    assert_eq!(
        json.text,
        r#"{"Name":"a\"b\n\u001b資","N":1,"F":2.0,"Nan":"NaN","Null":null,"List":[1,2],"Empty":[],"At":"2026-03-05T07:08:09+02:00","O":{"P":{"Q":"@{R=1}"}}}"#
    );
    let pretty = JsonOptions {
        compress: false,
        ..options
    };
    let json = json::write(&object(&[("A", vec![1].into())]), pretty).unwrap();
    assert_eq!(json.text, "{\n  \"A\": [\n    1\n  ]\n}");
    assert!(
        json::write(
            &value,
            JsonOptions {
                most_bytes: 10,
                ..options
            }
        )
        .is_none()
    );
}

#[test]
fn csv_quotes() {
    let value = object(&[
        ("A", "x,\"y".into()),
        ("B", Value::Null),
        ("C", vec!["1", "2"].into()),
    ]);
    let columns = csv::columns(&value);
    let table = [
        (csv::Quotes::Always, "\"x,\"\"y\",,\"1; 2\""),
        (csv::Quotes::AsNeeded, "\"x,\"\"y\",,1; 2"),
        (csv::Quotes::Never, "x,\"y,,1; 2"),
    ];
    for (quotes, expected) in table {
        let options = csv::CsvOptions {
            delimiter: ',',
            quotes,
        };
        assert_eq!(csv::row(&value, &columns, options), expected);
    }
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,30}",
        ".{0,30}",
        "(\u{1b}|[0-9]\u{fe0f}\u{20e3}|資|e\u{301}|\n|a){0,20}"
    ]
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any_text().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::array),
            prop::collection::vec((any_text(), inner.clone()), 0..7).prop_map(|p| {
                let object = Object::custom();
                p.into_iter().for_each(|(k, v)| object.put(k, v));
                object.into()
            }),
            prop::collection::vec((any_text(), inner), 0..4).prop_map(|p| {
                let hash = Hash::new();
                p.into_iter().for_each(|(k, v)| _ = hash.set(&k, v));
                hash.into()
            }),
        ]
    })
}

proptest! {
    #[test]
    fn tables_and_lists_keep_to_the_width(values in prop::collection::vec(any_value(), 0..6), width in 0usize..90) {
        let objects: Vec<Value> = values
            .into_iter()
            .filter(|v| matches!(v, Value::Object(o) if !o.properties().is_empty()))
            .collect();
        for line in lines(&objects, Layout::of(Some(width))) {
            prop_assert!(cell::width(&line) <= width.max(LEAST_WIDTH), "{line:?}");
            prop_assert!(!line.chars().any(char::is_control), "{line:?}");
        }
    }

    #[test]
    fn json_can_be_read_again(value in any_value()) {
        let options = JsonOptions { depth: 20, compress: false, most_bytes: 1 << 20 };
        let json = json::write(&value, options).unwrap();
        let read: serde_json::Value = serde_json::from_str(&json.text).unwrap();
        prop_assert_eq!(read.is_array(), matches!(value, Value::Array(_)));
    }

    #[test]
    fn csv_can_be_read_again(text in any_text()) {
        let value = object(&[("A", 1.into()), ("B", Value::from(text.as_str()))]);
        let columns = csv::columns(&value);
        for quotes in [csv::Quotes::Always, csv::Quotes::AsNeeded] {
            let row = csv::row(&value, &columns, csv::CsvOptions { delimiter: ',', quotes });
            let mut reader =
                ::csv::ReaderBuilder::new().has_headers(false).from_reader(row.as_bytes());
            let record = reader.records().next().unwrap().unwrap();
            prop_assert_eq!(&record[1], text.as_str());
        }
    }

    #[test]
    fn dates_never_panic(format in ".{0,12}|[yMdHhmsftzKg'%]{0,12}") {
        let d = date("2026-03-05T07:08:09.25+02:00");
        _ = dates::dotnet(&d, &format, Locale::ISO);
        _ = dates::unix(&d, &format);
    }
}
