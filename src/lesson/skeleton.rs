//! A lesson to begin with: what somebody did as its commands, and checks guessed from the tables.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::lint::needs::need_of;
use crate::command::parse;
use crate::world::addr::Addr;
use crate::world::link::{Link, LinkFlags, LinkKind};
use crate::world::route::{Route, RouteKind};
use crate::world::{Ns, Space, World};

/// So many checks are guessed; more would be work to take out again.
const MOST_CHECKS: usize = 20;
/// So many lines a step can have.
const MOST_LINES: usize = 200;
/// `RTPROT_KERNEL` and `RTPROT_DHCP` of `linux/rtnetlink.h`: nobody typed these.
const NOT_TYPED: [u8; 2] = [2, 16];
const MAIN: u32 = 254;

/// The text of a lesson whose commands are `lines` (comments begin with `#`), and whose checks hold
/// in `world`, where they led.
pub fn skeleton(lines: &[String], uplink: bool, world: &World) -> String {
    let mut text = head(lines);
    if uplink {
        text += "\n[host]\nuplink = true\n";
    }
    let parts: Vec<&[String]> = lines.chunks(MOST_LINES).collect();
    for (number, part) in (1..).zip(&parts) {
        text += &step(part, number, parts.len());
    }
    for check in checks(world).into_iter().take(MOST_CHECKS) {
        text += &["\n[[step.check]]\n", &check, "\n"].concat();
    }
    text
}

fn head(lines: &[String]) -> String {
    let commands = lines.iter().filter_map(|line| parse(line).ok()?.command);
    let needs: BTreeSet<&str> = commands
        .filter_map(|command| need_of(&command).map(super::Need::name))
        .collect();
    let needs: Vec<String> = needs.into_iter().map(quoted).collect();
    format!(
        "# Written by tutor from what was done: put your own words in the place of these.\n\
         # `tutor lint FILE` looks it over, `tutor test FILE` tries it, `tutor --lesson FILE` begins it.\n\
         format = 1\n\
         title = \"A lesson of your own\"\n\
         summary = \"What it teaches, in one sentence.\"\n\
         minutes = 10\n\
         needs = [{}]\n",
        needs.join(", ")
    )
}

fn step(lines: &[String], number: usize, of: usize) -> String {
    let title = if of == 1 {
        "The first step".to_owned()
    } else {
        format!("Part {number} of {of}")
    };
    let block = format!("{}\n", lines.join("\n"));
    let run = if block.contains("'''") {
        quoted(&block)
    } else {
        format!("'''\n{block}'''")
    };
    format!(
        "\n[[step]]\n\
         title = {}\n\
         text = '''\n\
         Say here why somebody would want this, and then how it is done.\n\
         '''\n\
         run = {run}\n\
         hints = [\n  \"Say what to look at first.\",\n  \"Say which command does it.\",\n  \"Say how it is written.\",\n]\n",
        quoted(&title)
    )
}

/// Checks, a line each, the most telling first.
fn checks(world: &World) -> Vec<String> {
    let spaces = || world.spaces.iter().filter(|(ns, _)| **ns != Ns::Internet);
    let mut found = Vec::new();
    for (ns, space) in spaces() {
        let links = space.links.values().filter(|link| is_made(link));
        found.extend(links.map(|link| of_link(ns, space, link)));
    }
    for (ns, space) in spaces() {
        found.extend(given(space).map(|addr| of_addr(ns, space, addr)));
        let routes = space.routes.iter().filter(|row| is_typed(row));
        found.extend(routes.map(|row| of_route(ns, row)));
        if space
            .sysctls
            .get("net.ipv4.ip_forward")
            .is_some_and(|on| on == "1")
        {
            let name = quoted("net.ipv4.ip_forward");
            found.push(format!(
                "sysctl = {{ ns = {}, name = {name}, value = 1 }}",
                quoted(ns.name())
            ));
        }
    }
    // Pings are few, and say most: they are not the ones that are left out.
    let pings = pings(world);
    found.truncate(MOST_CHECKS - pings.len());
    found.extend(pings);
    found
}

/// Did somebody make it? `lo` and the uplink are there from the start.
fn is_made(link: &Link) -> bool {
    let known = !matches!(link.kind, LinkKind::None | LinkKind::Other(_));
    known && !link.flags.contains(LinkFlags::LOOPBACK) && link.name != "enp0s1"
}

fn of_link(ns: &Ns, space: &Space, link: &Link) -> String {
    let mut keys = format!("ns = {}, name = {}", quoted(ns.name()), quoted(&link.name));
    if link.is_up() {
        keys += ", up = true";
    }
    if let Some(master) = link.master {
        keys += ", master = ";
        keys += &quoted(&space.link_name(master));
    }
    format!("link = {{ {keys} }}")
}

/// Addresses that somebody has given devices.
fn given(space: &Space) -> impl Iterator<Item = &Addr> {
    let made = |index: u32| space.links.get(&index).is_some_and(is_made);
    let local = |ip: IpAddr| match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    };
    let rows = space.addrs.iter();
    rows.filter(move |row| made(row.link) && !local(row.net.addr()) && row.peer.is_none())
}

fn of_addr(ns: &Ns, space: &Space, addr: &Addr) -> String {
    let (ns, dev) = (quoted(ns.name()), quoted(&space.link_name(addr.link)));
    let address = quoted(&addr.net.to_string());
    format!("addr = {{ ns = {ns}, dev = {dev}, address = {address} }}")
}

fn is_typed(row: &Route) -> bool {
    row.table == MAIN
        && row.kind == RouteKind::Unicast
        && !NOT_TYPED.contains(&row.proto)
        && row.via.is_some()
}

fn of_route(ns: &Ns, row: &Route) -> String {
    let dst = match row.dst.prefix_len() {
        0 if row.dst.addr().is_ipv4() => "default".to_owned(),
        _ => row.dst.to_string(),
    };
    let via = row
        .via
        .map(|via| format!(", via = {}", quoted(&via.to_string())));
    let (ns, dst) = (quoted(ns.name()), quoted(&dst));
    format!(
        "route = {{ ns = {ns}, dst = {dst}{} }}",
        via.unwrap_or_default()
    )
}

/// From each namespace to one that it has for a neighbour.
fn pings(world: &World) -> Vec<String> {
    const MOST: usize = 3;
    let spaces = || world.spaces.iter().filter(|(ns, _)| **ns != Ns::Internet);
    let up = |space: &Space, addr: &Addr| {
        let link = space.links.get(&addr.link);
        link.is_some_and(|link| link.flags.contains(LinkFlags::UP | LinkFlags::LOWER_UP))
    };
    let mut found = Vec::new();
    for (from, here) in spaces() {
        let own: Vec<&Addr> = given(here).filter(|addr| up(here, addr)).collect();
        let others = spaces().filter(|(to, _)| *to != from);
        let mut there = others.flat_map(|(_, there)| given(there).filter(|addr| up(there, addr)));
        let neighbour = there.find(|other| {
            let ip = other.net.addr();
            own.iter()
                .any(|addr| addr.net.contains(&ip) && addr.net.addr() != ip)
        });
        found.extend(neighbour.map(|addr| {
            let (from, to) = (quoted(from.name()), quoted(&addr.net.addr().to_string()));
            format!("ping = {{ from = {from}, to = {to} }}")
        }));
    }
    found.truncate(MOST);
    found
}

/// As a string of TOML.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
