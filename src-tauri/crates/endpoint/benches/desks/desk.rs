//! A person at a desk, who asks with Bureau's own client, reads, and asks again.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use conversation::{FailureCode, Role};
use endpoint::{ChatModel, ChatRequest, EndpointConfig, Event, HttpEndpoint, Parameters, Prompt};
use futures::StreamExt;
use secrecy::SecretString;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::model;

/// How people ask.
#[derive(Clone, Copy)]
pub struct Pace {
    /// How many they are.
    pub desks: usize,
    /// Between an answer and a person's next question, about: from half of it to one and a half.
    pub pause: Duration,
    /// In how many pieces an answer comes.
    pub pieces: u32,
}

/// What became of a question.
struct Asked {
    desk: usize,
    begun: Instant,
    /// From the question to the first word of its answer.
    first: Option<Duration>,
    ended: Instant,
    failure: Option<FailureCode>,
}

/// People at their desks; they get up when this is dropped.
pub struct Desks {
    asked: Arc<Mutex<Vec<Asked>>>,
    _people: JoinSet<()>,
}

impl Desks {
    /// People sit down and ask at this pace.
    pub fn sit(pace: Pace, at: SocketAddr, key: &str) -> Self {
        let Pace { desks, pause, pieces } = pace;
        let asked = Arc::new(Mutex::new(Vec::new()));
        let mut people = JoinSet::new();
        for desk in 0..desks {
            let asked = asked.clone();
            // Each desk is a program of its own: it shares neither connections nor what it knows.
            let config = EndpointConfig::new(format!("http://{at}/v1"));
            let endpoint = HttpEndpoint::new(config, Some(SecretString::from(key))).unwrap();
            people.spawn(async move {
                // They are in the midst of their work, each at another place of it.
                sleep(pause.mul_f64(fastrand::f64())).await;
                loop {
                    let one = ask(desk, &endpoint, pieces).await;
                    asked.lock().unwrap().push(one);
                    sleep(pause.mul_f64(0.5 + fastrand::f64())).await;
                }
            });
        }
        Self { asked, _people: people }
    }

    /// Questions that people asked between two moments, and that ended since.
    pub fn questions(&self, from: Instant, to: Instant) -> usize {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|asked| asked.begun >= from && asked.begun < to).count()
    }

    /// Answers between two moments that came to their good end.
    pub fn answers(&self, from: Instant, to: Instant) -> usize {
        self.of(from, to, |asked| asked.failure.is_none()).count()
    }

    /// How soon first words came of what ended between two moments: this share of them came sooner.
    pub fn first_word(&self, from: Instant, to: Instant, share: f64) -> Duration {
        let mut times: Vec<_> =
            self.of(from, to, |_| true).filter_map(|(_, first)| first).collect();
        times.sort();
        let place = (times.len() as f64 * share) as usize;
        times.get(place.min(times.len().saturating_sub(1))).copied().unwrap_or_default()
    }

    /// What people were told between two moments, and how many were.
    pub fn failures(&self, from: Instant, to: Instant) -> BTreeMap<String, usize> {
        let mut failures = BTreeMap::new();
        for asked in self.asked.lock().unwrap().iter() {
            if let Some(code) = asked.failure.filter(|_| asked.ended >= from && asked.ended < to) {
                *failures.entry(format!("{code:?}")).or_default() += 1;
            }
        }
        failures
    }

    /// How long after `end` the last failure was seen.
    pub fn last_failure_after(&self, end: Instant) -> Duration {
        let asked = self.asked.lock().unwrap();
        let failed = asked.iter().filter(|asked| asked.failure.is_some());
        failed.map(|asked| asked.ended.saturating_duration_since(end)).max().unwrap_or_default()
    }

    /// Of the desks that failed between two moments: how many they are, how many of them got an
    /// answer since, and how long after `to` the last of these did.
    pub fn served_again(&self, from: Instant, to: Instant) -> (usize, usize, Duration) {
        let failed: BTreeSet<_> =
            self.of(from, to, |asked| asked.failure.is_some()).map(|(desk, _)| desk).collect();
        let mut served = BTreeMap::new();
        for asked in self.asked.lock().unwrap().iter() {
            if asked.failure.is_none() && asked.ended >= to && failed.contains(&asked.desk) {
                served.entry(asked.desk).or_insert(asked.ended - to);
            }
        }
        (failed.len(), served.len(), served.into_values().max().unwrap_or_default())
    }

    /// The desk and its first word, of what ended between two moments.
    fn of(
        &self,
        from: Instant,
        to: Instant,
        which: impl Fn(&Asked) -> bool,
    ) -> impl Iterator<Item = (usize, Option<Duration>)> {
        let asked = self.asked.lock().unwrap();
        let chosen: Vec<_> = asked
            .iter()
            .filter(|asked| asked.ended >= from && asked.ended < to && which(asked))
            .map(|asked| (asked.desk, asked.first))
            .collect();
        chosen.into_iter()
    }
}

async fn ask(desk: usize, endpoint: &HttpEndpoint, pieces: u32) -> Asked {
    let begun = Instant::now();
    let mut events = endpoint.stream(ChatRequest {
        model: model::NAME.to_owned(),
        messages: vec![Prompt::text(Role::User, "What does the circular say of leave?")],
        parameters: Parameters { max_tokens: Some(pieces), ..Parameters::default() },
    });
    let (mut first, mut failure) = (None, None);
    while let Some(event) = events.next().await {
        match event {
            Event::Delta(_) => first = first.or(Some(begun.elapsed())),
            Event::Failed(failed) => failure = Some(failed.code),
            _ => {}
        }
    }
    Asked { desk, begun, first, ended: Instant::now(), failure }
}
