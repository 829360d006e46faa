//! `ip route add|del|replace|change …`

use std::net::IpAddr;

use super::length;
use crate::command::kit::{
    Bad, Cursor, Key, Named, Seen, Slot, device, exact, family, foreign, foreign_exact, net,
    number, of_family, prefix,
};
use crate::command::route::Spec;
use crate::command::{Family, ParseError, View, addr};
use crate::world::names;
use crate::world::route::RouteKind;

#[derive(Clone, Copy)]
enum Word {
    Src,
    Via,
    Metric,
    Scope,
    Mtu,
    Onlink,
    Proto,
    Table,
    Dev,
    To,
}

// The order of iproute_modify().
const WORDS: &[Key<Word>] = &[
    exact(
        "src",
        Word::Src,
        "packets that start here carry the source address {}",
    ),
    foreign_exact("as"),
    exact("via", Word::Via, "hand the packets to the router {}"),
    foreign_exact("from"),
    foreign_exact("tos"),
    foreign("dsfield"),
    foreign_exact("expires"),
    prefix(
        "metric",
        Word::Metric,
        "its rank is {}: among routes to the same prefix the lowest is taken",
    ),
    prefix(
        "priority",
        Word::Metric,
        "its rank is {}: among routes to the same prefix the lowest is taken",
    ),
    exact(
        "preference",
        Word::Metric,
        "its rank is {}: among routes to the same prefix the lowest is taken",
    ),
    exact("scope", Word::Scope, "how far away the destination is: {}"),
    exact(
        "mtu",
        Word::Mtu,
        "packets on this way have at most {} bytes",
    ),
    foreign_exact("hoplimit"),
    foreign_exact("advmss"),
    foreign("reordering"),
    foreign_exact("rtt"),
    foreign_exact("rto_min"),
    foreign("window"),
    foreign("cwnd"),
    foreign("initcwnd"),
    foreign("initrwnd"),
    foreign("features"),
    foreign("quickack"),
    foreign("congctl"),
    foreign("rttvar"),
    foreign("ssthresh"),
    foreign("realms"),
    exact(
        "onlink",
        Word::Onlink,
        "take the router to be a neighbour, whatever the addresses say",
    ),
    foreign_exact("nexthop"),
    foreign_exact("nhid"),
    prefix("protocol", Word::Proto, "note who made the route: {}"),
    prefix("table", Word::Table, "in the routing table {}"),
    foreign("vrf"),
    exact("dev", Word::Dev, "the packets leave by the device {}"),
    exact("oif", Word::Dev, "the packets leave by the device {}"),
    foreign("pref"),
    foreign_exact("encap"),
    foreign_exact("ttl-propagate"),
    foreign("fastopen_no_cookie"),
    exact("to", Word::To, "for packets to {}"),
];

const KINDS: &[Key<RouteKind>] = &[
    exact("unicast", RouteKind::Unicast, "an ordinary route"),
    exact(
        "local",
        RouteKind::Local,
        "packets are for this machine itself",
    ),
    exact(
        "broadcast",
        RouteKind::Broadcast,
        "packets are for all in the network",
    ),
    exact(
        "brd",
        RouteKind::Broadcast,
        "packets are for all in the network",
    ),
    exact(
        "anycast",
        RouteKind::Anycast,
        "packets are for this machine, which shares the address with others",
    ),
    exact("multicast", RouteKind::Multicast, "packets are for a group"),
    exact(
        "blackhole",
        RouteKind::Blackhole,
        "packets are dropped, and nobody is told",
    ),
    exact(
        "unreachable",
        RouteKind::Unreachable,
        "packets are refused: host unreachable",
    ),
    exact(
        "prohibit",
        RouteKind::Prohibit,
        "packets are refused: prohibited",
    ),
    exact("throw", RouteKind::Throw, "look in the next table"),
    foreign_exact("nat"),
    foreign_exact("xresolve"),
];

/// Words that mean every address.
pub(super) const ALL: &[Key<()>] = &[
    exact(
        "default",
        (),
        "every address for which there is no better route",
    ),
    exact(
        "any",
        (),
        "every address for which there is no better route",
    ),
    exact(
        "all",
        (),
        "every address for which there is no better route",
    ),
];

/// What stands behind `ip route add`.
pub(super) fn spec(c: &mut Cursor, view: View) -> Result<Spec, ParseError> {
    let mut spec = Spec {
        dst: None,
        view,
        kind: RouteKind::Unicast,
        via: None,
        dev: None,
        src: None,
        metric: None,
        table: None,
        proto: None,
        scope: None,
        onlink: false,
        mtu: None,
    };
    let mut seen = Seen::default();
    let mut has_destination = false;
    let begun = c.at_end();
    loop {
        let of = view
            .family
            .or_else(|| spec.dst.map(|dst| family(dst.addr())));
        match c.choose_once(WORDS, &mut seen)? {
            Some(Word::To) if !has_destination => {
                destination(c, &mut spec, None)?;
                has_destination = true;
            }
            None if !has_destination && c.offers(Slot::Prefix) => {
                destination(c, &mut spec, Some("for packets to {}"))?;
                has_destination = true;
            }
            Some(Word::Via) => spec.via = Some(router(c, of)?),
            Some(word) => option(c, &mut spec, word, of)?,
            None => break,
        }
    }
    if spec.dev.is_none() {
        c.finish_without_device()?;
    }
    c.finish()?;
    if begun {
        return Err(c.missing(Slot::Prefix));
    }
    Ok(spec)
}

fn option(
    c: &mut Cursor,
    spec: &mut Spec,
    word: Word,
    of: Option<Family>,
) -> Result<(), ParseError> {
    match word {
        Word::Src => spec.src = Some(c.address(of)?),
        Word::Metric => {
            spec.metric = Some(c.value(Slot::Number("a rank"), |text| number(text, 0, u32::MAX))?);
        }
        Word::Scope => {
            spec.scope = Some(c.value(Slot::Name(Named::Scope), addr::grammar::read_scope)?);
        }
        Word::Mtu => {
            let bytes = c.value(Slot::Number("a number of bytes"), |text| {
                number(text, 0, u32::MAX)
            })?;
            spec.mtu = Some(bytes);
        }
        Word::Onlink => spec.onlink = true,
        Word::Proto => spec.proto = Some(c.value(Slot::Name(Named::RoutingProtocol), read_proto)?),
        Word::Table => spec.table = Some(c.value(Slot::Name(Named::RoutingTable), read_table)?),
        Word::Dev => spec.dev = Some(c.value(Slot::Device, device)?),
        Word::To | Word::Via => return Err(c.twice()),
    }
    Ok(())
}

/// `[KIND] PREFIX`; the note that is open, or `meaning`, is that of the prefix.
fn destination(
    c: &mut Cursor,
    spec: &mut Spec,
    meaning: Option<&'static str>,
) -> Result<(), ParseError> {
    if let Some(kind) = c.choose(KINDS)? {
        spec.kind = kind;
        c.note("for packets to {}");
    } else if let Some(meaning) = meaning {
        c.note(meaning);
    }
    if c.choose(ALL)?.is_some() {
        return Ok(());
    }
    let known = spec.via.or(spec.src).map(family);
    spec.dst = Some(c.net(spec.view.family.or(known), length)?.net);
    Ok(())
}

/// `via [inet|inet6] ADDR`: only with its family written may the router be of another family than
/// the destination.
fn router(c: &mut Cursor, of: Option<Family>) -> Result<IpAddr, ParseError> {
    const FAMILIES: &[Key<Family>] = &[
        exact("inet", Family::V4, "an IPv4 router, {}"),
        exact("inet6", Family::V6, "an IPv6 router, {}"),
    ];
    let written = c.maybe(FAMILIES)?;
    c.address(written.or(of))
}

/// `protocol …`
pub(super) fn read_proto(text: &str) -> Result<u8, Bad> {
    names::protocol_id(text).ok_or_else(|| {
        Bad::new(format!("`{text}` is not a routing protocol"))
            .help("`kernel`, `boot`, `static`, `dhcp`, or a number up to 255")
    })
}

/// `table …`
pub(super) fn read_table(text: &str) -> Result<u32, Bad> {
    names::table_id(text).ok_or_else(|| {
        Bad::new(format!("`{text}` is not a routing table"))
            .help("`main`, `local`, `default`, or a number")
    })
}

/// A prefix of `of`, or a word that means every address.
pub(super) fn prefix_or_all(text: &str, of: Option<Family>) -> Result<ipnet::IpNet, Bad> {
    if ALL.iter().any(|key| key.fits(text)) {
        let all: std::net::IpAddr = match of {
            Some(Family::V6) => std::net::Ipv6Addr::UNSPECIFIED.into(),
            Some(Family::V4) | None => std::net::Ipv4Addr::UNSPECIFIED.into(),
        };
        return ipnet::IpNet::new(all, 0).map_err(|why| Bad::new(why.to_string()));
    }
    let read = net(text)?;
    of_family(of, read.net.addr())?;
    Ok(read.net)
}
