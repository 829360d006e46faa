//! Carrying out a lesson's lines again, silently and fast, in a sandbox made anew.
//!
//! All of it happens on one thread, which waits for nothing but the kernel: see
//! [`Machine::aside`].

mod course;
mod fuse;
pub(super) mod numbers;

use std::sync::atomic::AtomicBool;

use anyhow::{Context, Result};

use super::machine::Machine;
use super::sandbox::{Spaces, Uplink, uplink};
use super::watchers::Heard;
use crate::command::Command;
use crate::world::Ns;

pub use course::carry_out;
use numbers::Numbers;

/// What is carried out again, and in what.
pub struct Replay {
    /// With an uplink?
    pub uplink: bool,
    /// Namespace of the prompt, and command.
    pub lines: Vec<(Ns, Command)>,
}

/// A sandbox in which everything was carried out.
pub struct Rebuilt {
    /// Its namespaces.
    pub spaces: Spaces,
    /// Their tables.
    pub heard: Vec<Heard>,
    /// What they have counted up to, where that is not what the kernel would count on from.
    pub numbers: Option<Numbers>,
}

impl Replay {
    /// Lays the uplink in an empty sandbox, carries out every line, reads every table. Not on the
    /// thread that draws. Ends early once `stop` is set.
    ///
    /// # Errors
    /// If something fails that no real tool has words for.
    pub fn run(&self, mut spaces: Spaces, stop: &AtomicBool) -> Result<Rebuilt> {
        let uplink =
            (self.uplink.then(|| uplink(&mut spaces)).transpose()).context("laying the uplink")?;
        let machine = Machine::aside(spaces);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let numbers = carry_out(&machine, &self.lines, stop).await?;
            uplink.map_or(Ok(()), Uplink::wait)?;
            Ok(Rebuilt {
                heard: Heard::read_all(&machine).await?,
                spaces: machine.spaces(),
                numbers,
            })
        })
    }
}
