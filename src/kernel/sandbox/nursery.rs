//! Namespaces made before they are asked for.
//!
//! The kernel takes half a millisecond to make one, on any processor. Who is going to need many has
//! them made by another thread while it does other things.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use nix::sched::{CloneFlags, unshare};

use super::{THREAD_NETNS, conf};

/// So many wait to be taken.
const WAITING: usize = 8;

/// Namespaces without a name. Those that nobody takes end with this.
#[derive(Debug)]
pub struct Nursery(Receiver<OwnedFd>);

impl Nursery {
    /// Begins to make so many.
    ///
    /// # Errors
    /// There can be no further thread.
    pub fn start(count: usize) -> io::Result<Self> {
        let (give, take) = sync_channel(WAITING);
        thread::Builder::new()
            .name("nursery".to_owned())
            .spawn(move || {
                // The first that is refused, or not wanted any more, is the last.
                (0..count).try_for_each(|_| give.send(newborn().ok()?).ok())
            })?;
        Ok(Self(take))
    }

    /// The next one; none when all were taken, or the kernel refused it.
    pub fn take(&self) -> Option<OwnedFd> {
        self.0.recv().ok()
    }
}

/// A new namespace, in which this thread then stands.
fn newborn() -> io::Result<OwnedFd> {
    unshare(CloneFlags::CLONE_NEWNET)?;
    conf::pin_new()?;
    Ok(File::open(THREAD_NETNS)?.into())
}
