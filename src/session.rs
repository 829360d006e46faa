//! The session: a pure state machine, `handle(Event) -> Vec<Effect>`.
//!
//! No socket, clock, terminal or Tokio inside: time arrives as an event, and what is to be done
//! leaves as data. Effects carry a [`Ticket`]; a late answer to an old ticket does nothing.

pub mod event;
mod row_key;
pub mod state;

pub use event::{Action, Effect, Event, Outcome, Ticket};
pub use state::{CheckState, CommandState, Pane, Phase, Progress, RowKey, Session};
