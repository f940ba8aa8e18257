//! Small blocks that stand in rows and columns, which are read row by row: a form's names and what
//! was filled in, pictures' captions, tables whose rows stand too far apart to be one.

use super::columns::Placed;

/// A block with longer lines, in characters, is a column's text.
const LONG: usize = 30;
/// So many blocks below each other are looked at for one that has one beside it.
const ROWS: usize = 4;
/// A block with more lines is a column's text.
const TALL: usize = 2;

/// For every block, the grid that it is of; blocks come from top to bottom.
pub(super) fn grids(blocks: &[Placed]) -> Vec<Option<usize>> {
    let small: Vec<bool> = blocks.iter().map(is_small).collect();
    let is_small = |index: usize| small.get(index).copied().unwrap_or(false);
    let right: Vec<Option<usize>> = blocks.iter().map(|block| right_of(block, blocks)).collect();
    let below: Vec<Option<usize>> = blocks.iter().map(|block| below(block, blocks)).collect();
    let at = |found: &[Option<usize>], index: usize| found.get(index).copied().flatten();
    let mut grid: Vec<Option<usize>> = vec![None; blocks.len()];
    for one in 0..blocks.len() {
        let Some(beside) = at(&right, one) else { continue };
        let (left, other) = (column(one, &below), column(beside, &below));
        // The next row of which both columns have a part.
        let next = left.iter().enumerate().skip(1).find_map(|(depth, under)| {
            let across = at(&right, *under)?;
            let found = other.iter().skip(1).position(|other| *other == across)?;
            Some((depth, found + 1))
        });
        let Some((depth, found)) = next else { continue };
        let (left, other) = (left.iter().take(depth + 1), other.iter().take(found + 1));
        let corners: Vec<usize> = left.chain(other).copied().collect();
        if !corners.iter().all(|corner| is_small(*corner)) {
            continue;
        }
        // Grids that share a corner are one.
        let known: Vec<usize> = corners.iter().filter_map(|corner| at(&grid, *corner)).collect();
        let id = known.first().copied().unwrap_or(one);
        for of in &mut grid {
            if of.is_some_and(|of| known.contains(&of)) {
                *of = Some(id);
            }
        }
        for corner in corners {
            if let Some(of) = grid.get_mut(corner) {
                *of = Some(id);
            }
        }
    }
    grid
}

/// A block and those below it, as far as a row may reach.
fn column(first: usize, below: &[Option<usize>]) -> Vec<usize> {
    let next = |index: &usize| below.get(*index).copied().flatten();
    std::iter::successors(Some(first), next).take(ROWS).collect()
}

/// Whether two blocks are of one row.
pub(super) fn level(one: &Placed, other: &Placed) -> bool {
    let shared = one.bottom.min(other.bottom) - one.top.max(other.top);
    shared > 0.3 * (one.bottom - one.top).min(other.bottom - other.top)
}

fn is_small(block: &Placed) -> bool {
    let lines = block.block.lines();
    lines.len() <= TALL && lines.iter().all(|line| line.len() <= LONG)
}

fn right_of(block: &Placed, blocks: &[Placed]) -> Option<usize> {
    let beside = blocks.iter().enumerate();
    let beside = beside.filter(|(_, other)| other.x0 >= block.x1 && level(block, other));
    beside.min_by(|(_, a), (_, b)| a.x0.total_cmp(&b.x0)).map(|(index, _)| index)
}

fn below(block: &Placed, blocks: &[Placed]) -> Option<usize> {
    let under = blocks.iter().enumerate();
    let under = under.filter(|(_, other)| {
        other.top > block.top && other.x0 < block.x1 && block.x0 < other.x1 && !level(block, other)
    });
    under.min_by(|(_, a), (_, b)| a.top.total_cmp(&b.top)).map(|(index, _)| index)
}
