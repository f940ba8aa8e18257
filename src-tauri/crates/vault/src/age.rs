//! A short secret in an age file for one X25519 recipient (<https://c2sp.org/age>, version 1), so
//! that an administrator can open it with `age` itself as well as with Bureau.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use crate::VaultError;
use crate::recovery::{Identity, Recipient};

const VERSION: &str = "age-encryption.org/v1\n";
const STANZA: &str = "-> X25519 ";
const FOOTER: &str = "---";
const FILE_KEY: usize = 16;
const NONCE: usize = 16;
/// What is wrapped here is far shorter than one chunk of the format, which is always the last.
const MOST: usize = 64 * 1024;
/// The nonce of a first chunk that is also the last.
const LAST_CHUNK: [u8; 12] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

/// The secret as an age file that only the recipient's identity opens.
pub(crate) fn seal(recipient: &Recipient, secret: &[u8]) -> Result<Vec<u8>, VaultError> {
    let broken = || VaultError::Damaged("the recovery key seals nothing".to_owned());
    if secret.len() > MOST {
        return Err(broken());
    }
    let (ephemeral, file_key) = (random::<32>()?, random::<FILE_KEY>()?);
    let ephemeral = StaticSecret::from(*ephemeral);
    let share = PublicKey::from(&ephemeral);
    let theirs = PublicKey::from(*recipient.bytes());
    let wrapping = wrapping_key(&ephemeral, &theirs, &share, &theirs).ok_or_else(broken)?;
    let wrapped = cipher(&wrapping).encrypt(&Nonce::default(), &file_key[..]);
    let header = format!(
        "{VERSION}{STANZA}{}\n{}\n{FOOTER}",
        STANDARD_NO_PAD.encode(share.as_bytes()),
        STANDARD_NO_PAD.encode(wrapped.map_err(|_| broken())?),
    );
    let mac = header_mac(&file_key, &header).ok_or_else(broken)?.finalize().into_bytes();
    let nonce = random::<NONCE>()?;
    let payload = derive(&file_key[..], &nonce[..], b"payload").ok_or_else(broken)?;
    let chunk = cipher(&payload).encrypt(&Nonce::from(LAST_CHUNK), secret).map_err(|_| broken())?;
    let mut file = format!("{header} {}\n", STANDARD_NO_PAD.encode(mac)).into_bytes();
    file.extend_from_slice(&nonce[..]);
    file.extend_from_slice(&chunk);
    Ok(file)
}

/// The secret in an age file; none if the identity does not open it, it was changed, or it is not
/// of the form that [`seal`] writes.
pub(crate) fn open(identity: &Identity, file: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let rest = file.strip_prefix(VERSION.as_bytes())?.strip_prefix(STANZA.as_bytes())?;
    let (share, rest) = line(rest)?;
    let (wrapped, rest) = line(rest)?;
    let (footer, body) = line(rest)?;
    let written = footer.strip_prefix(FOOTER)?.strip_prefix(' ')?;
    let header = file.len() - body.len() - 1 - written.len() - 1;
    let header = std::str::from_utf8(file.get(..header)?).ok()?;

    let share: [u8; 32] = STANDARD_NO_PAD.decode(share).ok()?.try_into().ok()?;
    let (share, own) = (PublicKey::from(share), StaticSecret::from(*identity.bytes()));
    let wrapping = wrapping_key(&own, &share, &share, &PublicKey::from(&own))?;
    let wrapped = STANDARD_NO_PAD.decode(wrapped).ok()?;
    let file_key = cipher(&wrapping).decrypt(&Nonce::default(), &wrapped[..]).ok()?;
    let file_key: Zeroizing<[u8; FILE_KEY]> =
        Zeroizing::new(Zeroizing::new(file_key).as_slice().try_into().ok()?);
    let mac = STANDARD_NO_PAD.decode(written).ok()?;
    header_mac(&file_key, header)?.verify_slice(&mac).ok()?;

    let (nonce, chunk) = body.split_at_checked(NONCE)?;
    let payload = derive(&file_key[..], nonce, b"payload")?;
    cipher(&payload).decrypt(&Nonce::from(LAST_CHUNK), chunk).ok().map(Zeroizing::new)
}

/// The next line, without its end, and what follows.
fn line(text: &[u8]) -> Option<(&str, &[u8])> {
    let end = text.iter().position(|&byte| byte == b'\n')?;
    let (line, rest) = text.split_at(end);
    Some((std::str::from_utf8(line).ok()?, rest.get(1..)?))
}

/// The key that the file key is wrapped under; none where the other side's share is of low order.
fn wrapping_key(
    secret: &StaticSecret,
    other: &PublicKey,
    share: &PublicKey,
    recipient: &PublicKey,
) -> Option<Zeroizing<[u8; 32]>> {
    let shared = secret.diffie_hellman(other);
    if !shared.was_contributory() {
        return None;
    }
    let salt = [*share.as_bytes(), *recipient.as_bytes()].concat();
    derive(shared.as_bytes(), &salt, b"age-encryption.org/v1/X25519")
}

fn header_mac(file_key: &[u8; FILE_KEY], header: &str) -> Option<Hmac<Sha256>> {
    let key = derive(&file_key[..], &[], b"header")?;
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&key[..]).ok()?;
    mac.update(header.as_bytes());
    Some(mac)
}

fn derive(from: &[u8], salt: &[u8], info: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(Some(salt), from).expand(info, &mut key[..]).ok()?;
    Some(key)
}

fn cipher(key: &[u8; 32]) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(key.into())
}

fn random<const LENGTH: usize>() -> Result<Zeroizing<[u8; LENGTH]>, VaultError> {
    let mut bytes = Zeroizing::new([0; LENGTH]);
    getrandom::fill(&mut bytes[..]).map_err(|_| VaultError::NoRandomness)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_recipient_alone() {
        let own = Identity::random().unwrap();
        let file = seal(&own.recipient(), b"the key").unwrap();
        assert_eq!(open(&own, &file).unwrap().as_slice(), b"the key");
        assert!(open(&Identity::random().unwrap(), &file).is_none());
        assert_ne!(seal(&own.recipient(), b"the key").unwrap(), file);
    }

    #[test]
    fn every_changed_byte_and_every_shorter_file_is_refused() {
        let own = Identity::random().unwrap();
        let file = seal(&own.recipient(), b"the key").unwrap();
        for place in 0..file.len() {
            let mut changed = file.clone();
            changed[place] ^= 1;
            assert!(open(&own, &changed).is_none(), "byte {place}");
            assert!(open(&own, &file[..place]).is_none(), "{place} bytes");
        }
    }

    /// As the format asks (section on X25519 recipient stanzas): it would make the key known.
    #[test]
    fn a_share_of_low_order_is_refused() {
        let own = Identity::random().unwrap();
        let file = seal(&own.recipient(), b"the key").unwrap();
        let text = String::from_utf8_lossy(&file).into_owned();
        let share = text[VERSION.len() + STANZA.len()..].split('\n').next().unwrap().to_owned();
        let low = text.replacen(&share, &STANDARD_NO_PAD.encode([0; 32]), 1);
        assert!(open(&own, low.as_bytes()).is_none());
    }
}
