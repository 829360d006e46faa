//! The thread that reads every packet socket.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{Receiver, TryRecvError};

use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use nix::sys::eventfd::EventFd;
use tokio::sync::oneshot;

use super::close::close;
use super::inbox::Audience;
use super::post::Post;

/// Frames read from one namespace before the others have their turn.
const TURN: usize = 256;
/// Frames read from a namespace that is let go of, at most: more than its socket has room for.
const LAST: usize = 65_536;
/// Sockets with frames taken notice of at once.
const READY: usize = 64;
/// After so many milliseconds in which nothing came nothing is waited for: longer than any ring
/// keeps a frame back.
const PATIENCE: u8 = 250;
/// Stands for the bell among the namespaces' inodes, none of which is 0.
const BELL: u64 = 0;

/// What the thread is told.
pub enum Order {
    /// Listens to the namespace with this inode.
    Join(u64, Box<Post>),
    /// No more.
    Leave(u64),
    /// Says when everything that has passed before now is handed over.
    Mark(oneshot::Sender<()>),
}

/// Everything is handed over once each namespace is read up to its mark.
struct Mark {
    ahead: Vec<(u64, u64)>,
    passed: oneshot::Sender<()>,
}

/// What the thread keeps.
pub struct Lookout {
    orders: Receiver<Order>,
    bell: Arc<EventFd>,
    audience: Audience,
    numbers: Arc<AtomicU64>,
    epoll: Epoll,
    posts: BTreeMap<u64, Post>,
    marks: Vec<Mark>,
}

impl Lookout {
    /// Hears nothing yet.
    ///
    /// # Errors
    /// There can be no further descriptor.
    pub fn new(
        orders: Receiver<Order>,
        bell: Arc<EventFd>,
        audience: Audience,
        numbers: Arc<AtomicU64>,
    ) -> Result<Self> {
        let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC).context("waiting for packets")?;
        epoll
            .add(&bell, EpollEvent::new(EpollFlags::EPOLLIN, BELL))
            .context("waiting for packets")?;
        Ok(Self {
            orders,
            bell,
            audience,
            numbers,
            epoll,
            posts: BTreeMap::new(),
            marks: Vec::new(),
        })
    }

    /// Reads and hands over, until nobody gives orders any more.
    pub fn run(mut self) {
        let mut ready = [EpollEvent::empty(); READY];
        loop {
            let patience = if self.marks.is_empty() {
                EpollTimeout::NONE
            } else {
                EpollTimeout::from(PATIENCE)
            };
            let count = match self.epoll.wait(&mut ready, patience) {
                Ok(0) => {
                    // Something was counted that will not come.
                    self.marks.clear();
                    0
                }
                Ok(count) => count,
                Err(Errno::EINTR) => 0,
                Err(_) => break, // not of what this waits for, and so not again either
            };
            let ready = ready.get(..count).unwrap_or_default();
            if ready.iter().any(|event| event.data() == BELL) && self.obey().is_none() {
                break;
            }
            for event in ready {
                self.visit(event.data(), TURN);
            }
            self.let_through();
        }
        close(self.posts.into_values().collect());
    }

    /// `None` when there will be no orders any more.
    fn obey(&mut self) -> Option<()> {
        let _ = self.bell.read();
        loop {
            match self.orders.try_recv() {
                Ok(order) => self.carry_out(order),
                Err(TryRecvError::Empty) => return Some(()),
                Err(TryRecvError::Disconnected) => return None,
            }
        }
    }

    fn carry_out(&mut self, order: Order) {
        match order {
            Order::Join(inode, post) => {
                let waited = EpollEvent::new(EpollFlags::EPOLLIN, inode);
                // Refused where the kernel has no memory for it: that one is not heard.
                if self.epoll.add(post.fd(), waited).is_ok() {
                    self.posts.insert(inode, *post);
                }
            }
            Order::Leave(inode) => {
                self.visit(inode, LAST);
                if let Some(post) = self.posts.remove(&inode) {
                    let _ = self.epoll.delete(post.fd());
                    close(vec![post]);
                }
            }
            Order::Mark(passed) => self.mark(passed),
        }
    }

    /// Notes how far each namespace has to be read, and reads so far what is there already.
    fn mark(&mut self, passed: oneshot::Sender<()>) {
        let mut ahead = Vec::new();
        for (inode, post) in &mut self.posts {
            let (mark, missed) = post.mark();
            self.audience.tell(&[], missed);
            ahead.push((*inode, mark));
        }
        self.marks.push(Mark { ahead, passed });
        let waiting: Vec<u64> = self.posts.keys().copied().collect();
        for inode in waiting {
            self.visit(inode, TURN);
        }
    }

    /// Reads so many frames at most from a namespace, and hands them over.
    fn visit(&mut self, inode: u64, most: usize) {
        if let Some(post) = self.posts.get_mut(&inode) {
            let mut heard = Vec::new();
            let missed = post.visit(most, &self.numbers, &mut heard);
            self.audience.tell(&heard, missed);
        }
    }

    /// Tells those who wait for a mark that every namespace has passed. One that is gone is read to
    /// its end.
    fn let_through(&mut self) {
        let posts = &self.posts;
        let is_ahead =
            |inode: &u64, mark: u64| (posts.get(inode)).is_some_and(|post| !post.has_passed(mark));
        for mark in std::mem::take(&mut self.marks) {
            if mark.ahead.iter().any(|(inode, at)| is_ahead(inode, *at)) {
                self.marks.push(mark);
            } else {
                // Whoever waited may have gone.
                let _ = mark.passed.send(());
            }
        }
    }
}
