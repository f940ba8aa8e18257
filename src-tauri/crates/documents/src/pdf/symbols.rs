//! What the codes of fonts of symbols say. Windows names the glyphs of such a font by characters of
//! its own, from U+F020 on, of which nothing but the font's name tells what they are.

/// The encoding of the font Symbol (ISO 32000-2, D.5), from 0x20 to 0x7e.
const LOW: &str = " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼";
/// The same from 0xa0 to 0xfe; a space is one that no character is for.
const HIGH: &str = "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…  ↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊⟨®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ ⟩∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭";

/// What Windows' own character says in the font of this name, where that is a font of symbols:
/// nothing where no character looks like it.
pub(super) fn said(font: &str, character: u32) -> Option<Option<char>> {
    let code = u8::try_from(character.checked_sub(0xf000)?).ok()?;
    let font = font.to_ascii_lowercase();
    if font.starts_with("symbol") {
        return Some(symbol(code));
    }
    if font.starts_with("wingdings") {
        return Some(wingding(&font, code));
    }
    None
}

fn symbol(code: u8) -> Option<char> {
    let (table, first) = if code < 0xa0 { (LOW, 0x20) } else { (HIGH, 0xa0) };
    let c = table.chars().nth(usize::from(code.checked_sub(first)?))?;
    (c != ' ' || code == 0x20).then_some(c)
}

/// Of Wingdings, what lists, forms and arrows are made of; the other two have none of these.
fn wingding(font: &str, code: u8) -> Option<char> {
    if font.starts_with("wingdings2") || font.starts_with("wingdings3") {
        return None;
    }
    Some(match code {
        0x20 => ' ',
        0x6c => '●',
        0x6e => '■',
        0x6f | 0xa8 => '□',
        0x71 | 0x72 => '❑',
        0x75 => '◆',
        0x76 => '❖',
        0x9f => '•',
        0xa1 => '○',
        0xa7 => '▪',
        0xd8 => '➢',
        0xdf | 0xe7 => '←',
        0xe0 | 0xe8 => '→',
        0xfb => '✗',
        0xfc => '✓',
        0xfd => '☒',
        0xfe => '☑',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_symbol_has_its_place() {
        assert_eq!(LOW.chars().count(), 0x7f - 0x20);
        assert_eq!(HIGH.chars().count(), 0xff - 0xa0);
        let pairs = [(0x61, 'α'), (0x7e, '∼'), (0xb0, '°'), (0xb7, '•'), (0xe5, '∑'), (0xfe, '⎭')];
        for (code, c) in pairs {
            assert_eq!(said("SymbolMT", 0xf000 + code), Some(Some(c)), "{code:x}");
        }
        assert_eq!(said("Symbol", 0xf0f0), Some(None));
        assert_eq!(said("Wingdings-Regular", 0xf0fc), Some(Some('✓')));
        assert_eq!(said("Arial", 0xf061), None);
    }
}
