//! Markdown as a file's reader writes it: paragraph by paragraph, cell by cell.

use crate::Page;
use crate::line::{Line, Place};
use crate::marked::Marked;

/// How deep tables may lie within cells and still be tables.
const NESTED: usize = 8;

/// How many columns one cell may span.
const SPAN: usize = 1_000;

/// What a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Text.
    Paragraph,
    /// A heading of this level, from 1.
    Heading(usize),
    /// An item of a list, so deep in other lists, with its number where it has one.
    Item(usize, Option<u32>),
}

/// A part of a page, or of a cell.
#[derive(Debug, Clone)]
enum Block {
    Text(Style, Line),
    Code { language: String, text: String },
    Table(Vec<Row>),
}

#[derive(Debug, Clone, Default)]
struct Row {
    cells: Vec<Vec<Block>>,
}

/// Gathers text, and writes it as Markdown whenever a block ends.
#[derive(Debug, Default)]
pub struct Writer {
    out: Marked,
    line: Line,
    /// The style of the last block that was written.
    last: Option<Style>,
    tables: Vec<Table>,
    /// Tables that are too deep in others, and only their cells are read.
    flattened: usize,
    footnotes: Vec<(String, Line)>,
}

#[derive(Debug, Default)]
struct Table {
    rows: Vec<Row>,
}

impl Writer {
    /// Appends text to the paragraph.
    pub fn text(&mut self, text: &str, hidden: bool) {
        self.line.push(text, hidden);
    }

    /// Appends Markdown to the paragraph.
    pub fn markup(&mut self, markup: &str) {
        self.line.push_markup(markup);
    }

    /// What was gathered of the paragraph.
    pub fn line(&self) -> &Line {
        &self.line
    }

    /// Takes the paragraph out, to go on with it later.
    pub fn set_aside(&mut self) -> Line {
        std::mem::take(&mut self.line)
    }

    /// Puts a paragraph back that was set aside.
    pub fn resume(&mut self, line: Line) {
        self.line = line;
    }

    /// Ends the paragraph, if there is anything in it. Says whether there was.
    pub fn end(&mut self, style: Style) -> bool {
        let line = self.set_aside();
        let some = !line.is_blank();
        if some {
            self.block(Block::Text(style, line));
        }
        some
    }

    /// A block of code. What it is set in cannot end it.
    pub fn code(&mut self, language: &str, text: &str) {
        self.end(Style::Paragraph);
        let text = crate::line::clean(text);
        if !text.trim().is_empty() {
            self.block(Block::Code { language: language.to_owned(), text });
        }
    }

    /// Begins a table.
    pub fn open_table(&mut self) {
        self.end(Style::Paragraph);
        if self.tables.len() >= NESTED {
            self.flattened += 1;
        } else {
            self.tables.push(Table::default());
        }
    }

    /// Begins a row.
    pub fn open_row(&mut self) {
        self.end(Style::Paragraph);
        if let (0, Some(table)) = (self.flattened, self.tables.last_mut()) {
            table.rows.push(Row::default());
        }
    }

    /// Begins a cell.
    pub fn open_cell(&mut self) {
        self.end(Style::Paragraph);
        if let (0, Some(row)) = (self.flattened, self.row()) {
            row.cells.push(Vec::new());
        }
    }

    /// Ends a cell that spans so many columns.
    pub fn close_cell(&mut self, columns: usize) {
        self.end(Style::Paragraph);
        if let (0, Some(row)) = (self.flattened, self.row()) {
            row.cells.extend((1..columns.min(SPAN)).map(|_| Vec::new()));
        }
    }

    /// Ends a table. Of one that only arranges what is on the page, the content is left.
    pub fn close_table(&mut self, arranges: bool) {
        self.end(Style::Paragraph);
        if self.flattened > 0 {
            self.flattened -= 1;
            return;
        }
        let Some(Table { mut rows }) = self.tables.pop() else { return };
        for row in &mut rows {
            while row.cells.last().is_some_and(Vec::is_empty) {
                row.cells.pop();
            }
        }
        rows.retain(|row| !row.cells.is_empty());
        let one_column = rows.iter().all(|row| row.cells.len() <= 1);
        if arranges || one_column {
            for block in rows.into_iter().flat_map(|row| row.cells).flatten() {
                self.block(block);
            }
        } else {
            self.block(Block::Table(rows));
        }
    }

    /// What a footnote says, whose mark `[^name]` stands in the text.
    pub fn footnote(&mut self, name: &str, text: Line) {
        self.footnotes.push((name.to_owned(), text));
    }

    /// Everything that was written since the last time, in one line: of a note, a comment.
    pub fn take_note(&mut self) -> Line {
        let mut line = Line::default();
        self.end(Style::Paragraph);
        let Some(Table { rows }) = self.tables.pop() else { return line };
        let cells = rows.into_iter().flat_map(|row| row.cells);
        for text in cells.flatten().flat_map(Block::into_lines) {
            if !line.is_blank() {
                line.push("\n", false);
            }
            line.append(&text);
        }
        line
    }

    /// Begins what [`take_note`](Self::take_note) takes.
    pub fn begin_note(&mut self) {
        self.tables.push(Table { rows: vec![Row { cells: vec![Vec::new()] }] });
    }

    /// The page.
    pub fn finish(mut self, name: Option<String>) -> Page {
        while !self.tables.is_empty() {
            self.flattened = 0;
            self.close_table(false);
        }
        self.end(Style::Paragraph);
        for (name, line) in std::mem::take(&mut self.footnotes) {
            self.separate(None);
            self.out.push(&format!("[^{name}]: "), false);
            self.indented(&line, 4);
        }
        Page { name, text: self.out.text, hidden: self.out.hidden }
    }

    fn row(&mut self) -> Option<&mut Row> {
        self.tables.last_mut()?.rows.last_mut()
    }

    fn block(&mut self, block: Block) {
        if let Some(table) = self.tables.last_mut() {
            // What stands outside a cell is in a cell of its own.
            if table.rows.is_empty() {
                table.rows.push(Row::default());
            }
            if let Some(row) = table.rows.last_mut() {
                if row.cells.is_empty() {
                    row.cells.push(Vec::new());
                }
                if let Some(cell) = row.cells.last_mut() {
                    cell.push(block);
                }
            }
            return;
        }
        match block {
            Block::Text(style, line) => self.write_text(style, &line),
            Block::Code { language, text } => self.write_code(&language, &text),
            Block::Table(rows) => self.write_table(&rows),
        }
    }

    fn separate(&mut self, style: Option<Style>) {
        let list = matches!((self.last, style), (Some(Style::Item(..)), Some(Style::Item(..))));
        if !self.out.text.is_empty() {
            self.out.push(if list { "\n" } else { "\n\n" }, false);
        }
        self.last = style;
    }

    fn write_text(&mut self, style: Style, line: &Line) {
        let style = match (style, self.last) {
            // An item cannot be deeper than within the one before.
            (Style::Item(depth, number), Some(Style::Item(before, _))) => {
                Style::Item(depth.min(before + 1), number)
            }
            (Style::Item(_, number), _) => Style::Item(0, number),
            (other, _) => other,
        };
        self.separate(Some(style));
        match style {
            Style::Paragraph => self.out.append(&line.to_markdown(Place::Block)),
            Style::Heading(level) => {
                let level = level.clamp(1, 6);
                self.out.push(&"#".repeat(level), false);
                self.out.push(" ", false);
                self.out.append(&line.to_markdown(Place::Heading));
            }
            Style::Item(depth, number) => {
                self.out.push(&"    ".repeat(depth), false);
                match number {
                    Some(number) => self.out.push(&format!("{number}. "), false),
                    None => self.out.push("- ", false),
                }
                self.indented(line, depth * 4 + 4);
            }
        }
    }

    /// A line whose further lines are indented by so much.
    fn indented(&mut self, line: &Line, by: usize) {
        let text = line.to_markdown(Place::Block);
        let mut from = 0;
        for (at, _) in text.text.match_indices('\n') {
            self.piece(&text, from, at + 1);
            self.out.push(&" ".repeat(by), false);
            from = at + 1;
        }
        self.piece(&text, from, text.text.len());
    }

    fn piece(&mut self, of: &Marked, from: usize, to: usize) {
        let start = self.out.text.len();
        self.out.push(of.text.get(from..to).unwrap_or_default(), false);
        for range in &of.hidden {
            let (first, last) = (range.start.max(from), range.end.min(to));
            if first < last {
                crate::marked::add(&mut self.out.hidden, start + first - from..start + last - from);
            }
        }
    }

    fn write_code(&mut self, language: &str, text: &str) {
        self.separate(None);
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        self.out.push(&format!("{fence}{language}\n"), false);
        self.out.push(text.trim_matches('\n'), false);
        self.out.push(&format!("\n{fence}"), false);
    }

    fn write_table(&mut self, rows: &[Row]) {
        self.separate(None);
        let columns = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        for (index, row) in rows.iter().enumerate() {
            if index > 0 {
                self.out.push("\n", false);
            }
            self.out.push("|", false);
            for cell in &row.cells {
                self.out.push(" ", false);
                self.write_cell(cell);
                self.out.push(" |", false);
            }
            if index == 0 {
                self.out.push(&"  |".repeat(columns - row.cells.len()), false);
                self.out.push("\n|", false);
                self.out.push(&" --- |".repeat(columns), false);
            }
        }
    }

    fn write_cell(&mut self, cell: &[Block]) {
        let lines = cell.iter().cloned().flat_map(Block::into_lines);
        for (index, line) in lines.enumerate() {
            if index > 0 {
                self.out.push("<br>", false);
            }
            self.out.append(&line.to_markdown(Place::Cell));
        }
    }
}

impl Block {
    /// The block where only lines can stand.
    fn into_lines(self) -> Vec<Line> {
        match self {
            Self::Text(Style::Item(depth, number), line) => {
                let mut item = Line::default();
                item.push(&"  ".repeat(depth.min(9)), false);
                match number {
                    Some(number) => item.push(&format!("{number}. "), false),
                    None => item.push("- ", false),
                }
                item.append(&line);
                vec![item]
            }
            Self::Text(_, line) => vec![line],
            Self::Code { text, .. } => {
                let mut line = Line::default();
                line.push(text.trim(), false);
                vec![line]
            }
            Self::Table(rows) => rows.into_iter().map(Row::into_line).collect(),
        }
    }
}

impl Row {
    /// The row of a table within a cell: its cells one after another.
    fn into_line(self) -> Line {
        let mut line = Line::default();
        for (index, cell) in self.cells.into_iter().enumerate() {
            if index > 0 {
                line.push("; ", false);
            }
            for (index, text) in cell.into_iter().flat_map(Block::into_lines).enumerate() {
                if index > 0 {
                    line.push(" ", false);
                }
                line.append(&text);
            }
        }
        line
    }
}
