//! Addresses: the wrong one deleted, and the prefix length forgotten.

use ipnet::IpNet;

use super::{Case, errno};
use crate::command::addr::{Addr, Spec};

pub(super) fn refused(case: Case<'_>, command: &Addr) -> Option<String> {
    match command {
        Addr::Del(spec) if case.is(errno::EADDRNOTAVAIL) => not_there(case, spec),
        Addr::Add(_) | Addr::Del(_) | Addr::Flush(_) | Addr::Show(_) => None,
    }
}

/// The address that was to be deleted is not there: it is there with another length, or elsewhere.
fn not_there(case: Case<'_>, spec: &Spec) -> Option<String> {
    let space = case.space?;
    let (dev, net) = (&spec.dev, spec.net);
    let index = space.link(dev)?.index;
    let same = |other: &IpNet| other.addr() == net.addr();
    let here: Vec<IpNet> = (space.addrs.iter())
        .filter(|addr| addr.link == index && addr.net.addr().is_ipv4() == net.addr().is_ipv4())
        .map(|addr| addr.net)
        .collect();
    if let Some(other) = here.iter().find(|other| same(other)) {
        return Some(format!(
            "{dev} has {other}, not {net}: the prefix length is part of what is named."
        ));
    }
    if let Some(other) = space.addrs.iter().find(|addr| same(&addr.net)) {
        let holder = space.link_name(other.link);
        return Some(format!("{} is on {holder}, not on {dev}.", other.net));
    }
    let has = if here.is_empty() {
        "no address".to_owned()
    } else {
        let texts: Vec<String> = here.iter().map(ToString::to_string).collect();
        texts.join(", ")
    };
    Some(format!("{dev} has no address {net}; it has {has}."))
}

/// An address without its prefix length is a network of one.
pub(super) fn accepted(case: Case<'_>, command: &Addr) -> Option<String> {
    let Addr::Add(spec) = command else {
        return None;
    };
    if spec.prefix_written || spec.peer.is_some() || spec.dev == "lo" {
        return None;
    }
    let (address, dev) = (spec.net.addr(), &spec.dev);
    let length = network_of(case, spec).map_or("its length".to_owned(), |net| {
        format!("/{}, as in {net}", net.prefix_len())
    });
    Some(format!(
        "Without a prefix length it became {}: a network of one, so no route to neighbours came with it. `ip addr del {} dev {dev}`, then add {address} with {length}.",
        spec.net, spec.net
    ))
}

/// The network that others have put this address into.
fn network_of(case: Case<'_>, spec: &Spec) -> Option<IpNet> {
    let spaces = case.world.spaces.values();
    let all = spaces.flat_map(|space| space.addrs.iter().map(|addr| addr.net));
    all.filter(|net| net.prefix_len() < net.max_prefix_len() && net.contains(&spec.net.addr()))
        .find(|net| !net.addr().is_loopback())
}
