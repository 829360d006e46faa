//! One table at a time.
//!
//! The kernel reads a table for a socket piece by piece, and refuses another one meanwhile (`EBUSY`,
//! `__netlink_dump_start` of `net/netlink/af_netlink.c`). But a command and whoever follows its packet
//! ask the same socket.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures::stream::{Stream, StreamExt};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// Whose turn it is.
pub type Turns = Arc<Mutex<()>>;

/// A table's answers, and the turn for as long as they come: who stops listening leaves them to be
/// read to their end by the service.
pub struct Reading<S: Stream + Send + Unpin + 'static> {
    answers: Option<S>,
    turn: Option<OwnedMutexGuard<()>>,
    service: Handle,
}

impl<S: Stream + Send + Unpin + 'static> Reading<S> {
    /// The answers to what was sent in this turn.
    pub fn new(answers: S, turn: OwnedMutexGuard<()>, service: Handle) -> Self {
        Self {
            answers: Some(answers),
            turn: Some(turn),
            service,
        }
    }
}

impl<S: Stream + Send + Unpin + 'static> Stream for Reading<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let Some(answers) = &mut self.answers else {
            return Poll::Ready(None);
        };
        let next = answers.poll_next_unpin(cx);
        if let Poll::Ready(None) = next {
            self.answers = None;
        }
        next
    }
}

impl<S: Stream + Send + Unpin + 'static> Drop for Reading<S> {
    fn drop(&mut self) {
        if let (Some(mut answers), Some(turn)) = (self.answers.take(), self.turn.take()) {
            self.service.spawn(async move {
                while answers.next().await.is_some() {}
                drop(turn);
            });
        }
    }
}
