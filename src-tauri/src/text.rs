//! The words that the system shows for the program. They stand in the page's catalogues, so that
//! they are translated in one place.

use std::sync::LazyLock;

use serde_json::Value;

static ENGLISH: LazyLock<Value> = LazyLock::new(|| read(include_str!("../../ui/messages/en.json")));
static FRENCH: LazyLock<Value> = LazyLock::new(|| read(include_str!("../../ui/messages/fr.json")));

fn read(catalogue: &str) -> Value {
    serde_json::from_str(catalogue).unwrap_or_default()
}

/// A text in a language, such as `fr`; without one, in the system's where it is there, or else in
/// English.
pub(crate) fn of(language: Option<&str>, key: &str) -> String {
    let system = || sys_locale::get_locale().unwrap_or_default();
    let language = language.map_or_else(system, str::to_owned);
    let catalogue = if language.starts_with("fr") { &FRENCH } else { &ENGLISH };
    catalogue.get(key).and_then(Value::as_str).unwrap_or(key).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_in_both_languages() {
        let own = ["conversation_new", "conversation_untitled", "tray_quick", "tray_quit", "lock_now"];
        for &key in own.iter().chain(crate::menu::WORDS) {
            let [en, fr] = ["en", "fr"].map(|language| of(Some(language), key));
            assert!(en != key && fr != key && en != fr, "{key}: {en}, {fr}");
        }
    }
}
