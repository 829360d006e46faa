//! The ifindexes that devices get.
//!
//! A namespace counts: a new device gets the number behind the one given last. A device that is
//! born elsewhere is not counted here, though it was when it was made here and moved. So that a
//! rebuild shows the numbers that were seen before, it asks for them. The kernel does not count what
//! was asked for and would fill the gaps later (and `bridge link`, which takes the number of a peer
//! for one of its own namespace, would name the wrong device), so what is made afterwards asks too.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use netlink_packet_core::NetlinkPayload;
use netlink_packet_route::RouteNetlinkMessage;
use netlink_packet_route::link::{InfoData, InfoVeth, LinkAttribute, LinkInfo, LinkMessage};

use crate::command::Request;
use crate::kernel::machine::Machine;
use crate::world::Ns;

/// An ifindex is a positive `int`.
const LARGEST: u32 = i32::MAX.cast_unsigned();

/// What every namespace has counted up to.
#[derive(Debug, Default)]
pub struct Numbers {
    given: BTreeMap<Ns, u32>,
}

/// Numbers of a new device, or of both ends of a new cable; given once [`Numbers::give`] says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Births {
    own: (Ns, u32),
    peer: Option<(Ns, u32)>,
}

impl Numbers {
    /// The numbers that the device of `request`, sent in `at`, and its peer would get; `None` where
    /// they are not to be had. With `moved` they are made in `at` and get to where they are by a
    /// move, which keeps the number.
    ///
    /// # Errors
    /// If the kernel does not answer.
    pub async fn births(
        &mut self,
        machine: &Machine,
        at: &Ns,
        request: &mut Request,
        moved: bool,
    ) -> Result<Option<Births>> {
        let own_at = request.into.clone().unwrap_or_else(|| at.clone());
        let peer_at = request.peer_into.clone().unwrap_or_else(|| at.clone());
        let mut taken = BTreeMap::new();
        for ns in BTreeSet::from([at, &own_at, &peer_at]) {
            taken.insert(ns.clone(), self.used(machine, ns).await?);
        }
        let home = |place: &Ns| if moved { at.clone() } else { place.clone() };
        let Some(link) = link(request) else {
            return Ok(None);
        };
        // The kernel makes the peer first.
        let mut births = Vec::new();
        let ends = [peer(link).map(|_| &peer_at), Some(&own_at)];
        for place in ends.into_iter().flatten() {
            let counter = home(place);
            let used = taken.get(&counter).context("a namespace that was read")?;
            let given = self.given.get(&counter).copied().unwrap_or_default();
            let before = births.iter().filter(|(ns, _)| *ns == counter);
            let last = before.map(|(_, number)| *number).max().unwrap_or(given);
            let number = free(used, last).context("no number is left")?;
            if taken.get(place).is_some_and(|used| used.contains(&number)) {
                return Ok(None);
            }
            births.push((counter, number));
        }
        let own = births.pop().context("a device has a number")?;
        let peer_birth = births.pop();
        link.header.index = own.1;
        if let (Some(peer), Some((_, number))) = (peer(link), &peer_birth) {
            peer.header.index = *number;
        }
        Ok(Some(Births {
            own,
            peer: peer_birth,
        }))
    }

    /// The numbers in use in `ns`. Asked for first before anything gets there with a number that
    /// was given elsewhere, it is known what is given next.
    ///
    /// # Errors
    /// If the kernel does not answer.
    pub async fn used(&mut self, machine: &Machine, ns: &Ns) -> Result<BTreeSet<u32>> {
        let links = machine.sockets(ns)?.rtnl.links().await?;
        let used: BTreeSet<u32> = links.into_keys().collect();
        let last = used.last().copied().unwrap_or_default();
        self.given.entry(ns.clone()).or_insert(last);
        Ok(used)
    }

    /// A namespace is gone; another one of its name counts from the start.
    pub fn forget(&mut self, ns: &Ns) {
        self.given.remove(ns);
    }

    /// The devices have been made.
    pub fn give(&mut self, births: Births) {
        self.given.extend(births.peer);
        self.given.extend([births.own]);
    }
}

/// The number that the kernel gives after `last` (`dev_index_reserve` of `net/core/dev.c`).
fn free(used: &BTreeSet<u32>, last: u32) -> Option<u32> {
    let mut behind = last.saturating_add(1)..=LARGEST;
    behind.find(|number| !used.contains(number))
}

fn link(request: &mut Request) -> Option<&mut LinkMessage> {
    match &mut request.message.payload {
        NetlinkPayload::InnerMessage(RouteNetlinkMessage::NewLink(link)) => Some(link),
        _ => None,
    }
}

/// The other end of a cable, where the line says anything of it.
fn peer(link: &mut LinkMessage) -> Option<&mut LinkMessage> {
    let infos = link.attributes.iter_mut().find_map(|found| match found {
        LinkAttribute::LinkInfo(infos) => Some(infos),
        _ => None,
    })?;
    infos.iter_mut().find_map(|info| match info {
        LinkInfo::Data(InfoData::Veth(InfoVeth::Peer(peer))) => Some(peer),
        _ => None,
    })
}
