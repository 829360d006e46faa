//! rtnetlink sockets that stand in another namespace.

use std::os::fd::BorrowedFd;

use anyhow::{Context, Result};
use netlink_sys::Socket;
use netlink_sys::protocols::NETLINK_ROUTE;

use crate::kernel::watch::send_inside;

/// Bytes of receive buffer asked for; the kernel gives what `net.core.rmem_max` allows.
const RECEIVE_BUFFER: usize = 1 << 20;

/// Opens a socket inside `ns`, which must be one of the sandbox. It keeps that namespace, whoever
/// uses it.
///
/// # Errors
/// The namespace cannot be entered, or has no rtnetlink.
pub fn open(ns: BorrowedFd<'_>) -> Result<Socket> {
    let socket = send_inside(ns, || -> Result<Socket> {
        let mut socket = Socket::new(NETLINK_ROUTE).context("opening rtnetlink")?;
        socket.bind_auto().context("binding rtnetlink")?;
        Ok(socket)
    })??;
    socket.set_non_blocking(true)?;
    // Refusals with the kernel's own words, without the whole request repeated before them.
    socket.set_ext_ack(true)?;
    socket.set_cap_ack(true)?;
    socket.set_rx_buf_sz(u32::try_from(RECEIVE_BUFFER)?)?;
    Ok(socket)
}
