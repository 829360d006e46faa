//! What the kernel does of its own accord when something is changed, done to the tables of the
//! tale (`net/ipv4/fib_frontend.c`, `net/ipv6/addrconf.c`, `net/core/dev.c`).

use ipnet::IpNet;

use super::Tale;
use super::kin::{Key, end};
use crate::world::addr::Addr;
use crate::world::link::{Link, LinkFlags, LinkKind};
use crate::world::{Ns, Space};

/// `IFA_F_PERMANENT` of `linux/if_addr.h`.
const PERMANENT: u32 = 0x80;
const HOST: u8 = 254;

impl Tale {
    /// The tables of `ns`, which must be there.
    pub(super) fn space(&mut self, ns: &Ns) -> &mut Space {
        self.now.spaces.entry(ns.clone()).or_default()
    }

    /// A device is deleted: with it go a cable's other end and what stands on top of it.
    pub(super) fn gone(&mut self, key: &Key) {
        let end = end(&self.now, key);
        let Some(space) = self.now.spaces.get_mut(&key.0) else {
            return;
        };
        if space.links.remove(&key.1).is_none() {
            return;
        }
        space.forget(key.1);
        let on_top: Vec<u32> = (space.links.values())
            .filter(|link| stands_on(link, key.1))
            .map(|link| link.index)
            .collect();
        for index in on_top {
            self.gone(&(key.0.clone(), index));
        }
        if let Some(end) = end {
            self.gone(&end);
        }
    }

    /// A device is switched off: its routes and neighbours go, and its IPv6 addresses.
    pub(super) fn down(&mut self, key: &Key) {
        let space = self.space(&key.0);
        if let Some(link) = space.links.get_mut(&key.1) {
            link.flags.remove(LinkFlags::UP);
        }
        space.lose_ways(key.1);
        space
            .addrs
            .retain(|row| row.link != key.1 || row.net.addr().is_ipv4());
    }

    /// A device is switched on: `lo` gets its addresses, if it lacks them.
    pub(super) fn up(&mut self, key: &Key) {
        let space = self.space(&key.0);
        let Some(link) = space.links.get_mut(&key.1) else {
            return;
        };
        link.flags.insert(LinkFlags::UP);
        if !link.flags.contains(LinkFlags::LOOPBACK) {
            return;
        }
        let own: [(&str, Option<&str>); 2] = [("127.0.0.1/8", Some("lo")), ("::1/128", None)];
        for (net, label) in own {
            let Ok(net) = net.parse::<IpNet>() else {
                continue;
            };
            let known = |row: &Addr| row.link == key.1 && row.net == net;
            if !space.addrs.iter().any(known) {
                space.addrs.push(of_loopback(key.1, net, label));
            }
        }
    }

    /// An address is taken away.
    pub(super) fn addr_gone(&mut self, ns: &Ns, addr: &Addr) {
        let space = self.space(ns);
        let at = (space.addrs.iter()).position(|row| (row.link, row.net) == (addr.link, addr.net));
        let Some(at) = at else { return };
        space.addrs.remove(at);
        if addr.net.addr().is_ipv6() {
            return;
        }
        // The others of its network were its secondaries, and go with it.
        if !is_secondary(addr) {
            let network = addr.net.trunc();
            let follows = |row: &Addr| row.link == addr.link && row.net.trunc() == network;
            space.addrs.retain(|row| !follows(row));
        }
        let own = |row: &Addr| row.link == addr.link && row.net.addr().is_ipv4();
        if !space.addrs.iter().any(own) {
            let (link, four) = (addr.link, |ip: std::net::IpAddr| ip.is_ipv4());
            space
                .routes
                .retain(|row| row.dev != Some(link) || !four(row.dst.addr()));
            space
                .neighs
                .retain(|row| row.link != link || !four(row.dst));
        }
        let held: Vec<_> = space.addrs.iter().map(|row| row.net.addr()).collect();
        let source = addr.net.addr();
        if !held.contains(&source) {
            space.routes.retain(|row| row.src != Some(source));
        }
    }

    /// An address is given: a primary IPv4 one comes behind the primary ones of at least its scope,
    /// a secondary one last (`__inet_insert_ifa` of `net/ipv4/devinet.c`).
    pub(super) fn addr_new(&mut self, ns: &Ns, addr: &Addr) {
        let rows = &mut self.space(ns).addrs;
        let mut new = addr.clone();
        let kin = |row: &Addr| row.link == addr.link && row.net.addr().is_ipv4();
        let secondary = (rows.iter()).any(|row| kin(row) && row.net.trunc() == addr.net.trunc());
        new.flags &= !SECONDARY;
        let at = if addr.net.addr().is_ipv6() {
            rows.iter().position(|row| row.net.addr().is_ipv6())
        } else if secondary {
            new.flags |= SECONDARY;
            rows.iter().rposition(kin).map(|at| at + 1)
        } else {
            let primary = |row: &Addr| kin(row) && !is_secondary(row) && addr.scope <= row.scope;
            let last = rows.iter().rposition(primary).map(|at| at + 1);
            last.or_else(|| rows.iter().position(kin))
        };
        rows.insert(at.unwrap_or(rows.len()), new);
    }
}

/// `IFA_F_SECONDARY` of `linux/if_addr.h`; for IPv6 it means something else.
const SECONDARY: u32 = 1;

/// Is it an IPv4 address beside an earlier one of the same network?
fn is_secondary(addr: &Addr) -> bool {
    addr.net.addr().is_ipv4() && addr.flags & SECONDARY != 0
}

/// A macvlan goes with the device below it, a VXLAN with the one that it sends by.
pub(super) fn stands_on(link: &Link, index: u32) -> bool {
    match link.kind {
        LinkKind::Macvlan { .. } => link.peer == Some(index) && link.peer_ns.is_none(),
        LinkKind::Vxlan { .. } => {
            (link.tunnel.as_ref()).is_some_and(|tunnel| tunnel.dev == Some(index))
        }
        LinkKind::None | LinkKind::Veth | LinkKind::Bridge | LinkKind::Other(_) => false,
    }
}

fn of_loopback(link: u32, net: IpNet, label: Option<&str>) -> Addr {
    Addr {
        link,
        net,
        peer: None,
        broadcast: None,
        scope: HOST,
        flags: PERMANENT,
        label: label.map(str::to_owned),
        valid: u32::MAX,
        preferred: u32::MAX,
        proto: 0,
    }
}

impl Space {
    /// Whatever refers to a device that is no longer here.
    pub(super) fn forget(&mut self, index: u32) {
        self.lose_ways(index);
        self.addrs.retain(|row| row.link != index);
        self.fdb
            .retain(|row| row.link != index && row.master != Some(index));
        for link in self.links.values_mut() {
            if link.master == Some(index) {
                link.master = None;
            }
        }
    }

    /// Routes and neighbours of a device.
    fn lose_ways(&mut self, index: u32) {
        self.routes.retain(|row| row.dev != Some(index));
        self.neighs.retain(|row| row.link != index);
    }
}
