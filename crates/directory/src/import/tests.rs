use std::fmt::Write as _;
use std::io::{self, Cursor, Read};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::{guid, sample};

fn read_ldif(text: &[u8]) -> Vec<Result<Person, RowError>> {
    ldif(Cursor::new(text)).collect()
}

fn read_csv(text: &[u8]) -> Vec<Result<Person, RowError>> {
    csv(Cursor::new(text)).collect()
}

/// The only person, who must be there and without errors.
#[track_caller]
fn only(rows: Vec<Result<Person, RowError>>) -> Person {
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows.into_iter().next().unwrap().unwrap()
}

#[track_caller]
fn outline(rows: &[Result<Person, RowError>]) -> Vec<String> {
    rows.iter()
        .map(|row| match row {
            Ok(person) => person.sam_account_name.clone(),
            Err(error) => format!("{}: {:?}", error.line, error.reason),
        })
        .collect()
}

const KEN: &str = "dn: CN=Ken Myer,OU=Redmond,DC=litwareinc,DC=com
objectClass: user
sAMAccountName: kenmyer
";

#[test]
fn an_entry_of_active_directory() {
    let text = "\u{feff}version: 1\r
\r
# Ken Myer, as the directory tool writes it;
  this is still comment\r
dn: CN=Ken Myer,OU=Redmond,DC=litwareinc,DC=com\r
changetype: add\r
objectClass: top\r
objectClass: person\r
objectClass: organizationalPerson\r
objectClass: user\r
cn: Ken Myer\r
displayName;lang-ja: no\r
displayName:: S2VuIE15ZXI=\r
givenName: Ken\r
sn: Myer\r
title: Man\r
 ager\r
objectGUID:: AAECAwQFBgcICQoLDA0ODw==\r
sAMAccountName: kenmyer\r
userPrincipalName: kenmyer@litwareinc.com\r
userAccountControl: 512\r
proxyAddresses: SMTP:ken@litwareinc.com\r
proxyAddresses: SIP:kenmyer@litwareinc.com\r
msRTCSIP-UserEnabled: TRUE\r
msRTCSIP-Line: TEL:+14255551219;ext=51219\r
whenCreated: 20120326101112.0Z\r
userCertificate;binary:: AAAA\r
unicodePwd:: cGFzc3dvcmQ=\r
userPassword: {SSHA}secret\r
";
    let person = only(read_ldif(text.as_bytes()));
    assert_eq!(person.guid, "03020100-0504-0706-0809-0a0b0c0d0e0f");
    assert_eq!(person.dn, "CN=Ken Myer,OU=Redmond,DC=litwareinc,DC=com");
    assert_eq!(person.display_name, "Ken Myer");
    assert_eq!(person.first_name.as_deref(), Some("Ken"));
    assert_eq!(person.last_name.as_deref(), Some("Myer"));
    assert_eq!(person.domain, "LITWAREINC");
    assert_eq!(person.upn.as_deref(), Some("kenmyer@litwareinc.com"));
    assert_eq!(
        person.sip_address.as_deref(),
        Some("sip:kenmyer@litwareinc.com")
    );
    assert_eq!(
        person.line_uri.as_deref(),
        Some("tel:+14255551219;ext=51219")
    );
    assert_eq!(person.when_created, "2012-03-26T10:11:12Z".parse().ok());
    assert!(person.enabled);
    let kept: Vec<&str> = person.attributes.keys().map(String::as_str).collect();
    assert_eq!(
        kept,
        ["proxyaddresses", "title"],
        "no password, no certificate, no common name"
    );
    assert_eq!(person.attributes["title"], ["Manager"]);
}

#[test]
fn an_entry_of_another_directory() {
    let person = only(read_ldif(
        b"dn: uid=aoife,ou=people,dc=example,dc=org
objectClass: inetOrgPerson
uid: aoife
cn: Aoife Byrne
mail: aoife@example.org
telephoneNumber: +353 20 911 2345
ipPhone: 62345
nsAccountLock: TRUE
nsUniqueId: 03020100-05040706-08090a0b-0c0d0e0f
",
    ));
    assert_eq!(person.guid, "03020100-0504-0706-0809-0a0b0c0d0e0f");
    assert_eq!(person.display_name, "Aoife Byrne");
    assert_eq!(person.domain, "EXAMPLE");
    assert_eq!(person.sip_address.as_deref(), Some("sip:aoife@example.org"));
    assert_eq!(
        person.line_uri.as_deref(),
        Some("tel:+353209112345;ext=62345")
    );
    assert!(!person.enabled);
}

#[test]
fn who_is_enabled() {
    for (lines, enabled) in [
        ("", true),
        ("userAccountControl: 512", true),
        ("userAccountControl: 514", false),
        ("msRTCSIP-UserEnabled: TRUE", true),
        ("msRTCSIP-UserEnabled: FALSE", false),
        ("userAccountControl: 514\nmsRTCSIP-UserEnabled: TRUE", false),
    ] {
        let person = only(read_ldif(format!("{KEN}{lines}\n").as_bytes()));
        assert_eq!(person.enabled, enabled, "{lines}");
    }
}

#[test]
fn lines_from_numbers() {
    for (lines, line_uri) in [
        ("", None),
        (
            "telephoneNumber: +1 (425) 555-1219",
            Some("tel:+14255551219"),
        ),
        (
            "telephoneNumber: 425.555.1219 x51219",
            Some("tel:4255551219;ext=51219"),
        ),
        (
            "telephoneNumber: +1 425 555 1219\nipPhone: 51219",
            Some("tel:+14255551219;ext=51219"),
        ),
        ("ipPhone: 51219", Some("tel:51219;ext=51219")),
        ("telephoneNumber: ask at the front desk", None),
        (
            "telephoneNumber: none\nipPhone: 51219",
            Some("tel:51219;ext=51219"),
        ),
        ("ipPhone: sip:ken@litwareinc.com", None),
        (
            "msRTCSIP-Line: +14255551219;ext=51219",
            Some("tel:+14255551219;ext=51219"),
        ),
        (
            "msRTCSIP-Line: tel:51219\ntelephoneNumber: +1 425 555 1219",
            Some("tel:51219"),
        ),
    ] {
        let person = only(read_ldif(format!("{KEN}{lines}\n").as_bytes()));
        assert_eq!(person.line_uri.as_deref(), line_uri, "{lines}");
    }
}

#[test]
fn domains() {
    let of = |text: &str, options: Options| {
        ldif_with(Cursor::new(text.as_bytes()), options)
            .map(|row| row.map(|p| p.domain))
            .next()
    };
    let named = || Options {
        domain: Some("corp".into()),
        ..Options::default()
    };
    assert_eq!(of(KEN, Options::default()), Some(Ok("LITWAREINC".into())));
    assert_eq!(of(KEN, named()), Some(Ok("CORP".into())));
    let principal = format!("{KEN}msDS-PrincipalName: LITWARE\\kenmyer\n");
    assert_eq!(of(&principal, named()), Some(Ok("LITWARE".into())));
    let elsewhere = "dn: uid=ken,o=Litware,c=US\nobjectClass: person\nuid: ken\n";
    assert_eq!(of(elsewhere, named()), Some(Ok("CORP".into())));
    let error = RowError {
        line: 1,
        reason: Reason::NoDomain("ken".into()),
    };
    assert_eq!(of(elsewhere, Options::default()), Some(Err(error)));
    let upn = format!("{elsewhere}userPrincipalName: ken@sub.litware.com\n");
    assert_eq!(of(&upn, Options::default()), Some(Ok("SUB".into())));
}

#[test]
fn a_person_without_a_guid_gets_the_same_one_after_a_move() {
    let before = only(read_ldif(KEN.as_bytes()));
    let after = only(read_ldif(
        KEN.replace("OU=Redmond", "OU=Portland").as_bytes(),
    ));
    assert_ne!(before.dn, after.dn);
    assert_eq!(before.guid, after.guid);
    assert_eq!(before.guid, guid::derive("LITWAREINC", "KenMyer"));
}

// R-SET-1: people of whom a program knows no GUID must not become one person, with one PIN.
#[test]
fn a_guid_of_zeros_is_none() {
    for zeros in [
        "objectGUID:: AAAAAAAAAAAAAAAAAAAAAA==",
        "objectGUID: 00000000-0000-0000-0000-000000000000",
        "entryUUID: {00000000-0000-0000-0000-000000000000}",
    ] {
        let rows = read_ldif(format!("{}\n{zeros}\n", KEN.trim_end()).as_bytes());
        assert!(
            outline(&rows)[0].contains("BadValue { attribute: \"guid\""),
            "{zeros}"
        );
    }
}

#[test]
fn faulty_records_stop_nothing() {
    let good = |name: &str| format!("dn: CN={name},DC=a\nobjectClass: user\nuid: {name}\n\n");
    let mut text = good("first");
    for bad in [
        "dn: CN=u,DC=a\nobjectClass: user\nuid:< file:///etc/passwd\n",
        "dn: CN=p,DC=a\nobjectClass: user\nuid: p\njpegPhoto:< file:///etc/passwd\n",
        "objectClass: user\nuid: x\n",
        "dn: CN=c,DC=a\nchangetype: modify\nreplace: uid\nuid: x\n-\n",
        "dn: CN=n,DC=a\nobjectClass: user\nno colon here\nuid: n\n",
        "dn: CN=b,DC=a\nobjectClass: user\ntitle:: %%%\n",
        "dn: CN=t,DC=a\nobjectClass: user\ntitle:: /w==\n",
        "dn: CN=l,DC=a\nobjectClass: user\n",
        "dn: no name\nobjectClass: user\nuid: x\n",
        "dn: CN=g,DC=a\nobjectClass: user\nuid: g\nentryUUID: 12\n",
        "dn: CN=e,DC=a\nobjectClass: user\nuid: e\nmsRTCSIP-Line: ask me\n",
        "version: 2\n",
    ] {
        text.push_str(bad);
        text.push('\n');
    }
    text.push_str(&good("last"));
    let rows = read_ldif(text.as_bytes());
    assert_eq!(
        outline(&rows),
        [
            "first",
            "7: Url(\"uid\")",
            "12: Url(\"jpegphoto\")",
            "14: NoDn",
            "18: ChangeType(\"modify\")",
            "25: NotAnAttribute",
            "30: BadBase64(\"title\")",
            "34: NotText(\"title\")",
            "36: NoLogon",
            "39: BadValue { attribute: \"dn\", value: \"no name\" }",
            "43: BadValue { attribute: \"guid\", value: \"12\" }",
            "48: BadValue { attribute: \"msrtcsip-line\", value: \"ask me\" }",
            "53: Version(\"2\")",
            "last",
        ]
    );
}

#[test]
fn each_record_tells_where_it_begins() {
    let two = format!("# people\n\n{KEN}\n{KEN}");
    for (name, text, lines) in [
        ("a.ldif", two.as_str(), [3, 7]),
        ("a.csv", "logon,domain\nken,\"A\n\"\n\nken,A", [2, 5]),
    ] {
        let mut rows = people(name, Cursor::new(text), Options::default()).unwrap();
        assert_eq!(rows.line(), 0, "{name}");
        for line in lines {
            assert!(matches!(rows.next(), Some(Ok(_))), "{name}");
            assert_eq!(rows.line(), line, "{name}");
        }
    }
}

#[test]
fn entries_that_are_no_people_are_counted() {
    let text = format!(
        "dn: OU=Redmond,DC=a\nobjectClass: organizationalUnit\n\n\
         dn: CN=PC,DC=a\nobjectClass: user\nobjectClass: computer\nsAMAccountName: PC$\n\n\
         dn: CN=All,DC=a\nobjectClass: group\nsAMAccountName: all\n\n\
         dn: CN=C,DC=a\nobjectClass: person\nobjectClass: contact\n\n{KEN}\n\n\n\
         # search result\nsearch: 2\nresult: 0 Success\n\n# numEntries: 5\n"
    );
    let mut rows = ldif(Cursor::new(text));
    assert_eq!(
        rows.next().map(|row| row.map(|p| p.sam_account_name)),
        Some(Ok("kenmyer".into()))
    );
    assert_eq!(rows.next(), None);
    assert_eq!(rows.skipped(), 4);
}

#[test]
fn size_limits() {
    let photo = format!(
        "{KEN}jpegPhoto:: {}\ntitle: Manager\n",
        "QUJD".repeat(100_000)
    );
    assert_eq!(
        only(read_ldif(photo.as_bytes())).attributes["title"],
        ["Manager"]
    );
    let long_title = format!("{KEN}title: {}\n", "x".repeat(MAX_VALUE + 1));
    let folded = format!("{KEN}title: x\n{}\n{KEN}", " y\n".repeat(MAX_LINE));
    let many = format!(
        "{KEN}{}",
        format!("memberOf: {}\n", "g".repeat(4000)).repeat(70)
    );
    for (text, reason) in [
        (&long_title, Reason::ValueTooLong("title".into())),
        (&folded, Reason::LineTooLong),
        (&many, Reason::RecordTooLarge),
    ] {
        let rows = read_ldif(text.as_bytes());
        assert_eq!(rows[0].as_ref().unwrap_err().reason, reason);
    }
    assert_eq!(
        read_ldif(folded.as_bytes()).len(),
        2,
        "the record behind is read"
    );
}

#[test]
fn what_export_csv_writes() {
    let text = "#TYPE Selected.Microsoft.Rtc.Management.ADConnect.Schema.ADUser\r
\"Identity\",\"DisplayName\",\"FirstName\",\"LastName\",\"SamAccountName\",\"UserPrincipalName\",\
\"SipAddress\",\"LineURI\",\"Enabled\",\"RegistrarPool\",\"PinPolicy\",\"Title\",\"City\",\"Office\",\
\"Company\",\"WhenCreated\"\r
\"CN=Novak\\, Petra,CN=Users,DC=litwareinc,DC=com\",\"Novak, Petra\",\"Petra\",\"Novak\",\
\"petranovak\",\"petranovak@litwareinc.com\",\"sip:petranovak@litwareinc.com\",\
\"tel:+14255551320;ext=51320\",\"False\",\"atl-cs-001.litwareinc.com\",\"\",\"The \"\"Counsel\"\"\",\
\"Redmond\",\"18/2,\n2nd floor\",\"Litware, Inc.\",\"3/26/2012 10:11:12 AM\"\r\n";
    let person = only(read_csv(text.as_bytes()));
    assert_eq!(person.dn, "CN=Novak\\, Petra,CN=Users,DC=litwareinc,DC=com");
    assert_eq!(person.display_name, "Novak, Petra");
    assert_eq!(person.sam_account_name, "petranovak");
    assert_eq!(
        person.line_uri.as_deref(),
        Some("tel:+14255551320;ext=51320")
    );
    assert_eq!(
        person.registrar_pool.as_deref(),
        Some("atl-cs-001.litwareinc.com")
    );
    assert!(!person.enabled);
    assert_eq!(person.attributes["title"], ["The \"Counsel\""]);
    assert_eq!(person.attributes["l"], ["Redmond"]);
    assert_eq!(
        person.attributes["physicaldeliveryofficename"],
        ["18/2,\n2nd floor"]
    );
    assert_eq!(person.guid, guid::derive("litwareinc", "petranovak"));
}

#[test]
fn delimiters_and_forgiving_headers() {
    for text in [
        "\u{feff}Display Name;UPN;EXTENSION\nKäthe Groß;ken@litwareinc.com;51219\n",
        "display_name,upn,extension\n\"Käthe Groß\",ken@litwareinc.com,51219",
        "display-name\tUserPrincipalName\tipPhone\r\nKäthe Groß\tken@litwareinc.com\t51219\r\n",
        "sep=;\nName;Identity;ip phone\n Käthe Groß ;ken@litwareinc.com;51219\n",
        "name,identity,extension\nKäthe Groß,LITWAREINC\\ken,51219\n",
    ] {
        let person = only(read_csv(text.as_bytes()));
        assert_eq!(person.display_name, "Käthe Groß", "{text}");
        assert_eq!(
            (person.domain.as_str(), person.sam_account_name.as_str()),
            ("LITWAREINC", "ken")
        );
        assert_eq!(
            person.line_uri.as_deref(),
            Some("tel:51219;ext=51219"),
            "{text}"
        );
        assert!(
            person.dn.starts_with("CN=ken,DC=litwareinc"),
            "{}",
            person.dn
        );
    }
}

#[test]
fn faulty_rows_stop_nothing() {
    let text = b"logon,domain,title,enabled\n\
        first,A,x,1\n\
        ,A,no logon,1\n\
        many,A,x,1,2,3\n\
        \"open,A,x,1\n\
        second,A,x,1\n\
        \"a\"b,A,x,1\n\
        lat\xefn,A,x,1\n\
        short\n\
        short,A\n\
        maybe,A,x,perhaps\n\
        \n\
        last,A,x,1\n";
    assert_eq!(
        outline(&read_csv(text)),
        [
            "first",
            "3: NoLogon",
            "4: TooManyFields { found: 6, expected: 4 }",
            "5: Quotes",
            "second",
            "7: Quotes",
            "8: NotText(\"field 1\")",
            "9: NoDomain(\"short\")",
            "short",
            "11: BadValue { attribute: \"enabled\", value: \"perhaps\" }",
            "last",
        ]
    );
}

#[test]
fn a_quotation_left_open_costs_one_row() {
    let mut text = String::from("logon,domain\n\"open,A\n");
    for number in 0..500 {
        writeln!(text, "u{number},A").unwrap();
    }
    let rows = read_csv(text.as_bytes());
    assert_eq!(rows.iter().filter(|row| row.is_ok()).count(), 500);
    assert_eq!(
        rows[0].as_ref().unwrap_err(),
        &RowError {
            line: 2,
            reason: Reason::Quotes
        }
    );
}

#[test]
fn files_of_no_use_say_so_once() {
    let utf16: Vec<u8> = "\u{feff}logon,domain\nken,A\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let big_endian: Vec<u8> = "logon,domain\nken,A\n"
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    for file in [&utf16, &big_endian] {
        assert_eq!(outline(&read_csv(file)), ["1: Utf16"]);
        assert_eq!(outline(&read_ldif(file)), ["1: Utf16"]);
    }
    let found = "2: NoUsefulColumn(\"Colour, Size\")";
    assert_eq!(
        outline(&read_csv(b"\nColour,Size\nred,1\nblue,2\n")),
        [found]
    );
    for empty in ["", "\n\n", "#TYPE x\n", "logon,domain\n"] {
        assert!(read_csv(empty.as_bytes()).is_empty(), "{empty}");
    }
    assert!(read_ldif(b"").is_empty());
}

#[test]
fn a_reading_error_ends_the_rows() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let text = format!("{KEN}\n");
    let reader = io::BufReader::new(Cursor::new(text).chain(Broken));
    let rows: Vec<_> = ldif(reader).collect();
    assert_eq!(outline(&rows), ["kenmyer", "5: Read(\"the disk is gone\")"]);
}

#[test]
fn kinds_of_file() {
    for (name, start, kind) in [
        ("users.ldif", "", FileKind::Ldif),
        ("USERS.LDF", "", FileKind::Ldif),
        ("users.csv", "dn: x", FileKind::Csv),
        ("users.txt", "\u{feff}# comment\n\nDN: x", FileKind::Ldif),
        ("-", "version: 1\n", FileKind::Ldif),
        ("-", "#TYPE x\nDisplayName,", FileKind::Csv),
        ("-", "dn,displayname\n", FileKind::Csv),
    ] {
        assert_eq!(guess(name, start.as_bytes()), kind, "{name} {start}");
    }
    let mut people = people("-", Cursor::new(KEN), Options::default()).unwrap();
    assert_eq!(people.by_ref().filter(Result::is_ok).count(), 1);
    assert_eq!(people.skipped(), 0);
}

/// Every field of every person of the sample survives either format.
#[test]
fn the_sample_company_survives_both_formats() {
    let people = sample::company().people;
    let (mut ldif_text, mut csv_text) = (String::from("version: 1\n"), String::new());
    for person in &people {
        let fields = fields(person);
        if csv_text.is_empty() {
            let header: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
            writeln!(csv_text, "{}", header.join(";")).unwrap();
        }
        writeln!(ldif_text, "\nobjectClass: user").unwrap();
        let at = ldif_text.len() - "objectClass: user\n".len();
        for (index, (name, value)) in fields.iter().enumerate() {
            let separator = if index == 0 { "" } else { ";" };
            write!(csv_text, "{separator}\"{}\"", value.replace('"', "\"\"")).unwrap();
            let line = match value.is_ascii() {
                true => format!("{name}: {value}\n"),
                false => format!("{name}:: {}\n", STANDARD.encode(value)),
            };
            // Folded in the middle; the name comes first.
            let (head, tail) = line.split_at(line.len() / 2);
            let folded = format!("{head}\n {tail}");
            let position = if *name == "dn" { at } else { ldif_text.len() };
            ldif_text.insert_str(position, if value.is_empty() { "" } else { &folded });
        }
        csv_text.push('\n');
    }
    let expected: Vec<_> = people.into_iter().map(Ok).collect();
    assert_eq!(read_ldif(ldif_text.as_bytes()), expected);
    assert_eq!(read_csv(csv_text.as_bytes()), expected);
}

fn fields(person: &Person) -> Vec<(&'static str, String)> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let kept = |name: &str| {
        person
            .attributes
            .get(name)
            .map_or(String::new(), |v| v[0].clone())
    };
    let time = |time: &Option<jiff::Timestamp>| time.map_or(String::new(), |time| time.to_string());
    vec![
        ("dn", person.dn.clone()),
        ("displayName", person.display_name.clone()),
        ("givenName", text(&person.first_name)),
        ("sn", text(&person.last_name)),
        ("sAMAccountName", person.sam_account_name.clone()),
        ("userPrincipalName", text(&person.upn)),
        ("msRTCSIP-PrimaryUserAddress", text(&person.sip_address)),
        ("msRTCSIP-Line", text(&person.line_uri)),
        (
            "msRTCSIP-UserEnabled",
            person.enabled.to_string().to_uppercase(),
        ),
        ("RegistrarPool", text(&person.registrar_pool)),
        ("Site", text(&person.site)),
        ("whenCreated", time(&person.when_created)),
        ("whenChanged", time(&person.when_changed)),
        ("title", kept("title")),
        ("department", kept("department")),
        ("l", kept("l")),
        ("st", kept("st")),
        ("c", kept("c")),
        (
            "physicalDeliveryOfficeName",
            kept("physicaldeliveryofficename"),
        ),
        ("company", kept("company")),
        ("telephoneNumber", kept("telephonenumber")),
        ("mail", kept("mail")),
        ("memberOf", kept("memberof")),
    ]
}
