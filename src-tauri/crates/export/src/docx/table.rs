//! Tables.

use super::body::{Body, Mark, Place, push_properties};
use super::run;
use crate::document::{Align, Inline, Table, is_right_to_left, line};
use crate::xml::Xml;

/// Programs refuse a document with a wider table.
const MOST_COLUMNS: usize = 63;
/// The width of the text, in twentieths of a point.
const WIDTH: usize = 9070;

/// Writes a table; one that no program would open as lines of text.
pub fn push(body: &mut Body<'_>, table: &Table, place: Place) {
    let columns = table.columns();
    let place = Place { mark: Mark::None, ..place };
    if columns == 0 {
        return;
    }
    if columns > MOST_COLUMNS {
        table.head.iter().chain(&table.rows).for_each(|row| body.paragraph(place, &line(row)));
        return;
    }
    let links = &mut body.links;
    body.xml.element("w:tbl", &[], |xml| {
        push_table_properties(xml, place);
        xml.element("w:tblGrid", &[], |xml| {
            let width = ((WIDTH - place.indent()) / columns).to_string();
            (0..columns).for_each(|_| xml.empty("w:gridCol", &[("w:w", &width)]));
        });
        let rows = table.head.iter().map(|row| (row, true));
        for (row, head) in rows.chain(table.rows.iter().map(|row| (row, false))) {
            xml.element("w:tr", &[], |xml| {
                xml.element("w:trPr", &[], |xml| {
                    xml.empty("w:cantSplit", &[]);
                    if head {
                        xml.empty("w:tblHeader", &[]);
                    }
                });
                for column in 0..columns {
                    xml.element("w:tc", &[], |xml| {
                        xml.element("w:tcPr", &[], |xml| {
                            xml.empty("w:tcW", &[("w:w", "0"), ("w:type", "auto")]);
                            if head {
                                xml.element("w:tcBorders", &[], |xml| border(xml, "w:bottom", "8"));
                            }
                        });
                        let cell = row.get(column);
                        let text = cell.map_or(&[][..], |cell| &cell.text);
                        push_cell(xml, cell.and_then(|cell| cell.align), text, links);
                    });
                }
            });
        }
    });
    body.gap();
}

fn push_table_properties(xml: &mut Xml, place: Place) {
    xml.element("w:tblPr", &[], |xml| {
        xml.empty("w:tblW", &[("w:w", "0"), ("w:type", "auto")]);
        if place.steps > 0 {
            let indent = place.indent().to_string();
            xml.empty("w:tblInd", &[("w:w", &indent), ("w:type", "dxa")]);
        }
        xml.element("w:tblBorders", &[], |xml| {
            border(xml, "w:bottom", "4");
            border(xml, "w:insideH", "4");
        });
        xml.element("w:tblCellMar", &[], |xml| {
            for side in ["w:top", "w:left", "w:bottom", "w:right"] {
                let width = if matches!(side, "w:top" | "w:bottom") { "40" } else { "100" };
                xml.empty(side, &[("w:w", width), ("w:type", "dxa")]);
            }
        });
        xml.empty("w:tblLook", &[("w:val", "0020"), ("w:firstRow", "1")]);
    });
}

/// A line of this many eighths of a point.
fn border(xml: &mut Xml, side: &str, width: &str) {
    let line = [("w:val", "single"), ("w:sz", width), ("w:space", "0"), ("w:color", "A8A196")];
    xml.empty(side, &line);
}

fn push_cell(
    xml: &mut Xml,
    align: Option<Align>,
    text: &[Inline],
    links: &mut std::collections::HashMap<String, usize>,
) {
    let right_to_left = is_right_to_left(text);
    // In a paragraph that is read from right to left, "left" is where its lines begin.
    let style = match (align, right_to_left) {
        (None, _) => "TableText",
        (Some(Align::Center), _) => "TableCenter",
        (Some(Align::Left), false) | (Some(Align::Right), true) => "TableText",
        (Some(Align::Right), false) | (Some(Align::Left), true) => "TableEnd",
    };
    xml.element("w:p", &[], |xml| {
        push_properties(xml, Place::styled(style), right_to_left);
        run::push(xml, links, text, right_to_left);
    });
}
