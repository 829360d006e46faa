//! Notifications: a namespace's tables once, and then what changes in them.

use std::collections::VecDeque;
use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::rc::Rc;

use anyhow::{Context, Result};
use netlink_packet_core::NetlinkPayload;
use netlink_sys::Socket;
use tokio::io::unix::AsyncFd;
use tokio::sync::{mpsc, oneshot};

use super::message::messages;
use super::news::{self, Stale};
use super::{Rtnl, socket};
use crate::command::task::Tables;
use crate::world::{Change, Space};

/// Largest datagram that rtnetlink sends, bytes.
pub const DATAGRAM: usize = 64 * 1024;

/// `ENOBUFS` of `errno.h`: notifications were lost.
const ENOBUFS: i32 = 105;

/// The tables that notifications keep up to date.
const TABLES: Tables = Tables::LINKS
    .union(Tables::ADDRS)
    .union(Tables::ROUTES)
    .union(Tables::NEIGHS)
    .union(Tables::FDB)
    .union(Tables::POLICY);

/// Gives the namespaces in `/run/netns` with their names, so that nsids can be named.
pub type Names = Rc<dyn Fn() -> Vec<(String, OwnedFd)>>;

/// What changes in one namespace.
///
/// It keeps a copy of the tables, so that a message that changes nothing is not told, and what the
/// kernel does not tell is found out: after each burst the tables that it may have changed silently
/// are read, and told where they differ.
pub struct Notifications {
    rtnl: Rtnl,
    names: Names,
    socket: AsyncFd<Socket>,
    datagram: Vec<u8>,
    /// The tables as told so far; absent before the first reading.
    told: Option<Space>,
    stale: Stale,
    changes: VecDeque<Change>,
    fence: Fence,
    fences: mpsc::UnboundedReceiver<Passing>,
    waiting: Vec<oneshot::Sender<()>>,
}

/// So many changes are handed out at once, so that a flood of them lets others have their turn.
const MOST: usize = 256;

/// Lets somebody wait until all that the kernel has told so far was handed out.
#[derive(Clone, Debug)]
pub struct Fence(mpsc::UnboundedSender<Passing>);

/// Somebody at the fence: what is to be read first, and how to say that all is told.
type Passing = (Tables, oneshot::Sender<()>);

impl Fence {
    /// Comes back when each change that a request has caused was handed out **and** dealt with,
    /// which shows in [`Notifications::next`] being called again. The request must have been
    /// acknowledged before. Comes back at once when nobody listens any more.
    ///
    /// What the kernel itself does later (carrier, duplicate address detection, a learnt address)
    /// is not waited for.
    pub async fn pass(&self) {
        self.refresh(Tables::empty()).await;
    }

    /// As [`Self::pass`], and first reads tables of which the kernel does not tell everything: of
    /// `NEIGHS` not that somebody is being asked for (incomplete, delay), of `LINKS` not that a
    /// veth's other end has gone from one namespace to another while it was down.
    pub async fn refresh(&self, tables: Tables) {
        let (passed, wait) = oneshot::channel();
        if self.0.send((tables, passed)).is_ok() {
            // An error means that the listener is gone, and there is nothing to wait for.
            let _ = wait.await;
        }
    }
}

impl Rtnl {
    /// Listens to namespace `ns`, whose requests go by `rtnl`.
    ///
    /// # Errors
    /// The namespace cannot be entered, or its groups cannot be joined.
    pub fn watch(ns: BorrowedFd<'_>, rtnl: &Self, names: Names) -> Result<Notifications> {
        Notifications::new(socket::listen(ns)?, rtnl.clone(), names, None)
    }
}

/// A namespace's tables, and the sockets that tell from then on what changes in them. May go to
/// another thread, which has not read them.
pub struct Listening {
    news: Socket,
    requests: Socket,
    /// The tables, as they were read.
    pub told: Space,
}

impl Listening {
    /// Joins the groups and then reads every table of `ns`, on the calling thread. The nsids are
    /// those of `names`, the namespaces in `/run/netns`.
    ///
    /// # Errors
    /// The namespace cannot be entered, or its groups cannot be joined, or the kernel refuses.
    pub async fn open(ns: BorrowedFd<'_>, names: &[(String, OwnedFd)]) -> Result<Self> {
        let news = socket::listen(ns)?;
        let rtnl = Rtnl::direct(ns)?;
        let told = whole(&rtnl, names).await?;
        Ok(Self {
            news,
            requests: socket::open(ns)?,
            told,
        })
    }

    /// What changes from now on, within the current runtime.
    ///
    /// # Errors
    /// The runtime cannot watch the socket.
    pub fn go_on(self, names: Names) -> Result<Notifications> {
        let rtnl = Rtnl::served(self.requests);
        Notifications::new(self.news, rtnl, names, Some(self.told))
    }
}

/// Every table, and the settings that notifications keep up to date.
async fn whole(rtnl: &Rtnl, names: &[(String, OwnedFd)]) -> Result<Space> {
    let mut read = rtnl.dump(TABLES, names).await?.lasting();
    news::settings(rtnl, &mut read).await?;
    Ok(read)
}

impl Notifications {
    fn new(news: Socket, rtnl: Rtnl, names: Names, told: Option<Space>) -> Result<Self> {
        // SAFETY: the socket's descriptor stays the same and open for as long as the socket lives,
        // and the registration owns it.
        let socket = unsafe { AsyncFd::register(news) }.map_err(io::Error::from)?;
        let (sender, fences) = mpsc::unbounded_channel();
        Ok(Self {
            rtnl,
            names,
            socket,
            datagram: Vec::with_capacity(DATAGRAM),
            told,
            stale: Stale::default(),
            changes: VecDeque::new(),
            fence: Fence(sender),
            fences,
            waiting: Vec::new(),
        })
    }

    /// A fence for this namespace.
    pub fn fence(&self) -> Fence {
        self.fence.clone()
    }

    /// The next changes, at least one: first the whole ([`Change::Appeared`]), read after joining
    /// the groups; after lost messages the whole again ([`Change::Resync`]). May be dropped and
    /// called again without losing anything.
    ///
    /// # Errors
    /// A lost connection.
    pub async fn next(&mut self) -> Result<Vec<Change>> {
        loop {
            self.read_all()?;
            self.refresh().await?;
            if !self.changes.is_empty() {
                return Ok(self.changes.drain(..).collect());
            }
            for passed in self.waiting.drain(..) {
                // Whoever waited may have gone.
                let _ = passed.send(());
            }
            tokio::select! {
                Some((tables, passed)) = self.fences.recv() => {
                    self.stale.tables |= tables;
                    self.waiting.push(passed);
                }
                ready = self.socket.readable() => {
                    let mut ready = ready?;
                    let datagram = &mut self.datagram;
                    // Where nothing is there after all this forgets the readiness.
                    if let Ok(got) = ready.try_io(|socket| receive(socket.get_ref(), datagram)) {
                        self.take(got)?;
                    }
                }
            }
        }
    }

    /// Reads what the kernel has put in the buffer so far, or as much as is handed out at once.
    fn read_all(&mut self) -> Result<()> {
        while self.changes.len() < MOST {
            let got = receive(self.socket.get_ref(), &mut self.datagram);
            if let Err(error) = &got
                && error.kind() == io::ErrorKind::WouldBlock
            {
                return Ok(());
            }
            self.take(got)?;
        }
        Ok(())
    }

    /// Takes in what one read has brought.
    fn take(&mut self, got: io::Result<()>) -> Result<()> {
        match got {
            Ok(()) => {}
            Err(error) if error.raw_os_error() == Some(ENOBUFS) => {
                self.stale.lost = true;
                return Ok(());
            }
            Err(error) => return Err(error).context("listening to rtnetlink"),
        }
        let Some(told) = &mut self.told else {
            return Ok(());
        };
        for message in messages(&self.datagram) {
            let NetlinkPayload::InnerMessage(message) = message.payload else {
                continue;
            };
            for change in news::read(&message, told, &mut self.stale) {
                told.apply(change.clone());
                self.changes.push_back(change);
            }
        }
        Ok(())
    }

    /// Reads what may have changed without being told.
    async fn refresh(&mut self) -> Result<()> {
        let is_whole = self.told.is_none() || self.stale.lost;
        let tables = if is_whole { TABLES } else { self.stale.tables };
        if !tables.is_empty() {
            let names = if tables.contains(Tables::LINKS) {
                (self.names)()
            } else {
                Vec::new()
            };
            if is_whole {
                let read = whole(&self.rtnl, &names).await?;
                let whole = Box::new(read.clone());
                self.changes.clear();
                self.changes.push_back(match self.told.replace(read) {
                    None => Change::Appeared(whole),
                    Some(_) => Change::Resync(whole),
                });
            } else if let Some(told) = &mut self.told {
                let read = self.rtnl.dump(tables, &names).await?.lasting();
                for change in news::differences(told, read, tables) {
                    told.apply(change.clone());
                    self.changes.push_back(change);
                }
            }
        }
        self.stale = Stale::default();
        Ok(())
    }
}

/// One datagram, from its beginning.
fn receive(socket: &Socket, datagram: &mut Vec<u8>) -> io::Result<()> {
    datagram.clear();
    socket.recv_from(datagram, 0).map(|_| ())
}
