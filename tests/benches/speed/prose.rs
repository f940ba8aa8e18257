//! Text whose words are as frequent as those of a language, the same in every run: of each
//! language some 30,000, the r-th of them with a probability in proportion to 1/r (Zipf's law).

/// So many words each of the two languages has.
pub const WORDS: usize = 30_000;

const FRENCH: [&str; 40] = [
    "de",
    "la",
    "le",
    "les",
    "des",
    "et",
    "à",
    "en",
    "un",
    "une",
    "du",
    "dans",
    "que",
    "pour",
    "est",
    "qui",
    "sur",
    "pas",
    "par",
    "plus",
    "avec",
    "ce",
    "ne",
    "se",
    "au",
    "réunion",
    "dossier",
    "décision",
    "contrat",
    "hôpital",
    "ministère",
    "facture",
    "note",
    "équipe",
    "projet",
    "demande",
    "service",
    "délai",
    "rapport",
    "budget",
];
const ENGLISH: [&str; 40] = [
    "the", "of", "to", "and", "in", "is", "for", "that", "it", "with", "as", "on", "be", "are",
    "this", "by", "or", "at", "from", "not", "an", "you", "can", "will", "have", "meeting", "file",
    "decision", "contract", "hospital", "agency", "invoice", "memo", "team", "project", "request",
    "service", "deadline", "report", "budget",
];
/// Every three of them, in one order, are a word of their own: 40 × 40 × 40.
const FRENCH_SYLLABLES: [&str; 40] = [
    "ba", "cé", "di", "fon", "gra", "ju", "len", "mé", "ni", "pro", "que", "ré", "sa", "tion",
    "vé", "con", "per", "tri", "mar", "cha", "bou", "clé", "dre", "fi", "gou", "ha", "im", "jou",
    "lu", "mon", "né", "par", "qui", "rou", "sé", "tou", "un", "val", "xé", "zon",
];
const ENGLISH_SYLLABLES: [&str; 40] = [
    "ba", "ced", "dis", "for", "gra", "jut", "len", "mer", "nis", "pro", "quen", "re", "sal",
    "ting", "ver", "con", "per", "tri", "mar", "cha", "bow", "cle", "dri", "fin", "gou", "hap",
    "im", "jol", "lug", "mon", "ned", "par", "qui", "row", "set", "tou", "un", "val", "xen", "zon",
];

/// Numbers that look like chance, from a seed.
pub struct Chance(u64);

impl Chance {
    /// The same numbers for the same seed.
    pub fn new(seed: usize) -> Self {
        Self((seed as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(1))
    }

    /// From 0 to below 1 (SplitMix64, <https://prng.di.unimi.it/splitmix64.c>).
    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From `least` to below `end`.
    pub fn between(&mut self, least: usize, end: usize) -> usize {
        least + (self.next() * (end - least) as f64) as usize
    }
}

/// The word with this rank, 0 being the most frequent one, in English or French.
pub fn word(rank: usize, is_english: bool) -> String {
    let (known, syllables) =
        if is_english { (ENGLISH, ENGLISH_SYLLABLES) } else { (FRENCH, FRENCH_SYLLABLES) };
    if let Some(word) = known.get(rank) {
        return (*word).to_owned();
    }
    // A step that shares no factor with the number of words reaches each of them once.
    let number = rank * 7919 % 64_000;
    [number / 1600, number / 40 % 40, number % 40].map(|place| syllables[place]).concat()
}

/// Whether the message with this number is English; one in three is.
pub fn is_english(number: usize) -> bool {
    number.is_multiple_of(3)
}

/// About 200 bytes of French or English that differ from message to message.
pub fn message(number: usize) -> String {
    let mut chance = Chance::new(number);
    let mut text = String::new();
    let mut begins = true;
    while text.len() < 200 {
        let rank = (WORDS as f64).powf(chance.next()) as usize - 1;
        let word = word(rank, is_english(number));
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if begins => text.extend(first.to_uppercase()),
            first => text.extend(first),
        }
        text.push_str(letters.as_str());
        begins = chance.next() < 0.1;
        text.push_str(if begins { ". " } else { " " });
    }
    text.truncate(text.trim_end().len());
    text
}

/// A text of about so many bytes, in paragraphs.
pub fn long(bytes: usize) -> String {
    let mut text = String::new();
    for number in 0.. {
        if text.len() >= bytes {
            break;
        }
        text.push_str(&message(number));
        text.push_str(if number % 3 == 2 { ".\n\n" } else { ". " });
    }
    text
}
