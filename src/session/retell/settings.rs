//! What is set on devices: off, plugged in, MTU, hardware address, promiscuous.

use super::Tale;
use super::births::ETHERNET;
use super::kin::{Key, keys, link};
use crate::command::link::Setting;
use crate::world::link::{Link, LinkFlags, LinkKind, Mac};
use crate::world::neigh::nud;
use crate::world::{Ns, Space};

impl Tale {
    /// Switches off what is to be off, then sets the rest. Switching on comes with the addresses.
    pub(super) fn change_links(&mut self) {
        for key in keys(&self.aim) {
            let (now, aim) = (link(&self.now, &key), link(&self.aim, &key));
            let off = now.is_some_and(Link::is_up) && aim.is_some_and(|aim| !aim.is_up());
            if let Some(dev) = self.name(&key).filter(|_| off) {
                self.set(&key.0, dev, vec![Setting::Down]);
                self.down(&key);
            }
        }
        for ns in self.spaces() {
            self.change_mtus(&ns, false);
            self.change_masters(&ns);
            self.change_mtus(&ns, true);
            for index in self.indexes(&ns) {
                self.change_mac(&(ns.clone(), index));
                self.change_promisc(&(ns.clone(), index));
                self.lose_flags(&(ns.clone(), index));
            }
        }
    }

    fn indexes(&self, ns: &Ns) -> Vec<u32> {
        self.aim.spaces[ns].links.keys().copied().collect()
    }

    fn change_masters(&mut self, ns: &Ns) {
        for index in self.indexes(ns) {
            let key = (ns.clone(), index);
            let (Some(now), Some(aim)) = (link(&self.now, &key), link(&self.aim, &key)) else {
                continue;
            };
            if now.master == aim.master {
                continue;
            }
            let (dev, master) = (now.name.clone(), aim.master);
            let setting = match master {
                None => Setting::NoMaster,
                Some(master) => match self.name(&(ns.clone(), master)) {
                    Some(name) => Setting::Master(name),
                    None => continue,
                },
            };
            self.set(ns, dev, vec![setting]);
            if let Some(link) = self.space(ns).links.get_mut(&index) {
                link.master = master;
            }
        }
    }

    /// Bridges last: until theirs is set, it is the least of their ports'.
    fn change_mtus(&mut self, ns: &Ns, bridges: bool) {
        for index in self.indexes(ns) {
            let (now, aim) = (&self.now.spaces[ns], &self.aim.spaces[ns]);
            let (Some(was), Some(is)) = (now.links.get(&index), aim.links.get(&index)) else {
                continue;
            };
            let is_bridge = is.kind == LinkKind::Bridge;
            let by_itself = is_bridge && is.mtu == least_of_ports(aim, index);
            if was.mtu == is.mtu || by_itself || is_bridge != bridges {
                continue;
            }
            let (dev, mtu) = (was.name.clone(), is.mtu);
            self.set(ns, dev, vec![Setting::Mtu(mtu)]);
            if let Some(link) = self.space(ns).links.get_mut(&index) {
                link.mtu = mtu;
            }
        }
    }

    fn change_mac(&mut self, key: &Key) {
        let (Some(now), Some(aim)) = (link(&self.now, key), link(&self.aim, key)) else {
            return;
        };
        let Some(mac) = aim.mac.filter(|mac| now.mac != Some(*mac)) else {
            return;
        };
        // A bridge without one of its own takes that of a port.
        let by_itself = now.mac.is_some() && aim.kind == LinkKind::Bridge;
        if by_itself && !self.is_by_hand(key, mac) {
            return;
        }
        let dev = now.name.clone();
        self.set(&key.0, dev, vec![Setting::Address(mac)]);
        let space = self.space(&key.0);
        space.neighs.retain(|row| row.link != key.1);
        if let Some(link) = space.links.get_mut(&key.1) {
            link.mac = Some(mac);
        }
    }

    fn change_promisc(&mut self, key: &Key) {
        let promisc = |it: &Link| it.flags.contains(LinkFlags::PROMISC);
        let (Some(now), Some(aim)) = (link(&self.now, key), link(&self.aim, key)) else {
            return;
        };
        let on = promisc(aim);
        if promisc(now) == on {
            return;
        }
        let dev = now.name.clone();
        self.set(&key.0, dev, vec![Setting::Promisc(on)]);
    }

    /// Settings that `ip link set` has, and ours has not.
    fn lose_flags(&mut self, key: &Key) {
        let (Some(now), Some(aim)) = (link(&self.now, key), link(&self.aim, key)) else {
            return;
        };
        let differs = |flag| now.flags.contains(flag) != aim.flags.contains(flag);
        let words = [
            (differs(LinkFlags::NOARP), "arp"),
            (differs(LinkFlags::ALLMULTI), "allmulticast"),
            (differs(LinkFlags::MULTICAST), "multicast"),
            (now.group != aim.group, "group"),
            (now.qlen != aim.qlen, "txqueuelen"),
        ];
        let (ns, name) = (&key.0, aim.name.clone());
        let lost: Vec<String> = (words.iter())
            .filter(|(differs, _)| *differs)
            .map(|(_, word)| {
                format!("in {ns}: `{word}` of {name} was set, which cannot be said here")
            })
            .collect();
        for sentence in lost {
            self.lose(sentence);
        }
    }

    /// Was this hardware address chosen by somebody? One that the kernel draws has the bit of
    /// locally administered addresses and five bytes without a pattern (`eth_random_addr` of
    /// `linux/etherdevice.h`). What a neighbour entry names has to stay as well.
    pub(super) fn is_by_hand(&self, key: &Key, mac: Mac) -> bool {
        const LOCAL: u8 = 2;
        let aim = &self.aim;
        let bridge = link(aim, key).is_some_and(|it| it.kind == LinkKind::Bridge);
        let space = aim.spaces.get(&key.0);
        let of_port = |it: &Link| it.index != key.1 && it.mac == Some(mac);
        if bridge && space.is_some_and(|space| space.links.values().any(of_port)) {
            return false;
        }
        let named = aim.spaces.values().flat_map(|space| &space.neighs);
        let named = named
            .into_iter()
            .any(|row| row.state == nud::PERMANENT && row.mac == Some(mac));
        named || mac.0[0] & LOCAL == 0 || has_pattern(mac)
    }
}

/// Bytes as nobody draws them: two zeros, three alike, or each as far from the one before.
fn has_pattern(Mac(bytes): Mac) -> bool {
    const DOCKER: [u8; 2] = [0x02, 0x42];
    let count = |byte: u8| {
        bytes
            .map(|it| usize::from(it == byte))
            .iter()
            .sum::<usize>()
    };
    let alike = bytes.iter().any(|byte| count(*byte) >= 3);
    let steps: Vec<u8> = (bytes.windows(2))
        .map(|pair| pair[1].wrapping_sub(pair[0]))
        .collect();
    let even = steps.windows(2).all(|pair| pair[0] == pair[1]);
    count(0) >= 2 || alike || even || bytes.starts_with(&DOCKER)
}

/// The MTU that a bridge has by itself.
fn least_of_ports(space: &Space, bridge: u32) -> u32 {
    let ports = space
        .links
        .values()
        .filter(|link| link.master == Some(bridge));
    ports.map(|link| link.mtu).min().unwrap_or(ETHERNET)
}
