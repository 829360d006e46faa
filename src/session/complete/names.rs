//! Small questions about words and addresses that completion asks.

use std::net::IpAddr;

use crate::world::link::LinkKind;

/// What a line is about, as far as it chooses among addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    /// `ip addr add`: the address is new.
    AddrAdd,
    /// `ip addr` otherwise.
    Addr,
    /// `ip route add`, `ip route replace`: the destination may be new.
    RouteAdd,
    /// `ip route` otherwise.
    Route,
    /// `ip neigh`
    Neigh,
}

/// What the words before the cursor are about. `ip`'s objects may be cut short, in its own order:
/// `ip a` is address, `ip r` route, `ip n` neighbour.
pub(super) fn verb(before: &[String]) -> Option<Verb> {
    let ip = before.iter().rposition(|word| word == "ip")?;
    let mut words = before[ip + 1..].iter();
    let mut object = words.next()?;
    while object.starts_with('-') {
        // The one option with a value of its own is the namespace's, or the family's.
        if object.starts_with("-n") || object.starts_with("-f") {
            words.next()?;
        }
        object = words.next()?;
    }
    let does = words.next().map_or("", String::as_str);
    let means = |full: &str| full.starts_with(object.as_str());
    let adds = |full: &[&str]| !does.is_empty() && full.iter().any(|full| full.starts_with(does));
    if means("address") {
        let add = adds(&["add", "change", "replace"]);
        Some(if add { Verb::AddrAdd } else { Verb::Addr })
    } else if means("route") {
        let add = adds(&["add", "append", "prepend", "change", "replace"]);
        Some(if add { Verb::RouteAdd } else { Verb::Route })
    } else if means("neighbour") || means("neighbor") {
        Some(Verb::Neigh)
    } else {
        None
    }
}

/// The table that a line of `iptables` is about.
pub(super) fn table(before: &[String]) -> &str {
    let option = |word: &String| word == "-t" || word == "--table";
    let named = before.iter().position(option);
    named
        .and_then(|at| before.get(at + 1))
        .map_or("filter", String::as_str)
}

/// Chains that a table has from the beginning, and which packets pass them.
pub(super) fn base_chains(table: &str) -> &'static [(&'static str, &'static str)] {
    if table == "nat" {
        &[
            (
                "PREROUTING",
                "packets that come in, before their way is chosen",
            ),
            ("INPUT", "packets for this namespace"),
            ("OUTPUT", "packets that this namespace sends"),
            (
                "POSTROUTING",
                "packets that leave, when their way is chosen",
            ),
        ]
    } else {
        &[
            ("INPUT", "packets for this namespace"),
            ("FORWARD", "packets that pass through"),
            ("OUTPUT", "packets that this namespace sends"),
        ]
    }
}

/// What a device is made of, where that has a name.
pub(super) fn kind(kind: &LinkKind) -> Option<&str> {
    match kind {
        LinkKind::None => None,
        LinkKind::Veth => Some("veth"),
        LinkKind::Bridge => Some("bridge"),
        LinkKind::Macvlan { .. } => Some("macvlan"),
        LinkKind::Vxlan { .. } => Some("vxlan"),
        LinkKind::Other(name) => Some(name),
    }
}

/// Is it an IPv6 address that every device gives itself (`fe80::/10`, RFC 4291, 2.5.6)?
pub(super) fn is_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(_) => false,
        IpAddr::V6(address) => address.is_unicast_link_local() || address.is_multicast(),
    }
}
