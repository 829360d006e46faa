//! rtnetlink sockets that stand in another namespace.

use std::os::fd::BorrowedFd;

use anyhow::{Context, Result};
use netlink_sys::Socket;
use netlink_sys::protocols::NETLINK_ROUTE;
use nix::sched::{CloneFlags, setns};

/// Bytes of receive buffer asked for; the kernel gives what `net.core.rmem_max` allows.
const RECEIVE_BUFFER: usize = 1 << 20;

/// Opens a socket inside `ns`. It keeps that namespace, whoever uses it.
///
/// # Errors
/// The namespace cannot be entered, or has no rtnetlink.
pub fn open(ns: BorrowedFd<'_>) -> Result<Socket> {
    // setns(2) moves the calling thread alone, so a thread is made for it and thrown away.
    let opened = std::thread::scope(|scope| {
        scope
            .spawn(|| -> Result<Socket> {
                setns(ns, CloneFlags::CLONE_NEWNET).context("entering the namespace")?;
                let mut socket = Socket::new(NETLINK_ROUTE).context("opening rtnetlink")?;
                socket.bind_auto().context("binding rtnetlink")?;
                Ok(socket)
            })
            .join()
    });
    let socket = opened.map_err(|_| anyhow::anyhow!("the thread that opens rtnetlink died"))??;
    socket.set_non_blocking(true)?;
    // Refusals with the kernel's own words, without the whole request repeated before them.
    socket.set_ext_ack(true)?;
    socket.set_cap_ack(true)?;
    socket.set_rx_buf_sz(u32::try_from(RECEIVE_BUFFER)?)?;
    Ok(socket)
}
