//! Formulas as equations that can be edited: Office Math Markup Language (ECMA-376, part 1, 22.1).

use crate::document::{Formula, Math};
use crate::xml::Xml;

/// Marks over a letter, and the combining characters that they are in an equation.
#[rustfmt::skip]
const ACCENTS: &[(&str, &str)] = &[
    ("^", "\u{302}"), ("~", "\u{303}"), ("˜", "\u{303}"), ("→", "\u{20d7}"), ("‾", "\u{305}"), ("¯", "\u{305}"),
    ("˙", "\u{307}"), (".", "\u{307}"), ("¨", "\u{308}"), ("´", "\u{301}"), ("`", "\u{300}"), ("˘", "\u{306}"), ("ˇ", "\u{30c}"),
];
/// Braces under or over a part.
const BRACES: [&str; 4] = ["⏞", "⏟", "⎴", "⎵"];

/// Writes a formula.
pub fn push(xml: &mut Xml, formula: &Formula) {
    xml.element("m:oMath", &[], |xml| push_math(xml, &formula.content));
}

fn push_math(xml: &mut Xml, math: &Math) {
    match math {
        Math::Row(parts) => parts.iter().for_each(|part| push_math(xml, part)),
        Math::Identifier(name) if name.chars().count() > 1 => push_run(xml, name, Some("m:sty")),
        Math::Text(text) if text.contains(char::is_alphabetic) => {
            push_run(xml, text, Some("m:nor"))
        }
        Math::Identifier(text) | Math::Text(text) | Math::Operator(text) => {
            push_run(xml, text, None);
        }
        Math::Space(width) => push_run(xml, space(*width), None),
        Math::Fraction { over, under, line } => xml.element("m:f", &[], |xml| {
            if !line {
                xml.element("m:fPr", &[], |xml| xml.empty("m:type", &[("m:val", "noBar")]));
            }
            argument(xml, "m:num", over);
            argument(xml, "m:den", under);
        }),
        Math::Root { of, degree } => xml.element("m:rad", &[], |xml| {
            if degree.is_none() {
                xml.element("m:radPr", &[], |xml| xml.empty("m:degHide", &[("m:val", "1")]));
            }
            xml.element("m:deg", &[], |xml| {
                degree.iter().for_each(|degree| push_math(xml, degree));
            });
            argument(xml, "m:e", of);
        }),
        Math::Scripts { base, sub, sup } => {
            let name = match (sub, sup) {
                (Some(_), Some(_)) => "m:sSubSup",
                (Some(_), None) => "m:sSub",
                (None, Some(_)) => "m:sSup",
                (None, None) => return push_math(xml, base),
            };
            xml.element(name, &[], |xml| {
                argument(xml, "m:e", base);
                sub.iter().for_each(|sub| argument(xml, "m:sub", sub));
                sup.iter().for_each(|sup| argument(xml, "m:sup", sup));
            });
        }
        Math::Limits { base, under, over } => {
            push_limits(xml, base, under.as_deref(), over.as_deref())
        }
        Math::Fenced { open, close, inner } => xml.element("m:d", &[], |xml| {
            xml.element("m:dPr", &[], |xml| {
                xml.empty("m:begChr", &[("m:val", open)]);
                xml.empty("m:endChr", &[("m:val", close)]);
            });
            argument(xml, "m:e", inner);
        }),
        Math::Table { rows, left } => push_table(xml, rows, *left),
    }
}

fn argument(xml: &mut Xml, name: &str, math: &Math) {
    xml.element(name, &[], |xml| push_math(xml, math));
}

fn push_limits(xml: &mut Xml, base: &Math, under: Option<&Math>, over: Option<&Math>) {
    let mark = |math: Option<&Math>| match math {
        Some(Math::Operator(mark) | Math::Identifier(mark)) => Some(mark.clone()),
        _ => None,
    };
    let brace = |math| mark(math).filter(|mark| BRACES.contains(&mark.as_str()));
    let accent = mark(over).and_then(|mark| ACCENTS.iter().find(|(m, _)| *m == mark));
    match (under, over) {
        (None, Some(_)) if let Some((_, accent)) = accent => xml.element("m:acc", &[], |xml| {
            xml.element("m:accPr", &[], |xml| xml.empty("m:chr", &[("m:val", accent)]));
            argument(xml, "m:e", base);
        }),
        (None, Some(_)) if let Some(brace) = brace(over) => push_brace(xml, base, &brace, "top"),
        (Some(_), None) if let Some(brace) = brace(under) => push_brace(xml, base, &brace, "bot"),
        (Some(under), over) => xml.element("m:limLow", &[], |xml| {
            xml.element("m:e", &[], |xml| push_limits(xml, base, None, over));
            argument(xml, "m:lim", under);
        }),
        (None, Some(over)) => xml.element("m:limUpp", &[], |xml| {
            argument(xml, "m:e", base);
            argument(xml, "m:lim", over);
        }),
        (None, None) => push_math(xml, base),
    }
}

fn push_brace(xml: &mut Xml, base: &Math, brace: &str, place: &str) {
    xml.element("m:groupChr", &[], |xml| {
        xml.element("m:groupChrPr", &[], |xml| {
            xml.empty("m:chr", &[("m:val", brace)]);
            xml.empty("m:pos", &[("m:val", place)]);
            xml.empty("m:vertJc", &[("m:val", if place == "top" { "bot" } else { "top" })]);
        });
        argument(xml, "m:e", base);
    });
}

fn push_table(xml: &mut Xml, rows: &[Vec<Math>], left: bool) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    if columns == 0 {
        return;
    }
    xml.element("m:m", &[], |xml| {
        xml.element("m:mPr", &[], |xml| {
            xml.element("m:mcs", &[], |xml| {
                xml.element("m:mc", &[], |xml| {
                    xml.element("m:mcPr", &[], |xml| {
                        xml.empty("m:count", &[("m:val", &columns.to_string())]);
                        let side = if left { "left" } else { "center" };
                        xml.empty("m:mcJc", &[("m:val", side)]);
                    });
                });
            });
        });
        for row in rows {
            xml.element("m:mr", &[], |xml| {
                row.iter().for_each(|cell| argument(xml, "m:e", cell));
                (row.len()..columns).for_each(|_| xml.empty("m:e", &[]));
            });
        }
    });
}

/// Writes text: as equations have such a letter, or upright, as the name of a function (`m:sty`)
/// or as words (`m:nor`).
fn push_run(xml: &mut Xml, text: &str, upright: Option<&str>) {
    if text.is_empty() {
        return;
    }
    xml.element("m:r", &[], |xml| {
        if let Some(upright) = upright {
            let plain = [("m:val", "p")];
            let style = if upright == "m:sty" { &plain[..] } else { &[] };
            xml.element("m:rPr", &[], |xml| xml.empty(upright, style));
        }
        xml.element("w:rPr", &[], |xml| {
            xml.empty("w:rFonts", &[("w:ascii", "Cambria Math"), ("w:hAnsi", "Cambria Math")]);
        });
        xml.element("m:t", &[("xml:space", "preserve")], |xml| xml.push(text));
    });
}

/// The space that is nearest to this width in em.
fn space(width: f32) -> &'static str {
    match width {
        width if width < 0.1 => "",
        width if width < 0.25 => "\u{2009}",
        width if width < 0.7 => "\u{2002}",
        width if width < 1.5 => "\u{2003}",
        _ => "\u{2003}\u{2003}",
    }
}
