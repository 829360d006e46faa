//! Taking a namespace's devices down before it is deleted.

use anyhow::{Context, Result};
use netlink_packet_route::RouteNetlinkMessage;
use netlink_packet_route::link::LinkMessage;

use super::Rtnl;
use crate::command::task::Request;
use crate::world::link::LinkKind;

/// Deletes every veth of a namespace, and is done when they are gone with their other ends.
///
/// A namespace destroys its devices later than it is deleted (over a second, after traffic), and
/// until then the host keeps the other end and its route.
///
/// # Errors
/// A lost connection, or a kernel that refuses for another reason than that the device has gone.
pub async fn empty(rtnl: &Rtnl) -> Result<()> {
    let links = rtnl.links().await.context("reading devices")?;
    let requests: Vec<Request> = (links.values())
        .filter(|link| link.kind == LinkKind::Veth)
        .map(|link| delete(link.index))
        .collect();
    let mut nowhere = |_: &_| anyhow::bail!("deleting needs no namespace");
    rtnl.apply_batch(&requests, &mut nowhere).await?;
    Ok(())
}

fn delete(index: u32) -> Request {
    let mut message = LinkMessage::default();
    message.header.index = index;
    Request::new(RouteNetlinkMessage::DelLink(message), 0)
}
