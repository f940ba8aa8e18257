//! The fonts: a few that come with the program, and for what these lack the system's.

use std::collections::HashMap;
use std::sync::Arc;

use krilla::text::{Font, Tag};
use parley::fontique::{Blob, Collection, CollectionOptions, SourceCache, Synthesis};
use parley::style::{FontFamilyName, GenericFamily};
use parley::{FontContext, FontData};

/// See `fonts/README.md`.
const BUNDLED: [&[u8]; 7] = [
    include_bytes!("fonts/Literata-Regular.ttf"),
    include_bytes!("fonts/Literata-Italic.ttf"),
    include_bytes!("fonts/Literata-Bold.ttf"),
    include_bytes!("fonts/Literata-BoldItalic.ttf"),
    include_bytes!("fonts/IBMPlexMono-Regular.ttf"),
    include_bytes!("fonts/IBMPlexMono-Bold.ttf"),
    include_bytes!("fonts/NotoSansMath-Regular.ttf"),
];

/// The fonts of text, the first that has a letter first.
pub const TEXT: &[FontFamilyName<'static>] = &[
    FontFamilyName::named("Literata"),
    FontFamilyName::named("Noto Sans Math"),
    FontFamilyName::Generic(GenericFamily::Serif),
    FontFamilyName::Generic(GenericFamily::SansSerif),
];
/// The fonts of code.
pub const CODE: &[FontFamilyName<'static>] = &[
    FontFamilyName::named("IBM Plex Mono"),
    FontFamilyName::Generic(GenericFamily::Monospace),
    FontFamilyName::named("Noto Sans Math"),
    FontFamilyName::Generic(GenericFamily::SansSerif),
];

/// Every font that a text can be set in: those of the program, and the system's.
pub fn context() -> FontContext {
    let options = CollectionOptions { shared: false, system_fonts: true };
    let mut collection = Collection::new(options);
    for font in BUNDLED {
        collection.register_fonts(Blob::new(Arc::new(font)), None);
    }
    FontContext { collection, source_cache: SourceCache::default() }
}

/// Names a font: its file, its place in it, and what it is varied to.
type Key = (u64, u32, Vec<([u8; 4], u32)>);

/// The fonts that were used, as they are written into the file.
#[derive(Default)]
pub struct Loaded {
    fonts: HashMap<Key, Option<Font>>,
}

impl Loaded {
    /// The font as it is written into the file; `None` if it cannot be.
    pub fn get(&mut self, font: &FontData, synthesis: &Synthesis) -> Option<Font> {
        let axes = synthesis.variation_settings().iter();
        let axes: Vec<_> = axes.map(|(tag, value)| (tag.to_be_bytes(), *value)).collect();
        let bits = axes.iter().map(|(tag, value)| (*tag, value.to_bits())).collect();
        let load = || {
            let data = Arc::new(font.data.clone()) as Arc<dyn AsRef<[u8]> + Send + Sync>;
            let axes: Vec<_> = axes.iter().map(|(tag, value)| (Tag::new(tag), *value)).collect();
            Font::new_variable(data.into(), font.index, &axes)
        };
        self.fonts.entry((font.data.id(), font.index, bits)).or_insert_with(load).clone()
    }
}
