//! Ways of refusing a packet (`--reject-with`), under each of their names.

/// One way of refusing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Full name, as iptables prints it.
    pub name: &'static str,
    /// Short name, which it takes too.
    pub short: &'static str,
    /// `ipt_reject_with` of `linux/netfilter_ipv4/ipt_REJECT.h`.
    pub number: u32,
    /// Code of the ICMP "destination unreachable" that is sent; absent for a TCP reset.
    pub icmp: Option<u8>,
}

/// All, in the order in which iptables looks for them.
pub const REJECTS: [Reject; 8] = [
    way("icmp-net-unreachable", "net-unreach", 0, Some(0)),
    way("icmp-host-unreachable", "host-unreach", 1, Some(1)),
    way("icmp-proto-unreachable", "proto-unreach", 2, Some(2)),
    way("icmp-port-unreachable", "port-unreach", 3, Some(3)),
    way("icmp-net-prohibited", "net-prohib", 5, Some(9)),
    way("icmp-host-prohibited", "host-prohib", 6, Some(10)),
    way("tcp-reset", "tcp-rst", 7, None),
    way("icmp-admin-prohibited", "admin-prohib", 8, Some(13)),
];

/// What `REJECT` does when nothing else is said.
pub const DEFAULT: Reject = REJECTS[3];

const fn way(name: &'static str, short: &'static str, number: u32, icmp: Option<u8>) -> Reject {
    Reject {
        name,
        short,
        number,
        icmp,
    }
}

/// The way that `name` means: either name, its beginning, in any case, as iptables takes it.
pub fn named(name: &str) -> Option<Reject> {
    let begins = |full: &str| {
        full.get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name))
    };
    REJECTS
        .into_iter()
        .find(|way| begins(way.name) || begins(way.short))
}
