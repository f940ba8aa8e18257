//! Exports in the shapes that the programs write them, whole and damaged.

#![allow(clippy::unwrap_used, reason = "in a test, failing is the point")]

mod bureau;
mod chatgpt;
mod hostile;
mod others;
mod properties;
mod support;
