//! Where the packets of one probe were seen.

use std::net::IpAddr;

use crate::packet::{Body, Decoded, Direction, Ip, Net, Sighting, Tcp, TcpFlags, decode};
use crate::trace::{Asked, Evidence, Leg};
use crate::world::cable::End;
use crate::world::{Ns, link::Mac};

/// One sighting of the request, of the answer, or of an error about it.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// Which of them.
    pub leg: Leg,
    /// At which device.
    pub at: End,
    /// Its name.
    pub dev: String,
    /// Which way, and whom its frame was for.
    pub went: Direction,
    /// The hardware address that its frame is for.
    pub mac: Option<Mac>,
    pub src: IpAddr,
    pub length: usize,
    pub df: bool,
    /// A TCP reset.
    pub reset: bool,
}

impl Seen {
    /// Did it leave?
    pub fn is_out(&self) -> bool {
        self.went == Direction::Out
    }

    /// Did it come in with the hardware address of another host?
    pub fn is_foreign(&self) -> bool {
        self.went == Direction::Other
    }
}

/// Every sighting, in order of time.
#[derive(Clone, Debug, Default)]
pub(super) struct Trail {
    pub seen: Vec<Seen>,
    /// Hardware addresses that were named for an IP address, by whom and for whom.
    pub told: Vec<(IpAddr, Mac)>,
}

impl Trail {
    pub fn of(evidence: &Evidence) -> Self {
        let frames = evidence.sightings.iter().map(|sighting| {
            let decoded = decode(sighting.medium, &sighting.bytes);
            (&**sighting, decoded)
        });
        let frames: Vec<(&Sighting, Decoded)> = frames.collect();
        let marks = Marks::of(evidence, &frames);
        let seen = frames.iter().filter_map(|(sighting, decoded)| {
            let ip = decoded.ip()?;
            let mac = decoded.ether.map(|ether| ether.dst);
            Some(Seen {
                mac,
                ..seen(sighting, ip, marks.leg(ip)?)
            })
        });
        let told = frames.iter().filter_map(|(_, decoded)| told(decoded));
        Self {
            seen: seen.collect(),
            told: told.collect(),
        }
    }

    /// The first sighting of a leg.
    pub fn first(&self, leg: Leg) -> Option<&Seen> {
        self.seen.iter().find(|seen| seen.leg == leg)
    }

    /// The last one.
    pub fn last(&self, leg: Leg) -> Option<&Seen> {
        self.seen.iter().rev().find(|seen| seen.leg == leg)
    }

    /// Has the packet left `ns` by any device?
    pub fn left(&self, leg: Leg, ns: &Ns) -> bool {
        let mut of_leg = self.seen.iter().filter(|seen| seen.leg == leg);
        of_leg.any(|seen| seen.is_out() && seen.at.ns == *ns)
    }

    /// Has it left by this device?
    pub fn left_by(&self, leg: Leg, end: &End) -> bool {
        let mut of_leg = self.seen.iter().filter(|seen| seen.leg == leg);
        of_leg.any(|seen| seen.is_out() && seen.at == *end)
    }

    /// The hardware address that it was last sent to when it left by this device.
    pub fn sent_to(&self, leg: Leg, end: &End) -> Option<Mac> {
        let mut of_leg = self.seen.iter().rev().filter(|seen| seen.leg == leg);
        of_leg.find(|seen| seen.is_out() && seen.at == *end)?.mac
    }

    /// Has it come in by this device, for this namespace?
    pub fn came_in(&self, leg: Leg, end: &End) -> bool {
        let mut of_leg = self.seen.iter().filter(|seen| seen.leg == leg);
        of_leg.any(|seen| !seen.is_out() && !seen.is_foreign() && seen.at == *end)
    }

    /// The hardware addresses that were told for `ip`.
    pub fn macs_of(&self, ip: IpAddr) -> Vec<Mac> {
        let mut macs: Vec<Mac> = (self.told.iter())
            .filter(|(told, _)| *told == ip)
            .map(|(_, mac)| *mac)
            .collect();
        macs.sort_unstable();
        macs.dedup();
        macs
    }
}

/// What the packets of this probe are known by.
struct Marks {
    asked: Asked,
    to: IpAddr,
    /// Source ports of the connection.
    ports: Vec<u16>,
}

impl Marks {
    fn of(evidence: &Evidence, frames: &[(&Sighting, Decoded)]) -> Self {
        let question = &evidence.question;
        let opening = |(sighting, decoded): &(&Sighting, Decoded)| {
            let ip = decoded.ip()?;
            let tcp = ip.tcp()?;
            let Asked::Tcp { port, local } = question.what else {
                return None;
            };
            let syn = tcp.flags & (TcpFlags::SYN | TcpFlags::ACK) == TcpFlags::SYN;
            let ours = ip.dst == question.to && tcp.dst == port && sighting.ns == question.from;
            let ours = ours && local.is_none_or(|local| local == tcp.src);
            (syn && ours).then_some(tcp.src)
        };
        Self {
            asked: question.what,
            to: question.to,
            ports: frames.iter().filter_map(opening).collect(),
        }
    }

    fn leg(&self, ip: &Ip) -> Option<Leg> {
        match &ip.body {
            Body::Echo { reply, id, .. } => {
                let Asked::Echo { id: ours } = self.asked else {
                    return None;
                };
                let other = if *reply { ip.src } else { ip.dst };
                let leg = if *reply { Leg::Reply } else { Leg::Request };
                let is_ours = ours.map_or(other == self.to, |ours| ours == *id);
                is_ours.then_some(leg)
            }
            Body::Tcp(tcp) if self.ports.contains(&tcp.src) => Some(Leg::Request),
            Body::Tcp(tcp) if self.ports.contains(&tcp.dst) => Some(Leg::Reply),
            Body::Error(error) => {
                let about = self.leg(error.quoted.as_deref()?)?;
                (about == Leg::Request).then_some(Leg::Error)
            }
            Body::Solicit { .. }
            | Body::Advert { .. }
            | Body::Icmp { .. }
            | Body::Udp { .. }
            | Body::Tcp(_)
            | Body::Other
            | Body::Cut => None,
        }
    }
}

fn seen(sighting: &Sighting, ip: &Ip, leg: Leg) -> Seen {
    let resets = |tcp: &Tcp| tcp.flags.contains(TcpFlags::RST);
    Seen {
        leg,
        at: End {
            ns: sighting.ns.clone(),
            index: sighting.index,
        },
        dev: sighting.dev.clone(),
        went: sighting.direction,
        mac: None,
        src: ip.src,
        length: ip.length,
        df: ip.df,
        reset: ip.tcp().is_some_and(resets),
    }
}

/// Who said which hardware address is whose.
fn told(decoded: &Decoded) -> Option<(IpAddr, Mac)> {
    match &decoded.net {
        Net::Arp(arp) if arp.reply => Some((arp.sender.into(), arp.sender_mac)),
        Net::Ip(ip) => told_in(ip),
        Net::Arp(_) | Net::Other(_) | Net::Cut => None,
    }
}

/// The same, of NDP.
fn told_in(ip: &Ip) -> Option<(IpAddr, Mac)> {
    let Body::Advert { target, mac } = ip.body else {
        return None;
    };
    Some((target.into(), mac?))
}
