//! Addresses, and switching devices on, which comes with them: an IPv6 address would not outlive
//! switching off, and in what order devices come to their networks decides which of two equal
//! routes comes first.

use std::net::IpAddr;

use ipnet::IpNet;

use super::Tale;
use super::kin::{Key, Kin, link};
use crate::command::addr::{Addr as Verb, Broadcast, Spec};
use crate::command::link::Setting;
use crate::command::{Command, addr};
use crate::world::Space;
use crate::world::addr::Addr;
use crate::world::link::{Link, LinkFlags, Mac};

/// Flags that `ip addr add` can set: nodad, home, mngtmpaddr, noprefixroute, autojoin.
const SAYABLE: u32 = 0x2 | 0x10 | 0x100 | 0x200 | 0x400;
/// `IFA_F_PERMANENT` of `linux/if_addr.h`.
const PERMANENT: u32 = 0x80;
/// `IFAPROT_KERNEL_LL` and `IFAPROT_KERNEL_RA` of `linux/if_addr.h`.
const KERNELS: [u8; 2] = [2, 3];
const HOST: u8 = 254;

impl Tale {
    /// Addresses that are gone from devices that are still there.
    pub(super) fn take_addresses(&mut self, kin: &Kin) {
        for ns in self.spaces() {
            let Some(now) = self.now.spaces.get(&ns) else {
                continue;
            };
            for index in now.links.keys().copied().collect::<Vec<_>>() {
                let key = (ns.clone(), index);
                if kin.stays(&key) {
                    self.take_from(&key);
                }
            }
        }
    }

    fn take_from(&mut self, key: &Key) {
        let (Some(now), Some(aim)) = (link(&self.now, key), link(&self.aim, key)) else {
            return;
        };
        let goes_down = now.is_up() && !aim.is_up();
        let wanted = of(&self.aim.spaces[&key.0], key.1);
        let have = of(&self.now.spaces[&key.0], key.1);
        let mut gone: Vec<Addr> = (have.iter())
            .filter(|row| !wanted.iter().any(|other| alike(row, other)))
            .filter(|row| row.net.addr().is_ipv4() || !goes_down)
            .cloned()
            .collect();
        let Some(dev) = self.name(key) else { return };
        let early = self.early(key, &gone, &wanted);
        for row in &early {
            self.say(
                &key.0,
                Command::Addr(Verb::Add(described(row, &dev, false))),
            );
            self.addr_new(&key.0, row);
        }
        if early.is_empty() && !self.comes_out(key, &[], &gone, &wanted) {
            gone.extend(
                have.iter()
                    .filter(|row| row.net.addr().is_ipv4() && !gone.contains(row))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
        }
        // From the last to the first, so that no secondary one goes before its turn.
        for row in gone.iter().rev() {
            self.say(&key.0, Command::Addr(Verb::Del(described(row, &dev, true))));
            self.addr_gone(&key.0, row);
        }
    }

    /// IPv4 addresses that have to come before the old ones go: with its last one a device loses
    /// its routes.
    fn early(&self, key: &Key, gone: &[Addr], wanted: &[Addr]) -> Vec<Addr> {
        let four = |rows: &[Addr]| -> Vec<Addr> {
            let rows = rows.iter().filter(|row| row.net.addr().is_ipv4());
            rows.cloned().collect()
        };
        let have = four(&of(&self.now.spaces[&key.0], key.1));
        let new: Vec<Addr> = (four(wanted).into_iter())
            .filter(|row| !have.iter().any(|other| alike(row, other)))
            .collect();
        let last = !have.is_empty() && four(gone).len() == have.len();
        if last && self.comes_out(key, &new, gone, wanted) {
            new
        } else {
            Vec::new()
        }
    }

    /// Would the IPv4 addresses stand in the wanted order if `first` came, `gone` went and the rest
    /// was added?
    fn comes_out(&self, key: &Key, first: &[Addr], gone: &[Addr], wanted: &[Addr]) -> bool {
        let mut trial = Self {
            now: crate::world::World::default(),
            aim: crate::world::World::default(),
            told: super::Retold::default(),
        };
        let known = &self.now.spaces[&key.0].addrs;
        trial.space(&key.0).addrs.clone_from(known);
        for row in first {
            trial.addr_new(&key.0, row);
        }
        for row in gone.iter().rev() {
            trial.addr_gone(&key.0, row);
        }
        let four = |rows: &[Addr]| -> Vec<IpNet> {
            let rows = rows.iter().map(|row| row.net);
            rows.filter(|net| net.addr().is_ipv4()).collect()
        };
        for row in wanted {
            let there = |other: &Addr| alike(other, row);
            let none = !of(trial.space(&key.0), key.1).iter().any(there);
            if none && row.net.addr().is_ipv4() {
                trial.addr_new(&key.0, row);
            }
        }
        four(&of(trial.space(&key.0), key.1)) == four(wanted)
    }

    /// What is missing, device by device.
    pub(super) fn change_addresses(&mut self) {
        for ns in self.spaces() {
            for index in self.in_order(&ns) {
                let key = (ns.clone(), index);
                self.give(&key, false);
                self.switch_on(&key);
                self.give(&key, true);
            }
        }
    }

    fn switch_on(&mut self, key: &Key) {
        let off = link(&self.now, key).is_some_and(|it| !it.is_up());
        let wanted = link(&self.aim, key).is_some_and(Link::is_up);
        if let Some(dev) = self.name(key).filter(|_| off && wanted) {
            self.set(&key.0, dev, vec![Setting::Up]);
            self.up(key);
        }
    }

    /// `lo` gets its own addresses when it is switched on, so that it is looked at `late`.
    fn give(&mut self, key: &Key, late: bool) {
        let Some(it) = link(&self.now, key) else {
            return;
        };
        let (dev, is_lo) = (it.name.clone(), it.flags.contains(LinkFlags::LOOPBACK));
        let up_at_last = link(&self.aim, key).is_some_and(Link::is_up);
        if late != (is_lo && up_at_last) {
            return;
        }
        let wanted = of(&self.aim.spaces[&key.0], key.1);
        let extra: Vec<Addr> = (of(&self.now.spaces[&key.0], key.1).into_iter())
            .filter(|row| !wanted.iter().any(|other| alike(row, other)))
            .collect();
        for row in extra {
            self.say(
                &key.0,
                Command::Addr(Verb::Del(described(&row, &dev, true))),
            );
            self.addr_gone(&key.0, &row);
        }
        // The kernel puts the newest IPv6 address first.
        let (four, six): (Vec<_>, Vec<_>) =
            wanted.into_iter().partition(|row| row.net.addr().is_ipv4());
        for row in four.into_iter().chain(six.into_iter().rev()) {
            let there = |other: &Addr| alike(other, &row);
            if of(&self.now.spaces[&key.0], key.1).iter().any(there) {
                continue;
            }
            if row.flags & PERMANENT == 0 && row.valid != u32::MAX {
                let net = row.net;
                self.lose(format!(
                    "in {}: the address {net} of {dev} is for a time only, which cannot be said here",
                    key.0
                ));
                continue;
            }
            self.lose_label(key, &row, &dev);
            self.say(
                &key.0,
                Command::Addr(Verb::Add(described(&row, &dev, false))),
            );
            self.addr_new(&key.0, &row);
        }
    }

    fn lose_label(&mut self, key: &Key, row: &Addr, dev: &str) {
        if let Some(label) = row.label.as_ref().filter(|label| *label != dev) {
            let net = row.net;
            self.lose(format!(
                "in {}: the label {label} of the address {net}, which cannot be said here",
                key.0
            ));
        }
    }
}

/// The addresses of a device that somebody has given it.
fn of(space: &Space, index: u32) -> Vec<Addr> {
    let mac = space.links.get(&index).and_then(|link| link.mac);
    let rows = space.addrs.iter().filter(|row| row.link == index);
    rows.filter(|row| !is_kernels(row, mac)).cloned().collect()
}

/// Link-local addresses made from the hardware address, and what a router has told.
fn is_kernels(row: &Addr, mac: Option<Mac>) -> bool {
    const LINK_LOCAL: u16 = 0xfe80;
    let IpAddr::V6(ip) = row.net.addr() else {
        return false;
    };
    let from_mac = |Mac(mac): Mac| {
        // RFC 4291, appendix A.
        let halves = [&mac[..3], &[0xff, 0xfe], &mac[3..]].concat();
        ip.octets()[9..] == halves[1..] && ip.octets()[8] == halves[0] ^ 2
    };
    KERNELS.contains(&row.proto) || (ip.segments()[0] == LINK_LOCAL && mac.is_some_and(from_mac))
}

/// Are they the same as far as can be told?
fn alike(a: &Addr, b: &Addr) -> bool {
    let flags = |row: &Addr| row.flags & SAYABLE;
    (a.net, a.peer, a.broadcast, a.scope, flags(a))
        == (b.net, b.peer, b.broadcast, b.scope, flags(b))
}

fn described(row: &Addr, dev: &str, del: bool) -> Spec {
    let broadcast = match (row.broadcast, row.net) {
        (Some(ip), IpNet::V4(net)) if net.prefix_len() <= 30 && net.broadcast() == ip => {
            Some(Broadcast::FromPrefix)
        }
        (other, _) => other.map(Broadcast::Address),
    };
    let own = row.net.addr();
    let usual = if own.is_loopback() && own.is_ipv4() {
        HOST
    } else {
        0
    };
    // With another end the prefix length is that of the other end.
    let (net, peer) = match row.peer {
        Some(peer) => (
            IpNet::from(own),
            IpNet::new(peer, row.net.prefix_len()).ok(),
        ),
        None => (row.net, None),
    };
    addr::Spec {
        net,
        prefix_written: peer.is_none(),
        dev: dev.to_owned(),
        broadcast: broadcast.filter(|_| !del),
        peer,
        scope: Some(row.scope).filter(|scope| own.is_ipv4() && *scope != usual && !del),
        flags: if del { 0 } else { row.flags & SAYABLE },
    }
}
