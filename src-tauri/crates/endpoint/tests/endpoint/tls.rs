//! TLS: whom the client trusts, and how it names itself.

use std::path::PathBuf;
use std::sync::Arc;

use crate::support::{Server, Step, ask, endpoint, failure, good, good_events};
use conversation::FailureCode;
use endpoint::{Credentials, EndpointConfig, HttpEndpoint};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use secrecy::SecretString;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};

/// An organisation's own certificate authority, and its file.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    pub folder: tempfile::TempDir,
}

impl Authority {
    pub fn new() -> Self {
        Self::named("Example Authority")
    }

    fn named(name: &str) -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::OrganizationName, name);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let authority = Self { issuer, folder: tempfile::tempdir().unwrap() };
        authority.file("ca.pem", &authority.issuer.pem());
        authority
    }

    pub fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// A certificate for this host that expires in this year, and its key.
    pub fn certify(&self, host: &str, year: i32) -> (rcgen::Certificate, KeyPair) {
        let mut params = CertificateParams::new([host.to_owned()]).unwrap();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, format!("{host} of Example"));
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(year, 1, 1);
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.issuer).unwrap(), key)
    }

    /// A certificate for a client with this key.
    pub fn certify_client(&self, key: &KeyPair) -> rcgen::Certificate {
        let params = CertificateParams::new(["client".to_owned()]).unwrap();
        params.signed_by(key, &self.issuer).unwrap()
    }

    pub fn server(
        &self,
        host: &str,
        year: i32,
        clients: Option<&'static SupportedProtocolVersion>,
    ) -> ServerConfig {
        let (certificate, key) = self.certify(host, year);
        let chain = vec![CertificateDer::from(certificate.der().to_vec())];
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(aws_lc_rs::default_provider());
        let builder = ServerConfig::builder_with_provider(provider.clone());
        match clients {
            None => builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth(),
            Some(version) => {
                let mut roots = RootCertStore::empty();
                roots.add(CertificateDer::from(self.issuer.der().to_vec())).unwrap();
                let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider)
                    .build()
                    .unwrap();
                builder
                    .with_protocol_versions(&[version])
                    .unwrap()
                    .with_client_cert_verifier(verifier)
            }
        }
        .with_single_cert(chain, key)
        .unwrap()
    }
}

pub async fn start(tls: ServerConfig) -> Server {
    Server::start_tls(tls, |_, _| vec![Step::Send(good())]).await
}

pub fn config(server: &Server) -> EndpointConfig {
    EndpointConfig::new(format!("https://localhost:{}/v1", server.port))
}

#[tokio::test]
async fn an_organisations_own_authority_is_trusted_if_configured() {
    let authority = Authority::new();
    let server = start(authority.server("localhost", 2999, None)).await;
    let mut config = config(&server);
    config.ca_certificates.push(authority.ca_file());
    assert_eq!(ask(&endpoint(config)).await, good_events());
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_is_told_with_its_subject_and_why() {
    let (authority, stranger) = (Authority::new(), Authority::named("Another"));
    let renewed = Authority::new();
    let cases = [
        ("localhost", 2999, &stranger, "its issuer is unknown"),
        ("localhost", 2999, &renewed, "another key"),
        ("localhost", 2001, &authority, "it has expired"),
        ("other.example", 2999, &authority, "it is not for localhost, but for"),
    ];
    for (host, year, trusted, why) in cases {
        let server = start(authority.server(host, year, None)).await;
        let mut config = config(&server);
        config.ca_certificates.push(trusted.ca_file());
        let failure = failure(&endpoint(config)).await;
        assert_eq!(failure.code, FailureCode::Tls, "{failure:?}");
        for part in [why, &format!("CN={host} of Example"), "issued by", "O=Example Authority"] {
            assert!(failure.message.contains(part), "{part}: {}", failure.message);
        }
        assert!(server.requests().is_empty());
    }
}

#[tokio::test]
async fn a_client_certificate_is_shown_if_configured_and_missed_if_not() {
    let authority = Authority::new();
    let (certificate, key) = authority.certify("client", 2999);
    let file = authority.file("client.pem", &(certificate.pem() + &key.serialize_pem()));
    for version in [&TLS12, &TLS13] {
        let server = start(authority.server("localhost", 2999, Some(version))).await;
        let mut config = config(&server);
        config.ca_certificates.push(authority.ca_file());
        config.client_certificate = Some(file.clone().into());
        assert_eq!(ask(&endpoint(config.clone())).await, good_events());
        config.client_certificate = None;
        let failure = failure(&endpoint(config)).await;
        assert_eq!(failure.code, FailureCode::Tls, "{version:?} {failure:?}");
        assert!(failure.message.contains("client certificate"), "{version:?} {failure:?}");
        assert_eq!(server.requests().len(), 1);
    }
}

/// As organisations hand them out: by OpenSSL, today's way and that of older programs.
#[tokio::test]
async fn a_pkcs12_file_opens_with_its_password() {
    let authority = Authority::new();
    let (certificate, key) = authority.certify("client", 2999);
    let pem = authority.file("client.pem", &(certificate.pem() + &key.serialize_pem()));
    let server = start(authority.server("localhost", 2999, Some(&TLS13))).await;
    for way in [&[][..], &["-legacy"]] {
        let file = authority.folder.path().join("client.p12");
        let made = std::process::Command::new("openssl")
            .args(["pkcs12", "-export", "-passout", "pass:sésame", "-in"])
            .args([&pem, &"-out".into(), &file])
            .args(way)
            .status();
        assert!(made.unwrap().success());
        let mut config = config(&server);
        config.ca_certificates.push(authority.ca_file());
        config.client_certificate = Some(file.into());
        let open = |secret: Option<&str>| {
            let certificate_secret = secret.map(SecretString::from);
            HttpEndpoint::with(
                config.clone(),
                Credentials { certificate_secret, ..Default::default() },
            )
        };
        for (secret, code) in
            [(None, FailureCode::SignInNeeded), (Some("wrong"), FailureCode::WrongPassword)]
        {
            let failure = conversation::Failure::from(open(secret).unwrap_err());
            assert_eq!(failure.code, code, "{failure}");
            assert!(failure.message.contains("client.p12"), "{failure}");
        }
        assert_eq!(ask(&open(Some("sésame")).unwrap()).await, good_events());
    }
}

#[tokio::test]
async fn a_server_without_tls_is_told() {
    let authority = Authority::new();
    let tcp = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = tcp.local_addr().unwrap().port();
    let mut config = EndpointConfig::new(format!("https://localhost:{port}/v1"));
    config.ca_certificates.push(authority.ca_file());
    tokio::spawn(async move {
        let (mut stream, _) = tcp.accept().await.unwrap();
        let _ =
            tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n")
                .await;
        std::future::pending::<()>().await;
    });
    let failure = failure(&endpoint(config)).await;
    assert_eq!(failure.code, FailureCode::Tls, "{failure:?}");
    assert!(failure.message.contains("does not speak TLS"), "{failure:?}");
}

#[tokio::test]
async fn files_that_cannot_be_used_are_named() {
    let authority = Authority::new();
    let (certificate, _) = authority.certify("client", 2999);
    let cases = [
        ("none.pem", None, "none.pem"),
        ("empty.pem", Some(String::new()), "no certificate in PEM"),
        (
            "damaged.pem",
            Some("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".into()),
            "damaged",
        ),
    ];
    for (name, content, problem) in cases {
        let mut config = EndpointConfig::new("https://localhost/v1".into());
        config.ca_certificates.push(match content {
            Some(content) => authority.file(name, &content),
            None => authority.folder.path().join(name),
        });
        let error = HttpEndpoint::new(config, None).unwrap_err().to_string();
        assert!(error.contains(name) && error.contains(problem), "{error}");
    }
    let mut config = EndpointConfig::new("https://localhost/v1".into());
    config.ca_certificates.push(authority.ca_file());
    config.client_certificate = Some(authority.file("keyless.pem", &certificate.pem()).into());
    let error = HttpEndpoint::new(config, None).unwrap_err().to_string();
    assert!(error.contains("keyless.pem") && error.contains("no private key"), "{error}");
}
