//! All pages of a file, by as many threads as the machine has.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hayro::hayro_interpret::TransformExt as _;
use hayro::hayro_interpret::{
    Context, InterpreterCache, InterpreterSettings, RenderContent, interpret, interpret_page,
};
use hayro::hayro_syntax::content::TypedIter;
use hayro::hayro_syntax::object::{Array, Stream};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{
    Pdf,
    object::dict::keys::{ANNOTS, CONTENTS},
};
use hayro::kurbo::Rect;

use super::block::{Block, Leaf};
use super::device::Reader;
use super::glyph::{Marks, Turn};
use super::unicode::{File, Fonts};
use super::{columns, fields, lines};

/// More threads do not make it faster.
const MOST_THREADS: usize = 4;
/// How many pages a thread takes at once.
const STRIDE: usize = 8;
/// After how many pages what is remembered of fonts is let go.
const FORGET: usize = 256;
/// No page is begun after this time.
const LONGEST: Duration = Duration::from_secs(40);
/// No page is begun after so many bytes of text.
const MOST_TEXT: usize = 100_000_000;

/// What was read.
pub(super) struct Read {
    /// The pages from the first on.
    pub leaves: Vec<Leaf>,
    /// How many there are in the file.
    pub pages: usize,
    /// Those that could not be read (the first is 0); they are blank.
    pub failed: Vec<usize>,
}

/// Reads the pages of a file.
pub(super) fn read(pdf: &Pdf) -> Read {
    let pages = pdf.pages();
    let started = Instant::now();
    let (next, text) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let found = Mutex::new(Vec::new());
    let file = File::new(pdf);
    let work = || {
        let mut state = State::new(&file);
        loop {
            let from = next.fetch_add(STRIDE, Ordering::Relaxed);
            let stride = pages.get(from..(from + STRIDE).min(pages.len())).unwrap_or_default();
            let full = text.load(Ordering::Relaxed) > MOST_TEXT;
            if stride.is_empty() || full || started.elapsed() > LONGEST {
                return;
            }
            for (index, page) in stride.iter().enumerate() {
                // A page that ends the reader costs no more than itself.
                let leaf = catch_unwind(AssertUnwindSafe(|| state.read(pdf, page)));
                if leaf.is_err() {
                    state = State::new(&file);
                }
                if let Ok(leaf) = &leaf {
                    text.fetch_add(leaf.len(), Ordering::Relaxed);
                }
                found
                    .lock()
                    .unwrap_or_else(std::sync::PoisonError::into_inner)
                    .push((from + index, leaf.ok()));
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = threads.min(MOST_THREADS).min(pages.len().div_ceil(STRIDE));
    std::thread::scope(|scope| {
        for _ in 1..threads {
            // A process that reads apart may start none; this one reads all of them then.
            if std::thread::Builder::new().spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
    let mut found = found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    found.sort_by_key(|(index, _)| *index);
    let mut read =
        Read { leaves: Vec::with_capacity(found.len()), pages: pages.len(), failed: Vec::new() };
    for (index, leaf) in found {
        // What was read after a gap is not the next page.
        if index != read.leaves.len() {
            break;
        }
        if leaf.is_none() {
            read.failed.push(index);
        }
        read.leaves.push(leaf.unwrap_or_default());
    }
    read
}

/// What is kept from one page to the next.
struct State<'a> {
    file: &'a File<'a>,
    cache: InterpreterCache<'a>,
    fonts: Fonts<'a>,
    pages: usize,
}

impl<'a> State<'a> {
    fn new(file: &'a File<'a>) -> Self {
        Self { file, cache: InterpreterCache::new(), fonts: Fonts::new(file), pages: 0 }
    }

    fn read(&mut self, pdf: &'a Pdf, page: &Page<'a>) -> Leaf {
        if self.pages >= FORGET {
            *self = Self::new(self.file);
        }
        self.pages += 1;
        leaf(marks(pdf, page, &self.cache, &mut self.fonts))
    }
}

fn marks<'a>(
    pdf: &'a Pdf,
    page: &Page<'a>,
    cache: &InterpreterCache<'a>,
    fonts: &mut Fonts<'_>,
) -> Marks {
    let (width, height) = page.render_dimensions();
    let transform = page.initial_transform(true).to_kurbo();
    let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let mut reader = Reader::new(bounds.width(), bounds.height(), fonts);
    let settings =
        |content| InterpreterSettings { render_content: content, ..InterpreterSettings::default() };
    // Not through the page, which would keep its content for as long as the file is open.
    let content = content(page);
    let mut context =
        Context::new(transform, bounds, cache, pdf.xref(), settings(RenderContent::PAGE));
    interpret(TypedIter::new(&content), page.resources(), &mut context, &mut reader);
    if page.raw().contains_key(ANNOTS) {
        let settings = settings(RenderContent::ANNOTATIONS);
        let mut context = Context::new(transform, bounds, cache, pdf.xref(), settings);
        interpret_page(page, &mut context, &mut reader);
    }
    let mut marks = reader.into_marks();
    marks.glyphs.extend(fields::values(page, transform));
    marks
}

fn content(page: &Page<'_>) -> Vec<u8> {
    if let Some(stream) = page.raw().get::<Stream<'_>>(CONTENTS) {
        return stream.decoded_data().map(std::borrow::Cow::into_owned).unwrap_or_default();
    }
    let mut all = Vec::new();
    let streams = page.raw().get::<Array<'_>>(CONTENTS);
    for stream in streams.iter().flat_map(|array| array.iter::<Stream<'_>>()) {
        if let Ok(data) = stream.decoded_data() {
            all.extend_from_slice(&data);
            all.push(b' ');
        }
    }
    all
}

fn leaf(marks: Marks) -> Leaf {
    let pictured = marks.pictured();
    let mut turns: Vec<(usize, Turn, Vec<Block>)> = Turn::ALL
        .into_iter()
        .filter_map(|turn| {
            let count = marks.glyphs.iter().filter(|glyph| glyph.turn == turn).count();
            let blocks = || columns::blocks(&lines::lines(&marks.glyphs, turn));
            (count > 0).then(|| (count, turn, blocks()))
        })
        .collect();
    // First what most of the page is.
    turns.sort_by_key(|(count, ..)| std::cmp::Reverse(*count));
    let upright = turns.first().filter(|(_, turn, _)| *turn == Turn::None);
    let upright = upright.map_or(0, |(.., blocks)| blocks.len());
    let blocks = turns.into_iter().flat_map(|(.., blocks)| blocks).collect();
    Leaf { blocks, upright, height: marks.height, pictured }
}
