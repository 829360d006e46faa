//! News of every namespace, including those that the learner makes, as events.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::os::fd::AsFd;
use std::rc::Rc;

use anyhow::{Context, Result};
use futures::StreamExt;
use futures::future::join_all;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::{AbortHandle, spawn_local};

use super::machine::Machine;
use super::netlink::{Fence, Notifications, Rtnl};
use super::sandbox;
use crate::session::Event;
use crate::world::{Change, Ns, Space, World};

/// Listens to every namespace.
pub struct Watchers {
    machine: Rc<Machine>,
    events: UnboundedSender<Event>,
    spaces: RefCell<BTreeMap<Ns, Watcher>>,
    names: RefCell<Option<AbortHandle>>,
}

/// Listens to one namespace.
struct Watcher {
    routing: Fence,
    task: AbortHandle,
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Watchers {
    /// Watchers whose events go to `events`; none listens yet.
    pub fn new(machine: Rc<Machine>, events: UnboundedSender<Event>) -> Self {
        Self { machine, events, spaces: RefCell::default(), names: RefCell::default() }
    }

    /// Listens to every namespace that there is, and to those that will come; the tables as they
    /// are now. What changes after that comes as events.
    ///
    /// # Errors
    /// If the kernel refuses a socket or does not answer.
    pub async fn start(self: &Rc<Self>) -> Result<World> {
        let mut world = World::default();
        for ns in self.machine.all()? {
            world.spaces.insert(ns.clone(), self.listen(&ns).await?);
        }
        let mut names = sandbox::watch_names()?;
        let this = self.clone();
        let task = spawn_local(async move {
            while names.next().await.is_some() {
                this.look_for_names().await;
            }
        });
        *self.names.borrow_mut() = Some(task.abort_handle());
        Ok(world)
    }

    /// Stops listening.
    pub fn stop(&self) {
        if let Some(task) = self.names.take() {
            task.abort();
        }
        self.spaces.take();
    }

    /// Stops listening to a namespace, so that it can end.
    pub fn forget(&self, ns: &Ns) {
        self.spaces.borrow_mut().remove(ns);
    }

    /// Comes back when all that the kernel has told so far is in the queue of events.
    pub async fn settle(&self) {
        self.look_for_names().await;
        let fences: Vec<_> = (self.spaces.borrow().values())
            .map(|watcher| watcher.routing.clone())
            .collect();
        join_all(fences.iter().map(Fence::pass)).await;
    }

    /// Begins to listen to `ns`; its tables as they are now.
    async fn listen(&self, ns: &Ns) -> Result<Space> {
        let fd = self.machine.fd(ns)?;
        let rtnl = Rtnl::open(fd.as_fd())?;
        let machine = self.machine.clone();
        let names = Rc::new(move || machine.named().unwrap_or_default());
        let mut routing = Rtnl::watch(fd.as_fd(), &rtnl, names)?;
        let mut space = Space::default();
        for change in routing.next().await.with_context(|| format!("reading the tables of {ns}"))? {
            space.apply(change);
        }
        let watcher = Watcher {
            routing: routing.fence(),
            task: spawn_local(forward(ns.clone(), routing, self.events.clone())).abort_handle(),
        };
        self.spaces.borrow_mut().insert(ns.clone(), watcher);
        Ok(space)
    }

    /// Compares the names that there are with those that are listened to.
    async fn look_for_names(&self) {
        let Ok(now) = self.machine.all() else {
            return; // /run/netns is gone: whoever deleted it has ended every name in it
        };
        let before: Vec<Ns> = self.spaces.borrow().keys().cloned().collect();
        for gone in before.iter().filter(|ns| !now.contains(ns)) {
            self.forget(gone);
            self.machine.forget(gone);
            let _ = self.events.send(Event::World(gone.clone(), Change::Vanished));
        }
        for new in now.iter().filter(|ns| !before.contains(ns)) {
            // One that has gone again meanwhile is none.
            if let Ok(space) = self.listen(new).await {
                let appeared = Change::Appeared(Box::new(space));
                let _ = self.events.send(Event::World(new.clone(), appeared));
            }
        }
    }
}

/// Hands on what one namespace tells, until nobody wants it or the kernel ends it.
async fn forward(
    ns: Ns,
    mut routing: Notifications,
    events: UnboundedSender<Event>,
) {
    loop {
        let Ok(changes) = routing.next().await else {
            return;
        };
        for change in changes {
            if events.send(Event::World(ns.clone(), change)).is_err() {
                return;
            }
        }
    }
}
