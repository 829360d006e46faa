//! `ip`: its options and its objects.

use super::kit::{Cursor, Key, Slot, exact, foreign, foreign_exact, prefix};
use super::netns::{InForm, NsRef};
use super::{Command, Family, ParseError, View};
use super::{addr, link, neigh, netns, policy, route};

/// An option before the object.
#[derive(Clone, Copy)]
enum Opt {
    Family,
    V4,
    V6,
    Brief,
    Details,
    Stats,
    Netns,
    Color,
}

// The order of ip.c: the first that fits wins.
const OPTIONS: &[Key<Opt>] = &[
    foreign("-loops"),
    prefix("-family", Opt::Family, "only this family of addresses: {}"),
    exact("-4", Opt::V4, "only IPv4"),
    exact("-6", Opt::V6, "only IPv6"),
    foreign_exact("-0"),
    foreign_exact("-M"),
    foreign_exact("-B"),
    foreign("-human-readable"),
    foreign("-iec"),
    prefix("-stats", Opt::Stats, "with counters of packets and bytes"),
    prefix(
        "-statistics",
        Opt::Stats,
        "with counters of packets and bytes",
    ),
    prefix(
        "-details",
        Opt::Details,
        "with all details, such as the kind of a device",
    ),
    foreign("-resolve"),
    foreign("-oneline"),
    foreign("-timestamp"),
    foreign("-tshort"),
    foreign("-Version"),
    foreign("-force"),
    foreign("-batch"),
    prefix("-brief", Opt::Brief, "one short line for each"),
    foreign("-json"),
    foreign("-pretty"),
    foreign("-rcvbuf"),
    prefix(
        "-color",
        Opt::Color,
        "in colour; the lessons have their own, so it changes nothing",
    ),
    exact(
        "-color=always",
        Opt::Color,
        "in colour; the lessons have their own, so it changes nothing",
    ),
    exact(
        "-color=auto",
        Opt::Color,
        "in colour; the lessons have their own, so it changes nothing",
    ),
    exact(
        "-color=never",
        Opt::Color,
        "without colour; the lessons have their own, so it changes nothing",
    ),
    foreign("-help"),
    prefix("-netns", Opt::Netns, "do it in the namespace {}"),
    foreign("-Numeric"),
    foreign("-all"),
    foreign_exact("-echo"),
];

// The order of bridge.c.
const BRIDGE_OPTIONS: &[Key<Opt>] = &[
    foreign("-help"),
    foreign("-Version"),
    prefix("-stats", Opt::Stats, "with counters"),
    prefix("-statistics", Opt::Stats, "with counters"),
    prefix("-details", Opt::Details, "with all details"),
    foreign("-oneline"),
    foreign("-timestamp"),
    prefix("-family", Opt::Family, "only this family of addresses: {}"),
    exact("-4", Opt::V4, "only IPv4"),
    exact("-6", Opt::V6, "only IPv6"),
    prefix("-netns", Opt::Netns, "do it in the namespace {}"),
    prefix(
        "-color",
        Opt::Color,
        "in colour; the lessons have their own, so it changes nothing",
    ),
    foreign("-compressvlans"),
    foreign("-force"),
    foreign("-json"),
    foreign("-pretty"),
    foreign("-batch"),
];

const FAMILIES: &[Key<Family>] = &[
    exact("inet", Family::V4, ""),
    exact("inet6", Family::V6, ""),
    foreign_exact("link"),
    foreign_exact("bridge"),
    foreign_exact("mpls"),
];

/// What `ip` is told to work on.
#[derive(Clone, Copy)]
enum Object {
    Address,
    Link,
    Neigh,
    Netns,
    Route,
    Rule,
}

// The order of ip.c: `ip a` is address, `ip n` neighbour, `ip r` route.
const OBJECTS: &[Key<Object>] = &[
    prefix("address", Object::Address, "the addresses of devices"),
    foreign("addrlabel"),
    foreign("maddress"),
    prefix("route", Object::Route, "routes: which way packets go"),
    prefix(
        "rule",
        Object::Rule,
        "the rules that choose a routing table",
    ),
    prefix(
        "neighbor",
        Object::Neigh,
        "neighbours: which hardware addresses the machines on the same network have",
    ),
    prefix(
        "neighbour",
        Object::Neigh,
        "neighbours: which hardware addresses the machines on the same network have",
    ),
    foreign("ntable"),
    foreign("ntbl"),
    prefix(
        "link",
        Object::Link,
        "network devices: the ends at which packets come in and leave",
    ),
    foreign("l2tp"),
    foreign("fou"),
    foreign("ila"),
    foreign("macsec"),
    foreign("tunnel"),
    foreign("tunl"),
    foreign("tuntap"),
    foreign("tap"),
    foreign("token"),
    foreign("tcpmetrics"),
    foreign("tcp_metrics"),
    foreign("monitor"),
    foreign("xfrm"),
    foreign("mroute"),
    foreign("mrule"),
    prefix(
        "netns",
        Object::Netns,
        "network namespaces: separate network stacks on one machine",
    ),
    foreign("netconf"),
    foreign("vrf"),
    foreign("sr"),
    foreign("nexthop"),
    foreign("mptcp"),
    foreign("ioam"),
];

/// What stands behind `ip`.
pub(super) fn ip(c: &mut Cursor) -> Result<Command, ParseError> {
    let (view, spaces) = options(c, OPTIONS)?;
    let command = match c.require(OBJECTS)? {
        Object::Address => Command::Addr(addr::grammar::addr(c, view)?),
        Object::Link => Command::Link(link::grammar::link(c, view)?),
        Object::Neigh => Command::Neigh(neigh::grammar::neigh(c, view)?),
        Object::Netns => netns::grammar::netns(c)?,
        Object::Route => Command::Route(route::grammar::route(c, view)?),
        Object::Rule => Command::Policy(policy::grammar::rule(c, view)?),
    };
    Ok(within(spaces, command))
}

/// What stands behind `bridge` before its object.
pub(super) fn bridge_options(c: &mut Cursor) -> Result<(View, Vec<NsRef>), ParseError> {
    options(c, BRIDGE_OPTIONS)
}

/// `command`, carried out in the last of `spaces`, each entered from the one before it.
pub(super) fn within(spaces: Vec<NsRef>, command: Command) -> Command {
    spaces
        .into_iter()
        .rev()
        .fold(command, |command, ns| Command::In {
            ns,
            form: InForm::IpOption,
            command: Box::new(command),
        })
}

fn options(c: &mut Cursor, keys: &[Key<Opt>]) -> Result<(View, Vec<NsRef>), ParseError> {
    let mut view = View::default();
    let mut spaces = Vec::new();
    while let Some(option) = c.choose(keys)? {
        match option {
            Opt::Family => view.family = Some(c.one_of(FAMILIES)?),
            Opt::V4 => view.family = Some(Family::V4),
            Opt::V6 => view.family = Some(Family::V6),
            Opt::Brief => view.brief = true,
            Opt::Details => view.details = true,
            Opt::Stats => view.stats = true,
            Opt::Netns => {
                let ns = c.value(Slot::Namespace, netns::grammar::name_or_path)?;
                c.enter(&ns);
                spaces.push(ns);
            }
            Opt::Color => {}
        }
    }
    Ok((view, spaces))
}
