//! Server-sent events, as far as model endpoints use them: the data, event by event.
//!
//! The format is that of the WHATWG HTML Standard, §9.2 “Server-sent events”
//! (<https://html.spec.whatwg.org/multipage/server-sent-events.html>). `sseer` splits the lines
//! and fields. Two things are done here, because `sseer` does them otherwise:
//!
//! - A lone CR ends a line at once. `sseer` waits for the next byte, which may be the LF of a
//!   CRLF; on a connection that stays open the last event would never arrive.
//! - The event before the end of the stream counts, even if its blank line is missing. The
//!   standard drops it, and `sseer` too; some servers forget the last blank line.

use bytes::{BufMut, BytesMut};
use sseer::parser::{RawEventLineOwned, parse_line_from_buffer};

/// The most bytes that one event, or one line, may have.
pub(crate) const MAX_EVENT: usize = 4 * 1024 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// An event or a line is longer than [`MAX_EVENT`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooLarge;

/// Turns bytes, cut anywhere, into the data of events.
#[derive(Default)]
pub(crate) struct Decoder {
    /// What has come of the lines not yet read, with LF for every line end.
    buffer: BytesMut,
    /// Bytes of the buffer that hold no line end.
    scanned: usize,
    /// Whether the last byte was a CR, so that an LF now belongs to it.
    after_cr: bool,
    /// Whether the place for a byte order mark has passed.
    started: bool,
    /// The data lines of the event that is being read.
    data: Option<String>,
}

impl Decoder {
    /// Takes in more of the stream. [`next`](Self::next) must have returned `None` before, or
    /// the bound on memory does not hold.
    pub(crate) fn push(&mut self, mut bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        if std::mem::take(&mut self.after_cr) {
            bytes = bytes.strip_prefix(b"\n").unwrap_or(bytes);
        }
        while let Some(at) = bytes.iter().position(|&byte| byte == b'\r') {
            self.buffer.extend_from_slice(&bytes[..at]);
            self.buffer.put_u8(b'\n');
            bytes = &bytes[at + 1..];
            self.after_cr = bytes.is_empty();
            bytes = bytes.strip_prefix(b"\n").unwrap_or(bytes);
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// Takes in the end of the stream, after which [`next`](Self::next) gives what was pending.
    pub(crate) fn finish(&mut self) {
        self.started = true;
        self.after_cr = false;
        self.buffer.put_slice(b"\n\n");
    }

    /// The next event's data; `None` until more bytes have come.
    ///
    /// Broken UTF-8 becomes U+FFFD, as the standard says. After [`TooLarge`] the decoder is of no
    /// more use.
    pub(crate) fn next(&mut self) -> Option<Result<String, TooLarge>> {
        if !self.started {
            if BYTE_ORDER_MARK.starts_with(&self.buffer) && self.buffer.len() < 3 {
                return None;
            }
            self.started = true;
            if self.buffer.starts_with(BYTE_ORDER_MARK) {
                let _ = self.buffer.split_to(BYTE_ORDER_MARK.len());
            }
        }
        loop {
            let pending = self.data.as_ref().map_or(0, String::len);
            let before = self.buffer.len();
            let line = parse_line_from_buffer(&mut self.buffer, &mut self.scanned);
            let length = match &line {
                Some(_) => before - self.buffer.len() - 1,
                None => before,
            };
            // A line still without its end counts as much as a whole one, so that the same
            // stream fails or passes wherever it is cut.
            if pending + length > MAX_EVENT {
                return Some(Err(TooLarge));
            }
            match line? {
                RawEventLineOwned::Empty => {
                    if let Some(data) = self.data.take() {
                        return Some(Ok(data));
                    }
                }
                RawEventLineOwned::Field { field_name, field_value } if field_name == "data" => {
                    let value = field_value.unwrap_or_default();
                    let value = String::from_utf8_lossy(&value);
                    match &mut self.data {
                        Some(data) => {
                            data.push('\n');
                            data.push_str(&value);
                        }
                        None => self.data = Some(value.into_owned()),
                    }
                }
                RawEventLineOwned::Field { .. } | RawEventLineOwned::Comment => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The events of a stream that comes in these pieces.
    fn events<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<Result<String, TooLarge>> {
        let mut decoder = Decoder::default();
        let mut events = Vec::new();
        for piece in pieces {
            decoder.push(piece);
            while let Some(event) = decoder.next() {
                events.push(event);
                if events.last() == Some(&Err(TooLarge)) {
                    return events;
                }
            }
        }
        decoder.finish();
        events.extend(std::iter::from_fn(|| decoder.next()));
        events
    }

    fn texts(stream: &str) -> Vec<String> {
        events([stream.as_bytes()]).into_iter().map(Result::unwrap).collect()
    }

    /// The standard's algorithm on a whole stream, written for plainness.
    fn plainly(stream: &[u8]) -> Vec<String> {
        let text = String::from_utf8_lossy(stream);
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
        let text = text.replace("\r\n", "\n").replace('\r', "\n") + "\n\n";
        let (mut events, mut data) = (Vec::new(), Vec::new());
        for line in text.split('\n') {
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            if line.is_empty() && !data.is_empty() {
                events.push(std::mem::take(&mut data).join("\n"));
            } else if name == "data" {
                data.push(value.strip_prefix(' ').unwrap_or(value));
            }
        }
        events
    }

    #[test]
    fn every_line_end_ends_a_line() {
        for end in ["\n", "\r\n", "\r"] {
            let stream = ["data: a", "", "data:b", "data:  c", "", ""].join(end);
            assert_eq!(texts(&stream), ["a", "b\n c"], "{end:?}");
        }
    }

    #[test]
    fn what_is_not_data_is_left_out() {
        let stream =
            "\u{FEFF}: hello\n\nevent: x\nid: 1\nretry: 5\ndata: a\n\n:\n\nevent: y\n\ndata\n\n";
        assert_eq!(texts(stream), ["a", ""]);
    }

    #[test]
    fn a_lone_cr_does_not_wait_for_the_next_byte() {
        let mut decoder = Decoder::default();
        decoder.push(b"data: a\r\r");
        assert_eq!(decoder.next(), Some(Ok("a".into())));
        decoder.push(b"\ndata: b\r\n\r");
        assert_eq!(decoder.next(), Some(Ok("b".into())));
        decoder.push(b"\n");
        assert_eq!(decoder.next(), None);
    }

    #[test]
    fn the_last_event_needs_no_blank_line() {
        assert_eq!(texts("data: a\n\ndata: b"), ["a", "b"]);
        assert_eq!(texts("data: a\n\ndata: b\n"), ["a", "b"]);
    }

    #[test]
    fn broken_utf_8_is_replaced() {
        assert_eq!(events([&b"data: a\xC3\n\n"[..]]), [Ok("a\u{FFFD}".to_owned())]);
    }

    #[test]
    fn an_event_has_a_greatest_size_wherever_it_is_cut() {
        let largest = "x".repeat(MAX_EVENT - "data:".len());
        assert_eq!(texts(&format!("data:{largest}\n\n")).len(), 1);
        let long = format!("data:{largest}y\n\n");
        let comment = format!(":{largest}12345\n\n");
        let many = "data: 1234567\n".repeat(MAX_EVENT / 8 + 1) + "\n";
        for stream in [long, comment, many] {
            assert_eq!(events([stream.as_bytes()]), [Err(TooLarge)]);
            assert_eq!(events(stream.as_bytes().chunks(65_536)), [Err(TooLarge)]);
        }
    }

    fn stream() -> impl Strategy<Value = Vec<u8>> {
        let line = prop_oneof![
            "data: ?[a-zé€😀:]{0,6}",
            "(event|id|retry|x):? ?[a-z]{0,3}",
            ": ?[a-zé]{0,4}",
            Just("data".to_owned()),
            Just(String::new()),
            Just("\u{FEFF}".to_owned()),
        ]
        .prop_map(String::into_bytes);
        let line = prop_oneof![6 => line, 1 => prop::collection::vec(any::<u8>(), 0..5)];
        let end = prop_oneof![Just("\n"), Just("\r\n"), Just("\r")];
        prop::collection::vec((line, end), 0..24).prop_map(|lines| {
            lines
                .into_iter()
                .flat_map(|(line, end)| [line, end.as_bytes().to_vec()])
                .flatten()
                .collect()
        })
    }

    proptest! {
        #[test]
        fn cuts_change_nothing(
            stream in stream(),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..40),
        ) {
            let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
            cuts.extend([0, stream.len()]);
            cuts.sort_unstable();
            let pieces = cuts.windows(2).map(|pair| &stream[pair[0]..pair[1]]);
            let events: Vec<_> = events(pieces).into_iter().map(Result::unwrap).collect();
            prop_assert_eq!(events, plainly(&stream));
        }

        #[test]
        fn byte_by_byte_changes_nothing(stream in stream()) {
            let events: Vec<_> = events(stream.chunks(1)).into_iter().map(Result::unwrap).collect();
            prop_assert_eq!(events, plainly(&stream));
        }
    }
}
