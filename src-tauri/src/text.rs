//! The words that the system shows for the program. They stand in the page's catalogues, so that
//! they are translated in one place.

use std::sync::LazyLock;

use serde_json::Value;

/// The catalogue of each language, English first.
static CATALOGUES: LazyLock<Vec<(&str, Value)>> = LazyLock::new(|| {
    let catalogues = [
        ("en", include_str!("../../ui/messages/en.json")),
        ("fr", include_str!("../../ui/messages/fr.json")),
        ("es", include_str!("../../ui/messages/es.json")),
        ("de", include_str!("../../ui/messages/de.json")),
        ("pt", include_str!("../../ui/messages/pt.json")),
        ("it", include_str!("../../ui/messages/it.json")),
        ("ja", include_str!("../../ui/messages/ja.json")),
        ("ar", include_str!("../../ui/messages/ar.json")),
    ];
    let read = |text| serde_json::from_str(text).unwrap_or_default();
    catalogues.into_iter().map(|(language, text)| (language, read(text))).collect()
});

/// A text in a language, such as `fr`; without one, in the system's where it is there, or else in
/// English.
pub(crate) fn of(language: Option<&str>, key: &str) -> String {
    let system = || sys_locale::get_locale().unwrap_or_default();
    let language = language.map_or_else(system, str::to_owned);
    let spoken = language.split(['-', '_']).next().unwrap_or_default();
    let catalogue = CATALOGUES.iter().find(|(name, _)| *name == spoken).or(CATALOGUES.first());
    let text = catalogue.and_then(|(_, texts)| texts.get(key)).and_then(Value::as_str);
    text.unwrap_or(key).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_in_every_language() {
        let own =
            ["conversation_new", "conversation_untitled", "tray_quick", "tray_quit", "lock_now"];
        for &language in assistant::LANGUAGES {
            assert_eq!(of(Some(language), "export_language"), language);
            for &key in own.iter().chain(crate::menu::WORDS) {
                let text = of(Some(language), key);
                let same = text == of(Some("en"), key) && language != "en";
                // A word of English that Italian, Spanish and Portuguese have taken over.
                assert!(text != key && (!same || key == "menu_zoom"), "{key}: {text}");
            }
        }
    }

    #[test]
    fn a_system_in_another_language_reads_english() {
        assert_eq!(of(Some("nl-NL"), "menu_copy"), "Copy");
        assert_eq!(of(Some("pt-BR"), "menu_copy"), "Copiar");
    }
}
