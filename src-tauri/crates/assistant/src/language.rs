//! Languages: their tags, what a model is told they are called, and which one a text is in.

use conversation::{Failure, FailureCode};
use whatlang::Lang;

/// The most characters of a language's tag (RFC 5646, section 4.4.1, counts 35 for what is used).
const LONGEST_TAG: usize = 35;
/// How much of a text tells its language.
const SAMPLE: usize = 4_000;

/// The tag of a language.
///
/// # Errors
/// [`FailureCode::Invalid`] where it is none.
pub(crate) fn checked(tag: &str) -> Result<&str, Failure> {
    let parts = || tag.split('-').all(|part| (1..=8).contains(&part.len()));
    let letters = || tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if (2..=LONGEST_TAG).contains(&tag.len()) && parts() && letters() {
        return Ok(tag);
    }
    let message = "a language is named by its tag, such as en, fr or pt-BR (RFC 5646)";
    Err(Failure::new(FailureCode::Invalid, message))
}

/// Languages that are told by their names, with their tags and what they are recognised as.
const LANGUAGES: &[(&str, &str, Option<Lang>)] = &[
    ("ar", "Arabic", Some(Lang::Ara)),
    ("bg", "Bulgarian", Some(Lang::Bul)),
    ("bn", "Bengali", Some(Lang::Ben)),
    ("ca", "Catalan", Some(Lang::Cat)),
    ("cs", "Czech", Some(Lang::Ces)),
    ("da", "Danish", Some(Lang::Dan)),
    ("de", "German", Some(Lang::Deu)),
    ("el", "Greek", Some(Lang::Ell)),
    ("en", "English", Some(Lang::Eng)),
    ("es", "Spanish", Some(Lang::Spa)),
    ("et", "Estonian", Some(Lang::Est)),
    ("eu", "Basque", None),
    ("fa", "Persian", Some(Lang::Pes)),
    ("fi", "Finnish", Some(Lang::Fin)),
    ("fr", "French", Some(Lang::Fra)),
    ("ga", "Irish", None),
    ("he", "Hebrew", Some(Lang::Heb)),
    ("hi", "Hindi", Some(Lang::Hin)),
    ("hr", "Croatian", Some(Lang::Hrv)),
    ("hu", "Hungarian", Some(Lang::Hun)),
    ("id", "Indonesian", Some(Lang::Ind)),
    ("it", "Italian", Some(Lang::Ita)),
    ("ja", "Japanese", Some(Lang::Jpn)),
    ("ko", "Korean", Some(Lang::Kor)),
    ("lt", "Lithuanian", Some(Lang::Lit)),
    ("lv", "Latvian", Some(Lang::Lav)),
    ("mt", "Maltese", None),
    ("nb", "Norwegian", Some(Lang::Nob)),
    ("nl", "Dutch", Some(Lang::Nld)),
    ("pl", "Polish", Some(Lang::Pol)),
    ("pt", "Portuguese", Some(Lang::Por)),
    ("ro", "Romanian", Some(Lang::Ron)),
    ("ru", "Russian", Some(Lang::Rus)),
    ("sk", "Slovak", Some(Lang::Slk)),
    ("sl", "Slovenian", Some(Lang::Slv)),
    ("sr", "Serbian", Some(Lang::Srp)),
    ("sv", "Swedish", Some(Lang::Swe)),
    ("th", "Thai", Some(Lang::Tha)),
    ("tr", "Turkish", Some(Lang::Tur)),
    ("uk", "Ukrainian", Some(Lang::Ukr)),
    ("vi", "Vietnamese", Some(Lang::Vie)),
    ("zh", "Chinese", Some(Lang::Cmn)),
];

/// The language of a tag as a model is told it.
pub(crate) fn language_name(tag: &str) -> String {
    let first = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    match LANGUAGES.iter().find(|(known, ..)| *known == first) {
        Some((_, name, _)) if tag.contains('-') => format!("{name} ({tag})"),
        Some((_, name, _)) => (*name).to_owned(),
        None => format!("the language with the tag “{tag}”"),
    }
}

/// The tag of the language that a text is in; none where that cannot be told for sure.
pub(crate) fn detected(text: &str) -> Option<&'static str> {
    let sample: String = text.chars().take(SAMPLE).collect();
    let found = whatlang::detect(&sample).filter(whatlang::Info::is_reliable)?;
    LANGUAGES.iter().find(|(.., lang)| *lang == Some(found.lang())).map(|(tag, ..)| *tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_told_by_their_words() {
        for (tag, text) in [
            ("en", "The council met on the first Monday of the month in the old town hall."),
            ("fr", "Le conseil s’est réuni le premier lundi du mois dans l’ancien hôtel de ville."),
            (
                "de",
                "Die Rechnung ist innerhalb von dreißig Tagen zu begleichen. Der Rat hat dem Haushalt ohne Gegenstimme zugestimmt.",
            ),
            (
                "es",
                "El consejo se reunió el primer lunes del mes en el antiguo ayuntamiento. Los vecinos preguntaron cuándo se reparará el puente y quién lo pagará.",
            ),
            (
                "pt",
                "O conselho reuniu-se na primeira segunda-feira do mês na antiga câmara municipal.",
            ),
            ("it", "Il consiglio si è riunito il primo lunedì del mese nel vecchio municipio."),
            ("ja", "評議会は月の第一月曜日に旧市庁舎で開かれた。"),
            ("ar", "اجتمع المجلس يوم الاثنين الأول من الشهر في دار البلدية القديمة."),
        ] {
            assert_eq!(detected(text), Some(tag), "{text}");
        }
        // Of what is too short to tell, nothing is said: the model finds out.
        assert_eq!(detected("12 / 45"), None);
        assert_eq!(detected("Good morning."), None);
    }

    #[test]
    fn a_tag_is_one() {
        assert!(checked("pt-BR").is_ok() && checked("zh-Hant-TW").is_ok());
        assert!(
            checked("").is_err() && checked("f").is_err() && checked("French language").is_err()
        );
        assert_eq!(language_name("pt-BR"), "Portuguese (pt-BR)");
        assert_eq!(language_name("tlh"), "the language with the tag “tlh”");
    }
}
