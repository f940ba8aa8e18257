//! The real window, used as a person would.

mod conversations;
mod driver;
mod safety;
mod start;
