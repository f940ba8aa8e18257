//! A policy that was fetched: signed by the organisation (minisign,
//! <https://jedisct1.github.io/minisign/>), never older than the last good one, and kept.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use minisign_verify::{PublicKey, Signature};
use tempfile::NamedTempFile;

use crate::{Format, Policy, PolicyError, Source};

/// The longest policy that is fetched.
pub const MAX_BYTES: usize = 1 << 20;

/// Why a policy that was fetched is not put in force. The one that was goes on.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The signature is not that of the organisation's key over this text.
    #[error("its signature is not good: {0}")]
    Signature(minisign_verify::Error),
    /// It is older than the one in force.
    #[error("it has version {offered}, which is older than version {inforce}")]
    Rollback {
        /// The version that was fetched.
        offered: u64,
        /// The version in force.
        inforce: u64,
    },
    /// It is signed, and cannot be used.
    #[error(transparent)]
    Unusable(#[from] PolicyError),
    /// It names a source of its own: only the managed place says where policies come from.
    #[error("it has a section [source], which only the managed place may have")]
    Source,
    /// It is no text, or too long for a policy.
    #[error("it is no text of at most {MAX_BYTES} bytes")]
    NotText,
    /// It cannot be kept.
    #[error("it cannot be kept ({0}); check the disk")]
    Unkept(io::Error),
}

/// Where the last good policy is kept.
#[derive(Debug, Clone)]
pub struct Cache {
    policy: PathBuf,
    signature: PathBuf,
}

impl Cache {
    /// The cache in this folder.
    pub fn at(folder: &Path) -> Self {
        let policy = folder.join("policy.fetched");
        Self { signature: folder.join("policy.fetched.minisig"), policy }
    }

    /// The policy that was kept, checked as if it had just come: who can write to the folder can
    /// put nothing there that the organisation did not sign. None where none was kept.
    ///
    /// # Errors
    /// [`Refusal`]; `base`, in which the source stands, is in force then.
    pub fn kept(&self, base: &Policy, source: &Source) -> Result<Option<Policy>, Refusal> {
        let (policy, signature) = match (fs::read(&self.policy), fs::read(&self.signature)) {
            (Ok(policy), Ok(signature)) => (policy, signature),
            (Err(error), _) | (_, Err(error)) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(None);
            }
            (Err(error), _) | (_, Err(error)) => return Err(Refusal::Unkept(error)),
        };
        accepted(source, &policy, &signature, base.version).map(Some)
    }

    /// Takes a policy that has just come, and keeps it, if it is good and not older than `inforce`.
    ///
    /// # Errors
    /// [`Refusal`]; what was kept stays.
    pub fn take(
        &self,
        source: &Source,
        policy: &[u8],
        signature: &[u8],
        inforce: &Policy,
    ) -> Result<Policy, Refusal> {
        let good = accepted(source, policy, signature, inforce.version)?;
        let keep = |file: &Path, bytes: &[u8]| -> io::Result<()> {
            let folder = file.parent().unwrap_or(Path::new("."));
            fs::create_dir_all(folder)?;
            let mut whole = NamedTempFile::new_in(folder)?;
            whole.write_all(bytes)?;
            whole.as_file().sync_all()?;
            whole.persist(file)?;
            Ok(())
        };
        keep(&self.policy, policy)
            .and_then(|()| keep(&self.signature, signature))
            .map_err(Refusal::Unkept)?;
        Ok(good)
    }

    /// Whether the source is to be asked again.
    pub fn is_due(&self, source: &Source) -> bool {
        let modified = fs::metadata(&self.signature).and_then(|told| told.modified());
        let age = modified.ok().and_then(|at| at.elapsed().ok());
        age.is_none_or(|age| age >= Duration::from_secs(u64::from(source.hours) * 3600))
    }
}

fn accepted(
    source: &Source,
    policy: &[u8],
    signature: &[u8],
    least: u64,
) -> Result<Policy, Refusal> {
    if policy.len() > MAX_BYTES {
        return Err(Refusal::NotText);
    }
    let signature = std::str::from_utf8(signature).map_err(|_| Refusal::NotText)?;
    let key = PublicKey::from_base64(source.public_key.trim()).map_err(Refusal::Signature)?;
    let signature = Signature::decode(signature).map_err(Refusal::Signature)?;
    // Nothing of the text is looked at before.
    key.verify(policy, &signature, false).map_err(Refusal::Signature)?;
    let text = std::str::from_utf8(policy).map_err(|_| Refusal::NotText)?;
    let format = Format::of(Path::new(&source.address));
    let policy = Policy::parse(&source.address, text, format)?;
    if policy.source.is_some() {
        return Err(Refusal::Source);
    }
    if policy.version < least {
        return Err(Refusal::Rollback { offered: policy.version, inforce: least });
    }
    Ok(policy)
}

#[cfg(test)]
mod tests {
    use minisign::KeyPair;

    use super::*;

    struct Organisation {
        keys: KeyPair,
        source: Source,
    }

    impl Organisation {
        fn new() -> Self {
            let keys = KeyPair::generate_unencrypted_keypair().unwrap();
            let source = Source {
                address: "https://policy.example/bureau.toml".to_owned(),
                public_key: keys.pk.to_base64(),
                hours: 4,
                proxy: None,
                ca_certificates: Vec::new(),
            };
            Self { keys, source }
        }

        fn sign(&self, text: &str) -> Vec<u8> {
            let signed = minisign::sign(None, &self.keys.sk, text.as_bytes(), None, None);
            signed.unwrap().into_string().into_bytes()
        }
    }

    #[test]
    fn a_policy_is_taken_when_it_is_signed_and_not_older() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(&folder.path().join("policy"));
        let organisation = Organisation::new();
        let source = &organisation.source;
        let base = Policy { version: 2, ..Policy::default() };
        assert!(cache.kept(&base, source).unwrap().is_none() && cache.is_due(source));
        let take = |text: &str, inforce: u64| {
            let inforce = Policy { version: inforce, ..Policy::default() };
            cache.take(source, text.as_bytes(), &organisation.sign(text), &inforce)
        };
        assert_eq!(take("version = 3\n", 2).unwrap().version, 3);
        assert!(!cache.is_due(source));
        assert!(matches!(
            take("version = 2\n", 3),
            Err(Refusal::Rollback { offered: 2, inforce: 3 })
        ));
        assert!(matches!(take("versoin = 4\n", 3), Err(Refusal::Unusable(_))));
        let nested = format!(
            "version = 4\n[source]\naddress = \"https://x\"\npublic_key = \"{}\"\n",
            source.public_key
        );
        assert!(matches!(take(&nested, 3), Err(Refusal::Source)));
        assert_eq!(cache.kept(&base, source).unwrap().unwrap().version, 3, "the last good one");
        // The managed place says how old a policy may be at most, whatever lies in the cache.
        let newer = Policy { version: 4, ..Policy::default() };
        assert!(matches!(cache.kept(&newer, source), Err(Refusal::Rollback { .. })));
    }

    #[test]
    fn nothing_that_was_changed_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path());
        let organisation = Organisation::new();
        let (source, base) = (&organisation.source, Policy::default());
        let text = "version = 3\n[features]\nlinks = false\n";
        let signature = organisation.sign(text);
        let changed = text.replace("false", "true ");
        let take = |text: &str, signature: &[u8]| {
            cache.take(source, text.as_bytes(), signature, &base).map(|policy| policy.version)
        };
        assert!(matches!(take(&changed, &signature), Err(Refusal::Signature(_))));
        assert!(matches!(take(text, b"nonsense"), Err(Refusal::Signature(_))));
        let other = Organisation::new().sign(text);
        assert!(matches!(take(text, &other), Err(Refusal::Signature(_))));
        assert_eq!(take(text, &signature).unwrap(), 3);
        // Nor is what was changed in the cache.
        fs::write(folder.path().join("policy.fetched"), changed).unwrap();
        assert!(matches!(cache.kept(&base, source), Err(Refusal::Signature(_))));
    }
}
