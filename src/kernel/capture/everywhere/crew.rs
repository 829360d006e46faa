//! Those who listen together: one thread, and the namespaces that it hears.

use std::collections::BTreeMap;
use std::os::fd::AsFd;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;

use anyhow::{Context, Result};
use nix::sys::eventfd::{EfdFlags, EventFd};
use nix::sys::stat::fstat;
use tokio::sync::oneshot;
use tokio::task::AbortHandle;

use super::inbox::Audience;
use super::lookout::{Lookout, Order};
use super::post::Post;
use super::queue::Queue;
use super::retreat::Retreat;
use crate::kernel::machine::Machine;
use crate::world::Ns;

/// Ends its thread, and closes every socket, when the last who listens has gone.
pub struct Crew {
    audience: Audience,
    orders: Option<Sender<Order>>,
    bell: Arc<EventFd>,
    /// The namespaces listened to, by inode. That of a namespace that is listened to is no other's.
    joined: Mutex<BTreeMap<Ns, u64>>,
    names: OnceLock<AbortHandle>,
}

impl Crew {
    /// Starts the thread, which hears nothing yet.
    ///
    /// # Errors
    /// There can be no further thread or descriptor.
    pub fn start(retreat: Arc<Retreat>, numbers: Arc<AtomicU64>) -> Result<Self> {
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
            joined: Mutex::default(),
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
    pub fn look(&self, machine: &Machine) -> Result<()> {
        let mut joined = self.joined.lock().unwrap_or_else(PoisonError::into_inner);
        // One that has gone again meanwhile is none. Without `/run/netns` there are none with names.
        let there = machine.all().unwrap_or_else(|_| vec![Ns::Host]);
        let there: Vec<_> = (there.into_iter())
            .filter_map(|ns| machine.fd(&ns).ok().map(|fd| (ns, fd)))
            .filter_map(|(ns, fd)| fstat(&fd).ok().map(|stat| (ns, (stat.st_ino, fd))))
            .collect();
        joined.retain(|ns, inode| {
            let stays = (there.iter()).any(|(there, (same, _))| there == ns && same == inode);
            if !stays {
                self.order(Order::Leave(*inode));
            }
            stays
        });
        let mut refused = Ok(());
        for (ns, (inode, fd)) in there {
            if joined.contains_key(&ns) {
                continue;
            }
            match Queue::open(fd.as_fd()).and_then(|opened| Ok(opened?)) {
                Ok(queue) => {
                    joined.insert(ns.clone(), inode);
                    self.order(Order::Join(inode, Box::new(Post::new(ns, queue))));
                }
                Err(error) => refused = Err(error.context(format!("listening in {ns}"))),
            }
        }
        refused
    }

    /// Comes back when everything is handed over that has passed before now.
    pub async fn catch_up(&self) {
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

impl Drop for Crew {
    fn drop(&mut self) {
        if let Some(task) = self.names.get() {
            task.abort();
        }
        self.orders = None;
        let _ = self.bell.write(1);
    }
}
