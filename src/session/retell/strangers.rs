//! Devices that our language can neither make nor move: they are left out, and said once.

use super::Tale;
use super::kin::{Key, end, keys, link};
use crate::world::Ns;
use crate::world::link::{Link, LinkFlags, LinkKind};

/// Devices that tunnel modules give every namespace (`net.core.fb_tunnels_only_for_init_net`).
const FALLBACK: [&str; 9] = [
    "tunl0", "gre0", "gretap0", "erspan0", "sit0", "ip6tnl0", "ip6_vti0", "ip_vti0", "ip6gre0",
];

impl Tale {
    /// Takes strange devices, and all that refers to them, out of both worlds.
    pub(super) fn leave_out_strangers(&mut self) {
        let (old, new) = (keys(&self.now), keys(&self.aim));
        let there: Vec<Key> = (new.iter())
            .filter(|key| link(&self.aim, key).is_some_and(|it| self.is_strange(key, it)))
            .cloned()
            .collect();
        let sentences: Vec<String> = there.iter().filter_map(|key| self.why(key)).collect();
        for sentence in sentences {
            self.lose(sentence);
        }
        let dangling = |key: &&Key| {
            let it = link(&self.now, key);
            it.is_some_and(|it| is_foreign(it) || is_torn(&self.now, key, it))
        };
        let mut gone: Vec<Key> = old.iter().filter(dangling).cloned().collect();
        gone.extend(there.iter().filter_map(|key| end(&self.now, key)));
        for (ns, index) in gone.iter().chain(&there) {
            if let Some(space) = self.now.spaces.get_mut(ns) {
                space.links.remove(index);
                space.forget(*index);
            }
        }
        for (ns, index) in &there {
            if let Some(space) = self.aim.spaces.get_mut(ns) {
                space.links.remove(index);
                space.forget(*index);
            }
        }
    }

    fn is_strange(&self, key: &Key, it: &Link) -> bool {
        let new = link(&self.now, key).is_none();
        let nobodys = it.kind == LinkKind::None && !it.flags.contains(LinkFlags::LOOPBACK);
        is_foreign(it)
            || is_torn(&self.aim, key, it)
            || (nobodys && new)
            || (new && self.is_internets(key))
    }

    /// Is it, or its other end, where only the sandbox itself can put devices?
    fn is_internets(&self, key: &Key) -> bool {
        let end = end(&self.aim, key);
        key.0 == Ns::Internet || end.is_some_and(|(ns, _)| ns == Ns::Internet)
    }

    /// Why the device cannot be told, unless it was so before, or is about to vanish by itself.
    fn why(&self, key: &Key) -> Option<String> {
        let it = link(&self.aim, key)?;
        let (ns, name) = (&key.0, &it.name);
        let before = link(&self.now, key);
        if let LinkKind::Other(kind) = &it.kind {
            let known = before.is_some() || FALLBACK.contains(&name.as_str());
            return (!known).then(|| {
                format!("in {ns}: {name} is of the kind {kind}, which cannot be made here")
            });
        }
        if let Some(before) = before {
            // Until the kernel has destroyed a deleted namespace, the cable's end here is left.
            let (space, _) = end(&self.now, &(ns.clone(), before.index))?;
            return self
                .aim
                .spaces
                .contains_key(&space)
                .then(|| format!("in {ns}: the other end of {name} has gone where no name leads"));
        }
        Some(format!(
            "in {ns}: {name} comes from where no name leads, and cannot be made here"
        ))
    }
}

/// A kind that `ip link add` does not know here.
fn is_foreign(it: &Link) -> bool {
    match &it.kind {
        LinkKind::Other(_) => true,
        LinkKind::Macvlan { mode } => mode == "source",
        LinkKind::None | LinkKind::Veth | LinkKind::Bridge | LinkKind::Vxlan { .. } => false,
    }
}

/// A cable whose other end is not in sight.
fn is_torn(world: &crate::world::World, key: &Key, it: &Link) -> bool {
    it.kind == LinkKind::Veth && end(world, key).is_none()
}
