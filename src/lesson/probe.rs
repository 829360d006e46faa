//! Probes: what to send, and what counts as an answer.

use std::net::IpAddr;
use std::time::Duration;

use crate::world::Ns;

/// Something sent to see what comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Sent from this namespace.
    pub from: Ns,
    /// To this address.
    pub to: IpAddr,
    /// What is sent.
    pub what: What,
    /// What should come back; tells how long to wait and whether to try again.
    pub expect: Expect,
}

/// What a probe sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// An echo request (ICMP, ICMPv6).
    Ping,
    /// A TCP connection to this port. Somebody must listen: unless `listen` is absent, the
    /// program itself does, in that namespace, while the probe runs.
    Tcp {
        /// Port.
        port: u16,
        /// Where the program listens meanwhile.
        listen: Option<Ns>,
    },
}

/// What a lesson says will come back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Expect {
    /// An answer. Tried again until a deadline: a fresh port, DAD or ARP need a moment.
    #[default]
    Reply,
    /// An error: no route here, or an ICMP error.
    Unreachable {
        /// Who sent it, if the lesson says.
        by: Option<IpAddr>,
        /// Which error, if the lesson says.
        code: Option<Unreachable>,
    },
    /// Nothing, steadily, over a short window.
    Timeout,
}

/// Why something cannot be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreachable {
    /// No route here: the kernel refused to send (ENETUNREACH).
    NoRoute,
    /// ICMP 3/0: a router has no route.
    Network,
    /// ICMP 3/1: nobody answers for that address (ARP or NDP failed).
    Host,
    /// ICMP 3/3, or a TCP reset.
    Port,
    /// ICMP 3/4: too big.
    TooBig,
    /// ICMP 3/9, 3/10, 3/13: prohibited.
    Prohibited,
    /// ICMP 11/0: TTL used up.
    TtlExceeded,
    /// Another error, by type and code.
    Other(u8, u8),
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// An answer, after this long.
    Reply {
        /// Round trip.
        rtt: Duration,
    },
    /// An error.
    Unreachable {
        /// Who sent it; absent when this namespace's own kernel refused.
        by: Option<IpAddr>,
        /// Which.
        code: Unreachable,
    },
    /// Nothing within this time.
    Silence {
        /// How long was waited.
        waited: Duration,
    },
    /// It could not be sent at all, and why (errno text), for another reason than routing.
    Failed(String),
}
