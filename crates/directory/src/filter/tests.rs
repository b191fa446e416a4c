use std::collections::BTreeMap;

use pinward_core::Person;

use super::*;

fn ken() -> Person {
    let attributes = [
        ("title", vec!["Manager"]),
        ("department", vec!["Finance"]),
        ("l", vec!["Redmond"]),
        (
            "memberof",
            vec![
                "CN=Staff,DC=litwareinc,DC=com",
                "CN=Phones\\, old,DC=litwareinc,DC=com",
            ],
        ),
        ("telephonenumber", vec!["+1 (425) 555-1219"]),
        ("employeeid", vec!["90"]),
    ];
    let owned = |values: Vec<&str>| values.into_iter().map(str::to_owned).collect();
    Person {
        guid: "03020100-0504-0706-0809-0a0b0c0d0e0f".into(),
        dn: "CN=Ken Myer,OU=Redmond,DC=litwareinc,DC=com".into(),
        display_name: "Ken Myer".into(),
        first_name: Some("Ken".into()),
        last_name: Some("Myer".into()),
        sam_account_name: "kenmyer".into(),
        domain: "LITWAREINC".into(),
        upn: Some("kenmyer@litwareinc.com".into()),
        sip_address: Some("sip:kenmyer@litwareinc.com".into()),
        line_uri: Some("tel:+14255551219;ext=51219".into()),
        enabled: true,
        registrar_pool: None,
        site: Some("Redmond".into()),
        attributes: attributes
            .into_iter()
            .map(|(name, values)| (name.to_owned(), owned(values)))
            .collect::<BTreeMap<_, _>>(),
        when_created: "2012-03-26T10:11:12Z".parse().ok(),
        when_changed: None,
    }
}

#[track_caller]
fn check(person: &Person, table: &[(&str, bool)]) {
    for (text, expected) in table {
        let filter = LdapFilter::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(filter.matches(person), *expected, "{text}");
        let canonical = filter.to_string();
        assert_eq!(
            LdapFilter::parse(&canonical),
            Ok(filter),
            "{text} as {canonical}"
        );
    }
}

#[test]
fn the_forms_of_the_reference_pages() {
    check(
        &ken(),
        &[
            ("Title=Manager", true),
            ("Department=Finance", true),
            ("Department=Sales", false),
            ("l=Redmond", true),
            ("&(Department=Finance)(Title=Manager)", true),
            ("&(Department=Finance)(Title=Supervisor)", false),
            ("|(Title=Supervisor)(Title=Manager)", true),
            ("!(Title=Manager)", false),
        ],
    );
}

#[test]
fn operators() {
    check(
        &ken(),
        &[
            ("(title=mAnAgEr)", true),
            ("(title= manager )", true),
            ("(title=Manage)", false),
            ("(!title=Manager)", false),
            ("(&)", true),
            ("(|)", false),
            (" ( & ( title = Manager ) ( ! ( l = Paris ) ) ) ", true),
            ("(company=*)", false),
            ("(!(company=*))", true),
            ("(!(company=Litware))", true),
            ("(title=*)", true),
            ("(title=**)", true),
            ("(cn=Ken*)", true),
            ("(cn=*Myer)", true),
            ("(cn=*n M*)", true),
            ("(cn=*N*M*R)", true),
            ("(cn=K*k*r)", false),
            ("(cn=Ken My*Myer)", false),
            ("(cn=*er*er)", false),
            ("(employeeID>=100)", false),
            ("(employeeID>=90)", true),
            ("(employeeID<=100)", true),
            ("(sn>=m)", true),
            ("(sn<=m)", false),
            ("(telephoneNumber~=+14255551219)", true),
            ("(whenCreated>=20120326000000.0Z)", true),
            ("(whenCreated<=20120326000000.0Z)", false),
            ("(title=Manager\\2a)", false),
            ("(memberOf=cn=staff, dc=LitwareInc, dc=com)", true),
            ("(memberOf=CN=\"Phones, old\",DC=litwareinc,DC=com)", true),
            ("(memberOf=CN=Phones,DC=litwareinc,DC=com)", false),
        ],
    );
}

#[test]
fn attributes_and_aliases() {
    check(
        &ken(),
        &[
            ("(City=Redmond)", true),
            ("(sAMAccountName=KENMYER)", true),
            ("(uid=kenmyer)", true),
            ("(userPrincipalName=kenmyer@*)", true),
            ("(displayName=Ken Myer)", true),
            ("(name=Ken Myer)", true),
            ("(givenName=Ken)", true),
            (
                "(distinguishedName=cn=ken myer, ou=redmond,dc=litwareinc,dc=com)",
                true,
            ),
            ("(msRTCSIP-PrimaryUserAddress=sip:*)", true),
            ("(proxyAddresses=sip:kenmyer@litwareinc.com)", true),
            ("(LineURI=tel:+1425*)", true),
            ("(msRTCSIP-UserEnabled=TRUE)", true),
            ("(&(objectCategory=person)(objectClass=user))", true),
            (
                "(objectCategory=CN=Person,CN=Schema,CN=Configuration,DC=litwareinc,DC=com)",
                true,
            ),
            ("(objectClass=computer)", false),
            ("(sAMAccountType=805306368)", true),
            ("(objectGUID=03020100-0504-0706-0809-0a0b0c0d0e0f)", true),
            (
                "(objectGUID=\\00\\01\\02\\03\\04\\05\\06\\07\\08\\09\\0a\\0b\\0c\\0d\\0e\\0f)",
                true,
            ),
            ("(userAccountControl:1.2.840.113556.1.4.803:=2)", false),
            ("(!(userAccountControl:1.2.840.113556.1.4.803:=2))", true),
            ("(userAccountControl:1.2.840.113556.1.4.804:=514)", true),
        ],
    );
    let disabled = Person {
        enabled: false,
        ..ken()
    };
    check(
        &disabled,
        &[
            ("(userAccountControl:1.2.840.113556.1.4.803:=2)", true),
            ("(msRTCSIP-UserEnabled=FALSE)", true),
        ],
    );
}

#[test]
fn other_scripts_ignore_case_too() {
    let person = Person {
        display_name: "Jürgen ΣΊΣΥΦΟΣ Ōtani 王芳".into(),
        last_name: Some("*(x)\\".into()),
        ..ken()
    };
    check(
        &person,
        &[
            ("(cn=jÜRGEN σίσυφοσ ōTANI 王芳)", true),
            ("(cn=*σίσυφος*)", true),
            ("(cn=*王芳)", true),
            ("(cn=J\\c3\\bcrgen*)", true),
            ("(sn=\\2a\\28X\\29\\5c)", true),
        ],
    );
}

#[test]
fn canonical_form() {
    for (text, canonical) in [
        ("title=Manager", "(title=Manager)"),
        (
            "&(City=a)(Office=b*)",
            "(&(l=a)(physicaldeliveryofficename=b*))",
        ),
        ("(! SN = x\\2Ay )", "(!(sn=\\20x\\2ay\\20))"),
        ("(lineuri=**a**b**)", "(msRTCSIP-Line=*a*b*)"),
        ("(cn=\\2a)", "(cn=\\2a)"),
    ] {
        let filter = LdapFilter::parse(text).unwrap();
        assert_eq!(filter.to_string(), canonical, "{text}");
    }
}

#[test]
fn refusals_say_where_and_what() {
    use FilterProblem as P;
    for (text, position, problem) in [
        ("", 1, P::Empty),
        ("   ", 1, P::Empty),
        ("(title=Manager", 15, P::CloseExpected),
        ("(title=Manager))", 16, P::TrailingText),
        ("title=Manager)", 14, P::TrailingText),
        ("(a=b)(c=d)", 6, P::TrailingText),
        ("(&(a=b)c=d)", 8, P::OpenExpected),
        ("(=b)", 2, P::NameExpected),
        ("()", 2, P::NameExpected),
        ("(é=b)", 2, P::BadName("é".into())),
        ("(2.5.4.3=b)", 2, P::BadName("2.5.4.3".into())),
        ("(cn;lang-en=b)", 2, P::BadName("cn;lang-en".into())),
        ("(éa)", 2, P::BadName("éa".into())),
        ("(title)", 7, P::OperatorExpected("title".into())),
        ("(title>5)", 8, P::OperatorExpected("title".into())),
        ("(a=b(c)", 5, P::MustBeEscaped("'('", "\\28")),
        ("(a=\0)", 4, P::MustBeEscaped("a NUL", "\\00")),
        ("(a=litwareinc\\kenmyer)", 14, P::BadEscape),
        ("(a=\\4", 4, P::BadEscape),
        ("(a>=b*)", 5, P::WildcardHere),
        ("(a=\\ff)", 7, P::NotText),
        ("(cn:dn:=x)", 4, P::UnsupportedRule("dn".into())),
        (
            "(memberOf:1.2.840.113556.1.4.1941:=x)",
            10,
            P::UnsupportedRule("1.2.840.113556.1.4.1941".into()),
        ),
        (
            "(userAccountControl:1.2.840.113556.1.4.803:=x)",
            45,
            P::NumberExpected("x".into()),
        ),
        ("(anr=ken)", 2, P::AmbiguousNameResolution),
        ("äöü=\\zz", 1, P::BadName("äöü".into())),
    ] {
        let error = LdapFilter::parse(text).expect_err(text);
        assert_eq!(
            (error.problem, error.position),
            (problem, position),
            "{text}"
        );
    }
    let message = LdapFilter::parse("(anr=k)").unwrap_err().to_string();
    assert!(
        message.starts_with("LDAP filter, character 2: 'anr' is not supported"),
        "{message}"
    );
}

#[test]
fn limits() {
    let nested = |depth: usize| format!("{}a=b{}", "(!".repeat(depth), ")".repeat(depth));
    assert!(LdapFilter::parse(&nested(MAX_DEPTH)).is_ok());
    let error = LdapFilter::parse(&nested(MAX_DEPTH + 1)).unwrap_err();
    assert_eq!(error.problem, FilterProblem::TooDeep);
    // However deep, it is refused rather than overflowing the stack.
    assert!(LdapFilter::parse(&nested(4000)).is_err());
    let long = format!("(a={})", "x".repeat(MAX_LENGTH));
    assert_eq!(
        LdapFilter::parse(&long).unwrap_err().problem,
        FilterProblem::TooLong
    );
}
