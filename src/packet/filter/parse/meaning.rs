//! What the words before a value mean.

use super::Asked;
use crate::packet::filter::words::What;
use crate::packet::filter::{Kind, Side};

/// With `{}` for the value.
pub(super) fn of(asked: Asked) -> String {
    match asked {
        Asked::Ether(side) => format!("only {} the hardware address {{}}", between(side)),
        Asked::Of(kind, side, what) => {
            let what = match what {
                What::Host => "{}",
                What::Net => "addresses within {}",
                What::Port => "port {}",
                What::Ports => "one of the ports {}",
            };
            format!("only {}{} {what}", packets(kind), between(side))
        }
    }
}

fn between(side: Side) -> &'static str {
    match side {
        Side::Either => "from or to",
        Side::Src => "from",
        Side::Dst => "to",
        Side::Both => "both from and to",
    }
}

fn packets(kind: Option<Kind>) -> &'static str {
    match kind {
        None => "",
        Some(Kind::Arp) => "ARP ",
        Some(Kind::Ip) => "IPv4 ",
        Some(Kind::Ip6) => "IPv6 ",
        Some(Kind::Icmp) => "ICMP ",
        Some(Kind::Icmp6) => "ICMPv6 ",
        Some(Kind::Tcp) => "TCP ",
        Some(Kind::Udp) => "UDP ",
    }
}
