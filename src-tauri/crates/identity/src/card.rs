//! A certificate on a smart card, and signing with the key that never leaves it (PKCS #11).

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsPssParams};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, AttributeType, CertificateType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use rustls::pki_types::CertificateDer;
use rustls::sign::{CertifiedKey, Signer, SigningKey};
use rustls::{SignatureAlgorithm, SignatureScheme};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256, Sha384, Sha512};
use x509_parser::parse_x509_certificate;
use x509_parser::public_key::PublicKey;

use crate::{CardUri, CertificateError};

/// The library that knows all cards that the system knows.
const SYSTEM_MODULE: &str = "p11-kit-proxy.so";

/// The libraries in use: each is set up once in a process, and stays.
static MODULES: LazyLock<Mutex<HashMap<PathBuf, Pkcs11>>> = LazyLock::new(Mutex::default);

/// The certificate that the URI names, with its chain as far as the card has it, and its key.
pub(crate) fn load(
    uri: &CardUri,
    pin: Option<&SecretString>,
) -> Result<CertifiedKey, CertificateError> {
    let card = Card { uri: uri.clone(), pin: pin.cloned() };
    let (session, found) = card.open()?;
    let algorithm = found.algorithm;
    let chain = found.chain;
    let key = CardKey(Arc::new(Opened {
        card,
        algorithm,
        session: Mutex::new(Some((session, found.key))),
    }));
    Ok(CertifiedKey::new(chain, Arc::new(key)))
}

/// A card, and what opens it.
struct Card {
    uri: CardUri,
    pin: Option<SecretString>,
}

/// What lies on a card.
struct Found {
    chain: Vec<CertificateDer<'static>>,
    key: ObjectHandle,
    algorithm: Algorithm,
}

/// How a key signs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Algorithm {
    Rsa,
    EcdsaP256,
    EcdsaP384,
}

impl Card {
    fn unusable(&self, problem: impl fmt::Display) -> CertificateError {
        CertificateError::Unusable { place: self.uri.to_string(), problem: problem.to_string() }
    }

    /// Opens the card with its PIN, and finds the certificate and its key.
    fn open(&self) -> Result<(Session, Found), CertificateError> {
        let module = self.module()?;
        let slot = self.slot(&module)?;
        let session = module.open_ro_session(slot).map_err(|error| self.unusable(error))?;
        let login_required =
            module.get_token_info(slot).map_err(|error| self.unusable(error))?.login_required();
        if login_required {
            self.log_in(&module, slot, &session)?;
        }
        let found = self.find(&session)?;
        Ok((session, found))
    }

    fn module(&self) -> Result<Pkcs11, CertificateError> {
        let path = match &self.uri.module {
            Some(path) => path.as_path(),
            None if cfg!(target_os = "linux") => Path::new(SYSTEM_MODULE),
            None => return Err(self.unusable("name the card's library by module-path")),
        };
        let mut modules = MODULES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(module) = modules.get(path) {
            return Ok(module.clone());
        }
        let module = Pkcs11::new(path).map_err(|error| {
            self.unusable(format!("the library {} cannot be loaded: {error}", path.display()))
        })?;
        match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(error) => return Err(self.unusable(error)),
        }
        modules.insert(path.to_owned(), module.clone());
        Ok(module)
    }

    fn slot(&self, module: &Pkcs11) -> Result<Slot, CertificateError> {
        let slots =
            module.get_slots_with_initialized_token().map_err(|error| self.unusable(error))?;
        let is_it = |slot: &Slot| {
            module.get_token_info(*slot).is_ok_and(|token| {
                let matches = |wanted: &Option<String>, found: &str| {
                    wanted.as_deref().is_none_or(|wanted| wanted == found.trim_end())
                };
                matches(&self.uri.token, token.label())
                    && matches(&self.uri.serial, token.serial_number())
            })
        };
        slots
            .into_iter()
            .find(is_it)
            .ok_or_else(|| self.unusable("no such card is there; insert it and try again"))
    }

    fn log_in(
        &self,
        module: &Pkcs11,
        slot: Slot,
        session: &Session,
    ) -> Result<(), CertificateError> {
        let token = module.get_token_info(slot).map_err(|error| self.unusable(error))?;
        let place = || self.uri.to_string();
        // A reader with keys of its own asks for the PIN itself.
        let pin = match &self.pin {
            _ if token.protected_authentication_path() => None,
            Some(pin) => Some(pin.expose_secret().to_owned().into()),
            None => return Err(CertificateError::SecretNeeded(place())),
        };
        match session.login(UserType::User, pin.as_ref()) {
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(()),
            Err(Error::Pkcs11(
                RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange,
                _,
            )) => {
                let rest = match module.get_token_info(slot) {
                    Ok(token) if token.user_pin_locked() => "; the card is locked now",
                    Ok(token) if token.user_pin_final_try() => "; one try is left",
                    _ => "",
                };
                Err(CertificateError::WrongSecret { place: place(), rest })
            }
            Err(Error::Pkcs11(RvError::PinLocked, _)) => {
                Err(self.unusable("the card is locked; its issuer can unlock it"))
            }
            Err(error) => Err(self.unusable(error)),
        }
    }

    fn find(&self, session: &Session) -> Result<Found, CertificateError> {
        let certificates = self.certificates(session, &[])?;
        let mut wanted = Vec::new();
        wanted.extend(self.uri.object.as_ref().map(|o| Attribute::Label(o.clone().into_bytes())));
        wanted.extend(self.uri.id.as_ref().map(|id| Attribute::Id(id.clone())));
        for (certificate, id) in self.certificates(session, &wanted)? {
            let template = [Attribute::Class(ObjectClass::PRIVATE_KEY), Attribute::Id(id)];
            let keys = session.find_objects(&template).map_err(|error| self.unusable(error))?;
            let Some(&key) = keys.first() else { continue };
            let algorithm = algorithm(&certificate)
                .ok_or_else(|| self.unusable("its key is neither RSA, P-256 nor P-384"))?;
            let chain = chain(certificate, certificates.into_iter().map(|(c, _)| c).collect());
            return Ok(Found { chain, key, algorithm });
        }
        Err(self.unusable("the card holds no such certificate with its key"))
    }

    /// The certificates that are so, each with what its key shares with it.
    fn certificates(
        &self,
        session: &Session,
        wanted: &[Attribute],
    ) -> Result<Vec<(CertificateDer<'static>, Vec<u8>)>, CertificateError> {
        let mut template = vec![
            Attribute::Class(ObjectClass::CERTIFICATE),
            Attribute::CertificateType(CertificateType::X_509),
        ];
        template.extend_from_slice(wanted);
        let objects = session.find_objects(&template).map_err(|error| self.unusable(error))?;
        let mut certificates = Vec::new();
        for object in objects {
            let attributes = session
                .get_attributes(object, &[AttributeType::Value, AttributeType::Id])
                .map_err(|error| self.unusable(error))?;
            let (mut value, mut id) = (Vec::new(), Vec::new());
            for attribute in attributes {
                match attribute {
                    Attribute::Value(bytes) => value = bytes,
                    Attribute::Id(bytes) => id = bytes,
                    _ => {}
                }
            }
            certificates.push((CertificateDer::from(value), id));
        }
        Ok(certificates)
    }
}

/// How the key of a certificate signs; none for keys that TLS or Bureau does not know.
fn algorithm(certificate: &CertificateDer<'_>) -> Option<Algorithm> {
    let (_, read) = parse_x509_certificate(certificate).ok()?;
    match read.public_key().parsed().ok()? {
        PublicKey::RSA(_) => Some(Algorithm::Rsa),
        PublicKey::EC(point) => match point.key_size() {
            256 => Some(Algorithm::EcdsaP256),
            384 => Some(Algorithm::EcdsaP384),
            _ => None,
        },
        _ => None,
    }
}

/// The certificate, and after each its issuer, as far as these go.
fn chain(
    first: CertificateDer<'static>,
    mut others: Vec<CertificateDer<'static>>,
) -> Vec<CertificateDer<'static>> {
    let mut chain = vec![first];
    while let Some(last) = chain.last() {
        let Ok((_, read)) = parse_x509_certificate(last) else { break };
        let issues = |other: &CertificateDer<'_>| {
            parse_x509_certificate(other).is_ok_and(|(_, other)| {
                other.subject() == read.issuer() && other.subject() != read.subject()
            })
        };
        let Some(place) = others.iter().position(issues) else { break };
        let issuer = others.swap_remove(place);
        chain.push(issuer);
    }
    chain
}

/// The key on the card.
#[derive(Clone)]
struct CardKey(Arc<Opened>);

struct Opened {
    card: Card,
    algorithm: Algorithm,
    /// None after the card was taken out.
    session: Mutex<Option<(Session, ObjectHandle)>>,
}

impl SigningKey for CardKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let known: &[SignatureScheme] = match self.0.algorithm {
            Algorithm::Rsa => &[
                SignatureScheme::RSA_PSS_SHA256,
                SignatureScheme::RSA_PSS_SHA384,
                SignatureScheme::RSA_PSS_SHA512,
                SignatureScheme::RSA_PKCS1_SHA256,
                SignatureScheme::RSA_PKCS1_SHA384,
                SignatureScheme::RSA_PKCS1_SHA512,
            ],
            Algorithm::EcdsaP256 => &[SignatureScheme::ECDSA_NISTP256_SHA256],
            Algorithm::EcdsaP384 => &[SignatureScheme::ECDSA_NISTP384_SHA384],
        };
        let scheme = *known.iter().find(|scheme| offered.contains(scheme))?;
        Some(Box::new(CardSigner { key: self.clone(), scheme }))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        match self.0.algorithm {
            Algorithm::Rsa => SignatureAlgorithm::RSA,
            Algorithm::EcdsaP256 | Algorithm::EcdsaP384 => SignatureAlgorithm::ECDSA,
        }
    }
}

struct CardSigner {
    key: CardKey,
    scheme: SignatureScheme,
}

impl Signer for CardSigner {
    /// Waits for the card, which is asked once for each connection.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        let (mechanism, data) = signing(self.scheme, message)
            .ok_or_else(|| rustls::Error::General("no card signs so".to_owned()))?;
        let raw = self
            .key
            .0
            .sign(&mechanism, &data)
            .map_err(|error| rustls::Error::General(error.to_string()))?;
        match self.key.0.algorithm {
            Algorithm::Rsa => Ok(raw),
            Algorithm::EcdsaP256 | Algorithm::EcdsaP384 => Ok(der_signature(&raw)),
        }
    }

    fn scheme(&self) -> SignatureScheme {
        self.scheme
    }
}

impl Opened {
    fn sign(&self, mechanism: &Mechanism<'_>, data: &[u8]) -> Result<Vec<u8>, CertificateError> {
        let mut held: MutexGuard<'_, _> =
            self.session.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((session, key)) = &*held {
            match session.sign(mechanism, *key, data) {
                Ok(signature) => return Ok(signature),
                Err(error) if is_gone(&error) => *held = None,
                Err(error) => return Err(self.card.unusable(error)),
            }
        }
        // It was taken out and, with luck, put in again.
        let (session, found) = self.card.open()?;
        let signed = session.sign(mechanism, found.key, data);
        *held = Some((session, found.key));
        signed.map_err(|error| self.card.unusable(error))
    }
}

/// Whether an error means that the card has been out.
fn is_gone(error: &Error) -> bool {
    use RvError as E;
    let Error::Pkcs11(error, _) = error else { return false };
    matches!(
        error,
        E::SessionHandleInvalid
            | E::SessionClosed
            | E::DeviceRemoved
            | E::TokenNotPresent
            | E::UserNotLoggedIn
            | E::KeyHandleInvalid
            | E::ObjectHandleInvalid
    )
}

/// How a card is asked to sign, and what: the digest is made here, which every card can do with.
fn signing(scheme: SignatureScheme, message: &[u8]) -> Option<(Mechanism<'static>, Vec<u8>)> {
    use SignatureScheme as S;
    Some(match scheme {
        S::RSA_PSS_SHA256 => {
            (pss(MechanismType::SHA256, PkcsMgfType::MGF1_SHA256, 32), sha256(message))
        }
        S::RSA_PSS_SHA384 => {
            (pss(MechanismType::SHA384, PkcsMgfType::MGF1_SHA384, 48), sha384(message))
        }
        S::RSA_PSS_SHA512 => {
            (pss(MechanismType::SHA512, PkcsMgfType::MGF1_SHA512, 64), sha512(message))
        }
        S::RSA_PKCS1_SHA256 => (Mechanism::RsaPkcs, digest_info(1, sha256(message))),
        S::RSA_PKCS1_SHA384 => (Mechanism::RsaPkcs, digest_info(2, sha384(message))),
        S::RSA_PKCS1_SHA512 => (Mechanism::RsaPkcs, digest_info(3, sha512(message))),
        S::ECDSA_NISTP256_SHA256 => (Mechanism::Ecdsa, sha256(message)),
        S::ECDSA_NISTP384_SHA384 => (Mechanism::Ecdsa, sha384(message)),
        _ => return None,
    })
}

/// RSASSA-PSS with a salt as long as the digest (RFC 8446 §4.2.3).
fn pss(hash_alg: MechanismType, mgf: PkcsMgfType, length: u8) -> Mechanism<'static> {
    // As long as the system's C has it: 32 bits on Windows.
    let s_len = std::ffi::c_ulong::from(length).into();
    Mechanism::RsaPkcsPss(PkcsPssParams { hash_alg, mgf, s_len })
}

fn sha256(message: &[u8]) -> Vec<u8> {
    Sha256::digest(message).to_vec()
}

fn sha384(message: &[u8]) -> Vec<u8> {
    Sha384::digest(message).to_vec()
}

fn sha512(message: &[u8]) -> Vec<u8> {
    Sha512::digest(message).to_vec()
}

/// A digest of SHA-2 with its name in DER (RFC 8017 §9.2 note 1); `last` is the last number of the
/// algorithm's identifier.
fn digest_info(last: u8, digest: Vec<u8>) -> Vec<u8> {
    let length = u8::try_from(digest.len()).unwrap_or_default();
    let mut info = vec![0x30, 17 + length, 0x30, 13, 0x06, 9];
    info.extend([0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, last]);
    info.extend([0x05, 0, 0x04, length]);
    info.extend(digest);
    info
}

/// What a card makes of ECDSA, r and s of one length, as TLS has it: in DER (RFC 3279 §2.2.3).
fn der_signature(raw: &[u8]) -> Vec<u8> {
    let (r, s) = raw.split_at(raw.len() / 2);
    let body = [der_integer(r), der_integer(s)].concat();
    der(0x30, &body)
}

/// A number without a sign, as short as it can be.
fn der_integer(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
    let bytes = &bytes[zeros.min(bytes.len().saturating_sub(1))..];
    let mut number = Vec::with_capacity(bytes.len() + 1);
    if bytes.first().is_none_or(|&byte| byte >= 0x80) {
        number.push(0);
    }
    number.extend_from_slice(bytes);
    der(0x02, &number)
}

/// A value of fewer than 128 bytes, which those of these curves are.
fn der(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = u8::try_from(value.len()).unwrap_or_default();
    [&[tag, length], value].concat()
}

impl fmt::Debug for CardKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardKey({})", self.0.card.uri)
    }
}

impl fmt::Debug for CardSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardSigner({:?}, {:?})", self.key, self.scheme)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_digest_is_named_as_pkcs1_names_it() {
        // RFC 8017, §9.2, note 1: SHA-256.
        let named = digest_info(1, vec![7; 32]);
        assert_eq!(
            named[..19],
            [
                0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
                0x01, 0x05, 0x00, 0x04, 0x20
            ]
        );
    }

    proptest! {
        #[test]
        fn a_signature_in_der_is_the_same_two_numbers(
            r in proptest::collection::vec(any::<u8>(), 48),
            s in proptest::collection::vec(any::<u8>(), 48),
        ) {
            let made = der_signature(&[r.clone(), s.clone()].concat());
            prop_assert_eq!(usize::from(made[1]), made.len() - 2);
            let (first, second) = made[2..].split_at(usize::from(made[3]) + 2);
            for (number, raw) in [(first, r), (second, s)] {
                prop_assert_eq!(usize::from(number[1]), number.len() - 2);
                let value = &number[2..];
                prop_assert!(value[0] < 0x80);
                prop_assert!(value.len() == 1 || value[0] != 0 || value[1] >= 0x80);
                let significant: Vec<_> = raw.iter().skip_while(|&&b| b == 0).collect();
                let kept: Vec<_> = value.iter().skip_while(|&&b| b == 0).collect();
                prop_assert_eq!(kept, significant);
            }
        }
    }
}
