//! Whether an address carries text of the conversation to whom it leads.

use std::collections::HashSet;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use url::{Host, Url};

use super::percent_decoded;

/// A word at least this long gives a conversation away.
const WORD: usize = 8;
/// So do this many letters and digits in a row, whatever words they make …
const RUN: usize = 12;
/// … and a number of this many digits.
const DIGITS: usize = 6;
/// An address is percent-decoded this many times at most.
const LAYERS: usize = 4;

/// Whether what is sent by opening the address holds text of the conversation.
pub fn carries(url: &Url, host: &str, conversation: &str) -> bool {
    let words: Vec<String> = words(&without_addresses(conversation));
    let known: HashSet<&str> = words.iter().map(String::as_str).collect();
    let run: String = words.concat();
    // The name that is looked up is sent as well, but its registered part says who is asked.
    let mut labels: Vec<_> = host.split('.').collect();
    let registered = labels.split_off(labels.len().saturating_sub(2));
    let own: Vec<String> = registered.iter().flat_map(|label| self::words(label)).collect();
    let ip = url.host().is_some_and(|host| !matches!(host, Host::Domain(_)));
    let mut pieces = vec![
        url.username().to_owned(),
        url.password().unwrap_or_default().to_owned(),
        url.path().to_owned(),
        url.query().unwrap_or_default().replace('+', " "),
        url.fragment().unwrap_or_default().to_owned(),
    ];
    if !ip {
        pieces.push(labels.concat());
        pieces.push(labels.join(" "));
    }
    let sent: Vec<Vec<String>> =
        pieces.iter().flat_map(|piece| readings(piece)).map(|piece| self::words(&piece)).collect();
    let is_word = |word: &String| {
        let length = if word.bytes().all(|b| b.is_ascii_digit()) { DIGITS } else { WORD };
        word.chars().count() >= length && known.contains(word.as_str()) && !own.contains(word)
    };
    sent.iter().flatten().any(is_word) || shares_run(&sent, &run)
}

/// Whether a text that is sent has a run of letters and digits in common with the conversation,
/// which may be long: it is gone through once, for all of them.
fn shares_run(sent: &[Vec<String>], conversation: &str) -> bool {
    let mut runs: HashSet<[char; RUN]> = HashSet::new();
    for words in sent {
        let characters: Vec<_> = words.iter().flat_map(|word| word.chars()).collect();
        runs.extend(characters.windows(RUN).filter_map(|run| <[char; RUN]>::try_from(run).ok()));
    }
    let characters: Vec<_> =
        if runs.is_empty() { Vec::new() } else { conversation.chars().collect() };
    characters.windows(RUN).any(|run| runs.contains(run))
}

/// The words of a text: letters and digits alone, in lower case.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// The text without the addresses in it.
fn without_addresses(text: &str) -> String {
    let mut kept = String::new();
    for piece in text.split_inclusive(|c: char| c.is_whitespace() || "<>\"()[]".contains(c)) {
        let lower = piece.to_ascii_lowercase();
        let starts = ["http://", "https://", "mailto:", "www."];
        let address = starts.iter().filter_map(|start| lower.find(start)).min();
        kept.push_str(&piece[..address.unwrap_or(piece.len())]);
        kept.push(' ');
    }
    kept
}

/// What a piece of an address may stand for: itself, and what it is an encoding of.
fn readings(piece: &str) -> Vec<String> {
    const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let engines = [
        GeneralPurpose::new(&alphabet::STANDARD, LENIENT),
        GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT),
    ];
    let mut readings = vec![percent_decoded(piece)];
    // What is encoded twice is read twice, and so on.
    while let Some(last) = readings.last().filter(|_| readings.len() < LAYERS) {
        let again = percent_decoded(last);
        if again == *last {
            break;
        }
        readings.push(again);
    }
    let mut decoded = Vec::new();
    for reading in &readings {
        let splits: [&[char]; 2] =
            [&['/', '?', '&', '=', '#', ' ', '.', ',', ';', ':'], &['?', '&', '#', ' ', ',', ';']];
        for token in splits.iter().flat_map(|split| reading.split(*split)).filter(|t| t.len() >= 8)
        {
            let value = token.split_once('=').map_or(token, |(_, value)| value);
            let based =
                engines.iter().filter_map(|engine| engine.decode(value.trim_end_matches('=')).ok());
            decoded.extend(based.chain(hex_decoded(value)));
        }
        decoded.push(reading.bytes().rev().collect());
    }
    readings.extend(decoded.into_iter().filter_map(|bytes| String::from_utf8(bytes).ok()));
    readings
}

fn hex_decoded(text: &str) -> Option<Vec<u8>> {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    (text.len().is_multiple_of(2)).then(|| text.as_bytes().chunks(2).map(byte).collect())?
}
