//! Many desks at one gateway: what arrives in normal time and while the service is out, and how
//! soon an answer begins. The desks ask with Bureau's own client, so what it sends again is in the
//! figures. The gateway is LiteLLM's proxy; the model behind it is scripted, so that what is
//! measured is the way to it.
//!
//! All of it runs on one machine: what limits the figures is the gateway's one process, and this
//! one beside it.

// This is a bench: where it cannot go on, that is what it has to say.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod desk;
mod door;
mod gateway;
mod model;
mod report;
mod server;
#[path = "../../../../../tests/benches/speed/table.rs"]
mod table;

use std::time::{Duration, Instant};

use desk::{Desks, Pace};
use gateway::Gateway;
use server::{Out, Server};
use table::Row;
use tokio::time::sleep;

/// Between an answer and a person's next question, about.
const PAUSE: Duration = Duration::from_secs(120);
/// How long the service is out, and how long it is watched in normal time.
const OUTAGE: Duration = Duration::from_secs(60);
/// Until the first desks have their answers.
const WARM: Duration = Duration::from_secs(10);
/// How long it is watched how people are served again.
const CALM: Duration = Duration::from_secs(60);
const DESKS: usize = 1_000;
/// What arrives during an outage, against what arrives in normal time.
const GOAL: f64 = 1.2;

/// What is out, and how.
const OUTAGES: [(&str, Where, Out); 5] = [
    ("the model answers 503", Where::Model, Out::Saying { status: 503, retry_after: None }),
    (
        "the model answers 429, Retry-After: 5",
        Where::Model,
        Out::Saying { status: 429, retry_after: Some(5) },
    ),
    ("the model's port refuses", Where::Model, Out::Refusing),
    ("the load balancer answers 503", Where::Door, Out::Saying { status: 503, retry_after: None }),
    ("the load balancer's port refuses", Where::Door, Out::Refusing),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    Model,
    Door,
}

/// Desks, what counts before the gateway, the gateway, and the model behind it.
struct Service {
    model: Server,
    door: Server,
    gateway: Gateway,
}

/// What was seen in a stretch of time.
struct Stretch {
    from: Instant,
    to: Instant,
    /// Requests before the gateway. Where a port refuses, connections that were tried.
    arrived: u64,
    /// Requests that the gateway sent on, or such connections.
    passed_on: u64,
    /// Connections of the whole machine that were refused.
    refused: u64,
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let rows = runtime.block_on(measure());
    table::print(&rows);
}

async fn measure() -> Vec<Row> {
    let service = Service::start().await;
    // Short answers: the gateway must not be at its limits in normal time.
    let pace = Pace { desks: DESKS, pause: PAUSE, pieces: 5 };
    let desks = service.desks(pace);
    sleep(3 * WARM).await;
    let normal = service.watch(OUTAGE, 0).await;
    report::capacity(pace, &desks, &normal);
    let mut rows = Vec::new();
    for (what, place, out) in OUTAGES {
        let server = if place == Where::Door { &service.door } else { &service.model };
        server.put_out(out);
        let outage = service.watch(OUTAGE, normal.refused).await;
        server.mend().await;
        sleep(CALM).await;
        rows.push(report::outage(what, &desks, &normal, &outage));
    }
    drop(desks);
    for (desks, pause, time) in [
        (50, PAUSE, OUTAGE),
        (200, PAUSE, OUTAGE),
        (50, Duration::ZERO, OUTAGE / 3),
        (200, Duration::ZERO, OUTAGE / 3),
    ] {
        let pace = Pace { desks, pause, pieces: 100 };
        let desks = service.desks(pace);
        sleep(WARM).await;
        let seen = service.watch(time, 0).await;
        report::capacity(pace, &desks, &seen);
    }
    rows
}

impl Service {
    async fn start() -> Self {
        let model = model::start().await;
        eprintln!("starting the gateway …");
        let gateway = Gateway::before(model.address()).await;
        let door = door::before(gateway.address).await;
        Self { model, door, gateway }
    }

    fn desks(&self, pace: Pace) -> Desks {
        Desks::sit(pace, self.door.address(), &self.gateway.key)
    }

    /// What comes in this time. Of the refused connections so many are those of other programs.
    async fn watch(&self, time: Duration, of_others: u64) -> Stretch {
        let (arrived, passed_on) = (self.door.arrived(), self.model.arrived());
        let (before, from) = (refused(), Instant::now());
        sleep(time).await;
        let refused = refused() - before;
        let ours = refused.saturating_sub(of_others);
        let at = |server: &Server| if server.refuses() { ours } else { 0 };
        Stretch {
            from,
            to: Instant::now(),
            arrived: self.door.arrived() - arrived + at(&self.door),
            passed_on: self.model.arrived() - passed_on + at(&self.model),
            refused,
        }
    }
}

/// Connections of this machine that nobody took so far: what a port that refuses cannot count
/// itself. Zero where the system is not Linux.
fn refused() -> u64 {
    let counters = std::fs::read_to_string("/proc/net/snmp").unwrap_or_default();
    let mut lines = counters.lines().filter_map(|line| line.strip_prefix("Tcp: "));
    let (names, values) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let mut pairs = names.split(' ').zip(values.split(' '));
    let attempts = pairs.find(|(name, _)| *name == "AttemptFails");
    attempts.and_then(|(_, value)| value.parse().ok()).unwrap_or(0)
}
