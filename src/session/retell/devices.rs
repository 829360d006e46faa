//! Namespaces and devices that come, go, move and are renamed.

use super::Tale;
use super::kin::{Key, Kin, end, link};
use crate::command::Command;
use crate::command::link::{Link, Set, Setting};
use crate::command::netns::{Netns, NsRef};
use crate::world::Ns;
use crate::world::link::LinkFlags;

impl Tale {
    /// Devices that are gone, unless they go with a namespace, a cable's other end or the device
    /// below them.
    pub(super) fn delete_devices(&mut self, kin: &Kin) {
        let dies = |tale: &Self, key: &Key| !tale.aim.spaces.contains_key(&key.0);
        for key in &kin.gone {
            let with_space =
                dies(self, key) || end(&self.now, key).is_some_and(|end| dies(self, &end));
            let Some(dev) = self.name(key).filter(|_| !with_space) else {
                continue;
            };
            self.say(&key.0, Command::Link(Link::Del { dev }));
            self.gone(key);
        }
    }

    /// Namespaces that are new.
    pub(super) fn make_spaces(&mut self) {
        for ns in self.spaces() {
            if self.now.spaces.contains_key(&ns) {
                continue;
            }
            if let Ns::Named(name) = &ns {
                self.say(&Ns::Host, Command::Netns(Netns::Add(name.clone())));
            }
            // It comes with its `lo`, and with whatever else the kernel gives it.
            let mut space = self.aim.spaces[&ns].clone();
            space
                .links
                .retain(|_, link| link.flags.contains(LinkFlags::LOOPBACK));
            for link in space.links.values_mut() {
                link.flags.remove(LinkFlags::UP);
                link.mtu = LOOPBACK_MTU;
            }
            let links = std::mem::take(&mut space.links);
            *self.space(&ns) = crate::world::Space {
                links,
                ..crate::world::Space::default()
            };
        }
    }

    /// Namespaces that are gone: `left` says whether those that devices have left meanwhile.
    pub(super) fn delete_spaces(&mut self, kin: &Kin, left: bool) {
        let gone: Vec<Ns> = (self.now.spaces.keys())
            .filter(|ns| !self.aim.spaces.contains_key(ns))
            .filter(|ns| left || !kin.moved().any(|(old, _)| old.0 == **ns))
            .cloned()
            .collect();
        for ns in gone {
            if let Ns::Named(name) = &ns {
                self.say(&Ns::Host, Command::Netns(Netns::Del(name.clone())));
            }
            let indexes: Vec<u32> = self.now.spaces[&ns].links.keys().copied().collect();
            for index in indexes {
                self.gone(&(ns.clone(), index));
            }
            self.now.spaces.remove(&ns);
        }
    }

    /// Devices in another namespace, and under another name.
    pub(super) fn move_and_rename(&mut self, kin: &Kin) {
        for (old, new) in kin.moved() {
            self.move_to(old, new);
        }
        for ns in self.spaces() {
            self.rename_all(&ns);
        }
    }

    fn move_to(&mut self, old: &Key, new: &Key) {
        let (Some(dev), Some(to)) = (self.name(old), link(&self.aim, new).cloned()) else {
            return;
        };
        let Some(place) = named(&new.0) else {
            self.lose(format!("in {}: {dev} has gone to {}", old.0, new.0));
            return;
        };
        // With a name that is taken there it cannot arrive.
        let taken = self.now.spaces[&new.0].link(&dev).is_some();
        let mut settings = Vec::new();
        if taken {
            settings.push(Setting::Name(to.name.clone()));
        }
        settings.push(Setting::Netns(place));
        let name = if taken { to.name.clone() } else { dev.clone() };
        self.set(&old.0, dev, settings);
        let space = self.space(&old.0);
        let Some(mut link) = space.links.remove(&old.1) else {
            return;
        };
        space.forget(old.1);
        // It is switched off on the way, and pulled out of its bridge.
        link.flags.remove(LinkFlags::UP);
        (link.name, link.master) = (name, None);
        (link.index, link.peer, link.peer_ns) = (new.1, to.peer, to.peer_ns);
        self.space(&new.0).links.insert(new.1, link);
        self.relink(new);
    }

    /// The other end of a cable that was moved knows where it is now.
    fn relink(&mut self, key: &Key) {
        let Some(end) = end(&self.aim, key) else {
            return;
        };
        let Some(there) = link(&self.aim, &end).map(|it| (it.peer, it.peer_ns)) else {
            return;
        };
        let nsids = [&key.0, &end.0].map(|ns| (ns.clone(), self.aim.spaces[ns].nsids.clone()));
        for (ns, nsids) in nsids {
            self.space(&ns).nsids = nsids;
        }
        if let Some(link) = self.space(&end.0).links.get_mut(&end.1) {
            (link.peer, link.peer_ns) = there;
        }
    }

    /// New names, those first that are free; where two have changed names, one waits under a third.
    fn rename_all(&mut self, ns: &Ns) {
        loop {
            let (now, aim) = (&self.now.spaces[ns], &self.aim.spaces[ns]);
            let wanted: Vec<(u32, String)> = (now.links.values())
                .filter_map(|link| {
                    let to = &aim.links.get(&link.index)?.name;
                    (*to != link.name).then(|| (link.index, to.clone()))
                })
                .collect();
            let free = wanted.iter().find(|(_, name)| now.link(name).is_none());
            match (free.or(wanted.first()).cloned(), free.is_some()) {
                (None, _) => return,
                (Some((index, name)), true) => self.rename(&(ns.clone(), index), name),
                (Some((index, _)), false) => {
                    self.rename(&(ns.clone(), index), format!("tmp{index}"));
                }
            }
        }
    }

    /// Older kernels (before 6.2) rename only what is switched off.
    fn rename(&mut self, key: &Key, name: String) {
        let Some(dev) = self.name(key) else { return };
        if link(&self.now, key).is_some_and(crate::world::link::Link::is_up) {
            self.set(&key.0, dev.clone(), vec![Setting::Down]);
            self.down(key);
        }
        self.set(&key.0, dev.clone(), vec![Setting::Name(name.clone())]);
        let space = self.space(&key.0);
        for (setting, value) in space.sysctls.clone() {
            let (old, new) = (dotless(&dev), dotless(&name));
            if let Some(renamed) = renamed(&setting, &old, &new) {
                space.sysctls.remove(&setting);
                space.sysctls.insert(renamed, value);
            }
        }
        if let Some(link) = space.links.get_mut(&key.1) {
            link.name = name;
        }
    }

    /// `ip link set dev DEV …`
    pub(super) fn set(&mut self, ns: &Ns, dev: String, settings: Vec<Setting>) {
        self.say(ns, Command::Link(Link::Set(Set { dev, settings })));
    }

    /// What the device is called at this point of the tale.
    pub(super) fn name(&self, key: &Key) -> Option<String> {
        link(&self.now, key).map(|it| it.name.clone())
    }
}

/// The MTU that `lo` begins with (`drivers/net/loopback.c`).
const LOOPBACK_MTU: u32 = 65536;

/// How a command names a namespace; `internet` has no name there.
pub(super) fn named(ns: &Ns) -> Option<NsRef> {
    match ns {
        Ns::Host => Some(NsRef::Pid(1)),
        Ns::Named(name) => Some(NsRef::Name(name.clone())),
        Ns::Internet => None,
    }
}

/// A device's name as a part of a setting's.
pub(super) fn dotless(dev: &str) -> String {
    dev.replace('.', "/")
}

/// The setting's name when its device has another one.
fn renamed(setting: &str, old: &str, new: &str) -> Option<String> {
    let mut parts: Vec<&str> = setting.split('.').collect();
    let at = parts.iter().position(|part| *part == "conf")? + 1;
    let part = parts.get_mut(at).filter(|part| **part == old)?;
    *part = new;
    Some(parts.join("."))
}
