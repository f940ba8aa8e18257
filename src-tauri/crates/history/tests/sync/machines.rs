//! Machines that share a history, and a store of what each of them sent.

use std::collections::{BTreeMap, BTreeSet};

use history::sync::{Peer, Record};
use history::{History, View};

/// A machine: its history, what lies in the store of it, and what it has brought in.
pub struct Machine {
    pub history: History,
    device: i64,
    /// By their numbers, as they are written last.
    pub segments: BTreeMap<i64, Vec<Record>>,
    received: BTreeSet<(i64, i64)>,
}

impl Machine {
    pub fn new() -> Self {
        Self::of(History::in_memory().unwrap())
    }

    pub fn of(history: History) -> Self {
        let device = history.start_sync().unwrap();
        Self { history, device, segments: BTreeMap::new(), received: BTreeSet::new() }
    }

    /// The list of this machine, as others note it.
    pub fn peer(&self) -> Peer {
        let applied = self.segments.keys().last().copied().unwrap_or(0);
        Peer { device: self.device, counter: applied, head: String::new(), applied }
    }

    /// Puts the next changes into the store; says whether there were any.
    pub fn send(&mut self, most: usize) -> bool {
        let Some(outgoing) = self.history.sync_outgoing(most).unwrap() else { return false };
        self.history.sync_sent(&outgoing, 1, "").unwrap();
        self.segments.insert(outgoing.name.root, outgoing.records);
        true
    }

    /// Writes anew what is worn of what it sent.
    pub fn tidy(&mut self) {
        while let Some(worn) = self.history.sync_worn(u64::MAX).unwrap() {
            let outgoing = self.history.sync_anew(worn).unwrap();
            self.history.sync_sent(&outgoing, 1, "").unwrap();
            self.segments.retain(|root, _| !(worn.0..=worn.1).contains(root));
            if !outgoing.records.is_empty() {
                self.segments.insert(outgoing.name.root, outgoing.records);
            }
        }
    }

    /// Brings in one segment of another machine, again if need be.
    pub fn receive_one(&mut self, from: &Self, number: usize) {
        let roots: Vec<_> = from.segments.keys().copied().collect();
        let Some(root) = roots.get(number % roots.len().max(1)) else { return };
        self.history.apply_records(&from.segments[root], &from.peer()).unwrap();
        self.received.insert((from.device, *root));
    }

    /// Brings in what it has not yet; says whether there was anything.
    pub fn receive(&mut self, from: &mut Self) -> bool {
        let mut any = false;
        for (root, records) in &from.segments {
            if self.received.insert((from.device, *root)) {
                self.history.apply_records(records, &from.peer()).unwrap();
                any = true;
            }
        }
        any
    }

    /// Everything that lies in the store of it.
    pub fn sent(&self) -> Vec<Record> {
        self.segments.values().flatten().cloned().collect()
    }
}

/// Lets machines tell each other everything, until there is nothing more to tell.
pub fn exchange(machines: &mut [Machine]) {
    for _ in 0..20 {
        let mut any = false;
        for machine in machines.iter_mut() {
            while machine.send(usize::MAX) {
                any = true;
            }
            machine.tidy();
        }
        for to in 0..machines.len() {
            for from in (0..machines.len()).filter(|from| *from != to) {
                let [to, from] = machines.get_disjoint_mut([to, from]).unwrap();
                any |= to.receive(from);
            }
        }
        if !any {
            return;
        }
    }
    panic!("the machines never come to an end");
}

/// All that a person can see of a history.
pub fn picture(history: &History) -> Vec<String> {
    let mut picture = Vec::new();
    for view in [View::All, View::Archived, View::Deleted] {
        for conversation in history.list(&view, None, usize::MAX).unwrap() {
            let files = |id| history.attachment_data(id).unwrap();
            picture.push(format!("{view:?} {conversation:?}"));
            for message in history.messages(conversation.id).unwrap_or_default() {
                let data: Vec<_> = message.attachments.iter().map(|file| files(file.id)).collect();
                picture.push(format!("{message:?} {data:?}"));
            }
        }
    }
    for trashed in history.trash().unwrap() {
        picture.push(format!("{trashed:?}"));
    }
    for folder in history.folders().unwrap() {
        let files: Vec<_> =
            folder.files.iter().map(|file| history.folder_file_data(file.id).unwrap()).collect();
        picture.push(format!("{folder:?} {files:?}"));
    }
    picture.push(format!("{:?} {:?}", history.tags().unwrap(), history.activity().unwrap()));
    picture
}
