//! The real window, used as a person would.

mod conversations;
mod display;
mod documents;
mod dropping;
mod keeping;
mod organise;
mod panel;
mod safety;
mod start;
mod sync;
mod transfer;
mod tray;
mod windows;
