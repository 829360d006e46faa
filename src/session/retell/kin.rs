//! Which device of before is which of after.
//!
//! A device keeps its ifindex for as long as it stays in its namespace, and its hardware address
//! when it is moved. A veth is only the same when its other end is the same as well.

use std::collections::{BTreeMap, BTreeSet};

use crate::world::link::{Link, LinkKind};
use crate::world::ready::other_end;
use crate::world::{Ns, World};

/// A device: its namespace and ifindex.
pub(super) type Key = (Ns, u32);

/// Devices of two worlds, matched.
#[derive(Debug, Default)]
pub(super) struct Kin {
    /// Of each device that is there before and after: where it is after, and where it was.
    twins: BTreeMap<Key, Key>,
    /// Those of before that are gone.
    pub(super) gone: Vec<Key>,
}

impl Kin {
    /// Matches the devices of `before` with those of `after`.
    pub(super) fn of(before: &World, after: &World) -> Self {
        let mut twins: BTreeMap<Key, Key> = BTreeMap::new();
        let keys = keys(after);
        for key in &keys {
            if same_kind(link(before, key), link(after, key)) {
                twins.insert(key.clone(), key.clone());
            }
        }
        let mut free: BTreeSet<Key> = self::keys(before).into_iter().collect();
        free.retain(|key| !twins.values().any(|old| old == key));
        for key in &keys {
            if twins.contains_key(key) {
                continue;
            }
            let there = link(after, key);
            let moved = |old: &&Key| old.0 != key.0 && same_mac(link(before, old), there);
            if let Some(old) = free.iter().find(moved).cloned() {
                free.remove(&old);
                twins.insert(key.clone(), old);
            }
        }
        part_cables(&mut twins, before, after);
        let kept: BTreeSet<&Key> = twins.values().collect();
        let all = self::keys(before);
        let gone = all.into_iter().filter(|key| !kept.contains(key)).collect();
        Self { twins, gone }
    }

    /// Devices that stand in another namespace: where each was, and where it is.
    pub(super) fn moved(&self) -> impl Iterator<Item = (&Key, &Key)> {
        let moved = self.twins.iter().filter(|(new, old)| new != old);
        moved.map(|(new, old)| (old, new))
    }

    /// Is the device that was at `key` still there?
    pub(super) fn stays(&self, key: &Key) -> bool {
        self.twins.get(key) == Some(key)
    }
}

/// Every device.
pub(super) fn keys(world: &World) -> Vec<Key> {
    let spaces = world.spaces.iter();
    let keys = spaces.flat_map(|(ns, space)| space.links.keys().map(|index| (ns.clone(), *index)));
    keys.collect()
}

/// The device at `key`.
pub(super) fn link<'a>(world: &'a World, key: &Key) -> Option<&'a Link> {
    world.spaces.get(&key.0)?.links.get(&key.1)
}

/// The other end of the veth at `key`.
pub(super) fn end(world: &World, key: &Key) -> Option<Key> {
    let space = world.spaces.get(&key.0)?;
    let veth = space
        .links
        .get(&key.1)
        .filter(|it| it.kind == LinkKind::Veth)?;
    let end = other_end(world, space, veth)?;
    let holds = |world: &World, ns: &Ns| {
        let links = world.spaces[ns].links.values();
        links.into_iter().any(|it| std::ptr::eq(it, end))
    };
    let ns = world.spaces.keys().find(|ns| holds(world, ns))?;
    Some((ns.clone(), end.index)).filter(|it| it != key)
}

fn same_kind(before: Option<&Link>, after: Option<&Link>) -> bool {
    matches!((before, after), (Some(before), Some(after))
        if before.kind == after.kind && before.tunnel == after.tunnel)
}

/// Could it have been moved? `lo` and bridges stay where they are.
fn same_mac(before: Option<&Link>, after: Option<&Link>) -> bool {
    let movable = |link: &&Link| !matches!(link.kind, LinkKind::None | LinkKind::Bridge);
    let mac = |link: Option<&Link>| link.filter(movable).and_then(|link| link.mac);
    same_kind(before, after) && mac(before).is_some() && mac(before) == mac(after)
}

/// Ends that were tied to others are other cables.
fn part_cables(twins: &mut BTreeMap<Key, Key>, before: &World, after: &World) {
    let torn: Vec<Key> = (twins.iter())
        .filter(|(new, old)| {
            let there = end(after, new);
            let was = there.as_ref().and_then(|there| twins.get(there));
            there.is_some() && was != end(before, old).as_ref()
        })
        .map(|(new, _)| new.clone())
        .collect();
    twins.retain(|key, _| !torn.contains(key));
}
