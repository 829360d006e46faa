//! News of every namespace, including those that the learner makes, as events.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::os::fd::{AsFd, OwnedFd};
use std::rc::Rc;

use anyhow::{Context, Result};
use futures::StreamExt;
use futures::executor::block_on;
use futures::future::join_all;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::task::{AbortHandle, spawn_local};

use super::aside::aside;
use super::capture::everywhere::Sniffer;
use super::machine::Machine;
use super::netfilter::{self, News};
use super::netlink::{Fence, Listening, Notifications};
use super::sandbox;
use crate::command::Tables;
use crate::session::Event;
use crate::world::{Change, Ns, Space, World};

/// Listens to every namespace.
pub struct Watchers {
    machine: Rc<Machine>,
    events: UnboundedSender<Event>,
    spaces: RefCell<BTreeMap<Ns, Watcher>>,
    names: RefCell<Option<AbortHandle>>,
    sniffer: Rc<Sniffer>,
}

/// A namespace whose tables were read, and what will tell of their changes.
pub struct Heard {
    ns: Ns,
    space: Space,
    routing: Listening,
    filtering: netfilter::Listening,
}

impl Heard {
    /// Every namespace that there is. Reads on the calling thread.
    ///
    /// # Errors
    /// If the kernel refuses a socket or does not answer.
    pub async fn read_all(machine: &Machine) -> Result<Vec<Self>> {
        let names = machine.named()?;
        let mut heard = Vec::new();
        for ns in machine.all()? {
            heard.push(Self::read(machine, ns, &names).await?);
        }
        Ok(heard)
    }

    async fn read(machine: &Machine, ns: Ns, names: &[(String, OwnedFd)]) -> Result<Self> {
        let fd = machine.fd(&ns)?;
        let routing = Listening::open(fd.as_fd(), names).await;
        let routing = routing.with_context(|| format!("reading the tables of {ns}"))?;
        let mut filtering = netfilter::Listening::open(fd.as_fd())?;
        let mut space = routing.told.clone();
        let rules = filtering.read();
        (space.ruleset, space.flows) =
            rules.with_context(|| format!("reading the rules of {ns}"))?;
        Ok(Self {
            ns,
            space,
            routing,
            filtering,
        })
    }
}

/// Listens to one namespace.
struct Watcher {
    routing: Fence,
    filtering: UnboundedSender<oneshot::Sender<()>>,
    tasks: [AbortHandle; 2],
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.tasks.iter().for_each(AbortHandle::abort);
    }
}

impl Watchers {
    /// Watchers whose events go to `events`; none listens yet. The `sniffer` is told of names too.
    pub fn new(machine: Rc<Machine>, events: UnboundedSender<Event>, sniffer: Rc<Sniffer>) -> Self {
        Self {
            machine,
            events,
            spaces: RefCell::default(),
            names: RefCell::default(),
            sniffer,
        }
    }

    /// Listens to these namespaces, and to those that will come; their tables as they were read.
    /// What has changed after that comes as events, none before the caller awaits something.
    ///
    /// # Errors
    /// If the runtime cannot watch a socket.
    pub fn start(self: &Rc<Self>, heard: Vec<Heard>) -> Result<World> {
        let mut world = World::default();
        for heard in heard {
            let ns = heard.ns.clone();
            world.spaces.insert(ns, self.listen(heard)?);
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
            .map(|watcher| (watcher.routing.clone(), watcher.filtering.clone()))
            .collect();
        join_all(fences.iter().map(|(routing, filtering)| async {
            // The kernel does not tell that a neighbour is being asked for.
            routing.refresh(Tables::NEIGHS).await;
            let (told, wait) = oneshot::channel();
            if filtering.send(told).is_ok() {
                // An error means that nobody listens there any more, and nothing will come.
                let _ = wait.await;
            }
        }))
        .await;
    }

    /// Reads the tables of a namespace that is new, aside.
    async fn read(&self, ns: Ns) -> Result<Heard> {
        let spaces = self.machine.spaces();
        let read = aside("tables", move || {
            let machine = Machine::aside(spaces);
            block_on(Heard::read(&machine, ns, &machine.named()?))
        });
        read.await?
    }

    /// Begins to hand on what a namespace tells; its tables. Nothing is handed on before the caller
    /// awaits something.
    fn listen(&self, heard: Heard) -> Result<Space> {
        let Heard {
            ns,
            space,
            routing,
            filtering,
        } = heard;
        let machine = self.machine.clone();
        let routing = routing.go_on(Rc::new(move || machine.named().unwrap_or_default()))?;
        let filtering = filtering.go_on()?;
        let (filtering_fence, fences) = unbounded_channel();
        let (ns_of, events) = (ns.clone(), self.events.clone());
        let watcher = Watcher {
            routing: routing.fence(),
            filtering: filtering_fence,
            tasks: [
                spawn_local(tell_routing(ns_of.clone(), routing, events.clone())).abort_handle(),
                spawn_local(tell_filtering(ns_of, filtering, fences, events)).abort_handle(),
            ],
        };
        self.spaces.borrow_mut().insert(ns, watcher);
        Ok(space)
    }

    /// Compares the names that there are with those that are listened to.
    async fn look_for_names(&self) {
        self.sniffer.look().await;
        let Ok(now) = self.machine.all() else {
            return; // /run/netns is gone: whoever deleted it has ended every name in it
        };
        let before: Vec<Ns> = self.spaces.borrow().keys().cloned().collect();
        for gone in before.iter().filter(|ns| !now.contains(ns)) {
            self.forget(gone);
            self.machine.forget(gone);
            let _ = self
                .events
                .send(Event::World(gone.clone(), Change::Vanished));
        }
        for new in now.iter().filter(|ns| !before.contains(ns)) {
            // One that has gone again meanwhile is none.
            let heard = self.read(new.clone()).await;
            if let Ok(space) = heard.and_then(|heard| self.listen(heard)) {
                let appeared = Change::Appeared(Box::new(space));
                let _ = self.events.send(Event::World(new.clone(), appeared));
            }
        }
    }
}

/// Hands on what changes in the tables of `ns`, until nobody wants it or the kernel ends it.
async fn tell_routing(ns: Ns, mut news: Notifications, events: UnboundedSender<Event>) {
    while let Ok(changes) = news.next().await {
        if tell(&ns, changes, &events).is_none() {
            return;
        }
        // Where news pours in, the next is there already: others have their turn first.
        tokio::task::yield_now().await;
    }
}

/// Hands on what changes in rules and connections of `ns`; lets fences through once all that the
/// kernel has told by then is handed on.
async fn tell_filtering(
    ns: Ns,
    mut news: News,
    mut fences: UnboundedReceiver<oneshot::Sender<()>>,
    events: UnboundedSender<Event>,
) {
    loop {
        let (changes, passed) = tokio::select! {
            changes = news.next() => (changes, None),
            Some(passed) = fences.recv() => (news.take(), Some(passed)),
        };
        let told = changes.ok().and_then(|changes| tell(&ns, changes, &events));
        if let Some(passed) = passed {
            let _ = passed.send(()); // whoever waited may have gone
        }
        if told.is_none() {
            return;
        }
    }
}

/// `None` when nobody wants to be told any more.
fn tell(ns: &Ns, changes: Vec<Change>, events: &UnboundedSender<Event>) -> Option<()> {
    changes
        .into_iter()
        .try_for_each(|change| events.send(Event::World(ns.clone(), change)).ok())
}
