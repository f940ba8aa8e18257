//! A 256-bit key in memory.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::VaultError;

/// A 256-bit key; overwritten when dropped, never shown.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct DataKey([u8; Self::LENGTH]);

impl DataKey {
    /// Bytes of a key.
    pub const LENGTH: usize = 32;

    /// The key's bytes, for the cipher alone.
    pub fn expose(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }

    pub(crate) fn random() -> Result<Self, VaultError> {
        let mut key = Self([0; Self::LENGTH]);
        getrandom::fill(&mut key.0).map_err(|_| VaultError::NoRandomness)?;
        Ok(key)
    }

    /// Filled in place, so that no copy is left behind on the stack.
    pub(crate) fn filled<E>(
        fill: impl FnOnce(&mut [u8; Self::LENGTH]) -> Result<(), E>,
    ) -> Result<Self, E> {
        let mut key = Self([0; Self::LENGTH]);
        fill(&mut key.0)?;
        Ok(key)
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(…)")
    }
}
