//! The order in which the lines of a page are read.
//!
//! Lines that stand below each other make a block. Blocks are ordered by two rules (T. Breuel,
//! "High performance document layout analysis", 2003): what stands above comes before what it
//! overlaps, and what stands left comes before what is right of it unless something that spans
//! both lies between them.

use super::block::{Block, TextLine};
use super::grid;
use super::lines::Line;
use super::tables;

/// Lines further apart than this many font sizes are of two blocks.
const LEADING: f64 = 1.75;
/// What is nearer than so many font sizes above or below a block limits how wide its column may be.
const MARGIN: f64 = 0.5;
/// With more blocks than this the page is a drawing, and read row by row.
const MOST_BLOCKS: usize = 300;

/// A block and its place.
pub(super) struct Placed {
    pub block: Block,
    pub x0: f64,
    pub x1: f64,
    pub top: f64,
    pub bottom: f64,
    /// From where to where it could go without reaching what stands beside it.
    reach: (f64, f64),
}

impl Placed {
    fn new(block: Block) -> Self {
        let (mut x0, mut x1) = (f64::MAX, f64::MIN);
        let (mut top, mut bottom) = (f64::MAX, f64::MIN);
        for line in block.lines() {
            (x0, x1) = (x0.min(line.x0), x1.max(line.x1));
            top = top.min(line.y - 0.7 * line.size);
            bottom = bottom.max(line.y + 0.2 * line.size);
        }
        Self { block, x0, x1, top, bottom, reach: (f64::MIN, f64::MAX) }
    }

    /// Whether both are of one column, where a block's column is as wide as it could be: what
    /// stands alone is of all of them.
    fn overlaps(&self, other: &Self) -> bool {
        let within = |one: &Self, (from, to): (f64, f64)| one.x0 < to && from < one.x1;
        within(self, other.reach) || within(other, self.reach)
    }

    /// Whether another stands beside it, or would if it were moved by a line.
    fn beside(&self, other: &Self) -> bool {
        let line = self.block.lines().iter().map(|line| line.size).fold(f64::MAX, f64::min);
        let margin = line * MARGIN;
        self.top - margin < other.bottom && other.top < self.bottom + margin
    }
}

/// Finds how far each block could reach.
fn reach(blocks: &mut [Placed]) {
    for index in 0..blocks.len() {
        let Some(block) = blocks.get(index) else { return };
        let (mut from, mut to) = (f64::MIN, f64::MAX);
        for other in blocks.iter().filter(|other| block.beside(other)) {
            if other.x1 <= block.x0 {
                from = from.max(other.x1);
            } else if other.x0 >= block.x1 {
                to = to.min(other.x0);
            }
        }
        if let Some(block) = blocks.get_mut(index) {
            block.reach = (from, to);
        }
    }
}

/// The blocks of a page out of its lines (which are ordered by their baselines), in the order in
/// which they are read.
pub(super) fn blocks(lines: &[Line]) -> Vec<Block> {
    let lines: Vec<TextLine> = lines.iter().map(TextLine::new).collect();
    let lines = lines.into_iter().filter(|line| line.len() > 0).collect();
    let (tables, rest) = tables::take(lines);
    let mut placed: Vec<_> =
        tables.into_iter().map(|rows| Placed::new(Block::Table(rows))).collect();
    placed.extend(stacks(rest).into_iter().map(|lines| Placed::new(Block::Text(lines))));
    placed.sort_by(|a, b| a.top.total_cmp(&b.top).then(a.x0.total_cmp(&b.x0)));
    reach(&mut placed);
    ordered(placed)
}

/// Lines that stand below each other, and nothing beside them that they could as well belong to.
fn stacks(lines: Vec<TextLine>) -> Vec<Vec<TextLine>> {
    let below = |index: usize, line: &TextLine| -> Option<usize> {
        let mut found: Option<(usize, f64)> = None;
        for (other_index, other) in lines.iter().enumerate().skip(index + 1) {
            let size = line.size.max(other.size);
            let gap = other.y - line.y;
            if gap > LEADING * line.size.max(other.size).min(line.size * 1.4) {
                // A larger line may be further down; lines are few there.
                if gap > 4.0 * line.size {
                    break;
                }
                continue;
            }
            if gap < 0.3 * size || other.x0 >= line.x1 || line.x0 >= other.x1 {
                continue;
            }
            match found {
                None => found = Some((other_index, other.y)),
                // Two of them beside each other: neither is the next line.
                Some((_, y)) if other.y - y < 0.5 * size => return None,
                Some(_) => break,
            }
        }
        let (found, _) = found?;
        let other = lines.get(found)?;
        let ratio = line.size / other.size;
        ((0.8..1.25).contains(&ratio)).then_some(found)
    };
    let next: Vec<Option<usize>> =
        lines.iter().enumerate().map(|(index, line)| below(index, line)).collect();
    let mut above = vec![0_u32; lines.len()];
    for next in next.iter().flatten() {
        if let Some(count) = above.get_mut(*next) {
            *count += 1;
        }
    }
    let mut stack_of: Vec<Option<usize>> = vec![None; lines.len()];
    let mut stacks: Vec<Vec<TextLine>> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let stack = stack_of.get(index).copied().flatten().unwrap_or_else(|| {
            stacks.push(Vec::new());
            stacks.len() - 1
        });
        if let Some(stack) = stacks.get_mut(stack) {
            stack.push(line.clone());
        }
        if let Some(next) = next.get(index).copied().flatten()
            && above.get(next) == Some(&1)
            && let Some(of) = stack_of.get_mut(next)
        {
            *of = Some(stack);
        }
    }
    stacks
}

/// Blocks in the order in which they are read; they come from top to bottom.
fn ordered(blocks: Vec<Placed>) -> Vec<Block> {
    if blocks.len() > MOST_BLOCKS {
        return blocks.into_iter().map(|placed| placed.block).collect();
    }
    let grids = grid::grids(&blocks);
    // For every block, those that come before it.
    let before: Vec<Vec<usize>> = blocks
        .iter()
        .zip(&grids)
        .map(|(block, grid)| {
            let others = blocks.iter().zip(&grids).enumerate();
            others
                .filter(|(_, (other, of))| {
                    if grid.is_some() && grid == *of {
                        comes_before_in_grid(other, block)
                    } else {
                        comes_before(other, block, &blocks)
                    }
                })
                .map(|(i, _)| i)
                .collect()
        })
        .collect();
    let mut done = vec![false; blocks.len()];
    let mut order = Vec::with_capacity(blocks.len());
    for start in 0..blocks.len() {
        // Depth first, without the machine's stack: a block, and how many of those before it
        // have been looked at.
        let mut path = vec![(start, 0)];
        while let Some((block, looked)) = path.last_mut() {
            let at = *block;
            if *looked == 0 && std::mem::replace(done.get_mut(at).unwrap_or(&mut false), true) {
                path.pop();
                continue;
            }
            match before.get(at).and_then(|before| before.get(*looked)) {
                Some(next) => {
                    *looked += 1;
                    if done.get(*next) == Some(&false) {
                        path.push((*next, 0));
                    }
                }
                None => {
                    order.push(at);
                    path.pop();
                }
            }
        }
    }
    let mut blocks: Vec<Option<Block>> =
        blocks.into_iter().map(|placed| Some(placed.block)).collect();
    order.into_iter().filter_map(|index| blocks.get_mut(index).and_then(Option::take)).collect()
}

fn comes_before_in_grid(one: &Placed, other: &Placed) -> bool {
    if grid::level(one, other) { one.x0 < other.x0 } else { one.top < other.top }
}

fn comes_before(one: &Placed, other: &Placed, all: &[Placed]) -> bool {
    if std::ptr::eq(one, other) {
        return false;
    }
    if one.overlaps(other) {
        return one.top < other.top;
    }
    if one.x1 > other.x0 {
        return false;
    }
    // Beside each other, or one above the other's height with something across between them.
    let (from, to) = if one.top > other.bottom {
        (other.bottom, one.top)
    } else if other.top > one.bottom {
        (one.bottom, other.top)
    } else {
        return true;
    };
    !all.iter().any(|between| {
        between.top < to
            && between.bottom > from
            && between.overlaps(one)
            && between.overlaps(other)
    })
}
