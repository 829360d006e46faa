//! What can be wrong, by the words that lessons and reports use.

use std::fmt;
use std::str::FromStr;

/// A layer of the network, as people number them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Cables and devices.
    Link,
    /// Frames: hardware addresses, bridges, ARP.
    Frame,
    /// Packets: addresses and routes.
    Network,
    /// Filters and address translation.
    Filter,
    /// Ports.
    Transport,
}

impl Layer {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Link => "layer 1 (devices)",
            Self::Frame => "layer 2 (frames)",
            Self::Network => "layer 3 (packets)",
            Self::Filter => "packet filter",
            Self::Transport => "layer 4 (ports)",
        }
    }
}

/// The first thing that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// A device on the way is down.
    DeviceDown,
    /// A device is up, and the other end of its cable is not.
    NoCarrier,
    /// A device on the way should be a port of a bridge, and is not, or of another one.
    NotAPort,
    /// A bridge's port does not pass frames (yet).
    PortBlocked,
    /// The two ends of a tunnel do not fit together, or one does not know where the other is.
    Tunnel,
    /// A device has no address.
    NoAddress,
    /// An address has a prefix of the wrong length.
    WrongPrefix,
    /// Two namespaces have the same address.
    DuplicateAddress,
    /// There is no route to the destination, here or at a router.
    NoRoute,
    /// A route is chosen that leads elsewhere.
    WrongRoute,
    /// Nobody answers for the next hop's address (ARP, NDP).
    Unresolved,
    /// The neighbour table holds the wrong hardware address.
    WrongNeighbour,
    /// A router that does not forward.
    ForwardingOff,
    /// A rule, or a chain's policy, drops or refuses it.
    Filtered,
    /// It came in by a device by which its source is not reached (`rp_filter`).
    ReversePath,
    /// It leaves with a private source address that nobody outside has a way back to.
    NoNat,
    /// The destination has no way back.
    NoWayBack,
    /// It is larger than a link on its way carries.
    TooBig,
    /// Nobody listens on that port.
    PortClosed,
    /// The way goes round in a circle until its time to live is used up.
    Loop,
    /// What is wrong cannot be told.
    Unknown,
}

impl Cause {
    /// Every one.
    pub const ALL: &[Self] = &[
        Self::DeviceDown,
        Self::NoCarrier,
        Self::NotAPort,
        Self::PortBlocked,
        Self::Tunnel,
        Self::NoAddress,
        Self::WrongPrefix,
        Self::DuplicateAddress,
        Self::NoRoute,
        Self::WrongRoute,
        Self::Unresolved,
        Self::WrongNeighbour,
        Self::ForwardingOff,
        Self::Filtered,
        Self::ReversePath,
        Self::NoNat,
        Self::NoWayBack,
        Self::TooBig,
        Self::PortClosed,
        Self::Loop,
        Self::Unknown,
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        self.both().0
    }

    /// Where it is at home.
    pub fn layer(self) -> Layer {
        self.both().1
    }

    /// Might it follow from something earlier that looks wrong and stops nothing by itself, as a
    /// prefix of the wrong length that leads a packet past its neighbour to a router?
    pub(super) fn may_follow(self) -> bool {
        match self {
            Self::NoRoute
            | Self::WrongRoute
            | Self::Unresolved
            | Self::ForwardingOff
            | Self::NoWayBack
            | Self::NoNat
            | Self::Loop
            | Self::Unknown => true,
            Self::DeviceDown
            | Self::NoCarrier
            | Self::NotAPort
            | Self::PortBlocked
            | Self::Tunnel
            | Self::NoAddress
            | Self::WrongPrefix
            | Self::DuplicateAddress
            | Self::WrongNeighbour
            | Self::Filtered
            | Self::ReversePath
            | Self::TooBig
            | Self::PortClosed => false,
        }
    }

    fn both(self) -> (&'static str, Layer) {
        match self {
            Self::DeviceDown => ("device-down", Layer::Link),
            Self::NoCarrier => ("no-carrier", Layer::Link),
            Self::NotAPort => ("not-a-port", Layer::Frame),
            Self::PortBlocked => ("port-blocked", Layer::Frame),
            Self::Tunnel => ("tunnel", Layer::Frame),
            Self::NoAddress => ("no-address", Layer::Network),
            Self::WrongPrefix => ("wrong-prefix", Layer::Network),
            Self::DuplicateAddress => ("duplicate-address", Layer::Network),
            Self::NoRoute => ("no-route", Layer::Network),
            Self::WrongRoute => ("wrong-route", Layer::Network),
            Self::Unresolved => ("unresolved", Layer::Frame),
            Self::WrongNeighbour => ("wrong-neighbour", Layer::Frame),
            Self::ForwardingOff => ("forwarding-off", Layer::Network),
            Self::Filtered => ("filtered", Layer::Filter),
            Self::ReversePath => ("reverse-path", Layer::Network),
            Self::NoNat => ("no-nat", Layer::Filter),
            Self::NoWayBack => ("no-way-back", Layer::Network),
            Self::TooBig => ("too-big", Layer::Network),
            Self::PortClosed => ("port-closed", Layer::Transport),
            Self::Loop => ("loop", Layer::Network),
            Self::Unknown => ("unknown", Layer::Network),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Cause {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().find(|cause| cause.word() == text);
        found.copied().ok_or_else(|| {
            let words: Vec<&str> = Self::ALL.iter().map(|cause| cause.word()).collect();
            format!("\"{text}\" is no cause; these are: {}", words.join(", "))
        })
    }
}
