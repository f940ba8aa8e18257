//! What a broken connection means.

use std::error::Error;
use std::io;

use conversation::{Failure, FailureCode};
use rustls::{AlertDescription, CertificateError};

use crate::certificate::Distrust;
use crate::failure::{Asked, not_the_protocol};

/// The failure behind a request, or a body, that did not arrive.
pub(crate) fn failure(error: &reqwest::Error, asked: &Asked) -> Failure {
    let host = &asked.host;
    let causes = causes(error);
    let root = causes.last().map_or_else(|| error.to_string(), ToString::to_string);
    if let Some(tls) = find::<rustls::Error>(&causes) {
        return Failure::new(FailureCode::Tls, told_tls(tls, host));
    }
    let (code, message) = if error.is_dns() {
        let message = format!(
            "there is no host “{host}”; check the address and the network, and whether a VPN or proxy is needed"
        );
        (FailureCode::UnknownHost, message)
    } else if error.is_timeout() && error.is_connect() {
        let message = format!(
            "{host} did not answer the connection in time; check the address and the network, or raise connect_timeout_seconds"
        );
        (FailureCode::TimedOut, message)
    } else if error.is_timeout() {
        let message =
            format!("{host} sent nothing for too long; try again, or raise idle_timeout_seconds");
        (FailureCode::TimedOut, message)
    } else if error.is_connect() {
        (FailureCode::Unreachable, told_connect(&causes, host, &root))
    } else if find::<hyper::Error>(&causes).is_some_and(hyper::Error::is_parse) {
        return not_the_protocol("what it sends is not HTTP", asked);
    } else {
        let message = format!("{host} broke off the connection ({root}); try again");
        (FailureCode::CutOff, message)
    };
    Failure::new(code, message)
}

fn told_connect(causes: &[&(dyn Error + 'static)], host: &str, root: &str) -> String {
    let refused = find::<io::Error>(causes)
        .is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused);
    // The client's own type for this is not public.
    if causes.iter().any(|cause| cause.to_string().contains("proxy authorization required")) {
        format!("the proxy before {host} asks for a name and password; put them into its address")
    } else if causes.iter().any(|cause| cause.to_string().starts_with("tunnel error")) {
        format!(
            "the proxy before {host} did not let the connection through ({root}); check the proxy's address and rules"
        )
    } else if refused {
        format!(
            "nothing listens at {host}, or it is blocked; check the address and its port, and that the server runs"
        )
    } else {
        format!("{host} cannot be reached ({root}); check the address and the network")
    }
}

fn told_tls(error: &rustls::Error, host: &str) -> String {
    use AlertDescription as Alert;
    match error {
        rustls::Error::InvalidCertificate(CertificateError::Other(other)) => {
            match other.0.downcast_ref::<Distrust>() {
                Some(distrust) => format!("{host} cannot be trusted: {distrust}"),
                None => format!("{host} cannot be trusted: {other}"),
            }
        }
        rustls::Error::AlertReceived(
            alert @ (Alert::CertificateRequired
            | Alert::BadCertificate
            | Alert::UnknownCA
            | Alert::CertificateUnknown
            | Alert::CertificateExpired
            | Alert::CertificateRevoked
            | Alert::UnsupportedCertificate),
        ) => format!(
            "{host} asks for a client certificate that it trusts ({alert:?}); set client_certificate to a file with certificate and key, or to a smart card"
        ),
        rustls::Error::InvalidMessage(_) => format!(
            "{host} does not speak TLS there; check the port, and whether the address should begin with http://"
        ),
        other => format!("no TLS connection to {host} could be made: {other}"),
    }
}

/// The error's causes, the outermost first. What an `io::Error` wraps is not among its own
/// sources, so it is taken out.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    let mut causes = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push(cause);
        let wrapped = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => cause.source(),
        };
    }
    causes
}

fn find<'a, E: Error + 'static>(causes: &[&'a (dyn Error + 'static)]) -> Option<&'a E> {
    causes.iter().find_map(|cause| cause.downcast_ref())
}
