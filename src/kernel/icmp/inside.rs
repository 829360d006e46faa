//! A function carried out inside a namespace.

use std::os::fd::BorrowedFd;

use anyhow::Context;
use nix::sched::{CloneFlags, setns};

/// Calls `f` on a short thread that stands in the net namespace.
///
/// # Errors
/// The namespace cannot be entered.
pub fn inside<T: Send>(ns: BorrowedFd<'_>, f: impl FnOnce() -> T + Send) -> anyhow::Result<T> {
    std::thread::scope(|scope| {
        let work = scope.spawn(move || {
            setns(ns, CloneFlags::CLONE_NEWNET).context("cannot enter the namespace")?;
            Ok(f())
        });
        work.join().unwrap_or_else(|_| {
            Err(anyhow::anyhow!(
                "the thread inside the namespace ended badly"
            ))
        })
    })
}
