//! A key under another key: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03), a random 192-bit
//! nonce, and how the slot opens as associated data.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::slot::Unlock;
use crate::{DataKey, VaultError};

const NONCE_LENGTH: usize = 24;

/// A wrapped key, in base 64.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Wrapped {
    nonce: String,
    key: String,
}

/// Wraps `key`, bound to how its slot opens.
pub(crate) fn wrap(
    wrapping: &DataKey,
    key: &DataKey,
    unlock: &Unlock,
) -> Result<Wrapped, VaultError> {
    let mut nonce = [0; NONCE_LENGTH];
    getrandom::fill(&mut nonce).map_err(|_| VaultError::NoRandomness)?;
    let aad = associated(unlock);
    let payload = Payload { msg: key.expose(), aad: &aad };
    let sealed = cipher(wrapping)
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| VaultError::Damaged("the key cannot be wrapped".to_owned()))?;
    Ok(Wrapped { nonce: STANDARD.encode(nonce), key: STANDARD.encode(sealed) })
}

/// The wrapped key; `None` if `wrapping` is not the key it was wrapped under, or anything about
/// the slot was changed.
pub(crate) fn unwrap(wrapping: &DataKey, wrapped: &Wrapped, unlock: &Unlock) -> Option<DataKey> {
    let nonce: [u8; NONCE_LENGTH] = STANDARD.decode(&wrapped.nonce).ok()?.try_into().ok()?;
    let sealed = STANDARD.decode(&wrapped.key).ok()?;
    let aad = associated(unlock);
    let payload = Payload { msg: &sealed, aad: &aad };
    let opened = Zeroizing::new(cipher(wrapping).decrypt(&XNonce::from(nonce), payload).ok()?);
    DataKey::filled(|bytes| {
        if opened.len() != bytes.len() {
            return Err(());
        }
        bytes.copy_from_slice(&opened);
        Ok(())
    })
    .ok()
}

fn cipher(wrapping: &DataKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(wrapping.expose().into())
}

fn associated(unlock: &Unlock) -> Vec<u8> {
    match unlock {
        Unlock::Keychain { account } => format!("bureau vault 1 keychain {account}"),
        Unlock::Passphrase { kdf } => format!("bureau vault 1 passphrase {}", kdf.canonical()),
        Unlock::Recovery { recipient, sealed } => {
            format!("bureau vault 1 recovery {recipient} {sealed}")
        }
    }
    .into_bytes()
}
