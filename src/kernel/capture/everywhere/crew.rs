//! Those who listen together: one thread, and the namespaces that it hears.

use std::collections::BTreeMap;
use std::os::fd::OwnedFd;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;

use anyhow::{Context, Result};
use futures::future::join_all;
use nix::sys::eventfd::{EfdFlags, EventFd};
use nix::sys::stat::fstat;
use tokio::sync::oneshot;
use tokio::task::AbortHandle;

use super::inbox::Audience;
use super::lookout::{Lookout, Order};
use super::post::Post;
use super::retreat::Retreat;
use super::source::{Shape, Source};
use crate::kernel::aside::aside;
use crate::kernel::machine::Machine;
use crate::world::Ns;

/// What a crew is for.
#[derive(Clone, Copy, Debug)]
pub enum Duty {
    /// A few packets, at once.
    Brief,
    /// Whatever comes.
    Lasting,
}

/// The namespaces listened to: inode, and blocks of the ring. The inode of a namespace that is
/// listened to is no other's.
type Joined = BTreeMap<Ns, (u64, usize)>;

/// Ends its thread, and closes every socket, when the last who listens has gone.
pub struct Crew {
    audience: Audience,
    orders: Option<Sender<Order>>,
    bell: Arc<EventFd>,
    duty: Duty,
    joined: Mutex<Joined>,
    /// One at a time compares what there is with what was joined.
    turn: tokio::sync::Mutex<()>,
    names: OnceLock<AbortHandle>,
}

impl Crew {
    /// Starts the thread, which hears nothing yet.
    ///
    /// # Errors
    /// There can be no further thread or descriptor.
    pub fn start(duty: Duty, retreat: Arc<Retreat>, numbers: Arc<AtomicU64>) -> Result<Self> {
        let flags = EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK;
        let bell = Arc::new(EventFd::from_flags(flags).context("no bell for the capture")?);
        let audience = Audience::default();
        let (orders, received) = channel();
        let lookout = Lookout::new(received, bell.clone(), audience.clone(), numbers)?;
        thread::Builder::new()
            .name("capture".to_owned())
            .spawn(move || {
                // Where it cannot stand aside it still hears, and keeps an old `host` for longer.
                let _ = retreat.enter();
                lookout.run();
            })
            .context("no thread for the capture")?;
        Ok(Self {
            audience,
            orders: Some(orders),
            bell,
            duty,
            joined: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
            names: OnceLock::new(),
        })
    }

    /// Those who listen.
    pub fn audience(&self) -> &Audience {
        &self.audience
    }

    /// This task ends with it.
    pub fn ends_too(&self, task: AbortHandle) {
        let _ = self.names.set(task);
    }

    /// Compares the namespaces that there are with those listened to.
    ///
    /// # Errors
    /// If the kernel refuses a socket; the others are listened to all the same.
    pub async fn look(&self, machine: &Machine) -> Result<()> {
        let _turn = self.turn.lock().await;
        let new = self.part(there(machine));
        if new.is_empty() {
            return Ok(());
        }
        let shape = self.shape(new.len());
        let open = move |(ns, inode, fd): (Ns, u64, OwnedFd)| {
            let source =
                Source::open(&fd, shape).with_context(|| format!("A packet socket in {ns}"))?;
            Ok((ns, inode, source))
        };
        let opened: Vec<Result<_>> = match shape {
            Shape::Queue => new.into_iter().map(open).collect(),
            // Each waits for the kernel.
            Shape::Ring { .. } => {
                let opening = new
                    .into_iter()
                    .map(|new| aside("listen", move || open(new)));
                let opened = join_all(opening).await.into_iter();
                opened.map(|opened| opened.and_then(|it| it)).collect()
            }
        };
        let mut refused = Ok(());
        for opened in opened {
            match opened {
                Ok((ns, inode, source)) => {
                    self.joined().insert(ns.clone(), (inode, shape.blocks()));
                    self.order(Order::Join(inode, Box::new(Post::new(ns, source))));
                }
                Err(error) => refused = refused.and(Err(error)),
            }
        }
        refused
    }

    /// Lets go of the namespaces that are not there any more; those that are new.
    fn part(&self, mut there: Vec<(Ns, u64, OwnedFd)>) -> Vec<(Ns, u64, OwnedFd)> {
        let mut joined = self.joined();
        joined.retain(|ns, (inode, _)| {
            let stays = (there.iter()).any(|(there, same, _)| there == ns && same == inode);
            if !stays {
                self.order(Order::Leave(*inode));
            }
            stays
        });
        there.retain(|(ns, ..)| !joined.contains_key(ns));
        there
    }

    /// Of the sockets in so many more namespaces.
    fn shape(&self, more: usize) -> Shape {
        match self.duty {
            Duty::Brief => Shape::Queue,
            Duty::Lasting => {
                let joined = self.joined();
                let blocks = joined.values().map(|(_, blocks)| blocks).sum();
                Shape::of_rings(more, joined.len(), blocks)
            }
        }
    }

    fn joined(&self) -> MutexGuard<'_, Joined> {
        self.joined.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Comes back when everything is handed over that has passed before now.
    pub async fn catch_up(&self) {
        // A socket hears from when it is made; what was made so far is to be read as well.
        drop(self.turn.lock().await);
        let (passed, wait) = oneshot::channel();
        self.order(Order::Mark(passed));
        // Refused only by a thread that has ended, which hands over nothing more.
        let _ = wait.await;
    }

    fn order(&self, order: Order) {
        if let Some(orders) = &self.orders {
            // Both fail only when the thread has ended.
            let _ = orders.send(order);
            let _ = self.bell.write(1);
        }
    }
}

/// Every namespace, its inode, and opened.
fn there(machine: &Machine) -> Vec<(Ns, u64, OwnedFd)> {
    // Without `/run/netns` there are none with names. One that has gone again meanwhile is none.
    let there = machine.all().unwrap_or_else(|_| vec![Ns::Host]);
    let opened = there.into_iter().filter_map(|ns| {
        let fd = machine.fd(&ns).ok()?;
        Some((ns, fstat(&fd).ok()?.st_ino, fd))
    });
    opened.collect()
}

impl Drop for Crew {
    fn drop(&mut self) {
        if let Some(task) = self.names.get() {
            task.abort();
        }
        self.orders = None;
        let _ = self.bell.write(1);
    }
}
