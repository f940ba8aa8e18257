//! An answer as it arrives: bytes in, events out, whatever form the server chose.

use conversation::{Failure, FailureCode, FinishReason};
use reqwest::header::HeaderValue;

use crate::Event;
use crate::failure::{Asked, is_html, not_the_protocol, page};
use crate::sse::{Decoder, MAX_EVENT, TooLarge};

/// What tells one protocol's answers from another's.
pub(crate) trait Reader: Send {
    /// Takes in the data of one event, and adds what it says. An answer is over with
    /// [`Event::Finished`] or with an error.
    fn event(&mut self, data: &str, events: &mut Vec<Event>) -> Result<(), Failure>;

    /// Takes in an answer that came as one JSON object, and adds all it says, to its end.
    fn whole(&mut self, body: &str, events: &mut Vec<Event>) -> Result<(), Failure>;

    /// Why the answer ended, if it said so before its last event.
    fn finish(&self) -> Option<FinishReason>;
}

enum Form {
    /// Nothing has come that tells.
    Unknown,
    Events(Decoder),
    /// One JSON object: some servers do not stream, and errors may come with status 200.
    Whole(Vec<u8>),
    Page,
}

/// An answer that is arriving. It gives exactly one [`Event::Finished`] or [`Event::Failed`],
/// as its last event.
pub(crate) struct Answer {
    form: Form,
    reader: Box<dyn Reader>,
    asked: Asked,
    over: bool,
}

impl Answer {
    pub(crate) fn new(
        content_type: Option<&HeaderValue>,
        reader: Box<dyn Reader>,
        asked: Asked,
    ) -> Self {
        let streams = |value: &HeaderValue| value.as_bytes().starts_with(b"text/event-stream");
        let form = match content_type {
            Some(value) if streams(value) => Form::Events(Decoder::default()),
            Some(value) if is_html(value) => Form::Page,
            // Labels are often wrong; the first character tells better.
            _ => Form::Unknown,
        };
        Self { form, reader, asked, over: false }
    }

    /// Whether the last event has been given.
    pub(crate) fn is_over(&self) -> bool {
        self.over
    }

    /// Takes in more of the body, and adds what it says.
    pub(crate) fn push(&mut self, bytes: &[u8], events: &mut Vec<Event>) {
        let taken = self.take(bytes, events);
        self.settle(taken, events);
    }

    /// Takes in the end of the body. `broken` is the failure that ended it early, if one did: an
    /// answer that was whole before counts as whole.
    pub(crate) fn end(&mut self, broken: Option<Failure>, events: &mut Vec<Event>) {
        if self.over {
            return;
        }
        let cut_off = broken.unwrap_or_else(|| {
            Failure::new(
                FailureCode::CutOff,
                format!(
                    "{} broke off its answer before the end; ask it to continue",
                    self.asked.host
                ),
            )
        });
        let taken = self.take_end(cut_off, events);
        self.settle(taken, events);
    }

    fn settle(&mut self, taken: Result<(), Failure>, events: &mut Vec<Event>) {
        if let Err(failure) = taken {
            events.push(Event::Failed(failure));
        }
        let last = events.iter().position(|e| matches!(e, Event::Finished(_) | Event::Failed(_)));
        if let Some(last) = last {
            events.truncate(last + 1);
            self.over = true;
        }
    }

    fn take(&mut self, mut bytes: &[u8], events: &mut Vec<Event>) -> Result<(), Failure> {
        if matches!(self.form, Form::Unknown) {
            bytes = bytes.trim_ascii_start();
            self.form = match bytes.first() {
                None => Form::Unknown,
                Some(b'{' | b'[') => Form::Whole(Vec::new()),
                Some(b'<') => Form::Page,
                Some(_) => Form::Events(Decoder::default()),
            };
        }
        match &mut self.form {
            Form::Unknown => Ok(()),
            Form::Page => Err(page(None, &self.asked)),
            Form::Whole(body) if body.len() + bytes.len() > MAX_EVENT => {
                Err(not_the_protocol("its answer is larger than 4 MiB", &self.asked))
            }
            Form::Whole(body) => {
                body.extend_from_slice(bytes);
                Ok(())
            }
            Form::Events(decoder) => {
                decoder.push(bytes);
                drain(decoder, &mut *self.reader, &self.asked, events)
            }
        }
    }

    fn take_end(&mut self, cut_off: Failure, events: &mut Vec<Event>) -> Result<(), Failure> {
        match &mut self.form {
            Form::Unknown => return Err(cut_off),
            Form::Page => return Err(page(None, &self.asked)),
            Form::Whole(body) => {
                let body = String::from_utf8_lossy(body);
                let whole = serde_json::from_str::<serde::de::IgnoredAny>(&body);
                if whole.is_err_and(|error| error.is_eof()) {
                    return Err(cut_off);
                }
                return self.reader.whole(&body, events);
            }
            Form::Events(decoder) => {
                decoder.finish();
                match drain(decoder, &mut *self.reader, &self.asked, events) {
                    // Half an event is no sign of another protocol.
                    Err(failure) if failure.code == FailureCode::NotTheProtocol => {}
                    Err(failure) => return Err(failure),
                    Ok(()) if matches!(events.last(), Some(Event::Finished(_))) => return Ok(()),
                    Ok(()) => {}
                }
            }
        }
        match self.reader.finish() {
            Some(reason) => {
                events.push(Event::Finished(reason));
                Ok(())
            }
            None => Err(cut_off),
        }
    }
}

/// Reads the events that are whole, up to the answer's end.
fn drain(
    decoder: &mut Decoder,
    reader: &mut dyn Reader,
    asked: &Asked,
    events: &mut Vec<Event>,
) -> Result<(), Failure> {
    while let Some(data) = decoder.next() {
        let data = data.map_err(|TooLarge| {
            not_the_protocol("it sent a single event of more than 4 MiB", asked)
        })?;
        let data = data.trim();
        if !data.is_empty() {
            reader.event(data, events)?;
        }
        if matches!(events.last(), Some(Event::Finished(_))) {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::ChatReader;
    use crate::responses::ResponsesReader;
    use proptest::prelude::*;

    fn readers() -> [Box<dyn Reader>; 2] {
        [Box::new(ChatReader::new(asked())), Box::new(ResponsesReader::new(asked()))]
    }

    fn asked() -> Asked {
        Asked { host: "x".into(), model: None, by: crate::failure::By::Nobody }
    }

    fn events<'a>(
        reader: Box<dyn Reader>,
        pieces: impl IntoIterator<Item = &'a [u8]>,
    ) -> Vec<Event> {
        let mut answer = Answer::new(None, reader, asked());
        let mut events = Vec::new();
        for piece in pieces {
            if !answer.is_over() {
                let mut more = Vec::new();
                answer.push(piece, &mut more);
                events.append(&mut more);
            }
        }
        answer.end(None, &mut events);
        assert!(answer.is_over());
        events
    }

    /// Pieces of answers, good and bad, of both protocols.
    fn body() -> impl Strategy<Value = Vec<u8>> {
        let data = prop_oneof![
            3 => "[a-zé😀 ]{1,4}".prop_map(|t| format!(r#"{{"choices":[{{"delta":{{"content":"{t}"}}}}]}}"#)),
            3 => "[a-zé😀 ]{1,4}".prop_map(|t| format!(r#"{{"type":"response.output_text.delta","delta":"{t}"}}"#)),
            1 => Just(r#"{"choices":[],"usage":{"prompt_tokens":1}}"#.to_owned()),
            1 => Just(r#"{"choices":[{"finish_reason":"length"}]}"#.to_owned()),
            1 => Just(r#"{"type":"response.completed","response":{"status":"completed"}}"#.to_owned()),
            1 => Just(r#"{"error":{"message":"no"}}"#.to_owned()),
            1 => Just("[DONE]".to_owned()),
            1 => "[{}a\\[\":]{0,4}",
        ];
        let event = (data, prop_oneof![Just("\n"), Just("\r"), Just("\r\n")])
            .prop_map(|(data, end)| format!("data: {data}{end}{end}").into_bytes());
        let stream = prop::collection::vec(event, 0..8).prop_map(|events| events.concat());
        let whole = "[a-zé]{0,9}".prop_map(|t| {
            format!(r#" {{"choices":[{{"message":{{"content":"{t}"}}}}],"output":[]}}"#)
                .into_bytes()
        });
        prop_oneof![6 => stream, 1 => whole, 1 => prop::collection::vec(any::<u8>(), 0..40)]
    }

    proptest! {
        #[test]
        fn cuts_change_nothing_and_there_is_one_end(
            body in body(),
            length in any::<prop::sample::Index>(),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        ) {
            let body = &body[..length.index(body.len() + 1)];
            let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(body.len() + 1)).collect();
            cuts.extend([0, body.len()]);
            cuts.sort_unstable();
            for (cut, uncut) in readers().into_iter().zip(readers()) {
                let pieces = cuts.windows(2).map(|pair| &body[pair[0]..pair[1]]);
                let (cut, uncut) = (events(cut, pieces), events(uncut, [body]));
                let ends = |event: &&Event| matches!(event, Event::Finished(_) | Event::Failed(_));
                prop_assert_eq!(cut.iter().filter(ends).count(), 1);
                prop_assert!(cut.last().is_some_and(|last| ends(&last)));
                prop_assert_eq!(cut, uncut);
            }
        }
    }
}
