//! Waiting until what was switched on really runs.
//!
//! An acknowledgement is not readiness: carrier comes a moment after `up`, and a bridge port
//! forwards a moment after that. The first echo request over a fresh bridge would be lost, and the
//! next one is a second away.

use std::os::fd::AsFd;
use std::rc::Rc;
use std::time::Duration;

use anyhow::Result;
use tokio::time::{Instant, timeout_at};

use super::machine::Machine;
use super::netlink::Rtnl;
use crate::world::ready::on_its_way;
use crate::world::{Ns, Space};

/// A port that is not ready by then is kept off by the spanning tree, or is down for a reason that
/// the learner should see.
const PATIENCE: Duration = Duration::from_secs(2);

/// Waits until the devices of `ns` that are on their way up have come up; at most for a while.
///
/// # Errors
/// If the kernel does not answer.
pub async fn ready(machine: &Machine, ns: &Ns) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    let fd = machine.fd(ns)?;
    let mut news = Rtnl::watch(fd.as_fd(), &machine.sockets(ns)?.rtnl, Rc::new(Vec::new))?;
    let mut space = Space::default();
    loop {
        let Ok(changes) = timeout_at(deadline, news.next()).await else {
            return Ok(());
        };
        for change in changes? {
            space.apply(change);
        }
        if !space.links.values().any(|link| on_its_way(&space, link)) {
            return Ok(());
        }
    }
}
