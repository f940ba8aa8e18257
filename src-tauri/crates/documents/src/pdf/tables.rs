//! Tables: rows of short texts that stand in columns.

use super::block::TextLine;

/// Columns of lines that are as long as this, in characters, are columns of a text.
const PROSE: usize = 22;
/// Rows further apart than this many font sizes are of two tables.
const LEADING: f64 = 3.0;

type Row = Vec<Option<TextLine>>;

/// Takes the tables out of lines that are ordered by their baselines, and gives the other lines.
pub(super) fn take(lines: Vec<TextLine>) -> (Vec<Vec<Row>>, Vec<TextLine>) {
    let mut tables = Vec::new();
    let mut rest = Vec::new();
    let mut run: Vec<Vec<TextLine>> = Vec::new();
    for row in rows(lines) {
        let follows = run
            .last()
            .and_then(|last| last.first())
            .zip(row.first())
            .is_none_or(|(above, here)| here.y - above.y < LEADING * here.size.max(above.size));
        if row.len() < 2 || !follows {
            end(&mut run, &mut tables, &mut rest);
        }
        if row.len() < 2 { rest.extend(row) } else { run.push(row) }
    }
    end(&mut run, &mut tables, &mut rest);
    rest.sort_by(|a, b| a.y.total_cmp(&b.y));
    (tables, rest)
}

fn end(run: &mut Vec<Vec<TextLine>>, tables: &mut Vec<Vec<Row>>, rest: &mut Vec<TextLine>) {
    let rows = std::mem::take(run);
    let columns = columns(&rows);
    if rows.len() >= 3 && is_table(&rows, &columns) {
        tables.push(rows.into_iter().map(|row| cells(row, &columns)).collect());
    } else {
        rest.extend(rows.into_iter().flatten());
    }
}

/// Lines on one baseline, from left to right.
fn rows(lines: Vec<TextLine>) -> Vec<Vec<TextLine>> {
    let mut rows: Vec<Vec<TextLine>> = Vec::new();
    for line in lines {
        match rows.last_mut() {
            Some(row) if row.first().is_some_and(|first| line.y - first.y < 0.3 * line.size) => {
                row.push(line);
            }
            _ => rows.push(vec![line]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    }
    rows
}

/// From where to where the columns go: what no line of the rows reaches into parts them.
fn columns(rows: &[Vec<TextLine>]) -> Vec<(f64, f64)> {
    let mut spans: Vec<(f64, f64)> = rows.iter().flatten().map(|line| (line.x0, line.x1)).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut columns: Vec<(f64, f64)> = Vec::new();
    for (x0, x1) in spans {
        match columns.last_mut() {
            Some(last) if x0 < last.1 => last.1 = last.1.max(x1),
            _ => columns.push((x0, x1)),
        }
    }
    columns
}

fn column_of(line: &TextLine, columns: &[(f64, f64)]) -> usize {
    columns.iter().position(|(_, x1)| line.x0 < *x1).unwrap_or(0)
}

fn is_table(rows: &[Vec<TextLine>], columns: &[(f64, f64)]) -> bool {
    if columns.len() < 2 {
        return false;
    }
    let mut lengths = vec![(0, 0); columns.len()];
    for line in rows.iter().flatten() {
        if let Some((count, length)) = lengths.get_mut(column_of(line, columns)) {
            (*count, *length) = (*count + 1, *length + line.len());
        }
    }
    let long = lengths.iter().filter(|(count, length)| *length > PROSE * count).count();
    // Each row has a cell in most of the columns.
    let filled = rows.iter().map(Vec::len).sum::<usize>() * 10 > rows.len() * columns.len() * 7;
    let one_each = rows.iter().all(|row| {
        row.windows(2).all(|pair| match pair {
            [a, b] => column_of(a, columns) < column_of(b, columns),
            _ => true,
        })
    });
    long < 2 && filled && one_each
}

fn cells(row: Vec<TextLine>, columns: &[(f64, f64)]) -> Row {
    let mut cells: Row = columns.iter().map(|_| None).collect();
    for line in row {
        if let Some(cell) = cells.get_mut(column_of(&line, columns)) {
            *cell = Some(line);
        }
    }
    cells
}
