//! What ping(8) of iputils 20221126 prints.

mod error;
mod statistics;

use std::fmt::{self, Write as _};
use std::net::IpAddr;
use std::time::Duration;

pub use error::IcmpError;
pub use statistics::Statistics;

use super::{Ping, Source};

/// Bytes of payload where `-s` does not say.
pub const SIZE: u16 = 56;

/// Payload from which on ping has room for the time of sending (`struct timeval`), bytes.
pub const TIMED: u16 = 16;

/// Who answered: an address, and the device that a link-local one belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Address.
    pub addr: IpAddr,
    /// Device, as getnameinfo(3) adds it.
    pub zone: Option<String>,
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.zone {
            Some(zone) => write!(f, "{}%{zone}", self.addr),
            None => write!(f, "{}", self.addr),
        }
    }
}

/// An echo reply, as far as it is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Who sent it.
    pub from: Peer,
    /// Its `icmp_seq`.
    pub seq: u16,
    /// ICMP header and payload, bytes.
    pub bytes: usize,
    /// TTL or hop limit that it arrived with.
    pub ttl: Option<u8>,
    /// Round trip; absent where the payload has no room for a time.
    pub rtt: Option<Duration>,
    /// It was answered before.
    pub duplicate: bool,
}

/// The first line. `source` is the address that requests are sent from.
pub fn header(ping: &Ping, to: IpAddr, source: IpAddr) -> String {
    let size = ping.size.unwrap_or(SIZE);
    let from = match &ping.source {
        None => String::new(),
        Some(Source::Address(_)) => format!("from {source} : "),
        Some(Source::Device(dev)) => format!("from {source} {dev}: "),
    };
    match ping.to {
        IpAddr::V4(name) => {
            let whole = u32::from(size) + 28;
            format!("PING {name} ({to}) {from}{size}({whole}) bytes of data.\n")
        }
        IpAddr::V6(name) => {
            format!("PING {name}({to}) {from}{size} data bytes\n")
        }
    }
}

/// The line for an echo reply.
pub fn reply(reply: &Reply, ping: &Ping) -> String {
    let mut line = format!(
        "{} bytes from {}: icmp_seq={}",
        reply.bytes, reply.from, reply.seq
    );
    if let Some(ttl) = reply.ttl {
        let _ = write!(line, " ttl={ttl}");
    }
    if reply.bytes < usize::from(ping.size.unwrap_or(SIZE)) + 8 {
        return line + " (truncated)\n";
    }
    if let Some(rtt) = reply.rtt {
        let _ = write!(line, " time={} ms", time(rtt));
    }
    if reply.duplicate {
        line += " (DUP!)";
    }
    if !ping.to.is_multicast() && !ping.to.is_unspecified() && reply.from.addr != ping.to {
        line += " (DIFFERENT ADDRESS!)";
    }
    line + "\n"
}

/// The line for an ICMP error that quotes request `seq`.
pub fn error(from: &Peer, seq: u16, error: &IcmpError) -> String {
    let colon = if error.is_redirect() { ":" } else { "" };
    format!("From {from}{colon} icmp_seq={seq} {}\n", error.text())
}

/// A round trip in milliseconds, with as many digits as its size deserves.
fn time(rtt: Duration) -> String {
    let micros = rtt.as_micros();
    if micros >= 100_000 - 50 {
        format!("{}", (micros + 500) / 1000)
    } else if micros >= 10_000 - 5 {
        format!("{}.{}", (micros + 50) / 1000, (micros + 50) % 1000 / 100)
    } else if micros >= 1000 {
        format!("{}.{:02}", (micros + 5) / 1000, (micros + 5) % 1000 / 10)
    } else {
        format!("{}.{:03}", micros / 1000, micros % 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ping(to: &str, source: Option<Source>) -> Ping {
        Ping {
            to: to.parse().unwrap(),
            count: None,
            timeout: None,
            interval: None,
            source,
            size: None,
            ttl: None,
            quiet: false,
        }
    }

    fn line(to: &str, from: &str, rtt: u64, duplicate: bool) -> String {
        let answer = Reply {
            from: Peer {
                addr: from.parse().unwrap(),
                zone: None,
            },
            seq: 3,
            bytes: 64,
            ttl: Some(64),
            rtt: Some(Duration::from_micros(rtt)),
            duplicate,
        };
        reply(&answer, &ping(to, None))
    }

    #[test]
    fn headers() {
        let v4 = ping("10.0.0.1", None);
        assert_eq!(
            header(&v4, v4.to, v4.to),
            "PING 10.0.0.1 (10.0.0.1) 56(84) bytes of data.\n"
        );
        let v6 = ping("fd00::2", Some(Source::Device("br0".into())));
        assert_eq!(
            header(&v6, v6.to, "fd00::1".parse().unwrap()),
            "PING fd00::2(fd00::2) from fd00::1 br0: 56 data bytes\n"
        );
    }

    #[test]
    fn times_have_three_digits_at_least() {
        let head = "64 bytes from 10.0.0.1: icmp_seq=3 ttl=64 ";
        for (micros, text) in [
            (41, "0.041"),
            (999, "0.999"),
            (1004, "1.00"),
            (9_994, "9.99"),
            (9_995, "10.0"),
            (12_356, "12.4"),
            (99_950, "100"),
            (2_000_499, "2000"),
        ] {
            let want = format!("{head}time={text} ms\n");
            assert_eq!(line("10.0.0.1", "10.0.0.1", micros, false), want);
        }
        assert_eq!(
            line("10.0.0.1", "10.0.0.1", 41, true),
            format!("{head}time=0.041 ms (DUP!)\n")
        );
    }

    #[test]
    fn an_answer_from_elsewhere_is_marked() {
        let text = line("10.0.0.2", "10.0.0.1", 41, false);
        assert!(
            text.ends_with("time=0.041 ms (DIFFERENT ADDRESS!)\n"),
            "{text}"
        );
    }
}
