//! Tables of XLSX, XLSB, XLS and ODS, one page a sheet.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::Cursor;
use std::ops::RangeInclusive;

use calamine::{
    Data, DataRef, ExcelDateTime, Ods, Reader as _, SheetVisible, Xls, Xlsb, Xlsx,
    open_workbook_from_rs,
};

use crate::parts::Parts;
use crate::writer::{Style, Writer};
use crate::xml::{Event, Xml};
use crate::{Document, Kind, Note, Page, ReadError};

/// How many rows of a sheet are read.
const ROWS: usize = 50_000;

/// How many cells of all sheets are read.
const CELLS: usize = 1_000_000;

/// How many bytes of a sheet are looked through for what is hidden.
const SHEET: u64 = 128 << 20;

/// Which program's file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workbook {
    /// Excel's, of XML.
    Xlsx,
    /// Excel's, binary within a ZIP archive.
    Xlsb,
    /// Excel's before 2007.
    Xls,
    /// OpenDocument's.
    Ods,
}

/// Reads a workbook.
///
/// # Errors
/// [`ReadError::Damaged`], [`ReadError::TooLarge`], and [`ReadError::Unsupported`] for a workbook
/// with a password.
pub fn read(data: &[u8], workbook: Workbook) -> Result<Document, ReadError> {
    let mut reading = Reading { pages: Vec::new(), cells: CELLS, cut: None };
    match workbook {
        Workbook::Xlsx => xlsx(data, &mut reading)?,
        Workbook::Xlsb => whole::<Xlsb<_>>(data, &mut reading)?,
        Workbook::Xls => whole::<Xls<_>>(data, &mut reading)?,
        Workbook::Ods => whole::<Ods<_>>(data, &mut reading)?,
    }
    let notes = reading.cut.map(|read| Note::CutShort { read });
    Ok(Document { kind: Kind::Sheet, pages: reading.pages, notes: notes.into_iter().collect() })
}

struct Reading {
    pages: Vec<Page>,
    /// How many cells may still be read.
    cells: usize,
    cut: Option<u32>,
}

/// What a person does not see of a sheet.
#[derive(Debug, Default)]
struct Hidden {
    rows: HashSet<u32>,
    columns: Vec<RangeInclusive<u32>>,
}

/// Cells that are not empty, by row.
type Rows = BTreeMap<u32, Vec<(u32, String)>>;

impl Reading {
    fn page(&mut self, name: &str, visible: SheetVisible, rows: &Rows, hidden: &Hidden) {
        let used: BTreeSet<u32> = rows.values().flatten().map(|(column, _)| *column).collect();
        let mut writer = Writer::default();
        writer.open_table();
        for (row, cells) in rows {
            writer.open_row();
            let mut cells = cells.iter().peekable();
            for column in &used {
                writer.open_cell();
                if let Some((_, text)) = cells.next_if(|(at, _)| at == column) {
                    let hidden = visible != SheetVisible::Visible
                        || hidden.rows.contains(row)
                        || hidden.columns.iter().any(|columns| columns.contains(column));
                    writer.text(text, hidden);
                }
                writer.close_cell(1);
                if cells.peek().is_none() {
                    break;
                }
            }
        }
        writer.close_table(false);
        writer.end(Style::Paragraph);
        self.pages.push(writer.finish(Some(name.to_owned())));
    }

    /// Takes in a cell, unless enough was read.
    fn take(&mut self, rows: &mut Rows, (row, column): (u32, u32), text: String) -> bool {
        if text.is_empty() {
            return true;
        }
        let full = rows.len() >= ROWS && !rows.contains_key(&row);
        if full || self.cells == 0 {
            let read = u32::try_from(rows.len()).unwrap_or(u32::MAX);
            self.cut = Some(self.cut.map_or(read, |cut| cut.max(read)));
            return false;
        }
        self.cells -= 1;
        let cells = rows.entry(row).or_default();
        let at = cells.partition_point(|(before, _)| *before < column);
        cells.insert(at, (column, text));
        true
    }
}

/// A workbook of Excel's is read cell by cell, so that a sheet of a million rows takes no more
/// memory than what is read of it.
fn xlsx(data: &[u8], reading: &mut Reading) -> Result<(), ReadError> {
    let mut workbook: Xlsx<_> = open_workbook_from_rs(Cursor::new(data)).map_err(damaged)?;
    let sheets = workbook.sheets_metadata().to_vec();
    for sheet in sheets {
        let mut rows = Rows::new();
        // A sheet of charts has no cells.
        if let Ok(mut cells) = workbook.worksheet_cells_reader(&sheet.name) {
            while let Some(cell) = cells.next_cell().map_err(damaged)? {
                let text = shown_ref(cell.get_value());
                if !reading.take(&mut rows, cell.get_position(), text) {
                    break;
                }
            }
        }
        let last = rows.keys().next_back().copied().unwrap_or(0);
        let hidden = hidden(data, &sheet.name, last).unwrap_or_default();
        reading.page(&sheet.name, sheet.visible, &rows, &hidden);
    }
    Ok(())
}

/// Other workbooks are read a sheet at a time.
fn whole<'a, W>(data: &'a [u8], reading: &mut Reading) -> Result<(), ReadError>
where
    W: calamine::Reader<Cursor<&'a [u8]>>,
    W::Error: std::fmt::Display,
{
    let mut workbook: W = open_workbook_from_rs(Cursor::new(data)).map_err(damaged)?;
    let sheets = workbook.sheets_metadata().to_vec();
    for sheet in sheets {
        let mut rows = Rows::new();
        if let Ok(range) = workbook.worksheet_range(&sheet.name) {
            let (first, left) = range.start().unwrap_or_default();
            for (row, column, value) in range.used_cells() {
                let at =
                    |start: u32, by: usize| start + u32::try_from(by).unwrap_or(u32::MAX - start);
                if !reading.take(&mut rows, (at(first, row), at(left, column)), shown(value)) {
                    break;
                }
            }
        }
        reading.page(&sheet.name, sheet.visible, &rows, &Hidden::default());
    }
    Ok(())
}

fn damaged(error: impl std::fmt::Display) -> ReadError {
    let message = error.to_string();
    if message.to_lowercase().contains("password") {
        return ReadError::Unsupported("a workbook with a password; save it without one".into());
    }
    ReadError::Damaged(format!("its tables cannot be read ({message})"))
}

/// The columns of a sheet that are hidden, and its hidden rows up to the last that was read.
fn hidden(data: &[u8], sheet: &str, last: u32) -> Result<Hidden, ReadError> {
    let mut parts = Parts::open(data)?;
    let main = super::main_part(&mut parts)?;
    let relations = parts.relations(&main)?;
    let text = parts.needed(&main)?;
    let mut xml = Xml::new(&text);
    let mut target = None;
    while let Some(event) = xml.next()? {
        let Event::Open(element) = event else { continue };
        if element.name() == "sheet" && element.attribute("name").as_deref() == Some(sheet) {
            target = element.attribute("r:id").and_then(|id| relations.get(&id));
        }
    }
    let mut hidden = Hidden::default();
    let Some(target) = target else { return Ok(hidden) };
    let text = parts.beginning(&target.target, SHEET).unwrap_or_default();
    let mut xml = Xml::new(&text);
    let mut row = 0;
    // Where the text was cut it is no XML any more.
    while let Ok(Some(event)) = xml.next()
        && row <= last.saturating_add(1)
    {
        let Event::Open(element) = event else { continue };
        let number = |name| element.attribute(name).and_then(|value| value.parse::<u32>().ok());
        let is_hidden = || matches!(element.attribute("hidden").as_deref(), Some("1" | "true"));
        match element.name() {
            "row" => {
                row = number("r").unwrap_or(row + 1);
                if is_hidden() {
                    hidden.rows.insert(row.saturating_sub(1));
                }
            }
            "col" if is_hidden() => {
                if let (Some(first), Some(last)) = (number("min"), number("max")) {
                    hidden.columns.push(first.saturating_sub(1)..=last.saturating_sub(1));
                }
            }
            _ => {}
        }
    }
    Ok(hidden)
}

fn shown_ref(value: &DataRef<'_>) -> String {
    match value {
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => float(*number),
        DataRef::Bool(is) => boolean(*is),
        DataRef::DateTime(time) => moment(time),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

fn shown(value: &Data) -> String {
    match value {
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => float(*number),
        Data::Bool(is) => boolean(*is),
        Data::DateTime(time) => moment(time),
        Data::Error(error) => error.to_string(),
        Data::Empty => String::new(),
    }
}

fn boolean(is: bool) -> String {
    if is { "TRUE" } else { "FALSE" }.to_owned()
}

/// A number with the fifteen digits that office programs show.
fn float(number: f64) -> String {
    let rounded = format!("{number:.14e}").parse().unwrap_or(number);
    if rounded != 0.0 && !(1e-9..1e21).contains(&f64::abs(rounded)) {
        format!("{rounded:e}")
    } else {
        rounded.to_string()
    }
}

fn moment(time: &ExcelDateTime) -> String {
    let days = time.as_f64();
    // Beyond the year 9999 it is no date, and Excel shows none.
    if !(0.0..2_958_466.0).contains(&days) {
        return float(days);
    }
    if time.is_duration() {
        let seconds = (days * 86_400.0).round();
        let (hours, rest) = ((seconds / 3_600.0).floor(), seconds % 3_600.0);
        return format!("{hours}:{:02}:{:02}", (rest / 60.0).floor(), rest % 60.0);
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    if days < 1.0 {
        format!("{hour:02}:{minute:02}:{second:02}")
    } else if days.fract() == 0.0 {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}
