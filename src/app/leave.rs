//! Being asked to leave from outside.

use anyhow::{Context, Result};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// SIGTERM and SIGHUP: leave in good order.
pub struct Leave {
    terminate: Signal,
    hang_up: Signal,
}

impl Leave {
    /// Listens for the signals that ask the program to leave.
    ///
    /// # Errors
    /// If the kernel refuses a handler.
    pub fn listen() -> Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate()).context("listening for SIGTERM")?,
            hang_up: signal(SignalKind::hangup()).context("listening for SIGHUP")?,
        })
    }

    /// Resolves when the program is asked to leave.
    pub async fn recv(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.hang_up.recv() => {}
        }
    }
}
