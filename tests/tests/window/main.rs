//! The real window, used as a person would.

mod conversations;
mod display;
mod panel;
mod safety;
mod start;
mod tray;
mod windows;
