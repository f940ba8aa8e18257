//! What the codes of a font say that is in the file, has no words of its own for its glyphs, and
//! takes them from one of Adobe's collections of Chinese, Japanese or Korean characters (ISO
//! 32000-2, 9.10.2).

use std::collections::HashMap;

use hayro::hayro_interpret::hayro_cmap::{BfString, CMap, CMapName, CidFamily, load_embedded};
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::dict::keys::{
    BASE_FONT, CIDSYSTEMINFO, DESCENDANT_FONTS, ENCODING, ORDERING, REGISTRY, TO_UNICODE,
};
use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as PdfString};

/// The fonts of a file that are of such a collection, by their names.
pub(super) struct Collections(HashMap<String, Collection>);

struct Collection {
    /// From codes to the numbers of the collection's characters.
    encoding: CMap,
    /// From those to what they are.
    characters: CMap,
}

impl Collections {
    /// Those of a file.
    pub fn of(pdf: &Pdf) -> Self {
        let mut fonts = HashMap::new();
        for object in pdf.objects() {
            let Object::Dict(font) = object else { continue };
            if !font.contains_key(DESCENDANT_FONTS) || font.contains_key(TO_UNICODE) {
                continue;
            }
            if let Some((name, collection)) = collection(&font) {
                fonts.insert(name, collection);
            }
        }
        Self(fonts)
    }

    /// What a code of the font of this name says.
    pub fn text(&self, font: &str, code: u32) -> Option<BfString> {
        let Collection { encoding, characters } = self.0.get(font)?;
        let number = (1..=4).find_map(|bytes| encoding.lookup_cid_code(code, bytes))?;
        characters.lookup_bf_string(number)
    }
}

fn collection(font: &Dict<'_>) -> Option<(String, Collection)> {
    let name = font.get::<Name<'_>>(BASE_FONT)?;
    // A font of which only a part is in the file has six letters before its name.
    let name = match name.as_str().split_once('+') {
        Some((part, name)) if part.len() == 6 => name,
        _ => name.as_str(),
    };
    let encoding = match font.get::<Object<'_>>(ENCODING)? {
        Object::Name(name) => match CMapName::from_bytes(&name) {
            CMapName::IdentityH => CMap::identity_h(),
            CMapName::IdentityV => CMap::identity_v(),
            name => predefined(name)?,
        },
        Object::Stream(stream) => parsed(&stream)?,
        _ => return None,
    };
    let descendant = font.get::<Array<'_>>(DESCENDANT_FONTS)?.iter::<Dict<'_>>().next()?;
    let system = descendant.get::<Dict<'_>>(CIDSYSTEMINFO)?;
    let registry = system.get::<PdfString<'_>>(REGISTRY)?;
    let ordering = system.get::<PdfString<'_>>(ORDERING)?;
    let family = CidFamily::from_registry_ordering(registry.as_bytes(), ordering.as_bytes());
    let characters = predefined(family.ucs2_cmap()?)?;
    Some((name.to_owned(), Collection { encoding, characters }))
}

fn predefined(name: CMapName<'_>) -> Option<CMap> {
    CMap::parse(load_embedded(name)?, load_embedded)
}

fn parsed(stream: &Stream<'_>) -> Option<CMap> {
    CMap::parse(&stream.decoded_data().ok()?, load_embedded)
}
