//! Sockets: opened inside a namespace, handed to the runtime.

use std::os::fd::{AsRawFd, BorrowedFd};
use std::{io, mem};

use nix::libc;
use socket2::Socket;
use tokio::io::unix::AsyncFd;

use super::sandbox;

/// Opens, by `f`, something that will send or listen inside a namespace: one of the sandbox's.
///
/// # Errors
/// The namespace is not the sandbox's, or cannot be entered.
pub fn send_inside<T: Send>(ns: BorrowedFd<'_>, f: impl FnOnce() -> T + Send) -> anyhow::Result<T> {
    sandbox::fence(ns)?;
    sandbox::inside(ns, f)
}

/// Registers a non-blocking socket with the current runtime.
///
/// # Errors
/// The runtime cannot watch it.
pub fn watch(socket: Socket) -> io::Result<AsyncFd<Socket>> {
    // SAFETY: a `Socket` owns its descriptor, which stays the same and open until it is dropped,
    // and `AsyncFd` deregisters it before that.
    let watched = unsafe { AsyncFd::register(socket) };
    watched.map_err(io::Error::from)
}

/// The name that a device has now, asked of a socket that stands in its namespace.
pub fn device_name(socket: &Socket, ifindex: u32) -> Option<String> {
    // SAFETY: all-zero bytes are a valid `ifreq`.
    let mut request: libc::ifreq = unsafe { mem::zeroed() };
    request.ifr_ifru.ifru_ifindex = i32::try_from(ifindex).ok()?;
    // SAFETY: the descriptor is open, and SIOCGIFNAME (netdevice(7)) reads and writes one `ifreq`.
    let done = unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCGIFNAME, &raw mut request) };
    let bytes = request.ifr_name.iter().map(|byte| byte.to_ne_bytes()[0]);
    let name: Vec<u8> = bytes.take_while(|byte| *byte != 0).collect();
    (done == 0).then(|| String::from_utf8(name).ok()).flatten()
}
