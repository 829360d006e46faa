//! Network devices: the row behind `ip link show`.

mod details;

pub use details::{Counters, Detail, Details, Stats, Value};

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// A 48-bit hardware address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mac(pub [u8; 6]);

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, rest @ ..] = self.0;
        write!(f, "{first:02x}")?;
        rest.iter().try_for_each(|byte| write!(f, ":{byte:02x}"))
    }
}

impl FromStr for Mac {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.split(':').collect();
        let mut bytes = [0; 6];
        if parts.len() != bytes.len() {
            return Err(format!(
                "\"{text}\" is not six bytes with colons between them"
            ));
        }
        for (byte, part) in bytes.iter_mut().zip(parts) {
            if part.is_empty() || part.len() > 2 {
                return Err(format!("\"{part}\" is not a byte in hexadecimal"));
            }
            *byte = u8::from_str_radix(part, 16)
                .map_err(|_| format!("\"{part}\" is not a byte in hexadecimal"))?;
        }
        Ok(Self(bytes))
    }
}

bitflags::bitflags! {
    /// `IFF_*` of `linux/if.h`.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct LinkFlags: u32 {
        /// Administratively up.
        const UP = 1;
        /// Has a broadcast address.
        const BROADCAST = 1 << 1;
        /// Loopback.
        const LOOPBACK = 1 << 3;
        /// Point to point.
        const POINTOPOINT = 1 << 4;
        /// Operationally up (RFC 2863).
        const RUNNING = 1 << 6;
        /// Does no ARP.
        const NOARP = 1 << 7;
        /// Takes every frame.
        const PROMISC = 1 << 8;
        /// Takes every multicast frame.
        const ALLMULTI = 1 << 9;
        /// Has multicast.
        const MULTICAST = 1 << 12;
        /// Carrier is there.
        const LOWER_UP = 1 << 16;
        /// Dormant.
        const DORMANT = 1 << 17;
        /// Echoes what it sends.
        const ECHO = 1 << 18;
        const _ = !0;
    }
}

/// RFC 2863 operational state, as `ip link` names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OperState {
    /// Not told by the driver (as for `lo`).
    #[default]
    Unknown,
    /// Some component is missing.
    NotPresent,
    /// Down.
    Down,
    /// The other end, or the device below, is down.
    LowerLayerDown,
    /// In some test mode.
    Testing,
    /// Waits for an event.
    Dormant,
    /// Up.
    Up,
}

/// What kind of device it is, with what only that kind has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LinkKind {
    /// `lo` and physical devices have no kind.
    #[default]
    None,
    /// One end of a virtual cable.
    Veth,
    /// A switch.
    Bridge,
    /// A second hardware address on a device below.
    Macvlan {
        /// `IFLA_MACVLAN_MODE`, as `ip` names it (`bridge`, `private`, …).
        mode: String,
    },
    /// An Ethernet over UDP tunnel.
    Vxlan {
        /// The network identifier (VNI).
        id: u32,
    },
    /// A kind that we only know by name.
    Other(String),
}

/// What a VXLAN device is told at its birth and keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tunnel {
    /// Source of its packets.
    pub local: Option<IpAddr>,
    /// Where frames for unknown receivers go.
    pub remote: Option<IpAddr>,
    /// UDP port that its packets go to.
    pub port: u16,
    /// ifindex of the device that they leave by.
    pub dev: Option<u32>,
    /// Does it learn behind which machine an address stands?
    pub learning: bool,
}

/// State of a bridge port (`BR_STATE_*` of `linux/if_bridge.h`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortState {
    /// Passes nothing.
    Disabled,
    /// Hears the spanning tree.
    Listening,
    /// Learns addresses, passes nothing.
    Learning,
    /// Passes frames.
    Forwarding,
    /// Kept off by the spanning tree.
    Blocking,
}

/// One network device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// ifindex: unique within its namespace.
    pub index: u32,
    /// Its name, at most 15 bytes.
    pub name: String,
    /// `IFF_*`.
    pub flags: LinkFlags,
    /// Largest packet it carries, bytes.
    pub mtu: u32,
    /// Queueing discipline (`noqueue`, `noop`, …).
    pub qdisc: String,
    /// Operational state.
    pub state: OperState,
    /// Group number (0 is `default`).
    pub group: u32,
    /// Transmit queue length, packets.
    pub qlen: u32,
    /// `ARPHRD_*` of `linux/if_arp.h`: 1 Ethernet, 772 loopback.
    pub hardware: u16,
    /// Hardware address.
    pub mac: Option<Mac>,
    /// Hardware broadcast address.
    pub broadcast: Option<Mac>,
    /// The bridge (or other device) that it is plugged into.
    pub master: Option<u32>,
    /// ifindex of the peer or of the device below (`IFLA_LINK`), in `peer_ns` if that is told.
    pub peer: Option<u32>,
    /// nsid of the namespace in which `peer` stands, if it is another one.
    pub peer_ns: Option<i32>,
    /// Kind.
    pub kind: LinkKind,
    /// What only a VXLAN device has, beside its number.
    pub tunnel: Option<Box<Tunnel>>,
    /// State as a bridge port, if it is one.
    pub port: Option<PortState>,
    /// What only `-d` prints. No notification brings all of it, so it is there in a dump only.
    pub details: Option<Box<Details>>,
    /// What only `-s` prints. No notification brings it, so it is there in a dump only.
    pub stats: Option<Box<Stats>>,
}

impl Link {
    /// Is it set up (`IFF_UP`)? Says nothing of carrier.
    pub fn is_up(&self) -> bool {
        self.flags.contains(LinkFlags::UP)
    }
}
