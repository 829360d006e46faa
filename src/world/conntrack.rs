//! Connections that the kernel follows: the row behind `conntrack -L`.

use std::fmt;
use std::net::IpAddr;

use super::ruleset::rule::Proto;

/// One direction of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tuple {
    /// Source address.
    pub src: IpAddr,
    /// Destination address.
    pub dst: IpAddr,
    /// Source port, or ICMP id.
    pub src_port: u16,
    /// Destination port, or ICMP type (high byte) and code.
    pub dst_port: u16,
}

impl Tuple {
    /// ICMP type and code, of a tuple of ICMP.
    pub fn icmp(&self) -> (u8, u8) {
        let [kind, code] = self.dst_port.to_be_bytes();
        (kind, code)
    }
}

/// One connection, with its NAT if its two directions differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Kernel's id.
    pub id: u32,
    /// IP protocol: 1 ICMP, 6 TCP, 17 UDP.
    pub proto: u8,
    /// As its first packet came in.
    pub original: Tuple,
    /// As an answer comes back.
    pub reply: Tuple,
    /// `IPS_*` of `linux/netfilter/nf_conntrack_common.h`.
    pub status: u32,
    /// State of a TCP connection: `TCP_CONNTRACK_*` of `linux/netfilter/nf_conntrack_tcp.h`.
    pub tcp: Option<u8>,
    /// Seconds until it is forgotten, when this was told.
    pub timeout: Option<u32>,
    /// Mark, when it is told.
    pub mark: Option<u32>,
    /// How many parts of the kernel hold it, when that is told.
    pub uses: Option<u32>,
}

/// `IPS_SEEN_REPLY`.
const SEEN_REPLY: u32 = 1 << 1;
/// `IPS_ASSURED`.
const ASSURED: u32 = 1 << 2;
/// `TCP_CONNTRACK_*` by number, as conntrack(8) names them.
const TCP_STATES: [&str; 10] = [
    "NONE",
    "SYN_SENT",
    "SYN_RECV",
    "ESTABLISHED",
    "FIN_WAIT",
    "CLOSE_WAIT",
    "LAST_ACK",
    "TIME_WAIT",
    "CLOSE",
    "SYN_SENT2",
];

impl Flow {
    /// Has an answer been seen?
    pub fn is_answered(&self) -> bool {
        self.status & SEEN_REPLY != 0
    }

    /// Is it kept even when the table is full, as one that is known to be real?
    pub fn is_assured(&self) -> bool {
        self.status & ASSURED != 0
    }

    /// State of a TCP connection in words.
    pub fn tcp_state(&self) -> Option<&'static str> {
        TCP_STATES.get(usize::from(self.tcp?)).copied()
    }

    /// One direction, as `conntrack -L` writes it.
    fn way(&self, tuple: &Tuple, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "src={} dst={} ", tuple.src, tuple.dst)?;
        match self.proto {
            1 | 58 => {
                let (kind, code) = tuple.icmp();
                write!(f, "type={kind} code={code} id={} ", tuple.src_port)
            }
            6 | 17 | 33 | 132 | 136 => {
                write!(f, "sport={} dport={} ", tuple.src_port, tuple.dst_port)
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Flow {
    /// The line of `conntrack -L`, without its line end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let proto = match Proto::from_number(self.proto) {
            Proto::Other(58) => "icmpv6",
            Proto::Other(132) => "sctp",
            Proto::Other(33) => "dccp",
            Proto::Other(47) => "gre",
            Proto::Other(_) => "unknown",
            known => known.name().unwrap_or("unknown"),
        };
        write!(f, "{proto:<8} {} ", self.proto)?;
        if let Some(timeout) = self.timeout {
            write!(f, "{timeout} ")?;
        }
        if let Some(state) = self.tcp_state() {
            write!(f, "{state} ")?;
        }
        self.way(&self.original, f)?;
        if !self.is_answered() {
            write!(f, "[UNREPLIED] ")?;
        }
        self.way(&self.reply, f)?;
        if self.is_assured() {
            write!(f, "[ASSURED] ")?;
        }
        if let Some(mark) = self.mark {
            write!(f, "mark={mark} ")?;
        }
        if let Some(uses) = self.uses {
            write!(f, "use={uses}")?;
        }
        Ok(())
    }
}
