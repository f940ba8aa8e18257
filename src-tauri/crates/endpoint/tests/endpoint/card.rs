//! A client certificate on a smart card: SoftHSM's, which is one but for the plastic.

use std::path::Path;
use std::process::Command;

use conversation::{Failure, FailureCode};
use cryptoki::context::Pkcs11;
use cryptoki::object::{Attribute, CertificateType, ObjectClass};
use cryptoki::session::UserType;
use endpoint::{Credentials, EndpointConfig, EndpointError, HttpEndpoint};
use identity::ClientCertificate;
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256};
use secrecy::SecretString;
use tokio_rustls::rustls::version::{TLS12, TLS13};

use crate::support::{ask, good_events};
use crate::tls::{Authority, config, start};

const PIN: &str = "246810";

/// Where Debian, Fedora and others put SoftHSM.
const MODULES: &[&str] = &[
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm2.so",
];

fn module() -> &'static str {
    let there = MODULES.iter().find(|module| Path::new(module).exists());
    there.expect("softhsm2; cargo xtask test installs it")
}

/// Runs the ignored test below with cards of its own.
#[test]
fn with_a_card() {
    let folder = tempfile::tempdir().unwrap();
    let cards = folder.path().join("cards");
    std::fs::create_dir(&cards).unwrap();
    let settings = folder.path().join("softhsm2.conf");
    std::fs::write(&settings, format!("directories.tokendir = {}\n", cards.display())).unwrap();
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--ignored", "card::a_card_speaks_for_its_owner"])
        .env("SOFTHSM2_CONF", settings)
        .status();
    assert!(status.unwrap().success());
}

fn softhsm(arguments: &[&str]) {
    let output = Command::new("softhsm2-util").args(arguments).output();
    let output = output.expect("softhsm2; cargo xtask test installs it");
    assert!(output.status.success(), "{output:?}");
}

/// Puts a key with its certificate on the card.
fn put(name: &str, id: u8, key: &KeyPair, authority: &Authority) {
    let file = authority.file("key.pem", &key.serialize_pem());
    let number = format!("{id:02x}");
    let file = file.to_str().unwrap();
    softhsm(&[
        "--import", file, "--token", "Staff", "--label", name, "--id", &number, "--pin", PIN,
    ]);
    let pkcs11 = Pkcs11::new(module()).unwrap();
    // Bureau may have set it up already.
    let _ = pkcs11.initialize(cryptoki::context::CInitializeArgs::new(
        cryptoki::context::CInitializeFlags::OS_LOCKING_OK,
    ));
    let slot = pkcs11.get_slots_with_initialized_token().unwrap()[0];
    let session = pkcs11.open_rw_session(slot).unwrap();
    session.login(UserType::User, Some(&PIN.to_owned().into())).unwrap();
    session
        .create_object(&[
            Attribute::Class(ObjectClass::CERTIFICATE),
            Attribute::CertificateType(CertificateType::X_509),
            Attribute::Token(true),
            Attribute::Private(false),
            Attribute::Label(name.as_bytes().to_vec()),
            Attribute::Id(vec![id]),
            Attribute::Subject(vec![0x30, 0]),
            Attribute::Value(authority.certify_client(key).der().to_vec()),
        ])
        .unwrap();
}

fn named(object: &str) -> ClientCertificate {
    let uri = format!("pkcs11:token=Staff;object={object}?module-path={}", module());
    ClientCertificate::try_from(uri).unwrap()
}

fn open(config: &EndpointConfig, pin: Option<&str>) -> Result<HttpEndpoint, EndpointError> {
    let certificate_secret = pin.map(SecretString::from);
    HttpEndpoint::with(config.clone(), Credentials { certificate_secret, ..Default::default() })
}

#[tokio::test]
#[ignore = "run by with_a_card, with cards of its own"]
async fn a_card_speaks_for_its_owner() {
    let authority = Authority::new();
    softhsm(&["--init-token", "--free", "--label", "Staff", "--pin", PIN, "--so-pin", "13579"]);
    let keys = [
        ("p256", KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap()),
        ("p384", KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).unwrap()),
        ("rsa", KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap()),
    ];
    for ((name, key), id) in keys.iter().zip(1..) {
        put(name, id, key, &authority);
    }

    let refused = |object: &str, pin: Option<&str>| {
        let mut config = EndpointConfig::new("https://localhost/v1".to_owned());
        config.client_certificate = Some(named(object));
        Failure::from(open(&config, pin).unwrap_err())
    };
    let unasked = refused("p256", None);
    assert_eq!(unasked.code, FailureCode::SignInNeeded, "{unasked}");
    let wrong = refused("p256", Some("000000"));
    assert_eq!(wrong.code, FailureCode::WrongPassword, "{wrong}");
    assert!(!wrong.message.contains("000000"), "{wrong}");
    let missing = refused("nobody", Some(PIN));
    assert_eq!(missing.code, FailureCode::Configuration, "{missing}");
    assert!(missing.message.contains("holds no such certificate"), "{missing}");
    let mut elsewhere = EndpointConfig::new("https://localhost/v1".to_owned());
    elsewhere.client_certificate = Some(
        ClientCertificate::try_from(format!("pkcs11:token=Other?module-path={}", module()))
            .unwrap(),
    );
    let error = open(&elsewhere, Some(PIN)).unwrap_err().to_string();
    assert!(error.contains("no such card is there"), "{error}");

    for (name, _) in &keys {
        for version in [&TLS12, &TLS13] {
            let server = start(authority.server("localhost", 2999, Some(version))).await;
            let mut config = config(&server);
            config.ca_certificates.push(authority.ca_file());
            config.client_certificate = Some(named(name));
            let endpoint = open(&config, Some(PIN)).unwrap();
            assert_eq!(ask(&endpoint).await, good_events(), "{name} {version:?}");
        }
    }
}

#[test]
fn a_library_that_is_not_there_is_named() {
    let mut config = EndpointConfig::new("https://localhost/v1".to_owned());
    config.client_certificate = Some(
        ClientCertificate::try_from("pkcs11:?module-path=/nonexistent/card.so".to_owned()).unwrap(),
    );
    let error = open(&config, None).unwrap_err().to_string();
    assert!(error.contains("/nonexistent/card.so"), "{error}");
}
