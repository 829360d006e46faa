//! The packet that is thought along its way.

use std::net::IpAddr;

use super::scene::Scene;
use crate::packet::number::proto::{ICMP, ICMPV6, TCP};
use crate::trace::{Asked, Leg};
use crate::world::Ns;
use crate::world::ruleset::rule::CtStates;

/// What chains and routes ask of a packet.
#[derive(Clone, Debug)]
pub(super) struct Packet {
    /// There, or back.
    pub leg: Leg,
    /// Nothing before the sender's kernel has chosen one.
    pub src: Option<IpAddr>,
    pub dst: IpAddr,
    /// Number of its protocol.
    pub proto: u8,
    pub sport: Option<u16>,
    pub dport: Option<u16>,
    pub state: CtStates,
    /// Its length in bytes, where it was seen.
    pub length: Option<usize>,
    /// It must not be cut into pieces.
    pub whole: bool,
}

impl Packet {
    /// The request, as it is sent.
    pub fn request(scene: &Scene<'_>) -> Self {
        let question = &scene.evidence.question;
        let first = scene.trail.first(Leg::Request);
        let first = first.filter(|seen| seen.at.ns == question.from);
        let (proto, sport, dport) = match question.what {
            Asked::Echo { .. } if question.to.is_ipv4() => (ICMP, None, None),
            Asked::Echo { .. } => (ICMPV6, None, None),
            Asked::Tcp { port, local } => (TCP, local, Some(port)),
        };
        let all = scene.trail.seen.iter();
        Self {
            leg: Leg::Request,
            src: first.map(|seen| seen.src),
            dst: question.to,
            proto,
            sport,
            dport,
            state: CtStates::NEW,
            length: (all.filter(|seen| seen.leg == Leg::Request))
                .map(|seen| seen.length)
                .max(),
            whole: first.is_some_and(|seen| seen.df),
        }
    }

    /// The answer to a request that has arrived like `self`.
    pub fn answer(&self) -> Option<Self> {
        Some(Self {
            leg: Leg::Reply,
            src: Some(self.dst),
            dst: self.src?,
            sport: self.dport,
            dport: self.sport,
            state: CtStates::ESTABLISHED,
            // An echo reply is as long as its request; a handshake's answer is short.
            length: self.length,
            whole: false,
            ..self.clone()
        })
    }

    /// Is it the answer?
    pub fn is_answer(&self) -> bool {
        self.leg == Leg::Reply
    }

    /// `172.16.0.40 → 8.8.8.8`
    pub fn ends(&self) -> String {
        match self.src {
            Some(src) => format!("{src} → {}", self.dst),
            None => format!("→ {}", self.dst),
        }
    }

    /// `the packet to 8.8.8.8`, or `the answer to 172.16.0.40`
    pub fn called(&self) -> String {
        match self.leg {
            Leg::Reply => format!("the answer to {}", self.dst),
            Leg::Request | Leg::Error | Leg::Ask => format!("the packet to {}", self.dst),
        }
    }
}

/// An address that was rewritten by a namespace on the way there, to be put back on the way back.
#[derive(Clone, Debug)]
pub(super) struct Rewritten {
    pub ns: Ns,
    pub src: Option<(IpAddr, IpAddr)>,
    pub dst: Option<(IpAddr, IpAddr)>,
    /// Destination port, with `dst`.
    pub port: Option<(u16, u16)>,
    /// The rule that gave it another destination, as `iptables -S` prints it.
    pub rule: Option<String>,
}

impl Rewritten {
    /// Puts an answer's receiver back, before a route is chosen for it.
    pub fn put_back_receiver(&self, answer: &mut Packet) {
        if let Some((old, new)) = self.src
            && answer.dst == new
        {
            answer.dst = old;
        }
    }

    /// Puts an answer's sender back, when it leaves.
    pub fn put_back_sender(&self, answer: &mut Packet) {
        if let Some((old, new)) = self.dst
            && answer.src == Some(new)
        {
            answer.src = Some(old);
            answer.sport = self.port.map(|(old, _)| old).or(answer.sport);
        }
    }
}
