//! Dates in formats, in the places where people live, and for machines.

use super::{lines, object};
use crate::format::{Layout, Locale, csv, dates, locale};
use crate::value::Date;

pub(super) fn date(text: &str) -> Date {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(2));
    Date::parse(text, &zone).unwrap()
}

#[test]
fn date_formats() {
    let d = date("2026-03-05T07:08:09.25+02:00");
    let table = [
        ("yyyy-MM-dd HH:mm:ss", "2026-03-05 07:08:09"),
        ("d", "03/05/2026"),
        ("M/d/yy h:m:s t", "3/5/26 7:8:9 A"),
        ("dddd, d MMMM", "Thursday, 5 March"),
        ("ddd MMM", "Thu Mar"),
        ("o", "2026-03-05T07:08:09.2500000+02:00"),
        ("u", "2026-03-05 05:08:09Z"),
        ("'at' HH\\h", "at 07h"),
        ("zz", "+02"),
        ("%d", "5"),
        ("fff", "250"),
        ("", ""),
    ];
    for (format, expected) in table {
        assert_eq!(
            dates::dotnet(&d, format, Locale::ISO).as_deref(),
            Ok(expected),
            "{format}"
        );
    }
    assert_eq!(
        dates::dotnet(&d, "Q", Locale::ISO),
        Err("the date format \"Q\" is not supported".to_owned())
    );
    assert_eq!(
        dates::dotnet(&d, "yyyy 'x", Locale::ISO),
        Err("the date format \"yyyy 'x\" is not supported".to_owned())
    );
    assert_eq!(
        dates::unix(&d, "%Y-%m-%d %j %%").as_deref(),
        Ok("2026-03-05 064 %")
    );
    assert_eq!(
        dates::unix(&d, "%Q"),
        Err("the date format \"%Q\" is not supported".to_owned())
    );
}

/// The names that an environment gives, and how a date is then shown.
#[test]
fn dates_for_people_are_those_of_their_place() {
    let d = date("2026-11-21T21:45:00+02:00");
    let morning = date("2026-03-05T07:08:09+02:00");
    for (name, evening, early) in [
        (
            "en_US.UTF-8",
            "11/21/2026 9:45:00 PM",
            "3/5/2026 7:08:09 AM",
        ),
        ("en-GB", "21/11/2026 21:45:00", "05/03/2026 07:08:09"),
        ("de_DE.UTF-8", "21.11.2026 21:45:00", "05.03.2026 07:08:09"),
        // A country that is not in the table has the custom of the language.
        ("de_AT@euro", "21.11.2026 21:45:00", "05.03.2026 07:08:09"),
        ("fr_CA", "2026-11-21 21:45:00", "2026-03-05 07:08:09"),
        ("FR", "21/11/2026 21:45:00", "05/03/2026 07:08:09"),
        ("fi_FI", "21.11.2026 21.45.00", "5.3.2026 7.08.09"),
        ("ja_JP.eucJP", "2026/11/21 21:45:00", "2026/03/05 7:08:09"),
        ("C", "2026-11-21 21:45:00", "2026-03-05 07:08:09"),
        ("C.UTF-8", "2026-11-21 21:45:00", "2026-03-05 07:08:09"),
        ("POSIX", "2026-11-21 21:45:00", "2026-03-05 07:08:09"),
        ("", "2026-11-21 21:45:00", "2026-03-05 07:08:09"),
        ("tlh_QO", "2026-11-21 21:45:00", "2026-03-05 07:08:09"),
    ] {
        let locale = Locale::named(name);
        assert_eq!(locale.show(&d), evening, "{name}");
        assert_eq!(locale.show(&morning), early, "{name}");
    }
    for (letter, american, german, nowhere) in [
        ("d", "11/21/2026", "21.11.2026", "11/21/2026"),
        ("t", "9:45 PM", "21:45", "9:45 PM"),
        (
            "G",
            "11/21/2026 9:45:00 PM",
            "21.11.2026 21:45:00",
            "11/21/2026 9:45:00 PM",
        ),
        (
            "g",
            "11/21/2026 9:45 PM",
            "21.11.2026 21:45",
            "11/21/2026 9:45 PM",
        ),
        (
            "s",
            "2026-11-21T21:45:00",
            "2026-11-21T21:45:00",
            "2026-11-21T21:45:00",
        ),
    ] {
        for (name, expected) in [("en_US", american), ("de_DE", german), ("C", nowhere)] {
            let shown = dates::dotnet(&d, letter, Locale::named(name));
            assert_eq!(shown.as_deref(), Ok(expected), "{letter} {name}");
        }
    }
}

/// Every custom in the table can be shown.
#[test]
fn every_locale_is_a_format() {
    let d = date("2026-11-21T21:45:00+02:00");
    for name in locale::names() {
        let shown = Locale::named(name).show(&d);
        assert_ne!(Locale::named(name), Locale::ISO, "{name}");
        for part in ["2026", "11", "21", "45"] {
            assert!(shown.contains(part), "{name}: {shown}");
        }
    }
}

#[test]
fn dates_in_tables_and_lists_follow_the_place() {
    let row = object(&[
        ("Set", date("2026-11-21T21:45:00+02:00").into()),
        ("N", 1.into()),
    ]);
    let layout = Layout::of(None).in_locale(Locale::named("de_DE"));
    assert_eq!(
        lines(std::slice::from_ref(&row), layout),
        [
            "",
            "Set                 N",
            "---                 -",
            "21.11.2026 21:45:00 1",
            ""
        ]
    );
    // What machines read does not.
    assert_eq!(
        csv::row(
            &row,
            &csv::columns(&row),
            csv::CsvOptions {
                delimiter: ',',
                quotes: csv::Quotes::AsNeeded
            }
        ),
        "2026-11-21T21:45:00+02:00,1"
    );
}
