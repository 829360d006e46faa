//! News of every namespace, including those that the learner makes, as events.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::os::fd::AsFd;
use std::rc::Rc;

use anyhow::{Context, Result};
use futures::StreamExt;
use futures::future::join_all;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::task::{AbortHandle, spawn_local};

use super::machine::Machine;
use super::netfilter::{Netfilter, News};
use super::netlink::{Fence, Notifications, Rtnl};
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
}

/// What one namespace tells, from when its tables were read.
struct Sources {
    routing: Notifications,
    filtering: News,
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
    /// Watchers whose events go to `events`; none listens yet.
    pub fn new(machine: Rc<Machine>, events: UnboundedSender<Event>) -> Self {
        Self {
            machine,
            events,
            spaces: RefCell::default(),
            names: RefCell::default(),
        }
    }

    /// Listens to every namespace that there is, and to those that will come; the tables as they
    /// are now. What changes after that comes as events.
    ///
    /// # Errors
    /// If the kernel refuses a socket or does not answer.
    pub async fn start(self: &Rc<Self>) -> Result<World> {
        let mut world = World::default();
        let mut heard = Vec::new();
        for ns in self.machine.all()? {
            let (space, news) = self.read(&ns).await?;
            world.spaces.insert(ns.clone(), space);
            heard.push((ns, news));
        }
        // None before all are read: who waits for the tables takes news that come before them for
        // those of other namespaces.
        for (ns, news) in heard {
            self.listen(ns, news);
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

    /// The tables of `ns` as they are now, and what will tell of their changes.
    async fn read(&self, ns: &Ns) -> Result<(Space, Sources)> {
        let fd = self.machine.fd(ns)?;
        let rtnl = Rtnl::open(fd.as_fd())?;
        let machine = self.machine.clone();
        let names = Rc::new(move || machine.named().unwrap_or_default());
        let mut routing = Rtnl::watch(fd.as_fd(), &rtnl, names)?;
        let mut filtering = Netfilter::watch(fd.as_fd())?;
        let mut space = Space::default();
        for change in routing
            .next()
            .await
            .with_context(|| format!("reading the tables of {ns}"))?
        {
            space.apply(change);
        }
        for change in filtering
            .next()
            .await
            .with_context(|| format!("reading the rules of {ns}"))?
        {
            space.apply(change);
        }
        Ok((space, Sources { routing, filtering }))
    }

    /// Begins to hand on what `ns` tells. Nothing is handed on before the caller awaits something.
    fn listen(&self, ns: Ns, sources: Sources) {
        let Sources { routing, filtering } = sources;
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
            let _ = self
                .events
                .send(Event::World(gone.clone(), Change::Vanished));
        }
        for new in now.iter().filter(|ns| !before.contains(ns)) {
            // One that has gone again meanwhile is none.
            if let Ok((space, sources)) = self.read(new).await {
                self.listen(new.clone(), sources);
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
