//! TCP probes: does a connection come about?

use std::cell::RefCell;
use std::io::{self, IoSliceMut};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::{AsRawFd, BorrowedFd};
use std::rc::{Rc, Weak};
use std::time::Duration;

use anyhow::Context;
use nix::sys::socket::{ControlMessageOwned, MsgFlags, recvmsg, sockopt};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::command::Family;
use crate::kernel::icmp::{PASSING, PATIENCE, STEADY};
use crate::kernel::icmp::{Refused, refused};
use crate::kernel::watch::{send_inside, watch};
use crate::lesson::probe::{Answer, Expect, Unreachable};

/// Between two connections when the first was refused and should not have been.
const AGAIN: Duration = Duration::from_millis(200);

/// The ports of a namespace on which the program listens, each as long as a probe needs it.
#[derive(Default)]
pub struct Ports {
    open: RefCell<Vec<(SocketAddr, Weak<Socket>)>>,
}

impl Ports {
    /// Listens on the port of `to` until what is returned is dropped; not where somebody else does.
    ///
    /// Probes share it: whoever closes a listening socket resets the connections that it holds, and
    /// these may be another probe's (`inet_csk_listen_stop` of `net/ipv4/inet_connection_sock.c`).
    ///
    /// # Errors
    /// The namespace is not the sandbox's, or the kernel refuses.
    pub fn listen(&self, ns: BorrowedFd<'_>, to: SocketAddr) -> anyhow::Result<Option<Rc<Socket>>> {
        let any = SocketAddr::new(any(to.ip()), to.port());
        let mut open = self.open.borrow_mut();
        open.retain(|(_, socket)| socket.strong_count() > 0);
        let shared = open.iter().find(|(at, _)| *at == any);
        if let Some(socket) = shared.and_then(|(_, socket)| socket.upgrade()) {
            return Ok(Some(socket));
        }
        let listener = send_inside(ns, || listener(any))?
            .with_context(|| format!("cannot listen on port {}", to.port()))?
            .map(Rc::new);
        open.extend(listener.iter().map(|it| (any, Rc::downgrade(it))));
        Ok(listener)
    }
}

/// Connects from one namespace. `local` becomes the port from which it connects; it may try more
/// than once, and the last try is the one that is answered for.
pub async fn probe(
    ns: BorrowedFd<'_>,
    to: SocketAddr,
    expect: &Expect,
    local: &mut Option<u16>,
) -> Answer {
    *local = None;
    let begun = Instant::now();
    let patience = match expect {
        Expect::Timeout => STEADY,
        Expect::Reply | Expect::Unreachable { .. } => PATIENCE,
    };
    let mut refused_since = None;
    loop {
        let Ok(answer) = timeout_at(begun + patience, connect(ns, to, local)).await else {
            return Answer::Silence {
                waited: begun.elapsed(),
            };
        };
        let again = Instant::now() + AGAIN;
        let since = *refused_since.get_or_insert_with(Instant::now);
        let end = (since + PASSING).min(begun + patience);
        let passing = match (&answer, expect) {
            (Answer::Unreachable { .. }, Expect::Reply) | (Answer::Failed(_), _) => true,
            (Answer::Unreachable { .. }, Expect::Unreachable { .. } | Expect::Timeout)
            | (Answer::Reply { .. } | Answer::Silence { .. }, _) => false,
        };
        if !passing || again >= end {
            return answer;
        }
        sleep_until(again).await;
    }
}

/// Every address of the family of `ip`.
fn any(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    }
}

/// Somebody who listens, unless there is one already.
fn listener(at: SocketAddr) -> io::Result<Option<Socket>> {
    let socket = Socket::new(Domain::for_address(at), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    if at.is_ipv6() {
        // Somebody may listen on the same port for IPv4.
        socket.set_only_v6(true)?;
    }
    match socket.bind(&at.into()) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Ok(None),
        other => other?,
    }
    // The kernel completes handshakes by itself; nothing is ever accepted.
    socket.listen(16)?;
    Ok(Some(socket))
}

/// One connection, until it stands or fails; the kernel itself gives up only after minutes.
async fn connect(ns: BorrowedFd<'_>, to: SocketAddr, local: &mut Option<u16>) -> Answer {
    let begun = Instant::now();
    let opened = send_inside(ns, || open(to));
    let socket = match opened.map_err(|error| Refused::plain(format!("{error:#}"))) {
        Ok(Ok(socket)) => socket,
        Ok(Err(error)) => return refused(&error),
        Err(error) => return Answer::Failed(error.text),
    };
    *local = local_port(&socket);
    let watched = match watch(socket) {
        Ok(watched) => watched,
        Err(error) => return Answer::Failed(error.to_string()),
    };
    if let Err(error) = watched.writable().await {
        return Answer::Failed(error.to_string());
    }
    match watched.get_ref().take_error() {
        Ok(None) => Answer::Reply {
            rtt: begun.elapsed(),
        },
        Ok(Some(error)) => told(watched.get_ref(), to, &error),
        Err(error) => Answer::Failed(error.to_string()),
    }
}

/// Its own port, where the kernel has given it one.
fn local_port(socket: &Socket) -> Option<u16> {
    let port = socket.local_addr().ok()?.as_socket()?.port();
    (port != 0).then_some(port)
}

/// A socket whose connection is under way, and which will tell which ICMP error ended it
/// (`IP_RECVERR`, ip(7)).
fn open(to: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(to), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    match to {
        SocketAddr::V4(_) => {
            nix::sys::socket::setsockopt(&socket, sockopt::Ipv4RecvErr, &true)?;
        }
        SocketAddr::V6(_) => {
            nix::sys::socket::setsockopt(&socket, sockopt::Ipv6RecvErr, &true)?;
        }
    }
    match socket.connect(&to.into()) {
        Err(error) if error.raw_os_error() != Some(nix::libc::EINPROGRESS) => Err(error),
        _ => Ok(socket),
    }
}

/// Who ended the connection, and how: an ICMP error from the socket's error queue, or a reset.
fn told(socket: &Socket, to: SocketAddr, error: &io::Error) -> Answer {
    if let Some((by, code)) = icmp_error(socket) {
        return Answer::Unreachable { by, code };
    }
    match refused(error) {
        Answer::Unreachable {
            by: None,
            code: Unreachable::Port,
        } => Answer::Unreachable {
            by: Some(to.ip()),
            code: Unreachable::Port,
        },
        other => other,
    }
}

fn icmp_error(socket: &Socket) -> Option<(Option<IpAddr>, Unreachable)> {
    /// `SO_EE_ORIGIN_ICMP` and `SO_EE_ORIGIN_ICMP6` of `linux/errqueue.h`.
    const ICMP: u8 = 2;
    const ICMP6: u8 = 3;
    let mut bytes = [0; 512];
    let mut space = vec![0; 512];
    let mut parts = [IoSliceMut::new(&mut bytes)];
    let flags = MsgFlags::MSG_ERRQUEUE | MsgFlags::MSG_DONTWAIT;
    let message = recvmsg::<()>(socket.as_raw_fd(), &mut parts, Some(&mut space), flags).ok()?;
    message.cmsgs().ok()?.find_map(|control| match control {
        ControlMessageOwned::Ipv4RecvErr(error, by) if error.ee_origin == ICMP => {
            let by = by.map(|by| IpAddr::V4(Ipv4Addr::from_bits(u32::from_be(by.sin_addr.s_addr))));
            let code = Unreachable::from_icmp(Family::V4, error.ee_type, error.ee_code);
            Some((by, code))
        }
        ControlMessageOwned::Ipv6RecvErr(error, by) if error.ee_origin == ICMP6 => {
            let by = by.map(|by| IpAddr::V6(Ipv6Addr::from(by.sin6_addr.s6_addr)));
            let code = Unreachable::from_icmp(Family::V6, error.ee_type, error.ee_code);
            Some((by, code))
        }
        _ => None,
    })
}
