//! What the child tells the guardian as it ends, over a pipe.

use std::fmt;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;

use nix::errno::Errno;
use serde::{Deserialize, Serialize};

use crate::command::request::meaning;
use crate::kernel::doctor;

/// Longest report, bytes; less than a pipe holds, so that writing it never waits.
const LONGEST: usize = 16 << 10;

/// The kernel refuses what a sandbox is made of. Shown with why that may be and what helps;
/// `{:#}` shows the bare fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// What was refused (`namespaces`, `mount of /run`).
    pub what: String,
    /// With which errno, positive.
    pub errno: i32,
}

impl Refused {
    /// `what` was refused with `errno`.
    pub fn new(what: &str, errno: Errno) -> Self {
        Self {
            what: what.to_owned(),
            errno: errno as i32,
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = meaning(self.errno);
        write!(f, "no sandbox can be made here: {}: {why}", self.what)?;
        if f.alternate() {
            return Ok(());
        }
        f.write_str("\n")?;
        f.write_str(&doctor::explain_refusal(self.errno))
    }
}

impl std::error::Error for Refused {}

/// How the child came to its end, where the exit status alone does not say it.
#[derive(Debug, Serialize, Deserialize)]
pub enum Report {
    /// The sandbox could not be made.
    Refused(Refused),
    /// The program failed, with this message.
    Failed(String),
    /// The program panicked, and has said so itself.
    Panicked,
}

impl Report {
    /// The report of an error.
    pub fn of(error: &anyhow::Error) -> Self {
        if let Some(refused) = error.downcast_ref::<Refused>() {
            return Self::Refused(refused.clone());
        }
        // A character is at most six bytes of JSON an octet, four octets of UTF-8.
        Self::Failed(format!("{error:#}").chars().take(LONGEST / 24).collect())
    }

    /// Sends it. The status says that something is wrong even if this fails.
    pub fn send(&self, tell: OwnedFd) {
        if let Ok(text) = serde_json::to_vec(self) {
            File::from(tell).write_all(&text).ok();
        }
    }

    /// What the child sent, if it sent anything. Call it when the child has ended.
    pub fn receive(told: OwnedFd) -> Option<Self> {
        let mut text = Vec::new();
        let limit = u64::try_from(LONGEST).ok()?;
        File::from(told).take(limit).read_to_end(&mut text).ok()?;
        serde_json::from_slice(&text).ok()
    }
}
