//! Files of every kind, read as a person would read them; and files made to break their reader.

#![allow(clippy::unwrap_used, reason = "in a test, failing is the point")]

mod any_bytes;
mod apart;
mod files;
mod hostile;
mod mails;
mod office;
mod texts;
