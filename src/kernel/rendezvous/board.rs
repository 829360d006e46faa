//! What a session says of itself, and what it is asked and answers itself.
//!
//! The socket is served beside the session, which knows what its namespaces hold. So such a question
//! is handed to the loop that runs the session, which answers when it comes to it.

use std::cell::RefCell;
use std::rc::Rc;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

use super::protocol::{Reply, Standing};

/// What the session says of itself, kept up to date by whoever runs it.
#[derive(Clone, Debug)]
pub struct Board {
    standing: Rc<RefCell<Option<Standing>>>,
    asks: UnboundedSender<Asked>,
}

/// What a session is asked that it answers itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// What there is, and how it is plugged.
    Map,
    /// Send a packet, and tell what becomes of it.
    Why {
        /// From this namespace.
        from: String,
        /// To this address, or this namespace.
        to: String,
    },
}

/// A question, and where its answer goes.
#[derive(Debug)]
pub struct Asked {
    /// What is asked.
    pub wish: Wish,
    /// Takes the answer. It is closed when the asker has gone.
    pub answer: oneshot::Sender<Reply>,
}

/// Questions, for the loop that runs the session.
pub type Questions = UnboundedReceiver<Asked>;

impl Board {
    /// A board on which nothing stands yet, and the questions that come.
    pub fn new() -> (Self, Questions) {
        let (asks, questions) = unbounded_channel();
        let standing = Rc::default();
        (Self { standing, asks }, questions)
    }

    /// From now on this is taught, or nothing is.
    pub fn show(&self, standing: Option<Standing>) {
        self.standing.replace(standing);
    }

    /// What is taught.
    pub(super) fn standing(&self) -> Option<Standing> {
        self.standing.borrow().clone()
    }

    /// Asks the session; nothing comes back where it has no answer any more.
    pub(super) async fn ask(&self, wish: Wish) -> Option<Reply> {
        let (answer, answered) = oneshot::channel();
        self.asks.send(Asked { wish, answer }).ok()?;
        answered.await.ok()
    }
}
