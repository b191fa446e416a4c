//! R-GUESS-1: files of frequencies, in the forms in which they come.

use pinward_core::{Policy, PolicyIdentity};
use pinward_guessing::{Frequencies, MAX_LINE, Order, Ranked, ReadError, Reason, Skipped};
use proptest::prelude::*;

/// The same three PINs in every form: chosen by 12, 7 and 3 people.
const BY_HEADER: &[&str] = &[
    "PIN,count\n2580,12\n0852,7\n13579,3\n",
    "PIN;Count\r\n2580;12\r\n0852;7\r\n13579;3\r\n",
    "pin\tfrequency\n2580\t12\n0852\t7\n13579\t3",
    "count,pin\n12,2580\n7,0852\n3,13579\n",
    "n rank pin\n12 1 2580\n7 2 0852\n3 3 13579\n",
    "\u{feff}\"pin\",\"count\"\n\"2580\",\"12\"\n\"0852\",\"7\"\n\"13579\",\"3\"\n",
    // One line for each person.
    "Pin\n0852\n0852\n0852\n0852\n0852\n0852\n0852\n13579\n13579\n13579\n\
     2580\n2580\n2580\n2580\n2580\n2580\n2580\n2580\n2580\n2580\n2580\n2580\n",
    "PIN code\n0852\n0852\n0852\n0852\n0852\n0852\n0852\n13579\n13579\n13579\n\
     2580\n2580\n2580\n2580\n2580\n2580\n2580\n2580\n2580\n2580\n2580\n2580\n",
];

/// The same where the caller says what a line holds.
const BY_ORDER: &[(Order, &str)] = &[
    (Order::PinCount, "2580,12\n0852,7\n13579,3\n"),
    (Order::PinCount, "2580, 12\n0852, 7\n13579, 3\n"),
    (Order::PinCount, "2580 12\n0852  7\n13579   3\n"),
    (
        Order::CountPin,
        "     12 2580\n      7 0852\n      3 13579\n",
    ),
    (
        Order::PinCount,
        "# made up\n\n2580;12\n  # more\n0852;7\n13579;3\n\n",
    ),
    (Order::CountPin, "Anzahl;PIN\n12;2580\n7;0852\n3;13579\n"),
    (Order::PinCount, "PIN;Anzahl\n2580;12\n0852;7\n13579;3\n"),
    (Order::CountPin, "n,Zahl\n12,2580\n7,0852\n3,13579\n"),
    (Order::PinCount, "Zahl,Menge\n2580,12\n0852,7\n13579,3\n"),
];

fn read(text: impl AsRef<[u8]>, order: Option<Order>) -> Result<Frequencies, ReadError> {
    let mut frequencies = Frequencies::default();
    frequencies.read(text.as_ref(), order)?;
    Ok(frequencies)
}

/// People in all, different PINs, people with five digits or more.
fn told(frequencies: &Frequencies) -> (u64, usize, u64) {
    let ranked = Ranked::of(frequencies);
    let five = Policy {
        allow_common_patterns: true,
        ..Policy::defaults(PolicyIdentity::Global)
    };
    let long = ranked.measure(&five).accepted;
    (frequencies.people(), ranked.different_pins(), long)
}

fn reason(text: impl AsRef<[u8]>, order: Option<Order>) -> (u64, Reason) {
    match read(text, order) {
        Ok(_) => panic!("it was read"),
        Err(error) => (error.line, error.reason),
    }
}

#[test]
fn the_forms_say_the_same() {
    let by_header = BY_HEADER.iter().map(|text| (None, *text));
    let by_order = BY_ORDER.iter().map(|(order, text)| (Some(*order), *text));
    for (order, text) in by_header.chain(by_order) {
        let frequencies = read(text, order).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(told(&frequencies), (22, 3, 3), "{text:?}");
    }
}

#[test]
fn zeros_before_a_pin_count() {
    let frequencies = read("0000,1\n00000,1\n000000,1\n", Some(Order::PinCount)).expect("PINs");
    assert_eq!(told(&frequencies), (3, 3, 2));
}

#[test]
fn what_nobody_said_is_not_guessed() {
    for (text, expected) in [
        // PINs and counts, a rank and PINs, users and PINs; a list of people, or only in an order.
        ("2580,1713\n1379,1024\n", Reason::NotTold),
        ("2580,12\n0852,7\n", Reason::NotTold),
        ("1\t1234\n2\t1111\n", Reason::NotTold),
        ("0852\n2580\n", Reason::NotTold),
        ("rank,pin\n1,1234\n2,1111\n", Reason::UnknownHeader),
        ("Extension,PIN\n4711,2580\n", Reason::UnknownHeader),
        ("PIN,Year\n2580,2019\n", Reason::UnknownHeader),
        ("Zahl,count\n2580,2019\n", Reason::UnknownHeader),
    ] {
        assert_eq!(reason(text, None), (1, expected), "{text:?}");
    }
    let order = |order| told(&read("2580,1713\n1379,1024\n", Some(order)).expect("told"));
    assert_eq!(order(Order::PinCount), (2737, 2, 0));
    assert_eq!(order(Order::CountPin), (3959, 2, 0));
}

#[test]
fn separators_of_thousands_lose_nobody() {
    let columns = || Reason::ColumnCount {
        found: 3,
        expected: 2,
    };
    for (text, order) in [
        ("PIN,Count\n1234,1,234\n", None),
        ("count,pin\n1,234,1234\n", None),
        ("0852,12\n1234,1,234\n", Some(Order::PinCount)),
    ] {
        assert_eq!(reason(text, order), (2, columns()), "{text:?}");
    }
    let quoted = "PIN,Count\n1234,\"1,234\"\n";
    assert_eq!(reason(quoted, None), (2, Reason::NotACount));
}

#[test]
fn whether_frequencies_say_anything_is_known() {
    let list = read("2580\n0852\n", Some(Order::Pin)).expect("a list");
    assert!(!list.differ());
    let twice = read("2580\n0852\n2580\n", Some(Order::Pin)).expect("a list");
    assert!(twice.differ());
}

#[test]
fn what_is_no_pin_is_skipped_and_counted() {
    let passwords = "  9 2580\n  8 iloveyou\n  7 pass word, 12\n  6 123\n  5 \n  4 0123456789012345678901234\n  \
                     3 013579\n  2 \u{666}\u{666}\u{666}\u{666}\n";
    let frequencies = read(passwords, Some(Order::CountPin)).expect("uniq -c");
    assert_eq!(told(&frequencies), (12, 2, 3));
    let expected = Skipped {
        lines_not_digits: 4,
        people_not_digits: 22,
        lines_of_other_length: 2,
        people_of_other_length: 10,
    };
    assert_eq!(frequencies.skipped(), expected);
    let commas = read("  9 a,b\n  5 \n  3 2580\n", Some(Order::CountPin)).expect("uniq -c");
    assert_eq!(
        (commas.people(), commas.skipped().people_not_digits),
        (3, 14)
    );
    // A list of passwords, one for each person, not even text.
    let list = b"2580\npass,word\n\xff\xfe\xfd\n12\n2580\n";
    let frequencies = read(list, Some(Order::Pin)).expect("a list");
    assert_eq!(told(&frequencies), (2, 1, 0));
    assert_eq!(frequencies.skipped().lines_not_digits, 2);
    assert_eq!(frequencies.skipped().lines_of_other_length, 1);
    // Tables of all PINs have those that nobody chose.
    let table = read("0000,4\n0001,0\n", Some(Order::PinCount)).expect("PINs first");
    assert_eq!(told(&table), (4, 1, 0));
}

#[test]
fn what_cannot_be_read_is_refused_with_its_line() {
    let long = format!("2580\n{}\n", "1".repeat(MAX_LINE + 1));
    let columns = Reason::ColumnCount {
        found: 2,
        expected: 3,
    };
    let first = Some(Order::PinCount);
    for (text, order, expected) in [
        ("2580,12\n0852,x7\n", first, (2, Reason::NotACount)),
        ("2580,12\n0852,7.5\n", first, (2, Reason::NotACount)),
        ("2580,12\n0852,\n", first, (2, Reason::NotACount)),
        ("2580 12\n0852\n", first, (2, Reason::NotACount)),
        (
            "12;2580\n7\n",
            Some(Order::CountPin),
            (2, Reason::NotACount),
        ),
        (
            "12;2580\nx\n",
            Some(Order::CountPin),
            (2, Reason::NotACount),
        ),
        ("2580\n0852\n", first, (1, Reason::NotACount)),
        // The wrong order is noticed where a PIN begins with a zero.
        (
            "2580,12\n0852,7\n",
            Some(Order::CountPin),
            (2, Reason::NotACount),
        ),
        (
            "PIN,count\n2580,12\n\n0852,07\n",
            None,
            (4, Reason::NotACount),
        ),
        ("rank,PIN,count\n1,2580,12\n2,0852\n", None, (3, columns)),
        ("1,2580,12\n2,0852,7\n", None, (1, Reason::NotTold)),
        ("a,b\n2580,12\n", None, (1, Reason::UnknownHeader)),
        ("pin,pin\n2580,12\n", None, (1, Reason::UnknownHeader)),
        ("a,b,pin\n1,2,2580\n", None, (1, Reason::UnknownHeader)),
        (
            "count,PIN\n12,2580\n",
            first,
            (1, Reason::HeaderAgainstOrder),
        ),
        (
            "Menge,PIN\n12,2580\n",
            first,
            (1, Reason::HeaderAgainstOrder),
        ),
        (
            "count,Zahl\n12,2580\n",
            first,
            (1, Reason::HeaderAgainstOrder),
        ),
        ("PIN\n2580\n", first, (1, Reason::UnknownHeader)),
        (
            "2580,18446744073709551616\n",
            first,
            (1, Reason::TooManyPeople),
        ),
        (
            "2580,18446744073709551615\n0852,1\n",
            first,
            (2, Reason::TooManyPeople),
        ),
        ("\u{0}2\u{0}5\n", None, (1, Reason::Utf16)),
        (long.as_str(), Some(Order::Pin), (2, Reason::LineTooLong)),
    ] {
        let told = text.get(..40).unwrap_or(text);
        assert_eq!(reason(text, order), expected, "{told:?} {order:?}");
    }
    assert_eq!(reason(b"\xff\xfe1\x00", None), (1, Reason::Utf16));
    // An empty file has nobody in it.
    assert_eq!(told(&read("", None).expect("nothing")), (0, 0, 0));
}

fn any_order() -> impl Strategy<Value = Option<Order>> {
    prop::sample::select(vec![
        None,
        Some(Order::PinCount),
        Some(Order::CountPin),
        Some(Order::Pin),
    ])
}

proptest! {
    /// R-GUESS-1, R-SEC-3: whatever the file, an error names one of its lines and nothing that stands there.
    #[test]
    fn an_error_names_a_line_and_no_pin(text in "[0-9 ,;\t\n\"#xp]{0,60}", order in any_order()) {
        if let Err(error) = read(&text, order) {
            prop_assert!((1..=text.lines().count() as u64).contains(&error.line));
            let ReadError { line, reason } = &error;
            let mut told = error.to_string();
            told = told.replacen(&line.to_string(), "", 1);
            if let Reason::ColumnCount { found, expected } = reason {
                told = told.replacen(&found.to_string(), "", 1).replacen(&expected.to_string(), "", 1);
            }
            prop_assert!(!told.contains(|c: char| c.is_ascii_digit()), "{}", error);
        }
    }

    /// R-GUESS-1: any bytes are read or refused.
    #[test]
    fn any_bytes_end_well(bytes in prop::collection::vec(any::<u8>(), 0..200), order in any_order()) {
        if let Ok(frequencies) = read(bytes, order) {
            prop_assert!(told(&frequencies).2 <= frequencies.people());
        }
    }

    /// R-GUESS-1: in the order that is told every person is counted.
    #[test]
    fn an_order_that_is_told_is_kept(
        rows in prop::collection::vec(("[0-9]{4,6}", 1_u64..100_000), 1..30),
        pin_first: bool,
        separator in prop::sample::select(vec!["\t", ";", ",", " ", "   "]),
    ) {
        let text: String = rows
            .iter()
            .map(|(pin, people)| match pin_first {
                true => format!("{pin}{separator}{people}\n"),
                false => format!("{people}{separator}{pin}\n"),
            })
            .collect();
        let order = if pin_first { Order::PinCount } else { Order::CountPin };
        let people: u64 = rows.iter().map(|(_, people)| people).sum();
        prop_assert_eq!(read(&text, Some(order)).expect("told").people(), people);
        prop_assert_eq!(reason(&text, None), (1, Reason::NotTold));
    }
}
