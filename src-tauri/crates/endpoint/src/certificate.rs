//! Whom to trust over TLS, and in whose name to speak.

use std::path::Path;
use std::sync::Arc;

use identity::ClientCertificate;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::SingleCertAndKey;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, RootCertStore,
    SignatureScheme,
};
use rustls_platform_verifier::Verifier;
use secrecy::SecretString;
use x509_parser::parse_x509_certificate;

use crate::config::{EndpointConfig, EndpointError};

/// A server's certificate is not trusted.
#[derive(Debug, thiserror::Error)]
#[error("its certificate ({subject}) is not trusted: {reason}")]
pub(crate) struct Distrust {
    /// Whose certificate it is, by its own words, and who signed it.
    pub(crate) subject: String,
    /// Why it is not trusted.
    pub(crate) reason: String,
}

/// TLS as the configuration wants it: the system's and the configured authorities are trusted.
/// `secret` is the password or PIN of the client's certificate.
pub(crate) fn tls(
    config: &EndpointConfig,
    client: Option<&ClientCertificate>,
    secret: Option<&SecretString>,
) -> Result<ClientConfig, EndpointError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut authorities = Vec::new();
    for file in &config.ca_certificates {
        authorities.extend(certificates(file, "a certificate authority")?);
    }
    let verifier = Verifier::new_with_extra_roots(authorities, provider.clone())
        .map_err(EndpointError::Trust)?;
    let builder = with_provider(provider.clone())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Explaining(verifier)));
    let mut tls = match client {
        None => builder.with_no_client_auth(),
        Some(certificate) => {
            let loaded = certificate.load(secret, &provider)?;
            builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(loaded)))
        }
    };
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(tls)
}

/// TLS that trusts nobody, for an endpoint that is reached without: the system's authorities
/// need not even be there.
pub(crate) fn no_tls() -> Result<ClientConfig, EndpointError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    Ok(with_provider(provider)?
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth())
}

fn with_provider(
    provider: Arc<CryptoProvider>,
) -> Result<rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>, EndpointError> {
    ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(EndpointError::Trust)
}

fn certificates(
    file: &Path,
    purpose: &'static str,
) -> Result<Vec<CertificateDer<'static>>, EndpointError> {
    let refuse = |problem: String| refused(file, purpose, problem);
    let found: Vec<_> = CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect)
        .map_err(|error| refuse(error.to_string()))?;
    for certificate in &found {
        parse_x509_certificate(certificate)
            .map_err(|_| refuse("a certificate in it is damaged".to_owned()))?;
    }
    if found.is_empty() {
        return Err(refuse("it holds no certificate in PEM".to_owned()));
    }
    Ok(found)
}

fn refused(file: &Path, purpose: &'static str, problem: String) -> EndpointError {
    EndpointError::Certificate { file: file.to_owned(), purpose, problem }
}

/// Trusts whom the system's verifier trusts, and says of whom it does not who that is.
#[derive(Debug)]
struct Explaining(Verifier);

impl ServerCertVerifier for Explaining {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Self(verifier) = self;
        verifier
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            .map_err(|error| {
                let distrust = Distrust { subject: subject(end_entity), reason: reason(error) };
                CertificateError::Other(OtherError(Arc::new(distrust))).into()
            })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

fn subject(certificate: &CertificateDer<'_>) -> String {
    match parse_x509_certificate(certificate) {
        Ok((_, read)) => format!("of {}, issued by {}", read.subject(), read.issuer()),
        Err(_) => "unreadable".to_owned(),
    }
}

fn reason(error: Error) -> String {
    let Error::InvalidCertificate(error) = error else { return error.to_string() };
    match error {
        CertificateError::UnknownIssuer => {
            "its issuer is unknown to this machine; if it is your organisation's own, name its PEM file in ca_certificates".to_owned()
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "it has expired; check this machine's clock too".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet; check this machine's clock too".to_owned()
        }
        CertificateError::NotValidForNameContext { expected, presented } => {
            format!("it is not for {}, but for {}", expected.to_str(), presented.join(", "))
        }
        CertificateError::NotValidForName => "it is for another host".to_owned(),
        CertificateError::BadSignature => {
            "it is signed with another key than its issuer's; the issuer's file may be an old one".to_owned()
        }
        CertificateError::Revoked => "it has been revoked".to_owned(),
        other => other.to_string(),
    }
}
