//! What comes back to a probe.

use std::net::IpAddr;
use std::time::Duration;

use crate::command::Family;

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

impl Unreachable {
    /// The meaning of an ICMP (RFC 792, RFC 1812 5.2.7.1) or ICMPv6 (RFC 4443) error.
    pub fn from_icmp(family: Family, kind: u8, code: u8) -> Self {
        match (family, kind, code) {
            (Family::V4, 3, 0 | 6) | (Family::V6, 1, 0) => Self::Network,
            (Family::V4, 3, 1 | 7) | (Family::V6, 1, 3) => Self::Host,
            (Family::V4, 3, 3) | (Family::V6, 1, 4) => Self::Port,
            (Family::V4, 3, 4) | (Family::V6, 2, 0) => Self::TooBig,
            (Family::V4, 3, 9 | 10 | 13) | (Family::V6, 1, 1 | 5 | 6) => Self::Prohibited,
            (Family::V4, 11, 0) | (Family::V6, 3, 0) => Self::TtlExceeded,
            (Family::V4 | Family::V6, kind, code) => Self::Other(kind, code),
        }
    }

    /// In words that follow "says:".
    pub fn words(self) -> String {
        match self {
            Self::NoRoute => "no route here (Network is unreachable)".into(),
            Self::Network => "no route to that network".into(),
            Self::Host => "nobody answers for that address (no ARP or NDP reply)".into(),
            Self::Port => "nobody listens on that port".into(),
            Self::TooBig => "too big for the next link".into(),
            Self::Prohibited => "prohibited by a filter or route".into(),
            Self::TtlExceeded => "TTL used up on the way".into(),
            Self::Other(kind, code) => format!("ICMP error {kind}/{code}"),
        }
    }
}

impl Answer {
    /// Did what was sent for come back? An error is none of it.
    pub fn is_reply(&self) -> bool {
        match self {
            Self::Reply { .. } => true,
            Self::Unreachable { .. } | Self::Silence { .. } | Self::Failed(_) => false,
        }
    }

    /// What was found.
    pub fn words(&self) -> String {
        match self {
            Self::Reply { rtt } => format!("answered after {:.2} ms", rtt.as_secs_f64() * 1000.0),
            Self::Unreachable { by: None, code } => code.words(),
            Self::Unreachable { by: Some(by), code } => format!("{by} says: {}", code.words()),
            Self::Silence { waited } => format!(
                "no answer within {:.1} s (dropped on the way, or no way back)",
                waited.as_secs_f64()
            ),
            Self::Failed(why) => format!("could not be sent ({why})"),
        }
    }
}
