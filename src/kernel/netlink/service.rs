//! The thread that sends requests.
//!
//! The kernel carries out a request within the sender's `sendmsg`: tens of milliseconds where a
//! device changes its namespace or goes. The thread that draws must not wait for that.

use std::sync::LazyLock;
use std::{io, thread};

use anyhow::{Result, anyhow};
use tokio::runtime::{Builder, Handle};

static SERVICE: LazyLock<io::Result<Handle>> = LazyLock::new(start);

/// The runtime of that thread, which is started when it is first wanted and lives as long as the
/// program.
///
/// # Errors
/// There can be no further thread.
pub fn handle() -> Result<&'static Handle> {
    SERVICE
        .as_ref()
        .map_err(|error| anyhow!("no thread for rtnetlink: {error}"))
}

fn start() -> io::Result<Handle> {
    let runtime = Builder::new_current_thread().enable_io().build()?;
    let handle = runtime.handle().clone();
    thread::Builder::new()
        .name("rtnetlink".to_owned())
        .spawn(move || runtime.block_on(std::future::pending::<()>()))?;
    Ok(handle)
}
