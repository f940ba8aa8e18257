//! The data key and the slots it lies in: keychain, passphrase.
