//! What frames reach that leave by a device: through cables and bridges, and what cuts them off.

use std::collections::BTreeMap;

use super::scene::Scene;
use super::tunnel::Misfit;
use crate::world::cable::End;
use crate::world::link::{Link, LinkKind, PortState, Value};

/// Something that keeps frames from going on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// The device is down.
    Down(End),
    /// The device is up, and the other end of its cable is not.
    OtherEndDown { end: End, other: End },
    /// A port that does not pass frames.
    Blocked(End),
    /// It is no port of the bridge that leads on; perhaps it is one of another.
    Unplugged { end: End, bridge: End },
    /// Frames that come in by `from` may not go out by `end`: both are isolated.
    Isolated { from: End, end: End },
    /// A tunnel leads from `end` not to `other`.
    Misfit {
        end: End,
        other: End,
        misfit: Misfit,
    },
}

/// A way that frames take, or would take if nothing cut it.
#[derive(Clone, Debug, Default)]
pub(super) struct Path {
    /// The devices on it, from the one that they leave by to the one that they come in by.
    pub ends: Vec<End>,
    /// What cuts it, in order.
    pub cuts: Vec<Cut>,
    cost: u32,
}

/// What reaches a device that takes packets in.
#[derive(Clone, Debug, Default)]
pub(super) struct Segment {
    /// Each such device, and the way there with the fewest cuts.
    pub stations: BTreeMap<End, Path>,
}

impl Segment {
    /// Those that frames do reach.
    pub fn reached(&self) -> impl Iterator<Item = (&End, &Path)> {
        self.stations
            .iter()
            .filter(|(_, path)| path.cuts.is_empty())
    }
}

/// A cut that is a device's state weighs less than one that may well be meant.
const BROKEN: u32 = 1;
const UNPLUGGED: u32 = 4;

/// A place on the way: frames leave by a device, or come in by it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    end: End,
    out: bool,
}

impl Scene<'_> {
    /// What frames reach that leave by `from`.
    pub fn segment(&self, from: &End) -> Segment {
        let mut segment = Segment::default();
        let mut done: BTreeMap<Spot, u32> = BTreeMap::new();
        let start = Spot {
            end: from.clone(),
            out: true,
        };
        let mut open = vec![(start, Path::default())];
        while let Some(nearest) = (0..open.len()).min_by_key(|at| open[*at].1.cost) {
            let (spot, mut path) = open.remove(nearest);
            if done.contains_key(&spot) {
                continue;
            }
            done.insert(spot.clone(), path.cost);
            path.ends.push(spot.end.clone());
            if spot.out {
                self.leave(&spot.end, &path, &mut open);
            } else {
                self.enter(&spot.end, &path, &mut open, &mut segment);
            }
        }
        segment.stations.remove(from);
        segment
    }

    /// Frames leave by `end`.
    fn leave(&self, end: &End, path: &Path, open: &mut Vec<(Spot, Path)>) {
        let Some(link) = self.link(end) else { return };
        let mut path = path.clone();
        if !link.is_up() {
            path.cut(Cut::Down(end.clone()), BROKEN);
        }
        match &link.kind {
            LinkKind::Bridge => self.spread(end, None, &path, open),
            LinkKind::Veth => {
                let Some(other) = self.world.other_end(&end.ns, end.index) else {
                    return;
                };
                if !self.is_up(&other) {
                    let cut = Cut::OtherEndDown {
                        end: end.clone(),
                        other: other.clone(),
                    };
                    path.cut(cut, BROKEN);
                } else if self.is_kept_off(end, link) {
                    path.cut(Cut::Blocked(end.clone()), BROKEN);
                }
                open.push((
                    Spot {
                        end: other,
                        out: false,
                    },
                    path,
                ));
            }
            LinkKind::Macvlan { .. } => {
                if let Some(lower) = self.world.other_end(&end.ns, end.index) {
                    self.above(&lower, &path, open);
                    open.push((
                        Spot {
                            end: lower,
                            out: true,
                        },
                        path,
                    ));
                }
            }
            LinkKind::Vxlan { .. } => self.tunnel_through(end, &path, open),
            LinkKind::None | LinkKind::Other(_) => {}
        }
    }

    /// Frames are put into packets, and taken out at the tunnel's other end.
    fn tunnel_through(&self, end: &End, path: &Path, open: &mut Vec<(Spot, Path)>) {
        for (other, misfit) in self.far_ends(end) {
            let mut path = path.clone();
            if let Some(misfit) = misfit {
                let cost = if misfit.is_near() { BROKEN } else { UNPLUGGED };
                let (end, other) = (end.clone(), other.clone());
                path.cut(Cut::Misfit { end, other, misfit }, cost);
            }
            let end = other;
            open.push((Spot { end, out: false }, path));
        }
    }

    /// Frames come in by `end`, which may be a bridge's port.
    fn enter(&self, end: &End, path: &Path, open: &mut Vec<(Spot, Path)>, segment: &mut Segment) {
        let Some(link) = self.link(end) else { return };
        self.above(end, path, open);
        if let Some(bridge) = self.bridge_of(end) {
            let mut inside = path.clone();
            if !self.is_up(&bridge) {
                inside.cut(Cut::Down(bridge.clone()), BROKEN);
            } else if self.is_kept_off(end, link) {
                inside.cut(Cut::Blocked(end.clone()), BROKEN);
            }
            self.arrive(&bridge, &inside, segment);
            self.spread(&bridge, Some(end), &inside, open);
        } else {
            let mut path = path.clone();
            path.ends.pop();
            self.arrive(end, &path, segment);
        }
        self.plug(end, path, open, segment);
    }

    /// If `end` were plugged into another bridge of its namespace.
    fn plug(&self, end: &End, path: &Path, open: &mut Vec<(Spot, Path)>, segment: &mut Segment) {
        if !self.is_pluggable(end) {
            return;
        }
        let now = self.bridge_of(end);
        for bridge in self.bridges(end).filter(|it| Some(it) != now.as_ref()) {
            let mut path = path.clone();
            let cut = Cut::Unplugged {
                end: end.clone(),
                bridge: bridge.clone(),
            };
            path.cut(cut, self.weight(end));
            if !self.is_up(&bridge) {
                path.cut(Cut::Down(bridge.clone()), BROKEN);
            }
            self.arrive(&bridge, &path, segment);
            self.spread(&bridge, Some(end), &path, open);
        }
    }

    /// A bridge sends frames out by its ports, and would by those that could be.
    fn spread(&self, bridge: &End, from: Option<&End>, path: &Path, open: &mut Vec<(Spot, Path)>) {
        let Some(space) = self.space(&bridge.ns) else {
            return;
        };
        for link in space.links.values() {
            let end = End {
                ns: bridge.ns.clone(),
                index: link.index,
            };
            if Some(&end) == from {
                continue;
            }
            let mut path = path.clone();
            if link.master != Some(bridge.index) {
                if !self.is_pluggable(&end) {
                    continue;
                }
                let cut = Cut::Unplugged {
                    end: end.clone(),
                    bridge: bridge.clone(),
                };
                path.cut(cut, self.weight(&end));
            }
            if let Some(from) = from.filter(|from| self.is_isolated(from) && self.is_isolated(&end))
            {
                let (from, end) = (from.clone(), end.clone());
                path.cut(Cut::Isolated { from, end }, BROKEN);
            }
            open.push((Spot { end, out: true }, path));
        }
    }

    /// Is it a port that passes nothing to others of its kind (`bridge link set dev X isolated on`)?
    fn is_isolated(&self, end: &End) -> bool {
        let details = self.link(end).and_then(|link| link.details.as_ref());
        details.is_some_and(|details| {
            let mut port = details.port.iter();
            port.any(|it| it.name == "isolated" && it.value == Value::Switch(true))
        })
    }

    /// Devices that take frames of `lower` to themselves.
    fn above(&self, lower: &End, path: &Path, open: &mut Vec<(Spot, Path)>) {
        for (ns, space) in &self.world.spaces {
            let on_top = (space.links.values())
                .filter(|link| matches!(link.kind, LinkKind::Macvlan { .. }))
                .filter(|link| self.world.other_end(ns, link.index).as_ref() == Some(lower));
            for link in on_top {
                let end = End {
                    ns: ns.clone(),
                    index: link.index,
                };
                if !path.ends.contains(&end) {
                    open.push((Spot { end, out: false }, path.clone()));
                }
            }
        }
    }

    /// A device that takes packets in is reached.
    fn arrive(&self, end: &End, path: &Path, segment: &mut Segment) {
        let mut path = path.clone();
        path.ends.push(end.clone());
        if !self.is_up(end) && !path.tells_of(end) {
            path.cut(Cut::Down(end.clone()), BROKEN);
        }
        let known = segment.stations.get(end);
        if known.is_none_or(|known| path.cost < known.cost) {
            segment.stations.insert(end.clone(), path);
        }
    }

    /// How unlikely it is that this cable's end is the one that is in the wrong place: it is where
    /// others are, or where the address of the network is.
    fn weight(&self, end: &End) -> u32 {
        let Some(bridge) = self.bridge_of(end) else {
            return UNPLUGGED;
        };
        let space = self.space(&end.ns).into_iter();
        let links = space.clone().flat_map(|it| it.links.values());
        let company = links
            .filter(|link| link.master == Some(bridge.index))
            .count()
            > 1;
        let mut addrs = space.flat_map(|it| &it.addrs);
        let addressed = addrs.any(|it| it.link == bridge.index && it.net.addr().is_ipv4());
        UNPLUGGED + u32::from(company) + 2 * u32::from(addressed)
    }

    /// Is it a cable's end that could be a bridge's port: with no address of its own?
    pub fn is_pluggable(&self, end: &End) -> bool {
        let is_veth = |link: &Link| link.kind == LinkKind::Veth;
        let addressed = self.space(&end.ns).is_some_and(|space| {
            let mut addrs = space.addrs.iter();
            addrs.any(|addr| addr.link == end.index && addr.net.addr().is_ipv4())
        });
        self.link(end).is_some_and(is_veth) && !addressed
    }

    /// Every bridge of its namespace.
    fn bridges(&self, end: &End) -> impl Iterator<Item = End> {
        let links = self
            .space(&end.ns)
            .into_iter()
            .flat_map(|it| it.links.values());
        let ns = end.ns.clone();
        links
            .filter(|link| link.kind == LinkKind::Bridge)
            .map(move |link| End {
                ns: ns.clone(),
                index: link.index,
            })
    }

    /// Does its bridge not let frames pass by it, though all that it needs is up?
    fn is_kept_off(&self, end: &End, link: &Link) -> bool {
        self.bridge_of(end)
            .is_some_and(|bridge| self.is_up(&bridge))
            && link
                .port
                .is_some_and(|state| state != PortState::Forwarding)
    }
}

impl Path {
    fn cut(&mut self, cut: Cut, cost: u32) {
        self.cuts.push(cut);
        self.cost += cost;
    }

    /// How much would have to be mended.
    pub fn cost(&self) -> u32 {
        self.cost
    }

    fn tells_of(&self, down: &End) -> bool {
        self.cuts.iter().any(|cut| match cut {
            Cut::Down(end) | Cut::OtherEndDown { other: end, .. } => end == down,
            Cut::Blocked(_) | Cut::Unplugged { .. } | Cut::Isolated { .. } | Cut::Misfit { .. } => {
                false
            }
        })
    }

    /// The bridges that it crosses from port to port: the port in, the port out.
    pub fn crossings(&self, scene: &Scene<'_>) -> Vec<(End, End)> {
        let pairs = self.ends.windows(2);
        pairs
            .filter(|pair| pair[0].ns == pair[1].ns && pair[0] != pair[1])
            .filter(|pair| {
                let bridge = scene.bridge_of(&pair[0]);
                bridge.is_some() && bridge == scene.bridge_of(&pair[1])
            })
            .map(|pair| (pair[0].clone(), pair[1].clone()))
            .collect()
    }
}
