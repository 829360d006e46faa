//! A packet socket whose frames wait in its queue: open in no time, and with little room.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use nix::sys::socket::{setsockopt, sockopt};
use socket2::{Domain, Socket, Type};

use super::post::Raw;
use crate::kernel::capture::receive::{Arrival, ask, receive};
use crate::kernel::capture::socket::{SNAPSHOT, address};
use crate::kernel::watch::send_inside;

/// Room for frames not yet read, bytes as the kernel counts them.
const ROOM: usize = 2 << 20;

/// The socket, and a buffer for a frame.
pub struct Queue {
    socket: Socket,
    buffer: Vec<u8>,
}

impl Queue {
    /// Opens one inside a namespace, on all its devices: hears from when this comes back.
    ///
    /// # Errors
    /// Outer: the namespace cannot be entered. Inner: what the kernel refused.
    pub fn open(ns: BorrowedFd<'_>) -> anyhow::Result<io::Result<Self>> {
        send_inside(ns, open)
    }

    /// Reads so many frames at most, those that are there; how many there were.
    pub fn read(&mut self, most: usize, mut each: impl FnMut(&Socket, &Raw<'_>)) -> usize {
        for count in 0..most {
            let Ok(arrival) = receive(&self.socket, &mut self.buffer) else {
                return count;
            };
            let Arrival {
                at,
                tag,
                length,
                link,
            } = arrival;
            let raw = Raw {
                at,
                index: link.map_or(0, |link| u32::try_from(link.ifindex()).unwrap_or(0)),
                pkttype: link.map_or(0, |link| link.pkttype()),
                hatype: link.map_or(0, |link| link.hatype()),
                tag,
                bytes: (self.buffer.get(..length)).unwrap_or(&self.buffer),
                length,
            };
            each(&self.socket, &raw);
        }
        most
    }

    /// The socket, to wait for frames.
    pub fn fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }

    /// The socket, to ask it things.
    pub fn socket(&self) -> &Socket {
        &self.socket
    }
}

fn open() -> io::Result<Queue> {
    // Protocol 0: nothing is received before the socket is bound.
    let socket = Socket::new(Domain::PACKET, Type::RAW, None)?;
    socket.set_nonblocking(true)?;
    // More than the machine's limit where allowed; up to the limit otherwise.
    if setsockopt(&socket, sockopt::RcvBufForce, &ROOM).is_err() {
        setsockopt(&socket, sockopt::RcvBuf, &ROOM)?;
    }
    ask(&socket)?;
    socket.bind(&address(0)?)?;
    Ok(Queue {
        socket,
        buffer: vec![0; SNAPSHOT],
    })
}
