//! What a learner has done is found again: after a kill, beside a second session, on a full disk,
//! with a damaged file, on another machine.
//!
//! The real binary in a real terminal. Nothing here sleeps: a test waits until the screen or the
//! file says what it should, with a deadline.

#[path = "progress/commands.rs"]
mod commands;
#[path = "progress/killed.rs"]
mod killed;
#[path = "support/program.rs"]
mod program;
#[allow(dead_code)] // Each test binary uses its part of this.
#[path = "support/pty.rs"]
mod pty;
#[path = "progress/state.rs"]
mod state;
#[path = "progress/trouble.rs"]
mod trouble;
#[path = "progress/two.rs"]
mod two;
