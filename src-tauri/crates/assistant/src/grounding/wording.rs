//! The few words of Bureau's own that stand in an answer, in the answer's language.

use crate::language;

/// The words of one language; `{}` stands for a number.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wording {
    tag: &'static str,
    /// Small words that a short text in it has, and one in another of these languages has not.
    small: &'static [&'static str],
    pub page: &'static str,
    pub slide: &'static str,
    pub part: &'static str,
    pub line: &'static str,
    /// Of a quote that no document holds.
    pub unverified: &'static str,
    /// Of how many parts there are notes, and how many parts there are.
    pub unfinished: [&'static str; 2],
    pub model_words: &'static str,
    pub untraced: &'static str,
    pub passages: &'static str,
    /// Before the place of what is missing.
    pub missing: &'static str,
}

const ENGLISH: Wording = Wording {
    tag: "en",
    small: &["the", "of", "and", "is", "what", "to", "in", "which", "this"],
    page: "p. {}",
    slide: "slide {}",
    part: "part {}",
    line: "line {}",
    unverified: "unverified",
    unfinished: ["Notes of {}", " of {} parts; the summary was not finished."],
    model_words: "In the words of the built-in model, which is often wrong",
    untraced: "Nothing in this summary could be traced to the documents. Check it against what they say.",
    passages: "Key passages, word for word",
    missing: "Not in this summary:",
};

const OTHERS: &[Wording] = &[
    Wording {
        tag: "fr",
        small: &["le", "la", "les", "des", "et", "est", "que", "du", "une", "quel"],
        page: "p. {}",
        slide: "diapo {}",
        part: "partie {}",
        line: "ligne {}",
        unverified: "non vérifié",
        unfinished: ["Notes sur {}", " parties sur {}\u{a0}; la synthèse n’a pas été achevée."],
        model_words: "Avec les mots du modèle intégré, qui se trompe souvent",
        untraced: "Rien dans cette synthèse n’a pu être retrouvé dans les documents. Vérifiez-la d’après ce qu’ils disent.",
        passages: "Passages clés, mot pour mot",
        missing: "Absent de cette synthèse\u{a0}:",
    },
    Wording {
        tag: "es",
        small: &["el", "los", "las", "del", "y", "es", "qué", "cuál", "una", "por", "con"],
        page: "pág. {}",
        slide: "diapositiva {}",
        part: "parte {}",
        line: "línea {}",
        unverified: "sin verificar",
        unfinished: ["Notas de {}", " partes de {}; el resumen no se terminó."],
        model_words: "Con las palabras del modelo integrado, que se equivoca a menudo",
        untraced: "Nada de este resumen se ha podido encontrar en los documentos. Contrástelo con lo que dicen.",
        passages: "Pasajes clave, palabra por palabra",
        missing: "No está en este resumen:",
    },
    Wording {
        tag: "de",
        small: &["der", "die", "das", "und", "ist", "was", "den", "ein", "eine", "welche", "wie"],
        page: "S. {}",
        slide: "Folie {}",
        part: "Teil {}",
        line: "Zeile {}",
        unverified: "nicht nachgewiesen",
        unfinished: [
            "Notizen zu {}",
            " von {} Teilen; die Zusammenfassung wurde nicht abgeschlossen.",
        ],
        model_words: "Mit den Worten des eingebauten Modells, das sich oft irrt",
        untraced: "Nichts in dieser Zusammenfassung ließ sich in den Dokumenten wiederfinden. Prüfen Sie sie anhand der Dokumente.",
        passages: "Wichtige Stellen im Wortlaut",
        missing: "Nicht in dieser Zusammenfassung:",
    },
    Wording {
        tag: "pt",
        small: &["o", "os", "do", "da", "dos", "das", "é", "qual", "uma", "não", "com", "em"],
        page: "p. {}",
        slide: "diapositivo {}",
        part: "parte {}",
        line: "linha {}",
        unverified: "não verificado",
        unfinished: ["Notas sobre {}", " de {} partes; o resumo não foi concluído."],
        model_words: "Nas palavras do modelo integrado, que erra com frequência",
        untraced: "Nada neste resumo pôde ser encontrado nos documentos. Confirme-o com o que eles dizem.",
        passages: "Passagens principais, palavra por palavra",
        missing: "Não está neste resumo:",
    },
    Wording {
        tag: "it",
        small: &["il", "lo", "gli", "di", "della", "del", "è", "che", "quale", "una", "non"],
        page: "p. {}",
        slide: "diapositiva {}",
        part: "parte {}",
        line: "riga {}",
        unverified: "non verificato",
        unfinished: ["Note su {}", " parti di {}; il riassunto non è stato completato."],
        model_words: "Con le parole del modello integrato, che sbaglia spesso",
        untraced: "Nulla in questo riassunto è stato ritrovato nei documenti. Lo verifichi con ciò che dicono.",
        passages: "Passaggi chiave, parola per parola",
        missing: "Manca in questo riassunto:",
    },
    Wording {
        tag: "ja",
        small: &[],
        page: "{}ページ",
        slide: "スライド{}",
        part: "第{}部",
        line: "{}行目",
        unverified: "未確認",
        unfinished: ["{}", "/{}部分のメモ。要約は完了していません。"],
        model_words: "内蔵モデルの言葉による要約（誤りが多くあります）",
        untraced: "この要約の内容は、文書の中に確認できませんでした。文書の記述と照らし合わせてください。",
        passages: "重要な箇所（原文のまま）",
        missing: "この要約に含まれていないもの：",
    },
    Wording {
        tag: "ar",
        small: &["ما", "هو", "هي", "من", "في", "هل", "كم"],
        page: "ص {}",
        slide: "الشريحة {}",
        part: "الجزء {}",
        line: "السطر {}",
        unverified: "غير مؤكد",
        unfinished: ["ملاحظات على {}", " من {} أجزاء؛ لم يكتمل الملخص."],
        model_words: "بكلمات النموذج المدمج الذي يخطئ كثيرًا",
        untraced: "تعذّر العثور في المستندات على أي شيء من هذا الملخص. راجعه على ما تقوله.",
        passages: "المقاطع الرئيسية، كلمة بكلمة",
        missing: "غير موجود في هذا الملخص:",
    },
];

impl Wording {
    /// For an answer in this language (a BCP 47 tag); English where there are no other words.
    pub fn of(language: Option<&str>) -> &'static Self {
        let primary = language.and_then(|tag| tag.split('-').next()).unwrap_or_default();
        let named = OTHERS.iter().find(|wording| wording.tag.eq_ignore_ascii_case(primary));
        named.unwrap_or(&ENGLISH)
    }

    /// For an answer to this question, or about this text: by its language, or where it is too short
    /// to tell that for sure, by its small words.
    pub fn of_text(text: &str) -> &'static Self {
        if let Some(tag) = language::detected(text) {
            return Self::of(Some(tag));
        }
        let words: Vec<_> = words::tokens(text).take(500).map(|word| word.folded).collect();
        let count = |wording: &Self| {
            words.iter().filter(|word| wording.small.contains(&word.as_str())).count()
        };
        OTHERS
            .iter()
            .fold(&ENGLISH, |best, other| if count(other) > count(best) { other } else { best })
    }
}

/// A number in its place among words.
pub(crate) fn numbered(words: &str, number: usize) -> String {
    words.replace("{}", &number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_of_the_interface_has_words_of_its_own() {
        for tag in policy::LANGUAGES {
            assert_eq!(Wording::of(Some(tag)).tag, *tag);
        }
        assert_eq!(Wording::of(Some("pt-BR")).tag, "pt");
        assert_eq!(Wording::of(Some("sv")).tag, "en");
        assert_eq!(Wording::of(None).tag, "en");
        for wording in OTHERS.iter().chain([&ENGLISH]) {
            let [done, all] = wording.unfinished;
            for words in [wording.page, wording.slide, wording.part, wording.line, done, all] {
                assert_eq!(words.matches("{}").count(), 1, "{words}");
            }
        }
    }

    #[test]
    fn a_short_question_tells_its_language() {
        for (tag, text) in [
            ("en", "What is the deadline?"),
            ("fr", "Quel est le délai ?"),
            ("es", "¿Cuál es el plazo?"),
            ("de", "Was ist die Frist?"),
            ("pt", "Qual é o prazo?"),
            ("it", "Qual è il termine della domanda?"),
            ("ja", "期限はいつですか。"),
            ("ar", "ما هو الموعد النهائي؟"),
            ("en", "12 / 45"),
        ] {
            assert_eq!(Wording::of_text(text).tag, tag, "{text}");
        }
    }
}
