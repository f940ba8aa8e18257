//! In whose name TLS speaks: a client certificate and its key, from a file or on a smart card.

use std::fmt;
use std::path::{Path, PathBuf};

use conversation::{Failure, FailureCode};
use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;
use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use x509_parser::parse_x509_certificate;

use crate::card;
use crate::{CardUri, CardUriError};

/// Where a client certificate lies. In a configuration it is a text: a file, or a PKCS #11 URI.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub enum ClientCertificate {
    /// A PEM file with the certificate (its chain after it) and its key, or a PKCS #12 file.
    File(PathBuf),
    /// A smart card.
    Card(CardUri),
}

/// A client certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A password or PIN is needed, and none is known.
    #[error(
        "the client's certificate in {0} opens with a password or PIN; enter it in the settings of the endpoint, or by `bureau sign-in`"
    )]
    SecretNeeded(String),
    /// The password or PIN is wrong.
    #[error("the password or PIN of the client's certificate in {place} is wrong{rest}")]
    WrongSecret {
        /// Where the certificate is.
        place: String,
        /// What a card says besides.
        rest: &'static str,
    },
    /// It is not there, or is none.
    #[error("{place} cannot be used as the client's certificate: {problem}")]
    Unusable {
        /// Where the certificate should be.
        place: String,
        /// What is wrong.
        problem: String,
    },
}

impl From<CertificateError> for Failure {
    fn from(error: CertificateError) -> Self {
        let code = match error {
            CertificateError::SecretNeeded(_) => FailureCode::SignInNeeded,
            CertificateError::WrongSecret { .. } => FailureCode::WrongPassword,
            CertificateError::Unusable { .. } => FailureCode::Configuration,
        };
        Failure::new(code, error.to_string())
    }
}

impl ClientCertificate {
    /// Whether a password or PIN may be needed. A PEM file's key is not encrypted.
    pub fn may_need_secret(&self) -> bool {
        match self {
            Self::Card(_) => true,
            Self::File(file) => {
                let extension = file.extension().and_then(|name| name.to_str()).unwrap_or_default();
                ["p12", "pfx"].iter().any(|known| extension.eq_ignore_ascii_case(known))
            }
        }
    }

    /// The certificate with what signs for it. Of a card the key stays on it, and signing waits
    /// for the card; its PIN is told to it once, here, and again where it was taken out.
    ///
    /// # Errors
    /// [`CertificateError`]. A wrong PIN must not be tried again: cards count.
    pub fn load(
        &self,
        secret: Option<&SecretString>,
        provider: &CryptoProvider,
    ) -> Result<CertifiedKey, CertificateError> {
        let file = match self {
            Self::Card(uri) => return card::load(uri, secret),
            Self::File(file) => file,
        };
        let unusable = |problem: String| CertificateError::Unusable {
            place: file.display().to_string(),
            problem,
        };
        let bytes = std::fs::read(file).map_err(|error| unusable(error.to_string()))?;
        let (chain, key) = match is_pem(&bytes) {
            true => pem(&bytes).map_err(unusable)?,
            false => pkcs12(file, &bytes, secret)?,
        };
        for certificate in &chain {
            parse_x509_certificate(certificate)
                .map_err(|_| unusable("a certificate in it is damaged".to_owned()))?;
        }
        CertifiedKey::from_der(chain, key, provider).map_err(|error| unusable(error.to_string()))
    }
}

type ChainAndKey = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// PKCS #12 is DER, which begins with a SEQUENCE.
fn is_pem(bytes: &[u8]) -> bool {
    bytes.first() != Some(&0x30)
}

fn pem(bytes: &[u8]) -> Result<ChainAndKey, String> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(bytes)
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())?;
    if chain.is_empty() {
        return Err("it holds no certificate in PEM".to_owned());
    }
    let key = PrivateKeyDer::from_pem_slice(bytes).map_err(|error| match error {
        rustls::pki_types::pem::Error::NoItemsFound => {
            "it holds no private key; append the key in PEM".to_owned()
        }
        error => format!("its private key cannot be read ({error})"),
    })?;
    Ok((chain, key))
}

fn pkcs12(
    file: &Path,
    bytes: &[u8],
    secret: Option<&SecretString>,
) -> Result<ChainAndKey, CertificateError> {
    let place = || file.display().to_string();
    let password = secret.map(ExposeSecret::expose_secret).unwrap_or_default();
    let store =
        KeyStore::from_pkcs12(bytes, password, Pkcs12ImportPolicy::Relaxed).map_err(|error| {
            match error {
                // The file is sealed with the password as a whole (RFC 7292 §5.1).
                p12_keystore::error::Error::MacError(_) if secret.is_none() => {
                    CertificateError::SecretNeeded(place())
                }
                p12_keystore::error::Error::MacError(_) => {
                    CertificateError::WrongSecret { place: place(), rest: "" }
                }
                error => CertificateError::Unusable {
                    place: place(),
                    problem: format!("it is neither PEM nor PKCS #12 ({error})"),
                },
            }
        })?;
    let (_, entry) = store.private_key_chain().ok_or_else(|| CertificateError::Unusable {
        place: place(),
        problem: "it holds no private key with its certificate".to_owned(),
    })?;
    let chain: Vec<_> =
        entry.certs().iter().map(|c| CertificateDer::from(c.as_der().to_vec())).collect();
    let key = PrivatePkcs8KeyDer::from(entry.key().as_der().to_vec());
    Ok((chain, key.into()))
}

impl From<PathBuf> for ClientCertificate {
    fn from(file: PathBuf) -> Self {
        Self::File(file)
    }
}

impl TryFrom<String> for ClientCertificate {
    type Error = CardUriError;

    fn try_from(text: String) -> Result<Self, CardUriError> {
        if text.starts_with(CardUri::SCHEME) {
            return CardUri::parse(&text).map(Self::Card);
        }
        Ok(Self::File(PathBuf::from(text)))
    }
}

impl From<ClientCertificate> for String {
    fn from(certificate: ClientCertificate) -> Self {
        certificate.to_string()
    }
}

impl fmt::Display for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => write!(f, "{}", file.display()),
            Self::Card(uri) => write!(f, "{uri}"),
        }
    }
}
