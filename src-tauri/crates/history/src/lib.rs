//! The encrypted store of conversations.
