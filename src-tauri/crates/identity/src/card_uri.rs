//! How a certificate on a smart card is named: a PKCS #11 URI (RFC 7512).

use std::fmt;
use std::path::PathBuf;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What is written as it is (RFC 7512 §2.3).
const ENCODED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// A certificate on a card, by what tells it from others: `pkcs11:token=Staff;object=login`. What
/// is not said does not matter.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CardUri {
    /// The label of the card.
    pub token: Option<String>,
    /// Its serial number.
    pub serial: Option<String>,
    /// The label of the certificate.
    pub object: Option<String>,
    /// What the certificate and its key share.
    pub id: Option<Vec<u8>>,
    /// The library that knows the card; the system's own where nothing is said.
    pub module: Option<PathBuf>,
}

/// It is no name of a certificate on a card.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CardUriError {
    /// An attribute is of no use here, or unknown.
    #[error("“{0}” names no certificate on a card; token, serial, object, id and module-path do")]
    Unknown(String),
    /// It holds the PIN, for everybody to read.
    #[error("a PIN must not stand in it; Bureau asks for it")]
    Pin,
    /// A part of it is not `name=value`, or is not encoded well.
    #[error("it must look like pkcs11:token=Staff;object=login?module-path=/usr/lib/card.so")]
    Malformed,
}

impl CardUri {
    /// What a text begins with that is one.
    pub const SCHEME: &str = "pkcs11:";

    /// Reads one.
    ///
    /// # Errors
    /// [`CardUriError`].
    pub fn parse(text: &str) -> Result<Self, CardUriError> {
        let rest = text.strip_prefix(Self::SCHEME).ok_or(CardUriError::Malformed)?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut uri = Self::default();
        let parts = path.split(';').chain(query.split('&'));
        for part in parts.filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').ok_or(CardUriError::Malformed)?;
            let bytes: Vec<u8> = percent_decode_str(value).collect();
            if name == "id" {
                uri.id = Some(bytes);
                continue;
            }
            let text = String::from_utf8(bytes).map_err(|_| CardUriError::Malformed)?;
            match name {
                "token" => uri.token = Some(text),
                "serial" => uri.serial = Some(text),
                "object" => uri.object = Some(text),
                "module-path" => uri.module = Some(PathBuf::from(text)),
                "type" if text == "cert" || text == "private" => {}
                "pin-value" | "pin-source" => return Err(CardUriError::Pin),
                other => return Err(CardUriError::Unknown(other.to_owned())),
            }
        }
        Ok(uri)
    }
}

impl fmt::Display for CardUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encoded = |text: &str| utf8_percent_encode(text, ENCODED).to_string();
        let id = self.id.as_ref().map(|id| id.iter().map(|byte| format!("%{byte:02X}")).collect());
        let parts = [
            ("token", self.token.as_deref().map(encoded)),
            ("serial", self.serial.as_deref().map(encoded)),
            ("object", self.object.as_deref().map(encoded)),
            ("id", id),
        ];
        let parts =
            parts.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value?)));
        write!(f, "{}{}", Self::SCHEME, parts.collect::<Vec<_>>().join(";"))?;
        match &self.module {
            Some(module) => write!(f, "?module-path={}", encoded(&module.to_string_lossy())),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_card_is_named_as_the_standard_says() {
        let text = "pkcs11:token=The%20Software%20PKCS%2311;object=login;id=%01%A2;type=cert?module-path=/usr/lib/p.so";
        let uri = CardUri::parse(text).unwrap();
        assert_eq!(uri.token.as_deref(), Some("The Software PKCS#11"));
        assert_eq!(uri.id.as_deref(), Some(&[1, 0xa2][..]));
        assert_eq!(uri.module, Some(PathBuf::from("/usr/lib/p.so")));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        let parse = |text: &str| CardUri::parse(text).unwrap_err();
        assert_eq!(parse("pkcs11:token=a?pin-value=1234"), CardUriError::Pin);
        assert_eq!(parse("pkcs11:slot=3"), CardUriError::Unknown("slot".to_owned()));
        assert_eq!(parse("pkcs11:token"), CardUriError::Malformed);
        assert_eq!(parse("pkcs11:token=%FF"), CardUriError::Malformed);
        assert_eq!(parse("/etc/client.pem"), CardUriError::Malformed);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            token in proptest::option::of(".*"),
            serial in proptest::option::of(".*"),
            object in proptest::option::of(".*"),
            id in proptest::option::of(proptest::collection::vec(any::<u8>(), 0..8)),
            module in proptest::option::of("/.*"),
        ) {
            let uri = CardUri { token, serial, object, id, module: module.map(PathBuf::from) };
            prop_assert_eq!(CardUri::parse(&uri.to_string()), Ok(uri));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "(pkcs11:)?.{0,60}") {
            let _ = CardUri::parse(&text);
        }
    }
}
