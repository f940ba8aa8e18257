//! Whether a package is what the organisation signed.

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minisign_verify::{PublicKey, Signature};
use semver::Version;

use crate::{Release, UpdateError};

/// The key that an organisation signs packages with, its public half.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    key: PublicKey,
    text: String,
}

impl Key {
    /// A key as the second line of its `.pub` file has it.
    ///
    /// # Errors
    /// [`UpdateError::Signature`] where it is none.
    pub fn parse(text: &str) -> Result<Self, UpdateError> {
        let text = text.trim().to_owned();
        let key = PublicKey::from_base64(&text).map_err(UpdateError::Signature)?;
        Ok(Self { key, text })
    }

    /// The same as Tauri's updater wants it: the whole `.pub` file, in Base64.
    pub fn for_tauri(&self) -> String {
        STANDARD.encode(format!("untrusted comment: minisign public key\n{}\n", self.text))
    }

    /// Whether a package is signed with this key, and as the version that was announced: else an
    /// older package with its good signature could be announced as a newer one.
    pub(crate) fn verify(
        &self,
        mut package: impl Read,
        release: &Release,
    ) -> Result<(), UpdateError> {
        let signature = Signature::decode(&release.signature).map_err(UpdateError::Signature)?;
        let mut verifier = self.key.verify_stream(&signature).map_err(UpdateError::Signature)?;
        let mut piece = vec![0; 1 << 16];
        loop {
            match package.read(&mut piece)? {
                0 => break,
                read => verifier.update(piece.get(..read).unwrap_or_default()),
            }
        }
        verifier.finalize().map_err(UpdateError::Signature)?;
        // Signed as well, and true only now that it was verified.
        let comment = signature.trusted_comment();
        let signed = comment.split('\t').find_map(|field| field.strip_prefix("version:"));
        let signed = signed.unwrap_or_default().trim_start_matches('v');
        if Version::parse(signed).is_ok_and(|signed| signed == release.version) {
            return Ok(());
        }
        Err(UpdateError::SignedVersion {
            signed: signed.to_owned(),
            announced: release.version.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use minisign::KeyPair;

    use super::*;

    fn signed(keys: &KeyPair, package: &[u8], comment: &str) -> Release {
        let signature = minisign::sign(None, &keys.sk, package, Some(comment), None).unwrap();
        Release {
            version: Version::new(0, 3, 0),
            notes: None,
            address: String::new(),
            signature: signature.into_string(),
            announcement: serde_json::Value::Null,
        }
    }

    #[test]
    fn a_package_is_believed_with_the_keys_signature_over_it_and_its_version() {
        let keys = KeyPair::generate_unencrypted_keypair().unwrap();
        let key = Key::parse(&keys.pk.to_base64()).unwrap();
        let good = signed(&keys, b"package", "timestamp:1\tversion:0.3.0");
        assert!(key.verify(&b"package"[..], &good).is_ok());
        let error = key.verify(&b"Package"[..], &good).unwrap_err();
        assert!(matches!(error, UpdateError::Signature(_)));
        for comment in ["timestamp:1\tversion:0.2.0", "timestamp:1", "version:"] {
            let error =
                key.verify(&b"package"[..], &signed(&keys, b"package", comment)).unwrap_err();
            assert!(matches!(error, UpdateError::SignedVersion { .. }), "{comment}: {error}");
        }
        // What is only written into the comment is not signed.
        let older = signed(&keys, b"package", "version:0.2.0").signature;
        let forged = Release { signature: older.replace("0.2.0", "0.3.0"), ..good };
        assert!(matches!(key.verify(&b"package"[..], &forged), Err(UpdateError::Signature(_))));
        let others = KeyPair::generate_unencrypted_keypair().unwrap();
        let others = signed(&others, b"package", "version:0.3.0");
        assert!(matches!(key.verify(&b"package"[..], &others), Err(UpdateError::Signature(_))));
    }
}
