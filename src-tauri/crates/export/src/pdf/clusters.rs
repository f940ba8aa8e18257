//! Which glyph shows which text: what makes the text of a page one that can be searched and copied.

use std::ops::Range;

use krilla::text::{GlyphId, KrillaGlyph};
use parley::layout::GlyphRun;
use parley::style::Brush;

/// How far the clusters of the runs of a line were read: a run may be drawn in several pieces.
#[derive(Default)]
pub struct Clusters {
    run: Option<usize>,
    read: usize,
}

impl Clusters {
    /// The glyphs of the next piece of a run, each with the text that it shows.
    pub fn of<B: Brush>(&mut self, piece: &GlyphRun<'_, B>) -> Vec<KrillaGlyph> {
        let run = piece.run();
        if self.run != Some(run.index()) {
            *self = Self { run: Some(run.index()), read: 0 };
        }
        let wanted = piece.glyphs().count();
        let size = run.font_size();
        let mut glyphs = Vec::<KrillaGlyph>::with_capacity(wanted);
        // Text of a ligature whose glyph comes later, as in text from right to left.
        let mut waiting: Option<Range<usize>> = None;
        for cluster in run.visual_clusters().skip(self.read) {
            let range = cluster.text_range();
            if cluster.is_ligature_continuation() {
                match glyphs.last_mut().filter(|_| !run.is_rtl()) {
                    Some(glyph) => glyph.text_range = joined(&glyph.text_range, &range),
                    None => waiting = Some(waiting.map_or(range.clone(), |w| joined(&w, &range))),
                }
                self.read += 1;
                continue;
            }
            if glyphs.len() >= wanted {
                break;
            }
            self.read += 1;
            let range = waiting.take().map_or(range.clone(), |waiting| joined(&waiting, &range));
            glyphs.extend(cluster.glyphs().map(|glyph| {
                KrillaGlyph::new(
                    GlyphId::new(glyph.id),
                    glyph.advance / size,
                    glyph.x / size,
                    -glyph.y / size,
                    0.0,
                    range.clone(),
                    None,
                )
            }));
        }
        glyphs
    }
}

fn joined(a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    a.start.min(b.start)..a.end.max(b.end)
}
