//! An exchange: what others left in the store is brought in, what is new here is left there.

use std::collections::BTreeMap;

use history::History;
use history::sync::{Applied, Outgoing, Peer, Segment, SegmentName, SyncState};

use crate::format::{self, Head};
use crate::seal::{Key, hash};
use crate::{Secret, Store, SyncError};

/// About how many bytes a segment has. One with a larger message or file holds nothing else.
const SEGMENT: usize = 8 << 20;
/// No segment has more: about what SQLite takes for one file.
const LARGEST: u64 = 3 << 30;
/// Nor a list.
const LARGEST_HEAD: u64 = 64 << 20;
/// Where the object lies by which a wrong code is told from damage, and what it says.
const MARKER: &str = "0";
const MARK: &[u8] = b"bureau";

/// What an exchange did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exchanged {
    /// So many segments were left in the store, new ones and ones that were written anew.
    pub sent: u32,
    /// So many segments of other machines were brought in.
    pub received: u32,
    /// Of what they told something new.
    pub applied: Applied,
}

/// Starts sharing in an empty store, and begins to note changes. Nothing is sent yet.
///
/// # Errors
/// [`SyncError::Started`] if that was done in this store; [`SyncError::Away`] and
/// [`SyncError::Refused`]; or as the history fails.
pub async fn start(history: &History, store: &Store, secret: &Secret) -> Result<(), SyncError> {
    if store.get(MARKER, LARGEST_HEAD).await?.is_some() {
        return Err(SyncError::Started);
    }
    let key = Key::of(secret);
    store.put(MARKER, key.seal(MARKER, MARK)?).await?;
    // Of two machines that start at one moment, one finds the other's mark here.
    match require_mark(store, &key).await {
        Err(SyncError::WrongCode) => return Err(SyncError::Started),
        marked => marked?,
    }
    begin(history).await
}

/// Joins the machines that share this store, and begins to note changes. Nothing is exchanged yet.
///
/// # Errors
/// [`SyncError::NotStarted`]; [`SyncError::WrongCode`]; [`SyncError::Away`] and
/// [`SyncError::Refused`]; or as the history fails.
pub async fn join(history: &History, store: &Store, secret: &Secret) -> Result<(), SyncError> {
    require_mark(store, &Key::of(secret)).await?;
    begin(history).await
}

/// Exchanges changes with the other machines, and counts in `done` what was done until it was, or
/// until it failed. What cannot be taken over of one of them keeps none of the others back.
///
/// # Errors
/// [`SyncError::Away`] and [`SyncError::Refused`]; [`SyncError::Damaged`],
/// [`SyncError::WentBack`] and [`SyncError::NewerVersion`] for what another machine left;
/// [`SyncError::NotStarted`] and [`SyncError::WrongCode`]; or as the history fails.
pub async fn exchange(
    history: &History,
    store: &Store,
    secret: &Secret,
    done: &mut Exchanged,
) -> Result<(), SyncError> {
    let history = history.clone();
    let _turn = blocking(&history, History::sync_turn).await?;
    let key = Key::of(secret);
    require_mark(store, &key).await?;
    let exchange = Exchange { history, store, key };
    exchange.require_own().await?;
    let received = exchange.receive(done).await;
    if let Err(error @ (SyncError::Away(_) | SyncError::Refused | SyncError::History(_))) = received
    {
        return Err(error);
    }
    exchange.send(done).await?;
    received
}

async fn begin(history: &History) -> Result<(), SyncError> {
    blocking(history, |history| history.start_sync().map(drop)).await
}

async fn require_mark(store: &Store, key: &Key) -> Result<(), SyncError> {
    let sealed = store.get(MARKER, LARGEST_HEAD).await?.ok_or(SyncError::NotStarted)?;
    match key.open(MARKER, sealed) {
        Ok(mark) if mark == MARK => Ok(()),
        Err(error @ SyncError::NewerVersion(_)) => Err(error),
        _ => Err(SyncError::WrongCode),
    }
}

/// Asks the history without holding up what else is asked of this thread.
async fn blocking<T: Send + 'static>(
    history: &History,
    ask: impl FnOnce(&History) -> Result<T, history::HistoryError> + Send + 'static,
) -> Result<T, SyncError> {
    let history = history.clone();
    match tokio::task::spawn_blocking(move || ask(&history)).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(SyncError::Internal("the history was left while it was asked")),
    }
}

struct Exchange<'a> {
    history: History,
    store: &'a Store,
    key: Key,
}

impl Exchange<'_> {
    async fn state(&self) -> Result<SyncState, SyncError> {
        let state = blocking(&self.history, History::sync_state).await?;
        state.ok_or(SyncError::History(history::HistoryError::NotSynced))
    }

    /// Looks at what the store has of this machine: if it has more than this machine put there,
    /// the history is a copy or an older state, and goes on as another machine.
    async fn require_own(&self) -> Result<(), SyncError> {
        let state = self.state().await?;
        let Some((head, digest)) = self.head(state.device).await? else {
            return match state.head {
                None => Ok(()),
                Some(_) => Err(SyncError::WentBack(shown(state.device))),
            };
        };
        if state.head.as_ref() == Some(&digest) {
            return Ok(());
        }
        let own = blocking(&self.history, History::sync_segments).await?;
        if head.counter == state.counter && head.segments == own {
            // It was put there, and the answer to that was lost.
            return blocking(&self.history, move |history| history.sync_published(&digest)).await;
        }
        if head.counter >= state.counter {
            blocking(&self.history, |history| history.renew_sync_device().map(drop)).await
        } else if state.is_published {
            Err(SyncError::WentBack(shown(state.device)))
        } else {
            Ok(())
        }
    }

    /// Brings in what other machines left.
    async fn receive(&self, done: &mut Exchanged) -> Result<(), SyncError> {
        let own = self.state().await?.device;
        let known = blocking(&self.history, History::sync_peers).await?;
        let mut known: BTreeMap<_, _> = known.into_iter().map(|peer| (peer.device, peer)).collect();
        let names = self.store.folders().await?;
        let there: Vec<i64> = names.iter().filter_map(|name| device_of(name)).collect();
        // What is wrong with one of them is told once the others were heard.
        let mut wrong = None;
        for device in there.iter().copied().filter(|device| *device != own) {
            let peer = known.remove(&device);
            match self.receive_from(device, peer, done).await {
                Err(error @ (SyncError::Away(_) | SyncError::Refused)) => return Err(error),
                Err(error) => {
                    wrong.get_or_insert(error);
                }
                Ok(()) => {}
            }
        }
        known.remove(&own);
        if let Some(missing) = known.into_keys().next() {
            wrong.get_or_insert(SyncError::WentBack(shown(missing)));
        }
        wrong.map_or(Ok(()), Err)
    }

    async fn receive_from(
        &self,
        device: i64,
        known: Option<Peer>,
        done: &mut Exchanged,
    ) -> Result<(), SyncError> {
        let Some((head, digest)) = self.head(device).await? else {
            // It has not put its first list there yet.
            return known.map_or(Ok(()), |_| Err(SyncError::WentBack(shown(device))));
        };
        let mut peer =
            known.unwrap_or(Peer { device, counter: 0, head: String::new(), applied: 0 });
        if head.counter == peer.counter && digest == peer.head {
            return Ok(());
        }
        if head.counter <= peer.counter {
            return Err(SyncError::WentBack(shown(device)));
        }
        let new = head.segments.iter().filter(|segment| segment.name.root > peer.applied);
        let new: Vec<Segment> = new.cloned().collect();
        for segment in new {
            let name = name_of(device, segment.name);
            let Some(sealed) = self.store.get(&name, segment.bytes).await? else {
                return self.missing(device, head.counter, name).await;
            };
            if sealed.len() as u64 != segment.bytes || hash(&sealed) != segment.hash {
                return Err(SyncError::Damaged(name));
            }
            let records = format::read(&name, &self.key.open(&name, sealed)?)?;
            peer.applied = segment.name.root;
            let from = peer.clone();
            let apply = move |history: &History| history.apply_records(&records, &from);
            let Applied { mut conversations, folders } = blocking(&self.history, apply).await?;
            done.applied.conversations.append(&mut conversations);
            done.applied.folders |= folders;
            done.received += 1;
        }
        (peer.counter, peer.head) = (head.counter, digest);
        blocking(&self.history, move |history| history.set_sync_peer(&peer)).await
    }

    /// A segment is not there: its machine wrote it anew meanwhile, and the next exchange finds it,
    /// or it is lost.
    async fn missing(&self, device: i64, counter: i64, name: String) -> Result<(), SyncError> {
        match self.head(device).await? {
            Some((head, _)) if head.counter > counter => Ok(()),
            _ => Err(SyncError::Damaged(name)),
        }
    }

    /// Leaves what is new here in the store.
    async fn send(&self, done: &mut Exchanged) -> Result<(), SyncError> {
        self.publish().await?;
        while let Some(new) =
            blocking(&self.history, |history| history.sync_outgoing(SEGMENT)).await?
        {
            self.put(new).await?;
            self.publish().await?;
            done.sent += 1;
        }
        while let Some(worn) =
            blocking(&self.history, |history| history.sync_worn(SEGMENT as u64)).await?
        {
            let anew = blocking(&self.history, move |history| history.sync_anew(worn)).await?;
            self.put(anew).await?;
            self.publish().await?;
            done.sent += 1;
        }
        // What no list names any more goes last.
        let own = self.state().await?.device;
        for dropped in blocking(&self.history, History::sync_dropped).await? {
            self.store.delete(&name_of(own, dropped)).await?;
            blocking(&self.history, move |history| history.sync_deleted(dropped)).await?;
        }
        Ok(())
    }

    /// Puts a segment into the store.
    async fn put(&self, outgoing: Outgoing) -> Result<(), SyncError> {
        let own = self.state().await?.device;
        let (mut bytes, mut digest) = (0, String::new());
        if !outgoing.records.is_empty() {
            let name = name_of(own, outgoing.name);
            let sealed = self.key.seal(&name, &format::write(&outgoing.records)?)?;
            (bytes, digest) = (sealed.len() as u64, hash(&sealed));
            if bytes > LARGEST {
                return Err(SyncError::Internal("a record is too large to be sent"));
            }
            self.store.put(&name, sealed).await?;
        }
        let sent = move |history: &History| history.sync_sent(&outgoing, bytes, &digest);
        blocking(&self.history, sent).await
    }

    /// Puts the list of this machine's segments into the store, if it has another one.
    async fn publish(&self) -> Result<(), SyncError> {
        let state = self.state().await?;
        if state.is_published {
            return Ok(());
        }
        let segments = blocking(&self.history, History::sync_segments).await?;
        let head = Head { device: state.device, counter: state.counter, segments };
        let name = head_of(state.device);
        let sealed = self.key.seal(&name, &head.to_bytes()?)?;
        let digest = hash(&sealed);
        self.store.put(&name, sealed).await?;
        blocking(&self.history, move |history| history.sync_published(&digest)).await
    }

    /// The list of a machine, and its hash.
    async fn head(&self, device: i64) -> Result<Option<(Head, String)>, SyncError> {
        let name = head_of(device);
        let Some(sealed) = self.store.get(&name, LARGEST_HEAD).await? else { return Ok(None) };
        let digest = hash(&sealed);
        Ok(Some((Head::read(&name, &self.key.open(&name, sealed)?, device)?, digest)))
    }
}

/// How a machine is named in the store.
fn shown(device: i64) -> String {
    format!("{device:016x}")
}

fn device_of(name: &str) -> Option<i64> {
    let device = i64::from_str_radix(name, 16).ok().filter(|device| *device > 0)?;
    (shown(device) == name).then_some(device)
}

fn head_of(device: i64) -> String {
    format!("{}/0", shown(device))
}

fn name_of(device: i64, SegmentName { root, generation }: SegmentName) -> String {
    format!("{}/{root}.{generation}", shown(device))
}

#[cfg(test)]
mod tests;
