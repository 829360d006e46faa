//! News of names: namespaces that come and go in `/run/netns`, by whoever's hand.

use std::fs::File;

use anyhow::Context;
use futures::stream::{Stream, unfold};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// A stream that yields whenever a name in `/run/netns` may have come or gone.
///
/// A name is a mount, and the file under it exists a moment before it is mounted on, so it is the
/// list of mounts that is watched: `/proc/self/mountinfo` has priority data after every change
/// (`proc(5)`). Other mounts bring news too; compare [`Spaces::names`](super::Spaces::names).
///
/// Call it within a Tokio runtime.
///
/// # Errors
/// When the list of mounts cannot be watched.
pub fn watch_names() -> anyhow::Result<impl Stream<Item = ()> + Send + Unpin> {
    let mounts = File::open("/proc/self/mountinfo").context("mounts cannot be listed")?;
    let interest = Interest::PRIORITY | Interest::ERROR;
    // SAFETY: a `File` owns its descriptor, gives out the same one each time, and is closed only
    // when the `AsyncFd` that owns it is dropped.
    let mounts = unsafe { AsyncFd::register_with_interest(mounts, interest) }
        .context("mounts cannot be watched")?;
    Ok(Box::pin(unfold(mounts, move |mounts| async move {
        mounts.ready(interest).await.ok()?.clear_ready();
        Some(((), mounts))
    })))
}
