//! Work that may wait for the kernel, aside from the thread that draws.

use std::thread;

use anyhow::{Context, Result};
use tokio::sync::oneshot;

/// Does `work` on a thread of its own and comes back with its result.
///
/// The thread ends with its work. One that idled for more, as those of a pool do, would keep the
/// `host` namespace alive that it was born in, and with it all of that namespace's devices.
///
/// # Errors
/// There can be no further thread, or the work has panicked.
pub async fn aside<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    let (done, wait) = oneshot::channel();
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || {
            // Whoever asked may have gone.
            let _ = done.send(work());
        })
        .with_context(|| format!("no thread for {name}"))?;
    wait.await
        .with_context(|| format!("{name} has ended half-way"))
}
