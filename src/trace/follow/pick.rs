//! Picking the sightings of one packet, and of what came back, out of all of them.

use std::sync::Arc;
use std::time::Duration;

use super::key::{self, Key};
use super::prune::{Flood, prune};
use super::sight::{Sight, What};
use crate::packet::number::proto::{ICMP, ICMPV6, TCP};
use crate::packet::{Body, Ip, Sighting, TcpFlags};
use crate::trace::hop::Leg;
use crate::trace::{Asked, Evidence, Question};

/// The sightings of one try, each once, in order.
#[derive(Debug, Default)]
pub(super) struct Picked<'a> {
    /// What the request carries where it is sent, if it was seen or is followed by conntrack.
    pub key: Option<Key>,
    pub request: Vec<Sight<'a>>,
    pub reply: Vec<Sight<'a>>,
    pub errors: Vec<Sight<'a>>,
    /// All questions for hardware addresses, and their answers.
    pub asks: Vec<Sight<'a>>,
    /// Bridges that did not know where to send it, so that they sent it everywhere.
    pub floods: Vec<Flood>,
}

/// One sending of the packet.
struct Try<'a> {
    key: Key,
    sights: Vec<(Leg, Sight<'a>)>,
}

impl<'a> Picked<'a> {
    /// The try that tells most: the first that was answered; else the last that an error came back
    /// for; else the last of those that came farthest.
    pub fn of(evidence: &'a Evidence) -> Self {
        let sights: Vec<Sight> = (evidence.sightings.iter())
            .filter_map(|seen| Sight::of(seen))
            .collect();
        let (asks, packets): (Vec<Sight>, Vec<Sight>) = sights.into_iter().partition(is_ask);
        let firsts = firsts(evidence, &packets);
        let mut tries: Vec<Try> = Vec::new();
        for first in &firsts {
            tries.extend(tries_of(evidence, *first, &packets));
        }
        let best = tries.into_iter().enumerate().max_by_key(|(index, it)| {
            let index = i64::try_from(*index).unwrap_or(i64::MAX);
            let answered = it.came_back(evidence);
            (
                answered,
                if answered { -index } else { 0 },
                it.failed(),
                it.reach(),
                index,
            )
        });
        let mut picked = Self {
            key: firsts.first().copied(),
            asks,
            ..Self::default()
        };
        if let Some((_, best)) = best {
            picked.take(evidence, best);
        }
        picked.asks.sort_by_key(Sight::order);
        picked
    }

    fn take(&mut self, evidence: &Evidence, best: Try<'a>) {
        self.key = Some(best.key);
        for (leg, sight) in best.sights {
            match leg {
                Leg::Request => self.request.push(sight),
                Leg::Reply => self.reply.push(sight),
                Leg::Error | Leg::Ask => self.errors.push(sight),
            }
        }
        for leg in [&mut self.request, &mut self.reply, &mut self.errors] {
            leg.sort_by_key(Sight::order);
            once(leg);
            self.floods.extend(prune(evidence, leg));
        }
    }
}

impl Try<'_> {
    fn came_back(&self, evidence: &Evidence) -> bool {
        let home = |sight: &Sight| *sight.ns() == evidence.question.from;
        (self.sights.iter()).any(|(leg, sight)| *leg == Leg::Reply && home(sight))
    }

    fn failed(&self) -> bool {
        self.sights.iter().any(|(leg, _)| *leg == Leg::Error)
    }

    fn reach(&self) -> usize {
        let mut places: Vec<_> = (self.sights.iter())
            .map(|(leg, sight)| (*leg == Leg::Reply, sight.ns(), sight.seen.index))
            .collect();
        places.sort();
        places.dedup();
        places.len()
    }
}

/// The sightings that have to do with the question, neighbour discovery included.
pub(super) fn relevant(evidence: &Evidence) -> Vec<Arc<Sighting>> {
    let mut kept = Vec::new();
    let mut packets = Vec::new();
    for seen in &evidence.sightings {
        match Sight::of(seen) {
            Some(sight) if is_ask(&sight) => kept.push(seen.clone()),
            Some(sight) if may_matter(&evidence.question, &sight) => packets.push((seen, sight)),
            Some(_) | None => {}
        }
    }
    let sights: Vec<Sight> = packets.iter().map(|(_, sight)| sight.clone()).collect();
    let firsts = firsts(evidence, &sights).into_iter();
    let keys: Vec<Key> = firsts
        .flat_map(|first| key::closure(&evidence.after, first))
        .collect();
    let ours = packets
        .into_iter()
        .filter(|(_, sight)| leg_of(sight, &keys).is_some());
    kept.extend(ours.map(|(seen, _)| seen.clone()));
    kept.sort_by_key(|seen| (seen.at, seen.number));
    kept
}

fn may_matter(question: &Question, sight: &Sight) -> bool {
    let Some(ip) = sight.ip() else { return false };
    match (&ip.body, question.what) {
        (Body::Error(_), _) | (Body::Echo { .. }, Asked::Echo { .. }) => true,
        (Body::Tcp(tcp), Asked::Tcp { .. }) => tcp.flags.intersects(TcpFlags::SYN | TcpFlags::RST),
        _ => false,
    }
}

fn is_ask(sight: &Sight) -> bool {
    match &sight.what {
        What::Arp(_) => true,
        What::Ip(ip) => matches!(ip.body, Body::Solicit { .. } | Body::Advert { .. }),
    }
}

/// The keys of all that was sent from there to there meanwhile, in order.
fn firsts(evidence: &Evidence, packets: &[Sight]) -> Vec<Key> {
    let question = &evidence.question;
    let seen = (packets.iter())
        .filter(|sight| *sight.ns() == question.from && sight.is_out())
        .filter_map(|sight| request_key(sight.ip()?));
    let flows = evidence.after.spaces.get(&question.from);
    let followed = (flows.iter())
        .flat_map(|space| &space.flows)
        .map(|flow| key::keys(flow).0);
    let mut firsts = Vec::new();
    for key in seen.chain(followed) {
        if asks(question, &key) && !firsts.contains(&key) {
            firsts.push(key);
        }
    }
    firsts
}

/// Can a packet with this key be what was asked?
fn asks(question: &Question, key: &Key) -> bool {
    let what = match question.what {
        Asked::Echo { id } => {
            matches!(key.proto, ICMP | ICMPV6) && id.is_none_or(|id| id == key.sport)
        }
        Asked::Tcp { port, local } => {
            let ours = local.is_none_or(|local| local == key.sport);
            key.proto == TCP && key.dport == port && ours
        }
    };
    what && key.dst == question.to
}

fn request_key(ip: &Ip) -> Option<Key> {
    match &ip.body {
        Body::Tcp(tcp) if !opens(tcp.flags) => None,
        _ => Key::of(ip, Leg::Request),
    }
}

fn opens(flags: TcpFlags) -> bool {
    flags.contains(TcpFlags::SYN) && !flags.contains(TcpFlags::ACK)
}

/// What a packet is in a conversation that has these keys.
fn leg_of(sight: &Sight, keys: &[Key]) -> Option<Leg> {
    let ip = sight.ip()?;
    let is = |ip: &Ip, leg| Key::of(ip, leg).is_some_and(|key| keys.contains(&key));
    match &ip.body {
        Body::Error(error) => {
            let quoted = error.quoted.as_deref()?;
            (is(quoted, Leg::Request) || is(quoted, Leg::Reply)).then_some(Leg::Error)
        }
        Body::Tcp(tcp) if opens(tcp.flags) => is(ip, Leg::Request).then_some(Leg::Request),
        // Its answer, or a refusal; the rest of the connection does not matter here.
        Body::Tcp(tcp) if tcp.flags.intersects(TcpFlags::SYN | TcpFlags::RST) => {
            is(ip, Leg::Reply).then_some(Leg::Reply)
        }
        Body::Echo { reply: false, .. } => is(ip, Leg::Request).then_some(Leg::Request),
        Body::Echo { reply: true, .. } => is(ip, Leg::Reply).then_some(Leg::Reply),
        _ => None,
    }
}

/// The tries of one conversation, in order.
fn tries_of<'a>(evidence: &Evidence, first: Key, packets: &[Sight<'a>]) -> Vec<Try<'a>> {
    let keys = key::closure(&evidence.after, first);
    let ours: Vec<(Leg, &Sight<'a>)> = (packets.iter())
        .filter_map(|sight| Some((leg_of(sight, &keys)?, sight)))
        .collect();
    let sent = sendings(evidence, &ours);
    let mut tries: Vec<(usize, Try)> = Vec::new();
    for (leg, sight) in ours {
        let number = match sequence(sight) {
            Some(seq) => usize::from(seq),
            None => sent.partition_point(|at| *at <= sight.at()),
        };
        let sight = (leg, sight.clone());
        if let Some((_, found)) = tries.iter_mut().find(|(other, _)| *other == number) {
            found.sights.push(sight);
        } else {
            let sights = vec![sight];
            tries.push((number, Try { key: first, sights }));
        }
    }
    tries.into_iter().map(|(_, it)| it).collect()
}

/// The sequence number of an echo, or of the one that an error is about.
fn sequence(sight: &Sight) -> Option<u16> {
    let ip = sight.ip()?;
    let ip = match &ip.body {
        Body::Error(error) => error.quoted.as_deref()?,
        _ => ip,
    };
    match ip.body {
        Body::Echo { seq, .. } => Some(seq),
        _ => None,
    }
}

/// When the request was sent, and sent again. It went round in a circle where its time to live has
/// become less.
fn sendings(evidence: &Evidence, ours: &[(Leg, &Sight)]) -> Vec<Duration> {
    let from = &evidence.question.from;
    let mut out = (ours.iter())
        .filter(|(leg, sight)| *leg == Leg::Request && sight.is_out() && sight.ns() == from)
        .map(|(_, sight)| *sight);
    let Some(first) = out.next() else {
        return Vec::new();
    };
    let again = out
        .filter(|sight| sight.seen.index == first.seen.index)
        .filter(|sight| sight.ip().map(|ip| ip.ttl) == first.ip().map(|ip| ip.ttl));
    std::iter::once(first).chain(again).map(Sight::at).collect()
}

/// Leaves out what was seen twice: at the same place, of the same packet.
fn once(sights: &mut Vec<Sight>) {
    let mut had = Vec::new();
    sights.retain(|sight| {
        let ip = sight.ip().map(|ip| (ip.src, ip.dst, ip.ttl));
        // The loopback device hands over at once what is sent by it.
        let out = sight.is_out() || sight.seen.dev == "lo";
        let place = (sight.ns(), sight.seen.index, out);
        let what = (place, sight.tunnel.is_some(), ip);
        let new = !had.contains(&what);
        if new {
            had.push(what);
        }
        new
    });
}
