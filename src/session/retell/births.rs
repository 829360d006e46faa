//! Devices that are new: `ip link add`, in the order in which the kernel numbered them.

use super::Tale;
use super::devices::named;
use super::kin::{Key, end, keys, link};
use crate::command::Command;
use crate::command::link::{Add, AddKind, Link as Verb, MacvlanMode, Setting};
use crate::world::link::{Link, LinkFlags, LinkKind};
use crate::world::{Ns, World};

/// MTU of Ethernet, with which most devices are born.
pub(super) const ETHERNET: u32 = 1500;

impl Tale {
    /// Makes what is missing, each after what it stands on.
    pub(super) fn make_devices(&mut self) {
        loop {
            let missing: Vec<Key> = (keys(&self.aim).into_iter())
                .filter(|key| link(&self.now, key).is_none())
                .collect();
            let ready = |key: &&Key| below(&self.aim, key).is_none_or(|on| self.is_there(&on));
            let first = |key: &&Key| {
                let ends = [Some((*key).clone()), end(&self.aim, key)];
                let mine = |other: &Key| ends.iter().flatten().any(|end| end == other);
                let earlier = |end: &Key| {
                    let mut others = missing.iter().filter(|other| !mine(other));
                    others.any(|other| other.0 == end.0 && other.1 < end.1)
                };
                ready(key) && !ends.iter().flatten().any(earlier)
            };
            let next = missing.iter().find(first).or(missing.iter().find(ready));
            let Some(key) = next.cloned() else {
                for key in &missing {
                    self.unborn(key);
                }
                return;
            };
            self.make(&key);
        }
    }

    fn is_there(&self, key: &Key) -> bool {
        link(&self.now, key).is_some()
    }

    fn unborn(&mut self, (ns, index): &Key) {
        let Some(space) = self.aim.spaces.get_mut(ns) else {
            return;
        };
        let name = space.link_name(*index);
        space.links.remove(index);
        space.forget(*index);
        self.lose(format!(
            "in {ns}: {name} stands on a device that is not there"
        ));
    }

    fn make(&mut self, key: &Key) {
        let Some(it) = link(&self.aim, key).cloned() else {
            return;
        };
        match &it.kind {
            LinkKind::Veth => self.make_cable(key),
            LinkKind::Bridge => self.say(&key.0, added(&it, None, Vec::new(), AddKind::Bridge)),
            LinkKind::Macvlan { mode } => self.make_macvlan(key, &it, mode),
            LinkKind::Vxlan { id } => self.make_vxlan(key, &it, *id),
            LinkKind::None | LinkKind::Other(_) => {}
        }
        self.born(key);
    }

    /// Of two ends in one namespace the kernel numbers the peer first.
    fn make_cable(&mut self, key: &Key) {
        let Some(other) = end(&self.aim, key) else {
            return;
        };
        let one_place = other.0 == key.0;
        let named_first = if one_place {
            key.1 > other.1
        } else {
            other.0 != Ns::Host
        };
        let (main, peer) = if named_first {
            (key, &other)
        } else {
            (&other, key)
        };
        let (Some(near), Some(far)) = (link(&self.aim, main), link(&self.aim, peer)) else {
            return;
        };
        let with = (!one_place).then(|| named(&peer.0)).flatten();
        let kind = AddKind::Veth {
            peer: Some(far.name.clone()),
            with: with.map(Setting::Netns).into_iter().collect(),
        };
        let (command, ns) = (added(near, None, Vec::new(), kind), main.0.clone());
        self.say(&ns, command);
        self.born(&other);
    }

    fn make_macvlan(&mut self, key: &Key, it: &Link, mode: &str) {
        let modes = [
            ("private", MacvlanMode::Private),
            ("bridge", MacvlanMode::Bridge),
            ("passthru", MacvlanMode::Passthru),
        ];
        let known = modes.iter().find(|(name, _)| *name == mode);
        let mode = known.map_or(MacvlanMode::Vepa, |(_, mode)| *mode);
        let Some(below) = below(&self.aim, key) else {
            return;
        };
        let Some(name) = self.name(&below) else {
            return;
        };
        let away = (below.0 != key.0).then(|| named(&key.0)).flatten();
        let with = away.map(Setting::Netns).into_iter().collect();
        let kind = AddKind::Macvlan { mode: Some(mode) };
        self.say(&below.0, added(it, Some(name), with, kind));
    }

    fn make_vxlan(&mut self, key: &Key, it: &Link, id: u32) {
        let tunnel = it.tunnel.as_deref().cloned().unwrap_or_default();
        let dev = below(&self.aim, key).and_then(|below| self.name(&below));
        let kind = AddKind::Vxlan {
            id,
            local: tunnel.local,
            remote: tunnel.remote,
            port: Some(tunnel.port),
            dev,
            learning: (!tunnel.learning).then_some(false),
        };
        self.say(&key.0, added(it, None, Vec::new(), kind));
    }

    /// As a new device is: off, in no bridge, with the hardware address that it has drawn.
    fn born(&mut self, key: &Key) {
        let Some(mut new) = link(&self.aim, key).cloned() else {
            return;
        };
        new.mtu = self.mtu_of(key, &new);
        new.flags &= !(LinkFlags::UP | LinkFlags::PROMISC);
        new.master = None;
        if new.mac.is_some_and(|mac| self.is_by_hand(key, mac)) {
            new.mac = None;
        }
        let nsids = self.aim.spaces[&key.0].nsids.clone();
        let space = self.space(&key.0);
        space.nsids = nsids;
        space.links.insert(key.1, new);
    }

    /// The MTU that a new device has: that of the one below, if there is one (`drivers/net/vxlan`
    /// takes off the headers of its packets).
    fn mtu_of(&self, key: &Key, new: &Link) -> u32 {
        const HEADERS: u32 = 50;
        const HEADERS_6: u32 = 70;
        let below = below(&self.aim, key).and_then(|key| Some(link(&self.now, &key)?.mtu));
        let Some(mtu) = below else { return ETHERNET };
        let remote = new.tunnel.as_ref().and_then(|tunnel| tunnel.remote);
        let six = remote.is_some_and(|remote| remote.is_ipv6());
        match &new.kind {
            LinkKind::Macvlan { .. } => mtu,
            LinkKind::Vxlan { .. } => mtu.saturating_sub(if six { HEADERS_6 } else { HEADERS }),
            LinkKind::None | LinkKind::Veth | LinkKind::Bridge | LinkKind::Other(_) => ETHERNET,
        }
    }
}

fn added(it: &Link, below: Option<String>, with: Vec<Setting>, kind: AddKind) -> Command {
    Command::Link(Verb::Add(Add {
        name: Some(it.name.clone()),
        below,
        with,
        kind,
    }))
}

/// The device that a macvlan or a VXLAN stands on.
pub(super) fn below(world: &World, key: &Key) -> Option<Key> {
    let it = link(world, key)?;
    match &it.kind {
        LinkKind::Macvlan { .. } => {
            let nsids = &world.spaces[&key.0].nsids;
            let ns = match it.peer_ns {
                None => key.0.clone(),
                // Of those that stand on others elsewhere, the one without a name is `host`'s.
                Some(id) => nsids.get(&id).map_or(Ns::Host, |name| Ns::from_name(name)),
            };
            Some((ns, it.peer?))
        }
        LinkKind::Vxlan { .. } => Some((key.0.clone(), it.tunnel.as_ref()?.dev?)),
        LinkKind::None | LinkKind::Veth | LinkKind::Bridge | LinkKind::Other(_) => None,
    }
}
