//! The organisation's notice, on standard error before anything else: whoever reads on accepts it.

use assistant::Assistant;
use conversation::Failure;

use crate::output;

/// Shows the notice, if there is one that was not accepted, and accepts it.
pub fn show(assistant: &Assistant) -> Result<(), Failure> {
    if let Some(banner) = assistant.notice() {
        let language = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
            .unwrap_or_default();
        let language = assistant.settings().language.clone().unwrap_or(language);
        for line in banner.in_language(&language).lines() {
            eprintln!("{}", output::printable_line(line));
        }
        eprintln!();
    }
    assistant.accept_notice()
}
