//! Whom a destination has to be, and in whose name records are delivered.

use std::path::Path;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls_platform_verifier::Verifier;

use crate::Destination;

/// TLS for a destination: the system's authorities are trusted, and those that it names.
///
/// # Errors
/// In words, where a file cannot be used.
pub(crate) fn config(destination: &Destination) -> Result<ClientConfig, String> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut authorities = Vec::new();
    for file in &destination.ca_certificates {
        authorities.extend(certificates(file)?);
    }
    let verifier = Verifier::new_with_extra_roots(authorities, provider.clone())
        .map_err(|error| format!("its certificate authorities cannot be used ({error})"))?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let Some(file) = &destination.client_certificate else {
        return Ok(builder.with_no_client_auth());
    };
    let chain = certificates(file)?;
    let unusable = |problem: String| format!("{} cannot be used ({problem})", file.display());
    let key = PrivateKeyDer::from_pem_file(file)
        .map_err(|error| unusable(format!("its private key cannot be read: {error}")))?;
    builder.with_client_auth_cert(chain, key).map_err(|error| unusable(error.to_string()))
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let unusable = |problem: String| format!("{} cannot be used ({problem})", file.display());
    let found: Vec<_> = CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect)
        .map_err(|error| unusable(error.to_string()))?;
    match found.is_empty() {
        true => Err(unusable("it holds no certificate in PEM".to_owned())),
        false => Ok(found),
    }
}
