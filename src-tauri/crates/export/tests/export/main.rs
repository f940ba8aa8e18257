//! Every format, from conversations like those that a history holds to those that nobody would
//! write.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "in a test, failing is the point"
)]

mod docx;
mod hostile;
mod html;
mod json;
mod markdown;
mod pdf;
mod samples;
