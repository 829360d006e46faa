//! Tunnels (VXLAN, RFC 7348): which devices are their ends, whether those fit together, and whether
//! the packets that carry what goes through them arrive.

use std::net::IpAddr;

use super::packet::Packet;
use super::scene::Scene;
use super::segment::Path;
use super::walk::Walk;
use crate::trace::{Cause, Diagnosis, Leg};
use crate::world::cable::End;
use crate::world::fdb::FdbEntry;
use crate::world::link::{LinkKind, Mac, Tunnel};
use crate::world::neigh::nud;
use crate::world::ruleset::rule::CtStates;

/// A tunnel within a tunnel within …: further than this none is thought through.
const DEEPEST: usize = 4;
/// The states of what was learnt.
const LEARNT: u16 = nud::REACHABLE | nud::STALE;
/// UDP.
const UDP: u8 = 17;
/// Bytes that VXLAN, UDP and the inner Ethernet header add to a packet, without the outer IP header.
const AROUND: usize = 8 + 8 + 14;

/// Why the two ends of a tunnel do not fit together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Misfit {
    /// It knows no other end.
    NoRemote,
    /// It sends to an address that the other end does not have.
    Remote(IpAddr),
    /// It sends with this number, and the other end has that.
    Vni(u32, u32),
    /// It sends to this UDP port, and the other end listens on that.
    Port(u16, u16),
}

impl Misfit {
    /// Is at least the machine right?
    pub fn is_near(&self) -> bool {
        match self {
            Self::Vni(..) | Self::Port(..) => true,
            Self::NoRemote | Self::Remote(_) => false,
        }
    }
}

/// Where a tunnel's packets go.
struct Remote {
    addr: IpAddr,
    port: u16,
    vni: u32,
}

impl Scene<'_> {
    /// The number of a tunnel, and what it was told at its birth.
    fn tunnel(&self, end: &End) -> Option<(u32, &Tunnel)> {
        let link = self.link(end)?;
        match &link.kind {
            LinkKind::Vxlan { id } => Some((*id, link.tunnel.as_deref()?)),
            LinkKind::None
            | LinkKind::Veth
            | LinkKind::Bridge
            | LinkKind::Macvlan { .. }
            | LinkKind::Other(_) => None,
        }
    }

    /// Where this end of a tunnel sends its packets: by its own `remote`, and by its forwarding
    /// table. What it has learnt there counts where somebody knows that hardware address, and so need
    /// not ask everybody for it.
    fn remotes(&self, end: &End) -> Vec<Remote> {
        let Some((vni, tunnel)) = self.tunnel(end) else {
            return Vec::new();
        };
        let own = tunnel.remote.map(|addr| Remote {
            addr,
            port: tunnel.port,
            vni,
        });
        let fdb = self.space(&end.ns).into_iter().flat_map(|it| &it.fdb);
        let counts = |entry: &&FdbEntry| entry.state & LEARNT == 0 || self.is_known(entry.mac);
        let written = fdb.filter(|entry| entry.link == end.index).filter(counts);
        let written = written.filter_map(|entry| {
            Some(Remote {
                addr: entry.dst?,
                port: entry.port.unwrap_or(tunnel.port),
                vni: entry.vni.unwrap_or(vni),
            })
        });
        own.into_iter().chain(written).collect()
    }

    /// Does anybody's neighbour table have this hardware address?
    fn is_known(&self, mac: Mac) -> bool {
        let mut neighs = self.world.spaces.values().flat_map(|space| &space.neighs);
        neighs.any(|neigh| neigh.mac == Some(mac) && neigh.state & nud::VALID != 0)
    }

    /// What may be the other end of the tunnel that begins at `end`, and why it is not.
    pub fn far_ends(&self, end: &End) -> Vec<(End, Option<Misfit>)> {
        let Some((vni, _)) = self.tunnel(end) else {
            return Vec::new();
        };
        let remotes = self.remotes(end);
        let mut found = Vec::new();
        for (ns, space) in &self.world.spaces {
            for link in space.links.values() {
                let other = End {
                    ns: ns.clone(),
                    index: link.index,
                };
                let Some((id, tunnel)) = self.tunnel(&other).filter(|_| other != *end) else {
                    continue;
                };
                let there = |remote: &&Remote| self.leads_to(remote.addr, &other);
                let near: Vec<&Remote> = remotes.iter().filter(there).collect();
                let misfit = match (near.first(), remotes.first()) {
                    _ if near.iter().any(|it| it.vni == id && it.port == tunnel.port) => None,
                    (Some(it), _) if it.vni != id => Some(Misfit::Vni(it.vni, id)),
                    (Some(it), _) => Some(Misfit::Port(it.port, tunnel.port)),
                    // Another tunnel.
                    (None, _) if id != vni => continue,
                    (None, Some(it)) => Some(Misfit::Remote(it.addr)),
                    (None, None) => Some(Misfit::NoRemote),
                };
                found.push((other, misfit));
            }
        }
        found
    }

    /// Do packets to `addr` go to where `other` is? Who listens to a group is not known.
    fn leads_to(&self, addr: IpAddr, other: &End) -> bool {
        addr.is_multicast() || self.holders(addr).iter().any(|(end, _)| end.ns == other.ns)
    }

    /// An address by which `end` is reached, as its other end would have to know it.
    fn outer_address(&self, end: &End, like: IpAddr) -> Option<IpAddr> {
        let local = self.tunnel(end).and_then(|(_, tunnel)| tunnel.local);
        local.or_else(|| {
            let mut devices = self.devices(&end.ns).into_iter();
            let first = devices.find_map(|device| {
                let addrs = self.addrs(&device, like);
                addrs.first().filter(|_| device != *end).map(|it| it.net)
            })?;
            Some(first.addr())
        })
    }
}

impl Path {
    /// The tunnels on it: where it goes in, where it comes out.
    pub fn tunnels(&self, scene: &Scene<'_>) -> Vec<(End, End)> {
        let pairs = self.ends.windows(2).filter(|pair| pair[0] != pair[1]);
        let both = pairs.filter(|pair| pair.iter().all(|end| scene.tunnel(end).is_some()));
        both.map(|pair| (pair[0].clone(), pair[1].clone()))
            .collect()
    }
}

impl Walk<'_> {
    /// The packets that carry it through the tunnels on its way arrive.
    pub fn passes_tunnels(&self, path: &Path) -> Result<(), Diagnosis> {
        let scene = self.scene;
        for (near, far) in path.tunnels(scene) {
            if self.depth >= DEEPEST || scene.trail.came_in(self.packet.leg, &far) {
                continue;
            }
            let remotes = scene.remotes(&near);
            let mut there = remotes.iter().filter(|it| scene.leads_to(it.addr, &far));
            let Some(remote) = there.next().filter(|it| !it.addr.is_multicast()) else {
                continue;
            };
            if let Err(found) = self.outer(&near, remote).run() {
                return Err(self.carried(&near, remote.addr, found));
            }
        }
        Ok(())
    }

    /// The packet around it. None of its sightings are known by this probe.
    fn outer(&self, near: &End, remote: &Remote) -> Self {
        let header = if remote.addr.is_ipv4() { 20 } else { 40 };
        let packet = Packet {
            leg: Leg::Ask,
            src: (self.scene.tunnel(near)).and_then(|(_, tunnel)| tunnel.local),
            dst: remote.addr,
            proto: UDP,
            sport: None,
            dport: Some(remote.port),
            state: CtStates::NEW,
            length: self.packet.length.map(|length| length + AROUND + header),
            whole: false,
        };
        Self {
            depth: self.depth + 1,
            ..Self::new(self.scene, near.ns.clone(), packet, Vec::new())
        }
    }

    fn carried(&self, near: &End, remote: IpAddr, found: Diagnosis) -> Diagnosis {
        let sentence = format!(
            "The tunnel {} carries {} within a packet to {remote}, and that one does not arrive. {}",
            self.scene.place(near),
            self.packet.called(),
            found.sentence
        );
        let line = self.tunnel_line(near);
        Diagnosis { sentence, ..found }.shown_by(line)
    }

    /// The two ends of a tunnel do not fit together.
    pub fn misfit(&self, end: &End, other: &End, misfit: &Misfit) -> Diagnosis {
        let scene = self.scene;
        let (near, far) = (scene.place(end), scene.place(other));
        let what = self.packet.called();
        let sentence = match misfit {
            Misfit::Vni(own, theirs) => format!(
                "The two ends of the tunnel do not fit together: {near} has the number (VNI) {own}, \
                 {far} has {theirs}. Whoever gets a packet with another number than its own throws it \
                 away, so {what} does not come out."
            ),
            Misfit::Port(own, theirs) => format!(
                "The two ends of the tunnel do not fit together: {near} sends to UDP port {own}, {far} \
                 listens on {theirs}. So {what} does not come out."
            ),
            Misfit::Remote(remote) => {
                let right = scene.outer_address(other, *remote);
                let right = right.map_or_else(String::new, |right| format!(", is at {right}"));
                let but = if right.is_empty() {
                    format!("which is not where its other end, {far}, is")
                } else {
                    format!("but its other end, {far}{right}")
                };
                format!(
                    "The tunnel {near} sends its packets to {remote}, {but}. So {what} does not come \
                     out."
                )
            }
            Misfit::NoRemote => format!(
                "The tunnel {near} does not know where its other end is: it has no remote address, and \
                 its forwarding table (`bridge fdb`) no entry for one. So {what} does not even enter \
                 it; {far} has the same number."
            ),
        };
        (scene.at(Cause::Tunnel, end, sentence))
            .shown_by(self.tunnel_line(end))
            .shown_by(self.tunnel_line(other))
    }

    /// `left: vxlan vx0 id 7 remote 10.2.0.2 dstport 4789`
    fn tunnel_line(&self, end: &End) -> Option<String> {
        let (vni, tunnel) = self.scene.tunnel(end)?;
        let remote = tunnel.remote.map(|remote| format!(" remote {remote}"));
        Some(format!(
            "{}: vxlan {} id {vni}{} dstport {}",
            end.ns,
            self.scene.name(end),
            remote.unwrap_or_default(),
            tunnel.port
        ))
    }
}
