//! Files are translated and read again.

#![allow(clippy::unwrap_used, missing_docs)]

mod corpus;
mod files;
mod parts;
mod properties;
mod relaid;
