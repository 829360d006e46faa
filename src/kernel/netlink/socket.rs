//! rtnetlink sockets that stand in another namespace.

use std::os::fd::BorrowedFd;

use anyhow::{Context, Result};
use netlink_sys::protocols::NETLINK_ROUTE;
use netlink_sys::{Socket, SocketAddr};

use crate::kernel::watch::send_inside;

/// `RTNLGRP_LINK` of `linux/rtnetlink.h`.
const LINK: u32 = 1;
/// Groups of `linux/rtnetlink.h` that tell of every table: link, neigh, IPv4 address, IPv4 route,
/// IPv4 rule, IPv6 address, IPv6 route, IPv6 rule, IPv4 netconf, IPv6 netconf, nsid.
const GROUPS: [u32; 11] = [LINK, 3, 5, 7, 8, 9, 11, 19, 24, 25, 28];
/// Bytes of receive buffer asked for; the kernel gives what `net.core.rmem_max` allows.
const RECEIVE_BUFFER: usize = 1 << 20;

/// Opens a socket inside `ns`, which must be one of the sandbox. It keeps that namespace, whoever
/// uses it.
///
/// # Errors
/// The namespace cannot be entered, or has no rtnetlink.
pub fn open(ns: BorrowedFd<'_>) -> Result<Socket> {
    bound(ns, 0)
}

/// Opens a socket inside `ns` that is told of every change of a table.
///
/// # Errors
/// The namespace cannot be entered, or its groups cannot be joined.
pub fn listen(ns: BorrowedFd<'_>) -> Result<Socket> {
    bound(ns, GROUPS.into_iter().map(bit).sum())
}

/// Opens a socket inside `ns` that is told of devices alone.
///
/// # Errors
/// As [`listen`].
pub fn listen_to_links(ns: BorrowedFd<'_>) -> Result<Socket> {
    bound(ns, bit(LINK))
}

fn bit(group: u32) -> u32 {
    1 << (group - 1)
}

/// Opens a socket that belongs to these groups (a bit each) from its beginning.
fn bound(ns: BorrowedFd<'_>, groups: u32) -> Result<Socket> {
    let socket = send_inside(ns, || -> Result<Socket> {
        let mut socket = Socket::new(NETLINK_ROUTE).context("opening rtnetlink")?;
        (socket.bind(&SocketAddr::new(0, groups))).context("binding rtnetlink")?;
        Ok(socket)
    })??;
    socket.set_non_blocking(true)?;
    // Refusals with the kernel's own words, without the whole request repeated before them.
    socket.set_ext_ack(true)?;
    socket.set_cap_ack(true)?;
    socket.set_rx_buf_sz(u32::try_from(RECEIVE_BUFFER)?)?;
    Ok(socket)
}
