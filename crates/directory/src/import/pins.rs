//! Lists of PINs, as telephone systems export them: CSV with a column for the PIN and at least one that
//! tells whose it is. Columns are known by tolerant names; others are not read.

use std::io::BufRead;

use super::table::Table;
use super::{Reason, RowError};

/// Names of the column of PINs, as [`plain`] writes them.
const PIN: &[&str] = &[
    "pin",
    "pincode",
    "pinnumber",
    "userpin",
    "newpin",
    "voicemailpin",
    "conferencepin",
    "conferencingpin",
    "passcode",
    "password",
];

/// Names of the columns that tell whose a PIN is.
const USER: &[&str] = &[
    "identity",
    "user",
    "username",
    "userid",
    "account",
    "login",
    "logon",
    "samaccountname",
    "upn",
    "userprincipalname",
    "sip",
    "sipaddress",
    "sipuri",
    "mail",
    "email",
    "emailaddress",
    "extension",
    "ext",
    "extn",
    "exten",
    "extensionnumber",
    "mailbox",
    "station",
    "number",
    "phone",
    "phonenumber",
    "telephone",
    "telephonenumber",
    "directorynumber",
    "did",
    "lineuri",
    "line",
];

/// A row of a list of PINs. It cannot be printed.
pub struct PinRow {
    /// What the row calls its user, by one name or several; never empty.
    pub users: Vec<String>,
    /// The PIN, with the zeros it was written with; never empty.
    pub pin: String,
}

/// An iterator over the rows of a list of PINs, with the line at which each begins.
pub struct PinList<R> {
    table: Table<R>,
    columns: Columns,
    finished: bool,
}

struct Columns {
    count: usize,
    pin: usize,
    users: Vec<usize>,
}

impl<R: BufRead> PinList<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// When it cannot be read or is not that of a list of PINs.
    pub fn open(reader: R) -> Result<Self, RowError> {
        let mut table = Table::new(reader);
        let (line, names) = table.header()?.unwrap_or((1, Err(Reason::NoPinColumn)));
        let columns = names.and_then(|names| Columns::find(&names));
        Ok(Self {
            table,
            columns: columns.map_err(|reason| RowError { line, reason })?,
            finished: false,
        })
    }
}

impl<R: BufRead> Iterator for PinList<R> {
    type Item = Result<(u64, PinRow), RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.finished {
            return None;
        }
        match self.table.row() {
            Ok(None) => None,
            Ok(Some((line, fields))) => {
                let row = fields.and_then(|fields| self.columns.row(&fields));
                Some(match row {
                    Ok(row) => Ok((line, row)),
                    Err(reason) => Err(RowError { line, reason }),
                })
            }
            Err(error) => {
                self.finished = true;
                Some(Err(error))
            }
        }
    }
}

impl Columns {
    fn find(names: &[String]) -> Result<Self, Reason> {
        let names: Vec<String> = names.iter().map(|name| plain(name)).collect();
        let places = |known: &[&str]| -> Vec<usize> {
            let is_known = |name: &String| known.contains(&name.as_str());
            (0..)
                .zip(&names)
                .filter(|(_, name)| is_known(name))
                .map(|(at, _)| at)
                .collect()
        };
        let users = places(USER);
        match (places(PIN).as_slice(), users.is_empty()) {
            ([], _) => Err(Reason::NoPinColumn),
            ([_, _, ..], _) => Err(Reason::SeveralPinColumns),
            (_, true) => Err(Reason::NoUserColumn),
            ([pin], false) => Ok(Self {
                count: names.len(),
                pin: *pin,
                users,
            }),
        }
    }

    fn row(&self, fields: &[String]) -> Result<PinRow, Reason> {
        if fields.len() > self.count {
            return Err(Reason::TooManyFields {
                found: fields.len(),
                expected: self.count,
            });
        }
        let field = |at: &usize| {
            fields
                .get(*at)
                .map(|field| field.trim())
                .unwrap_or_default()
        };
        let users: Vec<String> = self
            .users
            .iter()
            .map(field)
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        let pin = field(&self.pin);
        match (users.is_empty(), pin.is_empty()) {
            (true, _) => Err(Reason::NoUser),
            (false, true) => Err(Reason::NoPin),
            (false, false) => Ok(PinRow {
                users,
                pin: pin.to_owned(),
            }),
        }
    }
}

/// The letters and digits of a name in lower case: `Phone Number` and `phone_number` are the same.
fn plain(name: &str) -> String {
    let kept = name.chars().filter(|letter| letter.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Result<Vec<String>, String> {
        let rows = PinList::open(text.as_bytes()).map_err(|error| error.to_string())?;
        Ok(rows
            .map(|row| match row {
                Ok((line, row)) => format!("{line}: {} = {}", row.users.join(" & "), row.pin),
                Err(error) => error.to_string(),
            })
            .collect())
    }

    #[test]
    fn columns_are_known_by_tolerant_names() {
        for header in [
            "Extension,PIN",
            "\"ext\";\"Pin Code\"",
            "sep=;\nMailbox;voicemail_pin",
            "#TYPE X\nName,Extn.,Passcode,Notes",
            "User-Pin\tPhone Number\tDepartment",
        ] {
            assert!(list(header).is_ok_and(|rows| rows.is_empty()), "{header}");
        }
        let rows = list("PIN,Extension,Mail\n0712,51219,ken@x\n 18 , ,a@b\n,1,\n9,,\n1,2,3,4\n");
        let expected = [
            "2: 51219 & ken@x = 0712",
            "3: a@b = 18",
            "line 4: the row has no PIN; none is made up",
            "line 5: the row names no user",
            "line 6: the row has 4 fields where the header names 3",
        ];
        let rows = rows.expect("a list");
        assert_eq!(rows[..4], expected[..4]);
        assert!(rows[4].starts_with("line 6: "), "{}", rows[4]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "(?s).{0,200}", head in "(PIN|Ext|sep=;|\"|,|;|\n){0,6}") {
            let text = format!("{head}{text}");
            let lines = text.bytes().filter(|byte| *byte == b'\n').count() as u64 + 1;
            if let Ok(rows) = PinList::open(text.as_bytes()) {
                for row in rows {
                    let line = match row {
                        Ok((line, row)) => {
                            assert!(!row.users.is_empty() && !row.pin.is_empty());
                            line
                        }
                        Err(error) => error.line,
                    };
                    assert!((1..=lines).contains(&line));
                }
            }
        }
    }

    // R-SEC-3
    #[test]
    fn what_is_no_list_of_pins_is_refused_without_repeating_it() {
        for (text, expected) in [
            ("", "no column for the PIN"),
            ("51219,18723834\n51220,383042650\n", "no column for the PIN"),
            ("Extension,Name\n", "no column for the PIN"),
            ("Extension,PIN,Passcode\n", "several columns"),
            ("PIN,Department\n", "whose the PINs are"),
        ] {
            let error = list(text).expect_err(text);
            assert!(error.contains(expected), "{text}: {error}");
            assert!(!error.contains("18723834"));
        }
    }
}
