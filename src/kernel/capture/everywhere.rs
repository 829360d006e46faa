//! Everything that passes any device of any namespace, while anybody wants to know.

use std::rc::Rc;
use std::sync::Arc;

use anyhow::Result;

use crate::kernel::machine::Machine;
use crate::packet::Sighting;

/// Hears every device of every namespace, also those that come later. Without an [`Ear`] nothing is
/// open, and nothing is done.
pub struct Sniffer {
    _machine: Rc<Machine>,
}

/// Somebody who wants to know. Nobody, once it is dropped.
pub struct Ear {}

impl Sniffer {
    /// Nobody listens yet.
    pub fn new(machine: Rc<Machine>) -> Self {
        Self { _machine: machine }
    }

    /// Begins to listen: what passes after this has come back is heard.
    ///
    /// # Errors
    /// If the kernel refuses a socket.
    pub async fn listen(&self) -> Result<Ear> {
        Ok(Ear {})
    }
}

impl Ear {
    /// Comes back when there is something to be taken.
    pub async fn heard(&mut self) {
        std::future::pending::<()>().await;
    }

    /// Comes back when everything that has passed before now can be taken.
    pub async fn caught_up(&mut self) {}

    /// What was heard since it was asked last, in order of time; and how much there was no room for.
    pub fn take(&mut self) -> (Vec<Arc<Sighting>>, u64) {
        (Vec::new(), 0)
    }
}
