//! Encryption, certificates, binds, time-outs, and which server is used.

use std::net::TcpListener;
use std::time::Duration;

use pinward_directory::ldap::{
    BindName, BindRefused, Certificate, Connection, LdapError, Password, Server, Settings, Step,
    Trust, What,
};
use zeroize::Zeroizing;

use crate::slapd::{Slapd, free_port, is_there, password, settings};
use pinward_testkit::{Authority, For};

async fn refused(settings: &Settings) -> Vec<LdapError> {
    match Connection::open(settings).await {
        Ok(_) => panic!("connected"),
        Err(errors) => errors,
    }
}

fn server(scheme: &str, port: u16) -> Server {
    format!("{scheme}://127.0.0.1:{port}").parse().unwrap()
}

#[tokio::test]
async fn ldaps_and_starttls_with_checked_certificates() {
    if !is_there() {
        return;
    }
    let slapd = Slapd::start("", For::This).await;
    for server in [slapd.ldaps(), slapd.starttls()] {
        let open = Connection::open(&settings(vec![server.clone()], slapd.trust())).await;
        assert_eq!(open.map(|c| c.server().clone()).ok(), Some(server));
    }
    assert_eq!(slapd.trust().warning(), None);
    let stranger = Authority::new(&std::env::temp_dir().join(format!("ca{}", slapd.port)));
    let trust = Trust::file(&stranger.file()).unwrap();
    std::fs::remove_dir_all(stranger.file().parent().unwrap()).unwrap();
    for server in [slapd.ldaps(), slapd.starttls()] {
        let errors = refused(&settings(vec![server], trust.clone())).await;
        let expected = What::Certificate(Certificate::UnknownAuthority);
        assert_eq!((errors[0].step, &errors[0].what), (Step::Tls, &expected));
    }
}

#[tokio::test]
async fn expired_and_wrong_certificates_are_refused_unless_all_are_accepted() {
    if !is_there() {
        return;
    }
    for (certificate, problem) in [
        (For::Past, Certificate::Expired),
        (For::Another, Certificate::WrongName),
    ] {
        let slapd = Slapd::start("", certificate).await;
        for server in [slapd.ldaps(), slapd.starttls()] {
            let errors = refused(&settings(vec![server], slapd.trust())).await;
            assert_eq!(errors[0].what, What::Certificate(problem.clone()));
            assert_eq!(errors[0].id(), "DirectoryCertificateRefused");
        }
        let any = Trust::accept_any_certificate().unwrap();
        assert!(any.warning().is_some());
        let open = Connection::open(&settings(vec![slapd.ldaps()], any)).await;
        assert!(open.is_ok());
    }
}

#[tokio::test]
async fn a_wrong_password_is_tried_once_and_an_empty_one_never() {
    if !is_there() {
        return;
    }
    let slapd = Slapd::start("", For::This).await;
    let mut how = settings(vec![slapd.ldaps(), slapd.starttls()], slapd.trust());
    how.password = password("wrong");
    let errors = refused(&how).await;
    assert_eq!(
        errors.len(),
        1,
        "the second server is not asked: {errors:?}"
    );
    assert_eq!(errors[0].what, What::Bind(BindRefused::WrongPassword));
    assert!(!errors[0].to_string().contains("wrong\""), "{}", errors[0]);
    assert!(Password::new(Zeroizing::new(String::new())).is_err());
    assert!(BindName::parse("").is_err());
}

#[tokio::test]
async fn the_second_server_takes_over_and_the_first_returns() {
    if !is_there() {
        return;
    }
    let mut first = Slapd::start("", For::This).await;
    let second = Slapd::start("", For::This).await;
    let any = Trust::accept_any_certificate().unwrap();
    let how = settings(vec![first.ldaps(), second.ldaps()], any);
    let used = async || match Connection::open(&how).await {
        Ok(open) => (open.server().port(), open.passed_over().len()),
        Err(errors) => panic!("{errors:?}"),
    };
    assert_eq!(used().await, (first.tls_port, 0));
    first.kill();
    assert_eq!(used().await, (second.tls_port, 1));
    first.start_again().await;
    assert_eq!(used().await, (first.tls_port, 0));
}

#[tokio::test]
async fn a_server_that_hangs_or_is_not_there_is_named_with_the_step() {
    let hung = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = hung.local_addr().unwrap().port();
    let closed = free_port();
    let any = Trust::accept_any_certificate().unwrap();
    let limit = Duration::from_millis(200);
    let mut how = settings(
        vec![
            server("ldaps", port),
            server("ldap", port),
            server("ldaps", closed),
        ],
        any,
    );
    how.connect_timeout = limit;
    let errors = refused(&how).await;
    let steps: Vec<_> = errors.iter().map(|e| (e.step, e.what.clone())).collect();
    assert_eq!(steps[0], (Step::Tls, What::NoAnswer(limit)));
    assert_eq!(steps[1], (Step::Tls, What::NoAnswer(limit)));
    assert!(
        matches!(steps[2], (Step::Connect, What::Network(_))),
        "{steps:?}"
    );
    assert!(
        errors[0]
            .to_string()
            .contains(&format!("ldaps://127.0.0.1:{port}"))
    );
}
