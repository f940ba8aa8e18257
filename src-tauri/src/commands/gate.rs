//! What no command does: anything before the organisation's notice is accepted, and anything with
//! a history that is locked. It is asked before a command's arguments are even read.

use assistant::Assistant;
use conversation::{Failure, FailureCode};
use tauri::ipc::Invoke;
use tauri::{Manager, Wry};

use crate::Profile;

/// What the page needs to show the notice and the lock.
const ALWAYS: &[&str] = &[
    "status",
    "accept_notice",
    "subscribe",
    "handed_over",
    "stir",
    "leave",
    "hide_quick",
    "resize_quick",
];

/// What works on a locked history besides: unlocking it, and putting a backup in the place of one
/// that is damaged.
const WHILE_LOCKED: &[&str] = &[
    "unlock",
    "unlock_with_keychain",
    "open_window",
    "choose_backup",
    "restore_backup",
    "restore_last_backup",
];

/// The commands behind the gate.
pub(crate) fn guarded(
    handler: impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static,
) -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    move |invoke| {
        let profile = invoke.message.webview_ref().state::<Profile>().assistant();
        // What is wrong with the profile, the command itself tells.
        let refused =
            profile.ok().and_then(|assistant| refusal(&assistant, invoke.message.command()));
        match refused {
            Some(failure) => {
                invoke.resolver.reject(failure);
                true
            }
            None => handler(invoke),
        }
    }
}

fn refusal(assistant: &Assistant, command: &str) -> Option<Failure> {
    if ALWAYS.contains(&command) {
        return None;
    }
    if let Err(failure) = assistant.require_accepted() {
        return Some(failure);
    }
    (!WHILE_LOCKED.contains(&command) && assistant.is_locked())
        .then(|| Failure::new(FailureCode::Locked, "the history is locked; unlock it first"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gate_knows_no_command_that_is_none() {
        let commands = include_str!("../../build.rs");
        for command in ALWAYS.iter().chain(WHILE_LOCKED) {
            assert!(commands.contains(&format!("\"{command}\",")), "{command}");
        }
    }
}
