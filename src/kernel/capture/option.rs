//! Options of packet sockets (packet(7)).

use std::io;
use std::os::fd::AsRawFd;

use nix::libc;
use socket2::Socket;

use crate::kernel::capture::socket::length_of;

/// Sets one; `value` has to be what the option is documented to take.
///
/// # Errors
/// What the kernel refused.
pub fn set<T: Copy>(socket: &Socket, option: libc::c_int, value: &T) -> io::Result<()> {
    // SAFETY: the descriptor is open, and the kernel reads as many bytes as `value` has, at most.
    let done = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_PACKET,
            option,
            (&raw const *value).cast(),
            length_of(value),
        )
    };
    if done == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

/// How many frames a socket was given or should have been given, and how many of them there was no
/// room for, since it was asked last.
pub fn statistics(socket: &Socket) -> (u64, u64) {
    let mut counts = libc::tpacket_stats {
        tp_packets: 0,
        tp_drops: 0,
    };
    let mut length = length_of(&counts);
    // SAFETY: the descriptor is open; the kernel writes at most `length` bytes to `counts`.
    let done = unsafe {
        libc::getsockopt(
            socket.as_raw_fd(),
            libc::SOL_PACKET,
            libc::PACKET_STATISTICS,
            (&raw mut counts).cast(),
            &raw mut length,
        )
    };
    debug_assert!(done == 0, "a packet socket counts");
    (counts.tp_packets.into(), counts.tp_drops.into())
}
