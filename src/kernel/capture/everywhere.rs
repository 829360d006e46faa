//! Everything that passes any device of any namespace, while anybody wants to know.
//!
//! One packet socket for each namespace, bound to no device and so to all of them: those that come
//! later, move in or are renamed are heard without anybody being told. A thread of its own reads
//! them all (`lookout`) and hands over what it reads in batches, so that whoever floods a device
//! keeps that thread busy and no other.
//!
//! An open socket keeps a deleted namespace alive. So [`Sniffer::look`] is to be called whenever
//! names may have come or gone; while anybody listens it also calls itself.

mod close;
mod crew;
mod inbox;
mod lookout;
mod names;
mod post;
mod queue;
mod retreat;
mod ring;
mod source;

use std::cell::RefCell;
use std::mem;
use std::rc::Rc;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Weak};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use futures::StreamExt;
use tokio::sync::OnceCell;
use tokio::task::spawn_local;

use crate::kernel::aside::aside;
use crate::kernel::machine::Machine;
use crate::kernel::sandbox;
use crate::packet::Sighting;
use crew::{Crew, Duty};
use inbox::Inbox;
use retreat::Retreat;

/// Hears every device of every namespace, also those that come later. Without an [`Ear`] nothing is
/// open, and nothing is done.
pub struct Sniffer {
    machine: Rc<Machine>,
    retreat: OnceCell<Arc<Retreat>>,
    /// Those who listen to a few packets.
    brief: RefCell<Weak<Crew>>,
    /// Those who listen on and on.
    lasting: RefCell<Weak<Crew>>,
    numbers: Arc<AtomicU64>,
}

/// Somebody who wants to know. Nobody, once it is dropped. It may be taken to another thread.
pub struct Ear {
    inbox: Arc<Inbox>,
    crew: Arc<Crew>,
    /// Taken out already, and to be taken next time.
    held: Vec<Arc<Sighting>>,
}

impl Sniffer {
    /// Nobody listens yet.
    pub fn new(machine: Rc<Machine>) -> Self {
        Self {
            machine,
            retreat: OnceCell::new(),
            brief: RefCell::default(),
            lasting: RefCell::default(),
            numbers: Arc::default(),
        }
    }

    /// Does before the first who listens what takes a moment and is needed once: without it the
    /// first has to wait for that.
    pub async fn prepare(&self) {
        // What is refused here is refused again, and told, to whoever listens.
        let _ = self.retreat().await;
    }

    /// Begins to listen: what passes after this has come back is heard. At once, and with little
    /// room: for the few packets of a probe. Must be called within a `LocalSet`.
    ///
    /// # Errors
    /// If the kernel refuses a socket or a thread.
    pub async fn listen(&self) -> Result<Ear> {
        self.join(&self.brief, Duty::Brief).await
    }

    /// Begins to listen for a long time: with room for a flood, which takes the kernel a moment to
    /// make.
    ///
    /// # Errors
    /// As [`Self::listen`].
    pub async fn listen_on(&self) -> Result<Ear> {
        self.join(&self.lasting, Duty::Lasting).await
    }

    async fn join(&self, place: &RefCell<Weak<Crew>>, duty: Duty) -> Result<Ear> {
        let retreat = self.retreat().await?;
        let crew = self.crew(place, duty, retreat)?;
        let inbox = crew.audience().admit();
        let ear = Ear {
            inbox,
            crew,
            held: Vec::new(),
        };
        ear.crew.look(&self.machine).await?;
        Ok(ear)
    }

    /// Begins to listen to namespaces that have come since, and lets go of those that have gone, or
    /// whose name is another's now. Does nothing while nobody listens.
    pub async fn look(&self) {
        for place in [&self.brief, &self.lasting] {
            let crew = place.borrow().upgrade();
            if let Some(crew) = crew {
                // One that refuses a socket is not heard; nobody asked for that one.
                let _ = crew.look(&self.machine).await;
            }
        }
    }

    async fn retreat(&self) -> Result<Arc<Retreat>> {
        let retreat = self.retreat.get_or_try_init(|| async {
            let made = aside("retreat", Retreat::make).await??;
            anyhow::Ok(Arc::new(made))
        });
        retreat.await.cloned()
    }

    /// Those who listen already, or a new crew.
    fn crew(
        &self,
        place: &RefCell<Weak<Crew>>,
        duty: Duty,
        retreat: Arc<Retreat>,
    ) -> Result<Arc<Crew>> {
        if let Some(crew) = place.borrow().upgrade() {
            return Ok(crew);
        }
        let crew = Arc::new(Crew::start(duty, retreat, self.numbers.clone())?);
        let mut names = sandbox::watch_names()?;
        let (machine, listening) = (self.machine.clone(), Arc::downgrade(&crew));
        let task = spawn_local(async move {
            while names.next().await.is_some() {
                let Some(crew) = listening.upgrade() else {
                    return;
                };
                let _ = crew.look(&machine).await;
            }
        });
        crew.ends_too(task.abort_handle());
        *place.borrow_mut() = Arc::downgrade(&crew);
        Ok(crew)
    }
}

impl Ear {
    /// Comes back when there is something to be taken.
    pub async fn heard(&mut self) {
        self.inbox.filled().await;
    }

    /// Comes back when everything that has passed before now can be taken.
    pub async fn caught_up(&mut self) {
        self.crew.catch_up().await;
    }

    /// What was heard since it was asked last, in order of time; and how much there was no room for.
    pub fn take(&mut self) -> (Vec<Arc<Sighting>>, u64) {
        let (more, missed) = self.inbox.empty();
        let mut sightings = mem::take(&mut self.held);
        sightings.extend(more);
        // Each namespace is read by itself; what passed at the same time stays as it was read.
        sightings.sort_by_key(|sighting| (sighting.at, sighting.number));
        (sightings, missed)
    }

    /// Waits for something and takes it, so that all that is taken ever is in order of time: what is
    /// so new that another namespace may still have something older is left for the next time.
    pub async fn next(&mut self) -> (Vec<Arc<Sighting>>, u64) {
        if self.held.is_empty() {
            self.heard().await;
        }
        // Held for one time only, whatever is done to the clock.
        let held = self.held.len();
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        self.caught_up().await;
        let (mut sightings, missed) = self.take();
        let settled = sightings.partition_point(|one| now.as_ref().is_ok_and(|now| one.at <= *now));
        self.held = sightings.split_off(settled.max(held));
        (sightings, missed)
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.crew.audience().dismiss(&self.inbox);
    }
}
