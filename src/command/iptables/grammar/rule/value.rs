//! Values of a rule's conditions and targets.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::{IpNet, Ipv4Net};

use super::super::chain::{self, TARGETS};
use super::super::options::Opt;
use crate::command::kit::{Bad, Cursor, Given, device, host_address, net, number};
use crate::command::{Family, ParseError, kit};
use crate::world::ruleset::rule::{CtStates, Not, Ports, Proto};

/// An address with its mask; what the mask leaves out is cut off.
pub(super) fn prefix(
    c: &mut Cursor,
    given: &Given<Opt>,
    not: bool,
) -> Result<Option<Not<Ipv4Net>>, ParseError> {
    let is = given.need(|text| {
        if text.contains(',') {
            return Err(
                Bad::new("several addresses in one rule are not part of the lessons")
                    .help("one rule for each"),
            );
        }
        let net = net(text)?.net;
        kit::of_family(Some(Family::V4), net.addr())?;
        match net {
            IpNet::V4(net) => Ok(net.trunc()),
            IpNet::V6(_) => Err(Bad::new("`iptables` is for IPv4")),
        }
    })?;
    if let Some(word) = given
        .value
        .as_ref()
        .filter(|word| word.text.len() == word.at.len())
        && let Some(slash) = word.text.find('/')
    {
        let at = word.at.start + slash;
        c.note_at(
            at,
            at,
            format!(
                "the first {} bits must agree; the rest may be anything",
                is.prefix_len()
            ),
        );
    }
    Ok(Some(Not { not, is }))
}

pub(super) fn dev(given: &Given<Opt>, not: bool) -> Result<Option<Not<String>>, ParseError> {
    let is = given.need(device)?;
    Ok(Some(Not { not, is }))
}

/// Protocols of RFC 790 and later by name, as in `/etc/protocols`; `all` is no condition.
const PROTOCOLS: &[(&str, u8)] = &[
    ("all", 0),
    ("icmp", 1),
    ("igmp", 2),
    ("ipencap", 4),
    ("tcp", 6),
    ("udp", 17),
    ("dccp", 33),
    ("gre", 47),
    ("esp", 50),
    ("ah", 51),
    ("ipv6-icmp", 58),
    ("icmpv6", 58),
    ("ospf", 89),
    ("sctp", 132),
    ("udplite", 136),
];

pub(super) fn proto(text: &str) -> Result<Option<Proto>, Bad> {
    let named = PROTOCOLS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(text));
    let number = match named {
        Some((_, number)) => *number,
        None => number(text, 0, u8::MAX).map_err(|_| {
            Bad::new(format!("there is no protocol `{text}`"))
                .help("`tcp`, `udp`, `icmp`, `all`, or a number up to 255")
        })?,
    };
    Ok(match number {
        0 => None,
        1 => Some(Proto::Icmp),
        6 => Some(Proto::Tcp),
        17 => Some(Proto::Udp),
        other => Some(Proto::Other(other)),
    })
}

pub(super) fn states(text: &str) -> Result<CtStates, Bad> {
    let mut states = CtStates::empty();
    let mut start = 0;
    for name in text.split(',') {
        let place = start..start + name.len();
        start = place.end + 1;
        states |= CtStates::from_name(&name.to_ascii_uppercase()).ok_or_else(|| {
            Bad::new(format!("`{name}` is not a state of a connection"))
                .help("`NEW`, `ESTABLISHED`, `RELATED`, `INVALID`, `UNTRACKED`, `SNAT`, `DNAT`")
                .within(place)
        })?;
    }
    Ok(states)
}

pub(super) fn described(states: CtStates) -> String {
    let each: Vec<&str> = states
        .iter()
        .map(|state| match state {
            CtStates::INVALID => "none that makes sense (INVALID)",
            CtStates::NEW => "just beginning (NEW)",
            CtStates::ESTABLISHED => "one that was answered (ESTABLISHED)",
            CtStates::RELATED => "one that belongs to another (RELATED)",
            CtStates::UNTRACKED => "not followed (UNTRACKED)",
            CtStates::SNAT => "one with a rewritten source (SNAT)",
            _ => "one with a rewritten destination (DNAT)",
        })
        .collect();
    each.join(", or ")
}

/// A port, or a range with `between` in it; in a range either end may be left out.
pub(super) fn ports(text: &str, between: char) -> Result<Ports, Bad> {
    let port = |text: &str| number(text, 0, u16::MAX);
    let Some((first, last)) = text.split_once(between) else {
        let port = port(text)?;
        return Ok(Ports {
            first: port,
            last: port,
        });
    };
    let first = if first.is_empty() { 0 } else { port(first)? };
    let last = if last.is_empty() {
        u16::MAX
    } else {
        port(last)?
    };
    if first > last {
        return Err(Bad::new(format!("`{text}` ends before it begins")));
    }
    Ok(Ports { first, last })
}

pub(super) fn address_and_ports(text: &str) -> Result<(Ipv4Addr, Option<Ports>), Bad> {
    let (address, behind) = match text.split_once(':') {
        None => (text, None),
        Some((address, behind)) => (address, Some(ports(behind, '-')?)),
    };
    if address.contains('-') {
        return Err(Bad::new("a range of addresses is not part of the lessons").help("one address"));
    }
    match host_address(address)? {
        IpAddr::V4(address) => Ok((address, behind)),
        IpAddr::V6(_) => Err(Bad::new("`iptables` is for IPv4")),
    }
}

/// Answers of `REJECT`, and their short names.
const ANSWERS: &[(&str, &str)] = &[
    ("icmp-net-unreachable", "net-unreach"),
    ("icmp-host-unreachable", "host-unreach"),
    ("icmp-proto-unreachable", "proto-unreach"),
    ("icmp-port-unreachable", "port-unreach"),
    ("icmp-net-prohibited", "net-prohib"),
    ("icmp-host-prohibited", "host-prohib"),
    ("icmp-admin-prohibited", "admin-prohib"),
    ("tcp-reset", "tcp-rst"),
];

pub(super) fn answer(text: &str) -> Result<String, Bad> {
    let known = ANSWERS
        .iter()
        .find(|(name, short)| *name == text || *short == text);
    known.map(|(name, _)| (*name).to_owned()).ok_or_else(|| {
        let names: Vec<String> = ANSWERS
            .iter()
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        Bad::new(format!("`{text}` is not an answer that REJECT can give")).help(names.join(", "))
    })
}

pub(super) fn own_chain(text: &str) -> Result<String, Bad> {
    if TARGETS.contains(&text) {
        return Err(Bad::new(format!("the target `{text}` is not part of the lessons"))
            .help("`ACCEPT`, `DROP`, `REJECT`, `RETURN`, `MASQUERADE`, `SNAT`, `DNAT`, or a chain of your own"));
    }
    let upper = text.to_ascii_uppercase();
    if TARGETS.contains(&upper.as_str()) {
        return Err(Bad::new(format!("there is no target `{text}`"))
            .help(format!("did you mean `{upper}`?")));
    }
    chain::existing(text)
}
