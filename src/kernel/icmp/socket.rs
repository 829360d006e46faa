//! A raw ICMP socket that stands in a namespace.

use std::io::{self, IoSliceMut};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::{AsRawFd, BorrowedFd};
use std::time::{Duration, SystemTime};

use nix::sys::socket::{ControlMessageOwned, MsgFlags, SockaddrStorage, recvmsg, sockopt};
use nix::sys::time::TimeSpec;
use socket2::{Domain, Protocol, SockAddr, Socket, Type};
use tokio::io::unix::AsyncFd;

use super::echo::{self, Heard, Ours};
use super::refused::Refused;
use crate::command::Family;
use crate::command::ping::Source;
use crate::kernel::watch::{device_name, send_inside, watch};

/// Room for the headers before a payload, and for an error that quotes all a router may quote.
const MARGIN: usize = 2048;

/// A raw ICMP or ICMPv6 socket. It keeps its namespace alive: drop it with the namespace.
pub struct EchoSocket {
    fd: AsyncFd<Socket>,
    family: Family,
    id: u16,
    buffer: Vec<u8>,
}

/// Something heard, from whom and when (since 1970, the kernel's time stamp).
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    /// Who sent it.
    pub from: IpAddr,
    /// ifindex that a link-local sender belongs to, else 0.
    pub scope: u32,
    /// When.
    pub at: Duration,
    /// What.
    pub heard: Heard,
}

/// How a socket is to be opened.
pub struct Wanted<'a> {
    /// Where requests go; unspecified (`0.0.0.0`) means this host.
    pub to: IpAddr,
    /// `-I`
    pub source: Option<&'a Source>,
    /// `-t`
    pub ttl: Option<u8>,
}

/// A socket opened inside a namespace, not yet known to the runtime.
pub struct Opened {
    socket: Socket,
    /// The address that requests leave with.
    pub source: IpAddr,
    /// The source address does not stand on the device asked for.
    pub foreign: bool,
}

impl Wanted<'_> {
    /// Opens the socket; to be called on a thread that stands in the namespace.
    ///
    /// # Errors
    /// The call that the kernel refused, in the order in which ping makes them.
    pub fn open(&self) -> Result<Opened, Refused> {
        let family = echo::family(self.to);
        let (domain, protocol) = match family {
            Family::V4 => (Domain::IPV4, Protocol::ICMPV4),
            Family::V6 => (Domain::IPV6, Protocol::ICMPV6),
        };
        let socket =
            Socket::new(domain, Type::RAW, Some(protocol)).map_err(Refused::of("socket"))?;
        socket
            .set_nonblocking(true)
            .map_err(Refused::of("socket"))?;
        let (source, foreign) = match self.source {
            None => (self.route(domain, None)?, false),
            Some(Source::Device(dev)) => {
                bind_device(&socket, dev, family)?;
                let source = self.route(domain, Some(dev))?;
                (source, !stands_on(source, dev))
            }
            Some(Source::Address(addr)) => {
                let call = match family {
                    Family::V4 => "bind",
                    Family::V6 => "bind icmp socket",
                };
                let addr_port = SocketAddr::new(*addr, 0);
                socket.bind(&addr_port.into()).map_err(Refused::of(call))?;
                (*addr, false)
            }
        };
        set_filter(&socket, family).map_err(Refused::of("setsockopt"))?;
        nix::sys::socket::setsockopt(&socket, sockopt::ReceiveTimestampns, &true)
            .map_err(|errno| Refused::of("setsockopt")(errno.into()))?;
        match family {
            Family::V4 => {}
            Family::V6 => socket
                .set_recv_hoplimit_v6(true)
                .map_err(Refused::of("can't receive hop limit"))?,
        }
        if let Some(ttl) = self.ttl {
            set_ttl(&socket, family, ttl)?;
        }
        Ok(Opened {
            socket,
            source,
            foreign,
        })
    }

    /// The source address that the kernel chooses for the way to the destination, which a
    /// connected datagram socket tells without sending anything. Link-local destinations have no
    /// way before a device is known: ping calls their source `::`.
    fn route(&self, domain: Domain, dev: Option<&str>) -> Result<IpAddr, Refused> {
        let family = echo::family(self.to);
        match self.to {
            IpAddr::V6(to) if link_local(to) => return Ok(Ipv6Addr::UNSPECIFIED.into()),
            IpAddr::V4(_) | IpAddr::V6(_) => {}
        }
        let probe = Socket::new(domain, Type::DGRAM, None).map_err(Refused::of("socket"))?;
        if let Some(dev) = dev {
            bind_device(&probe, dev, family)?;
        }
        probe
            .connect(&SocketAddr::new(self.to, 1025).into())
            .map_err(Refused::of("connect"))?;
        let name = probe.local_addr().map_err(Refused::of("getsockname"))?;
        Ok(name
            .as_socket()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |addr| addr.ip()))
    }
}

impl Opened {
    /// Never breaks a request into fragments, and lets nobody on the way do so: the bit "don't
    /// fragment" is set, and what was learnt of the way before is not believed
    /// (`IP_PMTUDISC_PROBE`, ip(7); ipv6(7)). What the first device cannot carry is refused
    /// (EMSGSIZE).
    ///
    /// # Errors
    /// The kernel does not know the option.
    pub fn keep_whole(&self, family: Family) -> Result<(), Refused> {
        use nix::libc;
        let (level, name, probe) = match family {
            Family::V4 => (
                libc::IPPROTO_IP,
                libc::IP_MTU_DISCOVER,
                libc::IP_PMTUDISC_PROBE,
            ),
            Family::V6 => (
                libc::IPPROTO_IPV6,
                libc::IPV6_MTU_DISCOVER,
                libc::IPV6_PMTUDISC_PROBE,
            ),
        };
        set_option(&self.socket, level, name, &probe.to_ne_bytes())
            .map_err(Refused::of("setsockopt"))
    }
}

impl EchoSocket {
    /// Hands an opened socket to the runtime; requests carry `id`.
    ///
    /// # Errors
    /// The runtime cannot watch it.
    pub fn new(opened: Opened, family: Family, id: u16, size: u16) -> io::Result<Self> {
        Ok(Self {
            fd: watch(opened.socket)?,
            family,
            id,
            buffer: vec![0; usize::from(size) + MARGIN],
        })
    }

    /// The identifier that requests carry.
    pub fn identifier(&self) -> u16 {
        self.id
    }

    /// Sends one request.
    ///
    /// # Errors
    /// As sendmsg(2); a full socket buffer is `WouldBlock`.
    pub fn send(&self, to: IpAddr, seq: u16, size: u16) -> io::Result<()> {
        let now = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        let bytes = echo::request(self.family, self.id, seq, size, now);
        let to: SockAddr = SocketAddr::new(to, 0).into();
        self.fd.get_ref().send_to(&bytes, &to).map(drop)
    }

    /// The name of a device of the socket's namespace.
    pub fn device(&self, ifindex: u32) -> Option<String> {
        (ifindex != 0)
            .then(|| device_name(self.fd.get_ref(), ifindex))
            .flatten()
    }

    /// The next answer to a request to `to`.
    ///
    /// # Errors
    /// As recvmsg(2).
    pub async fn hear(&mut self, to: IpAddr) -> io::Result<Arrival> {
        let ours = Ours { id: self.id, to };
        loop {
            let mut ready = self.fd.readable().await?;
            let (family, buffer) = (self.family, &mut self.buffer);
            let got = ready.try_io(|fd| receive(fd.get_ref(), family, buffer, ours));
            match got {
                Ok(Ok(Some(arrival))) => return Ok(arrival),
                Ok(Err(error)) => return Err(error),
                Ok(Ok(None)) | Err(_) => {}
            }
        }
    }
}

/// One message, if it is ours.
fn receive(
    socket: &Socket,
    family: Family,
    buffer: &mut [u8],
    ours: Ours,
) -> io::Result<Option<Arrival>> {
    let mut space = nix::cmsg_space!(TimeSpec, i32);
    let mut parts = [IoSliceMut::new(buffer)];
    let message = recvmsg::<SockaddrStorage>(
        socket.as_raw_fd(),
        &mut parts,
        Some(&mut space),
        MsgFlags::MSG_DONTWAIT,
    )?;
    let mut at = None;
    let mut hops = None;
    for control in message.cmsgs()? {
        match control {
            ControlMessageOwned::ScmTimestampns(time) => at = Some(Duration::from(time)),
            ControlMessageOwned::Ipv6HopLimit(limit) => hops = u8::try_from(limit).ok(),
            _ => {}
        }
    }
    let from = message.address.and_then(|addr| {
        let v4 = addr.as_sockaddr_in().map(|addr| (IpAddr::V4(addr.ip()), 0));
        let v6 = addr.as_sockaddr_in6();
        v4.or_else(|| v6.map(|addr| (IpAddr::V6(addr.ip()), addr.scope_id())))
    });
    let length = message.bytes;
    let bytes = buffer.get(..length).unwrap_or_default();
    let heard = match family {
        Family::V4 => echo::hear_v4(bytes, ours),
        Family::V6 => echo::hear_v6(bytes, hops, ours),
    };
    let now = || {
        SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default()
    };
    Ok(heard.zip(from).map(|(heard, (from, scope))| Arrival {
        from,
        scope,
        at: at.unwrap_or_else(now),
        heard,
    }))
}

fn link_local(addr: Ipv6Addr) -> bool {
    let multicast_scope = addr.octets()[1] & 0xf;
    addr.is_unicast_link_local() || (addr.is_multicast() && multicast_scope == 2)
}

fn bind_device(socket: &Socket, dev: &str, family: Family) -> Result<(), Refused> {
    socket
        .bind_device(Some(dev.as_bytes()))
        .map_err(|error| match (family, error.raw_os_error()) {
            (Family::V6, Some(nix::libc::ENODEV)) => {
                Refused::plain(format!("unknown iface: {dev}"))
            }
            (Family::V4 | Family::V6, _) => Refused::of(format!("SO_BINDTODEVICE {dev}"))(error),
        })
}

/// Does that address stand on that device?
fn stands_on(addr: IpAddr, dev: &str) -> bool {
    let Ok(list) = nix::ifaddrs::getifaddrs() else {
        return true;
    };
    list.filter(|entry| entry.interface_name == dev)
        .filter_map(|entry| entry.address)
        .any(|found| match addr {
            IpAddr::V4(v4) => found.as_sockaddr_in().is_some_and(|found| found.ip() == v4),
            IpAddr::V6(v6) => found
                .as_sockaddr_in6()
                .is_some_and(|found| found.ip() == v6),
        })
}

fn set_ttl(socket: &Socket, family: Family, ttl: u8) -> Result<(), Refused> {
    match family {
        Family::V4 => {
            let _ = socket.set_multicast_ttl_v4(ttl.into());
            socket
                .set_ttl_v4(ttl.into())
                .map_err(Refused::of("cannot set unicast time-to-live"))
        }
        Family::V6 => {
            let _ = socket.set_multicast_hops_v6(ttl.into());
            socket
                .set_unicast_hops_v6(ttl.into())
                .map_err(Refused::of("can't set unicast hop limit"))
        }
    }
}

/// Lets through replies and errors only: not our own requests, which a host that pings itself
/// would receive as well, nor the neighbour discovery of everybody (raw(7), RFC 3542 section 3.2).
fn set_filter(socket: &Socket, family: Family) -> io::Result<()> {
    const SOL_RAW: i32 = 255;
    const FILTER: i32 = 1;
    match family {
        Family::V4 => {
            let pass = [0, 3, 4, 5, 11, 12]
                .iter()
                .fold(0_u32, |mask, kind| mask | 1 << kind);
            set_option(socket, SOL_RAW, FILTER, &(!pass).to_ne_bytes())
        }
        Family::V6 => {
            let mut block = [0xff_u8; 32];
            for kind in [1_usize, 2, 3, 4, 129] {
                // 32-bit words in the machine's order; a set bit blocks its type.
                let word = kind / 32 * 4;
                let bit = (1_u32 << (kind % 32)).to_ne_bytes();
                for (byte, bit) in block[word..word + 4].iter_mut().zip(bit) {
                    *byte &= !bit;
                }
            }
            set_option(socket, nix::libc::IPPROTO_ICMPV6, FILTER, &block)
        }
    }
}

fn set_option(socket: &Socket, level: i32, name: i32, value: &[u8]) -> io::Result<()> {
    let length = nix::libc::socklen_t::try_from(value.len()).map_err(io::Error::other)?;
    // SAFETY: the descriptor is open, and the kernel reads `length` bytes of `value` only.
    let done = unsafe {
        nix::libc::setsockopt(
            socket.as_raw_fd(),
            level,
            name,
            value.as_ptr().cast(),
            length,
        )
    };
    if done == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

/// Opens an echo socket inside a namespace: a socket keeps the namespace that it was
/// opened in.
///
/// # Errors
/// What the kernel refused.
pub fn open(ns: BorrowedFd<'_>, wanted: &Wanted<'_>) -> Result<Opened, Refused> {
    send_inside(ns, || wanted.open()).map_err(|error| Refused::plain(format!("{error:#}")))?
}

/// An identifier that no other socket of this program has lately had.
pub fn fresh_id() -> u16 {
    use std::hash::{BuildHasher, Hasher};
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU16, Ordering};

    static NEXT: OnceLock<AtomicU16> = OnceLock::new();
    let next = NEXT.get_or_init(|| {
        let [low, high, ..] = std::hash::RandomState::new()
            .build_hasher()
            .finish()
            .to_ne_bytes();
        AtomicU16::new(u16::from_ne_bytes([low, high]))
    });
    next.fetch_add(1, Ordering::Relaxed)
}
