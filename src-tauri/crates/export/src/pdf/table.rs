//! Tables: their columns, and their rows from page to page.

use krilla::tagging::{TableHeaderScope, Tag};

use super::flow::Flow;
use super::line::{Colour, Line, Mark};
use super::paper::HEIGHT;
use super::typeset::Look;
use crate::document::{Cell, Table, line};

/// A table with more columns is written as lines of text: no page is wide enough for it.
const MOST_COLUMNS: usize = 16;
/// The space around the text of a cell.
const PAD: (f32, f32) = (6.0, 3.5);
const RULE: Colour = [0xc9, 0xc3, 0xb8];
const STRONG: Colour = [0x66, 0x61, 0x5a];

/// A row as it is set: the lines of each of its cells.
struct Row {
    cells: Vec<Vec<Line>>,
}

impl Row {
    fn height(&self) -> f32 {
        let heights = self.cells.iter().map(|cell| cell.iter().map(|line| line.height).sum());
        heights.fold(0.0, f32::max) + PAD.1 * 2.0
    }
}

/// Writes a table.
pub fn push(flow: &mut Flow, table: &Table) {
    let columns = table.columns();
    if columns == 0 {
        return;
    }
    let look = Look { size: flow.look.size * 0.92, leading: 1.4, ..flow.look };
    if columns > MOST_COLUMNS {
        table.head.iter().chain(&table.rows).for_each(|row| flow.paragraph(&line(row), &look));
        return;
    }
    let widths = widths(flow, table, &look, columns);
    let head = table.head.as_ref().map(|row| set(flow, row, &look, &widths));
    flow.paper.tags.open(Tag::Table);
    if let Some(head) = &head {
        // Not alone at the end of a page.
        flow.paper.ensure((head.height() + 30.0).min(HEIGHT));
        flow.paper.tags.open(Tag::THead);
        place(flow, head, &widths, None, true);
        flow.paper.tags.close();
    }
    flow.paper.tags.open(Tag::TBody);
    for row in &table.rows {
        let row = set(flow, row, &look, &widths);
        place(flow, &row, &widths, head.as_ref(), false);
    }
    flow.paper.tags.close();
    flow.paper.tags.close();
}

/// The widths of the columns, by the longest word and the longest text in each.
fn widths(flow: &mut Flow, table: &Table, look: &Look, columns: usize) -> Vec<f32> {
    let mut least = vec![0.0_f32; columns];
    let mut most = vec![0.0_f32; columns];
    for row in table.head.iter().chain(&table.rows) {
        for (column, cell) in row.iter().enumerate() {
            let (min, max) = flow.paper.typesetter.widths(&cell.text, look);
            least[column] = least[column].max(min);
            // Rounding must not break a line that just fits.
            most[column] = most[column].max(max + 0.5);
        }
    }
    shared(flow.width - PAD.0 * 2.0 * columns as f32, &least, &most)
}

/// The room as columns share it that need at least this much each, and at most that much.
fn shared(room: f32, least: &[f32], most: &[f32]) -> Vec<f32> {
    let needed: f32 = least.iter().sum();
    if needed > room {
        // Each gets a part of the room, and one with a long word a larger part.
        let share = room / least.len() as f32;
        return least.iter().map(|least| share * 0.3 + least * room * 0.7 / needed).collect();
    }
    // The largest width that none has to exceed; those that need less leave more for the others.
    let (mut low, mut high) = (0.0, room);
    let widths =
        |limit: f32| least.iter().zip(most).map(move |(min, max)| max.min(limit.max(*min)));
    for _ in 0..24 {
        let limit = f32::midpoint(low, high);
        if widths(limit).sum::<f32>() > room { high = limit } else { low = limit }
    }
    widths(low).collect()
}

fn set(flow: &mut Flow, row: &[Cell], look: &Look, widths: &[f32]) -> Row {
    let cells = row.iter().zip(widths);
    let typesetter = &mut flow.paper.typesetter;
    let cells = cells.map(|(cell, width)| typesetter.lines(&cell.text, look, *width, cell.align));
    Row { cells: cells.collect() }
}

/// Writes a row. Where it does not fit, it begins on a new page, below the head; where no page
/// could hold it, it goes on there.
fn place(flow: &mut Flow, row: &Row, widths: &[f32], head: Option<&Row>, is_head: bool) {
    let height = row.height();
    if height <= HEIGHT / 2.0 && flow.paper.left() < height {
        turn(flow, head, widths);
    }
    let mut done = vec![0; row.cells.len()];
    flow.paper.tags.open(Tag::TR);
    loop {
        flow.paper.ensure(0.0);
        let (top, room) = (flow.paper.y(), flow.paper.left() - PAD.1 * 2.0);
        let mut used = 0.0_f32;
        let mut x = flow.x;
        for ((cell, done), width) in row.cells.iter().zip(&mut done).zip(widths) {
            let rest = &cell[*done..];
            let fitting = fitting(rest, room);
            let all_fresh = room >= HEIGHT - PAD.1 * 4.0;
            // A line that no page can hold is put nevertheless.
            let count = if fitting == 0 && all_fresh { rest.len().min(1) } else { fitting };
            open_cell(flow, is_head);
            let mut y = top + PAD.1;
            for line in &rest[..count] {
                flow.paper.put(line, x + PAD.0, y);
                y += line.height;
            }
            flow.paper.tags.close();
            used = used.max(y - top - PAD.1);
            *done += count;
            x += width + PAD.0 * 2.0;
        }
        let finished = row.cells.iter().zip(&done).all(|(cell, done)| *done >= cell.len());
        if used > 0.0 || finished {
            flow.paper.go_to(top + used + PAD.1 * 2.0);
        }
        if finished {
            break;
        }
        turn(flow, head, widths);
    }
    flow.paper.tags.close();
    let (colour, pen) = if is_head { (STRONG, 1.0) } else { (RULE, 0.5) };
    let width: f32 = widths.iter().map(|width| width + PAD.0 * 2.0).sum();
    let y = flow.paper.y() - pen;
    flow.paper.ornament(Mark::Box([flow.x, y, width, pen], colour));
}

fn open_cell(flow: &mut Flow, is_head: bool) {
    if is_head {
        flow.paper.tags.open(Tag::TH(TableHeaderScope::Column));
    } else {
        flow.paper.tags.open(Tag::TD);
    }
}

/// How many of these lines fit into this height.
fn fitting(lines: &[Line], room: f32) -> usize {
    let mut height = 0.0;
    lines
        .iter()
        .take_while(|line| {
            height += line.height;
            height <= room
        })
        .count()
}

/// Begins a new page with the head, which is only an ornament there: it was read already.
fn turn(flow: &mut Flow, head: Option<&Row>, widths: &[f32]) {
    flow.paper.turn();
    let Some(head) = head.filter(|head| head.height() < HEIGHT / 3.0) else { return };
    let top = flow.paper.y();
    let mut x = flow.x;
    for (cell, width) in head.cells.iter().zip(widths) {
        let mut y = top + PAD.1;
        for line in cell {
            let marks = line.parts.iter().flat_map(|part| &part.marks);
            let marks: Vec<_> = marks.map(|mark| mark.clone().moved(x + PAD.0, y)).collect();
            marks.into_iter().for_each(|mark| flow.paper.ornament(mark));
            y += line.height;
        }
        x += width + PAD.0 * 2.0;
    }
    let bottom = top + head.height();
    flow.paper.ornament(Mark::Box([flow.x, bottom - 1.0, x - flow.x, 1.0], STRONG));
    flow.paper.go_to(bottom);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_share_the_room() {
        let near = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 0.1);
        assert!(near(&shared(100.0, &[5.0, 5.0], &[20.0, 30.0]), &[20.0, 30.0]));
        assert!(near(&shared(100.0, &[5.0, 5.0], &[20.0, 300.0]), &[20.0, 80.0]));
        assert!(near(&shared(100.0, &[60.0, 5.0], &[80.0, 80.0]), &[60.0, 40.0]));
        assert!(shared(100.0, &[500.0, 5.0], &[500.0, 5.0]).iter().sum::<f32>() < 100.1);
    }
}
