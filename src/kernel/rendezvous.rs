//! Where a running session is met from a second terminal of the same user.
//!
//! The guardian opens an abstract unix socket (`unix(7)`) before it clones the sandbox. So the
//! socket lies in the network namespace that the program was started in, where a second terminal
//! finds it, is held by process 1 of the sandbox alone, and vanishes with that process however it
//! ends: there is no file that could be left behind.
//!
//! What is spoken: one line of JSON each way ([`protocol`]). Who asks to enter is given the
//! namespaces themselves, as descriptors, and its connection stays open: it ends with the session.
//!
//! Only the same user is answered, and only the same user is believed. The kernel says who is at
//! the other end (`SO_PEERCRED`): who connected, and on the other side who began to listen, which
//! is the guardian. User ids are told in terms of the asker's user namespace. In that of a sandbox
//! there is one id, 0, which is the user who started it; everybody else's shows as the overflow id
//! (`user_namespaces(7)`). Without a user namespace root's session is root's. So on either side the
//! question is the same: is it my own effective id?

mod board;
mod descriptors;
mod find;
pub mod protocol;
mod serve;
mod visit;

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use nix::unistd::{Uid, geteuid, getpid};

pub use board::{Asked, Board, Questions, Wish};
pub use find::{Found, Session, strangers};
pub(super) use serve::{Rounds, serve};
pub use visit::{Ended, Visit};

/// What the names of all sessions of `user` begin with.
fn prefix(user: Uid) -> String {
    format!("tutor/{user}/")
}

/// The socket at which a session is met, opened but not yet served.
#[derive(Debug)]
pub struct Door {
    listener: UnixListener,
    /// Seconds since 1970 at which it was opened.
    since: u64,
}

impl Door {
    /// Opens it. Call this in the guardian, before the sandbox is made.
    ///
    /// The name ends with a number that cannot be guessed, or somebody else could take all names
    /// beforehand.
    ///
    /// # Errors
    /// If the kernel refuses the socket.
    pub fn open() -> Result<Self> {
        let unguessable = RandomState::new().hash_one(0);
        let name = format!("{}{}/{unguessable:016x}", prefix(geteuid()), getpid());
        let address = SocketAddr::from_abstract_name(name).context("naming the session")?;
        let listener =
            UnixListener::bind_addr(&address).context("listening for a second terminal")?;
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Ok(Self {
            listener,
            since: since.map_or(0, |since| since.as_secs()),
        })
    }
}
