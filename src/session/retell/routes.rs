//! Routes that somebody has made, and connected ones that somebody has deleted.

use std::net::IpAddr;

use ipnet::IpNet;

use super::Tale;
use crate::command::route::{Edit, Route as Verb, Spec};
use crate::command::{Command, Family, View};
use crate::world::link::Link;
use crate::world::route::{Route, RouteKind, table};
use crate::world::{Ns, Space, World};

/// `RTPROT_*` of `linux/rtnetlink.h`: redirect, kernel, ra.
const KERNELS: [u8; 3] = [1, KERNEL, 9];
const KERNEL: u8 = 2;
const BOOT: u8 = 3;
const LINK: u8 = 253;
const HOST: u8 = 254;
/// `RTNH_F_ONLINK` of `linux/rtnetlink.h`.
const ONLINK: u32 = 4;
/// Metric of an IPv6 route for which none was said (`IP6_RT_PRIO_USER` of `linux/ipv6_route.h`).
const USUAL_6: u32 = 1024;

impl Tale {
    /// Deletes what is too many, then adds what is missing, those without a router first: routers
    /// must be in reach.
    pub(super) fn change_routes(&mut self, before: &World) {
        for ns in self.spaces() {
            self.connected(&ns, before);
            let (now, aim) = (&self.now.spaces[&ns], &self.aim.spaces[&ns]);
            let mine = |row: &&Route| is_made(row);
            let have: Vec<Route> = now.routes.iter().filter(mine).cloned().collect();
            let wanted: Vec<Route> = aim.routes.iter().filter(mine).cloned().collect();
            let gone = (have.iter()).filter(|row| !wanted.iter().any(|other| rivals(row, other)));
            for row in gone {
                self.tell(&ns, Edit::Del, row);
            }
            let (direct, far): (Vec<_>, Vec<_>) = (wanted
                .iter()
                .filter(|row| !have.iter().any(|other| alike(row, other))))
            .partition(|row| row.via.is_none());
            let known = before.spaces.get(&ns).map(|space| &space.routes);
            for row in direct.into_iter().chain(far) {
                let there = have.iter().chain(known.into_iter().flatten());
                let edit = if there.into_iter().any(|other| rivals(row, other)) {
                    Edit::Replace
                } else {
                    Edit::Add
                };
                self.tell(&ns, edit, row);
            }
        }
    }

    fn tell(&mut self, ns: &Ns, edit: Edit, row: &Route) {
        let dst = row.dst;
        if row.kind == RouteKind::Unicast && row.dev.is_none() {
            return self.lose(format!(
                "in {ns}: the route to {dst} has several next routers, which cannot be said here"
            ));
        }
        if row.pref.is_some_and(|pref| pref != 0) {
            self.lose(format!(
                "in {ns}: the preference of the route to {dst}, which cannot be said here"
            ));
        }
        let dev = row.dev.map(|index| self.now.spaces[ns].link_name(index));
        self.say(ns, Command::Route(Verb::Change(edit, described(row, dev))));
    }

    /// A connected route comes and goes with its address; while that stays, it was somebody.
    fn connected(&mut self, ns: &Ns, before: &World) {
        let Some(old) = before.spaces.get(ns) else {
            return;
        };
        let new = &self.aim.spaces[ns];
        let told: Vec<(Edit, Route)> = [(Edit::Del, old, new), (Edit::Add, new, old)]
            .into_iter()
            .flat_map(|(edit, with, without)| {
                let rows = with.routes.iter().filter(|row| is_connected(row));
                let only = rows.filter(|row| !without.routes.iter().any(|it| rivals(it, row)));
                let stays = only.filter(|row| stays(row, old, new));
                stays.map(move |row| (edit, row.clone()))
            })
            .collect();
        for (edit, row) in told {
            self.tell(ns, edit, &row);
        }
    }
}

/// A connected IPv4 route of the main table.
pub(super) fn is_connected(row: &Route) -> bool {
    row.proto == KERNEL
        && row.table == table::MAIN
        && row.kind == RouteKind::Unicast
        && row.dst.addr().is_ipv4()
}

/// Were device and address there all along, and on?
fn stays(row: &Route, old: &Space, new: &Space) -> bool {
    [old, new].iter().all(|space| {
        let dev = row.dev.and_then(|index| space.links.get(&index));
        let given = |it: &crate::world::addr::Addr| {
            Some(it.link) == row.dev && Some(it.net.addr()) == row.src
        };
        dev.is_some_and(Link::is_up) && space.addrs.iter().any(given)
    })
}

/// Did somebody make it?
fn is_made(row: &Route) -> bool {
    let (IpNet::V6(_), table::LOCAL) = (row.dst, row.table) else {
        return !KERNELS.contains(&row.proto);
    };
    false
}

/// Can only one of the two be there?
fn rivals(a: &Route, b: &Route) -> bool {
    let key = |row: &Route| (row.table, row.dst, row.metric.unwrap_or(0));
    let kernels = |row: &Route| KERNELS.contains(&row.proto);
    // The kernel puts equal connected routes behind each other.
    let beside = kernels(a) || kernels(b);
    key(a) == key(b) && (!beside || (a.dev, kernels(a)) == (b.dev, kernels(b)))
}

/// Are they the same? Carrier and such leave marks that do not matter.
fn alike(a: &Route, b: &Route) -> bool {
    let plain = |row: &Route| Route {
        flags: row.flags & ONLINK,
        ..row.clone()
    };
    plain(a) == plain(b)
}

fn described(row: &Route, dev: Option<String>) -> Spec {
    let six = row.dst.addr().is_ipv6();
    let default = row.dst.prefix_len() == 0;
    let crossed = row.via.is_some_and(|via| via.is_ipv6() != six);
    let family = if six { Family::V6 } else { Family::V4 };
    let usual_table = match row.kind {
        RouteKind::Local | RouteKind::Broadcast | RouteKind::Anycast => table::LOCAL,
        RouteKind::Unicast
        | RouteKind::Multicast
        | RouteKind::Blackhole
        | RouteKind::Unreachable
        | RouteKind::Prohibit
        | RouteKind::Throw => table::MAIN,
    };
    // The kernel gives an unreachable IPv6 route the device `lo`.
    let dev = dev.filter(|_| !(six && row.kind != RouteKind::Unicast));
    Spec {
        dst: (!default).then_some(row.dst),
        view: View {
            family: (default && (six || crossed)).then_some(family),
            ..View::default()
        },
        kind: row.kind,
        via: row.via,
        dev,
        src: row.src,
        metric: row.metric.filter(|metric| !(six && *metric == USUAL_6)),
        table: Some(row.table).filter(|table| *table != usual_table),
        proto: Some(row.proto).filter(|proto| *proto != BOOT),
        scope: Some(row.scope).filter(|scope| !six && *scope != usual_scope(row.kind, row.via)),
        onlink: row.flags & ONLINK != 0,
        mtu: row.mtu,
    }
}

/// iproute2's choice.
fn usual_scope(kind: RouteKind, via: Option<IpAddr>) -> u8 {
    match kind {
        RouteKind::Local => HOST,
        RouteKind::Broadcast | RouteKind::Multicast | RouteKind::Anycast => LINK,
        RouteKind::Unicast if via.is_none() => LINK,
        RouteKind::Unicast
        | RouteKind::Blackhole
        | RouteKind::Unreachable
        | RouteKind::Prohibit
        | RouteKind::Throw => 0,
    }
}
