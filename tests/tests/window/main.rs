//! The real window, used as a person would.

mod aloud;
mod audit;
mod conversations;
mod desk;
mod display;
mod documents;
mod dropping;
mod hands;
mod keeping;
mod keyboard;
mod memory;
mod organise;
mod panel;
mod policy;
mod prevention;
mod safety;
mod screens;
mod sign_in;
mod start;
mod sync;
mod transfer;
mod translations;
mod tray;
mod updates;
mod windows;
mod writing;
