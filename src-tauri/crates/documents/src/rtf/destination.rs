//! What the groups of RTF hold, and what its words stand for.

use encoding_rs::Encoding;

/// Where the text of a group goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Destination {
    /// Into the document.
    #[default]
    Body,
    /// Into a footnote, an endnote or a comment.
    Note,
    /// It is the number or the bullet of a paragraph.
    Label,
    /// It is the table of fonts.
    Fonts,
    /// It is the table of colours.
    Colors,
    /// It is the table of styles.
    Styles,
    /// Nowhere.
    Nothing,
}

impl Destination {
    /// The destination that this word begins, if any. One that a reader may leave out, and that is
    /// not known, is left out.
    pub fn of(word: &str, optional: bool) -> Option<Self> {
        Some(match word {
            "fonttbl" => Self::Fonts,
            "colortbl" => Self::Colors,
            "stylesheet" => Self::Styles,
            "footnote" | "annotation" => Self::Note,
            "listtext" | "pntext" => Self::Label,
            "info" | "pict" | "objdata" | "header" | "headerl" | "headerr" | "headerf"
            | "footer" | "footerl" | "footerr" | "footerf" | "fldinst" | "sp" | "nonshppict"
            | "listtable" | "listoverridetable" | "rsidtbl" | "generator" | "xmlnstbl"
            | "themedata" | "colorschememapping" | "datastore" | "latentstyles" | "atnid"
            | "atnauthor" | "atrfstart" | "atrfend" | "atndate" | "atnref" | "bkmkstart"
            | "bkmkend" | "pgdsctbl" | "filetbl" | "revtbl" | "xe" | "tc" | "nesttableprops"
            | "nonesttables" | "shprslt" | "template" | "htmltag" | "mhtmltag" => Self::Nothing,
            "shpinst" | "shptxt" | "rtf" | "field" | "fldrslt" | "result" | "shp" => {
                return None;
            }
            _ if optional => Self::Nothing,
            _ => return None,
        })
    }
}

/// The character that a word stands for.
pub fn character(word: &str) -> Option<&'static str> {
    Some(match word {
        "tab" => "\t",
        "emdash" => "\u{2014}",
        "endash" => "\u{2013}",
        "emspace" => "\u{2003}",
        "enspace" => "\u{2002}",
        "lquote" => "\u{2018}",
        "rquote" => "\u{2019}",
        "ldblquote" => "\u{201c}",
        "rdblquote" => "\u{201d}",
        "bullet" => "\u{2022}",
        "zwj" => "\u{200d}",
        "zwnj" => "\u{200c}",
        _ => return None,
    })
}

/// The encoding of a font's character set (`\fcharset`).
pub fn charset(number: i32) -> &'static Encoding {
    let page = match number {
        77 => 10000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => 1252,
    };
    codepage::to_encoding(page).unwrap_or(encoding_rs::WINDOWS_1252)
}
