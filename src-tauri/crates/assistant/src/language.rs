//! Languages: their tags, what a model is told they are called, and which one a text is in.

use conversation::{Failure, FailureCode};
use whatlang::{Info, Lang, Script};

/// The most characters of a language's tag (RFC 5646, section 4.4.1, counts 35 for what is used).
const LONGEST_TAG: usize = 35;
/// How much of a text tells its language.
const SAMPLE: usize = 4_000;
/// Fewer letters tell no language for sure; of those that stand for syllables, fewer do.
const ENOUGH: usize = 25;
const ENOUGH_SYLLABLES: usize = 10;

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
    recognised(&sample).and_then(|found| tag_of(found.lang()))
}

/// The tags of the languages that shown texts are in, so that a screen reader says each in its own;
/// none for what is short, mixed or doubtful, since a wrong voice is worse than the page's.
#[must_use]
pub fn text_languages(texts: &[String]) -> Vec<Option<&'static str>> {
    texts.iter().map(|text| sure(text)).collect()
}

fn sure(text: &str) -> Option<&'static str> {
    let sample: Vec<char> = text.chars().take(SAMPLE).collect();
    let letters = sample.iter().filter(|c| c.is_alphabetic()).count();
    if letters < ENOUGH_SYLLABLES {
        return None;
    }
    let found = recognised(&sample.iter().collect::<String>())?;
    let enough = match found.lang() {
        Lang::Jpn | Lang::Kor => ENOUGH_SYLLABLES,
        // Titles in Japanese may have no syllables.
        _ => ENOUGH,
    };
    let latin = sample.iter().filter(|c| is_latin(**c)).count();
    // Names and technical words stand in Latin letters everywhere; a language in them holds few others.
    let mixed = match found.script() {
        Script::Latin => latin * 10 < letters * 9,
        _ => latin * 2 > letters,
    };
    if letters < enough || mixed {
        return None;
    }
    // What quotes or translates another language has it in one of its halves.
    let (first, second) = sample.split_at(sample.len() / 2);
    let other = [first, second].into_iter().any(|half| {
        recognised(&half.iter().collect::<String>()).is_some_and(|half| half.lang() != found.lang())
    });
    if other { None } else { tag_of(found.lang()) }
}

fn recognised(sample: &str) -> Option<Info> {
    whatlang::detect(sample).filter(Info::is_reliable)
}

fn tag_of(lang: Lang) -> Option<&'static str> {
    LANGUAGES.iter().find(|(.., known)| *known == Some(lang)).map(|(tag, ..)| *tag)
}

/// Whether this is a letter of the Latin alphabet, with whatever is on or under it.
fn is_latin(c: char) -> bool {
    c.is_alphabetic() && matches!(c, '\0'..'\u{250}' | '\u{1e00}'..'\u{1f00}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXTS: &[(&str, &str)] = &[
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
        ("pt", "O conselho reuniu-se na primeira segunda-feira do mês na antiga câmara municipal."),
        ("it", "Il consiglio si è riunito il primo lunedì del mese nel vecchio municipio."),
        ("ja", "評議会は月の第一月曜日に旧市庁舎で開かれた。"),
        ("ar", "اجتمع المجلس يوم الاثنين الأول من الشهر في دار البلدية القديمة."),
    ];

    #[test]
    fn languages_are_told_by_their_words() {
        for (tag, text) in TEXTS {
            assert_eq!(detected(text), Some(*tag), "{text}");
        }
        // Of what is too short to tell, nothing is said: the model finds out.
        assert_eq!(detected("12 / 45"), None);
        assert_eq!(detected("Good morning."), None);
    }

    #[test]
    fn what_is_shown_bears_its_language_where_that_is_sure() {
        let texts: Vec<_> = TEXTS.iter().map(|(_, text)| (*text).to_owned()).collect();
        let tags: Vec<_> = TEXTS.iter().map(|(tag, _)| Some(*tag)).collect();
        assert_eq!(text_languages(&texts), tags);
        for doubtful in [
            "",
            "Où ça ?",
            "Łódź, Kraków",
            "令和八年度予算執行状況報告書",
            "كما تذكره وثائقها، مثلًا https://models.example.org/v1",
            "会議は月曜日です。The council meets on Monday in the old town hall, and everybody may come.",
            "1 250,00 / 340,00 / 95,00 — 2024, 2025, 2026, 2027, 2028, 2029, 2030, 2031, 2032, 2033",
        ] {
            assert_eq!(sure(doubtful), None, "{doubtful}");
        }
    }

    proptest! {
        #[test]
        fn what_holds_two_languages_bears_neither(
            (one, other) in (0..TEXTS.len(), 0..TEXTS.len()),
            times in 1..6_usize,
        ) {
            prop_assume!(one != other);
            let [first, second] = [TEXTS[one].1, TEXTS[other].1];
            let length = first.chars().count().max(second.chars().count()) * times;
            let long = |text: &str| -> String { text.chars().chain([' ']).cycle().take(length).collect() };
            prop_assert_eq!(sure(&format!("{}\n{}", long(first), long(second))), None);
        }

        #[test]
        fn what_is_sure_is_what_was_detected(text in "\\PC{0,300}") {
            prop_assert!(sure(&text).is_none_or(|tag| detected(&text) == Some(tag)));
        }
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
