//! Writing without waiting: what has to be kept is handed to a thread of its own.
//!
//! A disk can be slow, full or far away, and the loop waits for none of it. What is handed over
//! while the thread is busy becomes one record a lesson, so nothing can pile up. The thread is
//! started by the first thing handed over, which is within the sandbox: before the fork into it
//! there must be no thread.

use std::collections::BTreeMap;
use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{SigSet, Signal};

use super::place::Key;
use super::record::Record;
use super::store::Store;
use crate::kernel::sandbox::leave_host;

/// Whoever leaves waits so long for a disk that does not answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// At most so many lines of the prompt's history wait for the disk.
const LINES: usize = 1_000;

/// Takes a sentence for the learner.
pub type Tell = Box<dyn Fn(String) + Send>;

/// What waits to be written.
#[derive(Debug, Default)]
struct Work {
    records: BTreeMap<Key, Record>,
    history: Vec<String>,
}

impl Work {
    fn is_empty(&self) -> bool {
        self.records.is_empty() && self.history.is_empty()
    }

    /// Puts `record` behind what waits already.
    fn add(&mut self, key: Key, record: Record) {
        match self.records.get_mut(&key) {
            Some(waiting) => waiting.take_in(record),
            None => drop(self.records.insert(key, record)),
        }
    }

    /// Puts back what could not be written, before what came meanwhile.
    fn put_back(&mut self, key: Key, mut record: Record) {
        if let Some(newer) = self.records.remove(&key) {
            record.take_in(newer);
        }
        self.records.insert(key, record);
    }
}

#[derive(Debug, Default)]
struct State {
    work: Work,
    /// What the thread has taken and not written yet.
    taken: BTreeMap<Key, Record>,
    /// Something was handed over that was not tried yet.
    fresh: bool,
    /// The learner leaves.
    closing: bool,
    /// The thread has ended.
    ended: bool,
    /// Why the last attempt failed, if it did.
    failed: Option<String>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl State {
    /// Everything that is not written yet.
    fn unwritten(&self) -> BTreeMap<Key, Record> {
        let mut all = Work {
            records: self.taken.clone(),
            ..Work::default()
        };
        for (key, record) in &self.work.records {
            all.add(key.clone(), record.clone());
        }
        all.records
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // What a panicking thread left is still plain data.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps what is handed to it.
pub struct Keeper {
    store: Option<Store>,
    shared: Arc<Shared>,
    tell: Option<Tell>,
}

impl Keeper {
    /// One that writes into `store` and says with `tell` what the learner should know, each kind of
    /// trouble once. Without a store it says so once something is to be kept.
    pub fn new(store: Option<Store>, tell: Tell) -> Self {
        Self {
            store,
            shared: Arc::default(),
            tell: Some(tell),
        }
    }

    /// Has this record written, soon.
    pub fn keep(&mut self, key: Key, record: Record) {
        self.hand_over(|work| work.add(key, record));
    }

    /// Has this line put into the prompt's history, soon.
    pub fn remember(&mut self, line: String) {
        self.hand_over(|work| {
            if work.history.len() < LINES {
                work.history.push(line);
            }
        });
    }

    fn hand_over(&mut self, add: impl FnOnce(&mut Work)) {
        let Some(store) = &self.store else {
            if let Some(tell) = self.tell.take() {
                tell(
                    "Progress is not saved: neither XDG_STATE_HOME nor HOME names a directory."
                        .to_owned(),
                );
            }
            return;
        };
        if let Some(tell) = self.tell.take() {
            let (store, shared) = (store.clone(), Arc::clone(&self.shared));
            let writer = Writer {
                store,
                shared,
                tell,
                warned: false,
            };
            let started = thread::Builder::new()
                .name("progress".to_owned())
                .spawn(move || {
                    leave_host();
                    writer.run();
                });
            if started.is_err() {
                // Its parting word comes from `close`.
                let mut state = self.shared.state();
                state.ended = true;
                state.failed = Some("no thread can be started".to_owned());
            }
        }
        let mut state = self.shared.state();
        add(&mut state.work);
        state.fresh = true;
        self.shared.changed.notify_all();
    }

    /// What is not written yet, and has to be put on top of what is read.
    pub fn unwritten(&self) -> BTreeMap<Key, Record> {
        self.shared.state().unwritten()
    }

    /// Waits until all is written, for a while; why something is not, if so.
    pub fn close(self) -> Option<String> {
        if self.tell.is_some() || self.store.is_none() {
            return None; // nothing was ever handed over, or it was said
        }
        let mut state = self.shared.state();
        state.closing = true;
        self.shared.changed.notify_all();
        let waited = self
            .shared
            .changed
            .wait_timeout_while(state, PATIENCE, |state| !state.ended);
        let (state, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return Some("the disk does not answer".to_owned());
        }
        state.failed.clone()
    }
}

/// The thread.
struct Writer {
    store: Store,
    shared: Arc<Shared>,
    tell: Tell,
    /// The learner knows that saving fails.
    warned: bool,
}

impl Writer {
    fn run(mut self) {
        // Beyond `ulimit -f` a write is to fail (EFBIG), not to end the program (signal(7)).
        let mut beyond = SigSet::empty();
        beyond.add(Signal::SIGXFSZ);
        let _ = beyond.thread_block();
        // Whatever is wrong with the directory is told by the first write.
        let _ = self.store.sweep();
        while let Some(work) = self.next() {
            self.write(work);
        }
        self.shared.state().ended = true;
        self.shared.changed.notify_all();
    }

    /// What is to be written next, once there is something; `None` when the learner has left.
    fn next(&self) -> Option<Work> {
        let state = self.shared.state();
        let waited = self
            .shared
            .changed
            .wait_while(state, |state| !state.fresh && !state.closing);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        if !state.fresh {
            return None;
        }
        state.fresh = false;
        let work = mem::take(&mut state.work);
        state.taken.clone_from(&work.records);
        Some(work)
    }

    fn write(&mut self, work: Work) {
        debug_assert!(!work.is_empty(), "somebody wakes this thread for nothing");
        let mut failed = None;
        if let Err(error) = self.store.remember(&work.history) {
            failed = Some(format!("{error:#}"));
        }
        for (key, record) in work.records {
            let lesson = record.lesson.clone();
            let news = record.clone();
            let written = self
                .store
                .change(&key, &lesson, move |kept| kept.take_in(news));
            let mut state = self.shared.state();
            state.taken.remove(&key);
            match written {
                Ok(said) => said.into_iter().for_each(|said| (self.tell)(said)),
                Err(error) => {
                    failed = Some(format!("{error:#}"));
                    state.work.put_back(key, record);
                }
            }
        }
        if let Some(why) = failed.as_ref().filter(|_| !self.warned) {
            self.warned = true;
            (self.tell)(format!(
                "Progress cannot be saved: {why}. The lesson goes on without."
            ));
        }
        self.shared.state().failed = failed;
    }
}
