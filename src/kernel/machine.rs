//! The sandbox as the executor uses it: namespaces by name, and their sockets.
//!
//! An open socket keeps a deleted namespace alive, so sockets are kept here and nowhere else, and
//! are dropped with their namespace.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::os::fd::{AsFd, OwnedFd};
use std::rc::Rc;

use anyhow::{Context, Result};

use super::icmp::Prober;
use super::netfilter::Netfilter;
use super::netlink::Rtnl;
use super::replay::numbers::{Births, Numbers};
use super::sandbox::{NetnsError, Nursery, Spaces};
use super::tcp::Ports;
use crate::command::{Request, Tables};
use crate::world::{Ns, Space};

/// The sockets of one namespace.
pub struct Sockets {
    /// For links, addresses, routes, neighbours.
    pub rtnl: Rtnl,
    /// For probes; a default one stands in while it is used.
    pub prober: RefCell<Prober>,
    /// Where the program listens for probes.
    pub ports: Ports,
    netfilter: OnceCell<Netfilter>,
}

/// The sandbox and its sockets.
pub struct Machine {
    spaces: RefCell<Spaces>,
    /// May whoever asks wait for the kernel, so that nobody else has to be woken?
    may_wait: bool,
    nursery: RefCell<Option<Nursery>>,
    sockets: RefCell<BTreeMap<Ns, Rc<Sockets>>>,
    /// What the namespaces have counted up to, if a rebuild has given numbers.
    numbers: RefCell<Option<Numbers>>,
}

impl Machine {
    /// The machine of the sandbox that this process stands in.
    ///
    /// # Errors
    /// If this is no sandbox.
    pub fn new() -> Result<Self> {
        Ok(Self {
            spaces: RefCell::new(Spaces::new()?),
            may_wait: false,
            nursery: RefCell::default(),
            sockets: RefCell::default(),
            numbers: RefCell::default(),
        })
    }

    /// The same machine for a thread of its own, on which everything may wait: what is asked of
    /// rtnetlink is done on the thread that asks.
    pub fn aside(spaces: Spaces) -> Self {
        Self {
            spaces: RefCell::new(spaces),
            may_wait: true,
            nursery: RefCell::default(),
            sockets: RefCell::default(),
            numbers: RefCell::default(),
        }
    }

    /// The namespace `ns`, opened.
    ///
    /// # Errors
    /// If there is none of that name.
    pub fn fd(&self, ns: &Ns) -> Result<OwnedFd> {
        let fd = self.spaces.borrow().fd(ns)?;
        fd.try_clone()
            .with_context(|| format!("opening namespace {ns}"))
    }

    /// The sockets of `ns`, opened when first asked for.
    ///
    /// # Errors
    /// If there is no such namespace, or the kernel refuses a socket.
    pub fn sockets(&self, ns: &Ns) -> Result<Rc<Sockets>> {
        if let Some(sockets) = self.sockets.borrow().get(ns) {
            return Ok(sockets.clone());
        }
        let fd = self.fd(ns)?;
        let open = if self.may_wait {
            Rtnl::direct
        } else {
            Rtnl::open
        };
        let rtnl = open(fd.as_fd()).with_context(|| format!("opening rtnetlink in {ns}"))?;
        let sockets = Rc::new(Sockets {
            rtnl,
            prober: RefCell::default(),
            ports: Ports::default(),
            netfilter: OnceCell::new(),
        });
        self.sockets
            .borrow_mut()
            .insert(ns.clone(), sockets.clone());
        Ok(sockets)
    }

    /// Does `f` with the netfilter socket of `ns`.
    ///
    /// # Errors
    /// If there is no such namespace, or the kernel refuses the socket.
    pub fn netfilter<'a>(&self, ns: &Ns, sockets: &'a Sockets) -> Result<&'a Netfilter> {
        if let Some(netfilter) = sockets.netfilter.get() {
            return Ok(netfilter);
        }
        let fd = self.fd(ns)?;
        let opened =
            Netfilter::open(fd.as_fd()).with_context(|| format!("opening netfilter in {ns}"))?;
        Ok(sockets.netfilter.get_or_init(|| opened))
    }

    /// Drops the sockets of `ns`, so that it can end.
    pub fn forget(&self, ns: &Ns) {
        self.sockets.borrow_mut().remove(ns);
        if let Some(numbers) = &mut *self.numbers.borrow_mut() {
            numbers.forget(ns);
        }
    }

    /// Names in `/run/netns`.
    ///
    /// # Errors
    /// If the directory cannot be read.
    pub fn names(&self) -> Result<Vec<String>> {
        self.spaces.borrow().names()
    }

    /// Every namespace that there is now.
    ///
    /// # Errors
    /// If `/run/netns` cannot be read.
    pub fn all(&self) -> Result<Vec<Ns>> {
        let named = self.names()?.into_iter().map(Ns::Named);
        let internet = self
            .spaces
            .borrow()
            .fd(&Ns::Internet)
            .is_ok()
            .then_some(Ns::Internet);
        Ok(std::iter::once(Ns::Host)
            .chain(named)
            .chain(internet)
            .collect())
    }

    /// The named namespaces, opened, for putting names to nsids.
    ///
    /// # Errors
    /// If `/run/netns` cannot be read.
    pub fn named(&self) -> Result<Vec<(String, OwnedFd)>> {
        let names = self.names()?.into_iter();
        // One that was deleted meanwhile has no name to be put to anything.
        Ok(names
            .filter_map(|name| self.fd(&Ns::Named(name.clone())).ok().map(|fd| (name, fd)))
            .collect())
    }

    /// The tables of `ns`, as the kernel has them now.
    ///
    /// # Errors
    /// If the kernel does not answer.
    pub async fn dump(&self, ns: &Ns, tables: Tables) -> Result<Space> {
        let sockets = self.sockets(ns)?;
        let names = if tables.contains(Tables::LINKS) {
            self.named()?
        } else {
            Vec::new()
        };
        let mut space = sockets.rtnl.dump(tables, &names).await?;
        if tables.contains(Tables::RULESET) {
            space.ruleset = self.netfilter(ns, &sockets)?.ruleset()?;
        }
        if tables.contains(Tables::FLOWS) {
            space.flows = self.netfilter(ns, &sockets)?.flows()?;
        }
        Ok(space)
    }

    /// Makes ready for so many [names](Self::add_name), which another thread makes meanwhile.
    ///
    /// # Errors
    /// If there can be no further thread.
    pub fn expect_names(&self, count: usize) -> Result<()> {
        let nursery = Nursery::start(count).context("no thread for new namespaces")?;
        *self.nursery.borrow_mut() = Some(nursery);
        Ok(())
    }

    /// Makes a namespace with a name.
    ///
    /// # Errors
    /// As `ip netns add` refuses it.
    pub fn add_name(&self, name: &str) -> Result<(), NetnsError> {
        let nursery = self.nursery.borrow();
        let newborn = || nursery.as_ref().and_then(Nursery::take);
        self.spaces.borrow().christen(name, newborn)
    }

    /// Deletes a name in `/run/netns`.
    ///
    /// # Errors
    /// As `ip netns del` refuses it.
    pub fn del_name(&self, name: &str) -> Result<(), NetnsError> {
        self.spaces.borrow().del(name)
    }

    /// Drops every namespace and begins anew, with an empty `host`.
    ///
    /// # Errors
    /// If the kernel refuses any of it, or this is another thread than the program's first.
    pub fn rebuild(&self) -> Result<()> {
        self.sockets.borrow_mut().clear();
        let mut spaces = self.spaces.borrow_mut();
        spaces.rebuild().context("making the sandbox anew")
    }

    /// The namespaces, for another thread.
    pub fn spaces(&self) -> Spaces {
        self.spaces.borrow().clone()
    }

    /// Takes over namespaces that another thread has added to.
    pub fn adopt(&self, spaces: Spaces, numbers: Option<Numbers>) {
        *self.spaces.borrow_mut() = spaces;
        *self.numbers.borrow_mut() = numbers;
    }

    /// Asks in `request`, which makes a device in `at`, for the numbers behind those given last, where
    /// the kernel would not count on from there.
    ///
    /// # Errors
    /// If the kernel does not answer.
    pub async fn number(&self, at: &Ns, request: &mut Request) -> Result<Option<Births>> {
        // Taken out meanwhile: nothing borrowed is held while the kernel is asked.
        let Some(mut numbers) = self.numbers.take() else {
            return Ok(None);
        };
        let births = numbers.births(self, at, request, false).await;
        self.numbers.replace(Some(numbers));
        births
    }

    /// Devices have been made with these numbers.
    pub fn numbered(&self, births: Births) {
        if let Some(numbers) = &mut *self.numbers.borrow_mut() {
            numbers.give(births);
        }
    }
}
