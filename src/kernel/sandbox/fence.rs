//! Nothing is sent into the network that the program was started in.

use std::os::fd::BorrowedFd;
use std::sync::OnceLock;

use anyhow::{Context, ensure};
use nix::sys::stat::fstat;

/// Inode of the net namespace that the guardian stands in; known once a sandbox was entered.
static OUTSIDE: OnceLock<u64> = OnceLock::new();

/// Remembers which net namespace is the machine's own.
pub(super) fn raise(outside: u64) {
    OUTSIDE.get_or_init(|| outside);
}

/// Is this within a sandbox?
pub(super) fn is_raised() -> bool {
    OUTSIDE.get().is_some()
}

/// Proves that a net namespace is one of the sandbox's, before anything is sent there.
///
/// # Errors
/// It is the one that the program was started in, or no sandbox was entered.
pub fn fence(ns: BorrowedFd<'_>) -> anyhow::Result<()> {
    let outside = OUTSIDE
        .get()
        .context("nothing is sent, because there is no sandbox")?;
    let inode = fstat(ns)
        .context("the namespace cannot be looked at")?
        .st_ino;
    ensure!(
        inode != *outside,
        "nothing is sent, because this is the network that the program was started in"
    );
    Ok(())
}
