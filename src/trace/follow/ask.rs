//! Questions for a hardware address (ARP, NDP) that were asked on behalf of the packet.

use std::net::IpAddr;
use std::time::Duration;

use super::ground;
use super::sight::{Sight, What};
use super::text;
use crate::packet::Body;
use crate::trace::Evidence;
use crate::trace::hop::{self, Hop, Leg};
use crate::world::Ns;

/// So many places are told where a question came that nobody answered.
const HEARERS: usize = 4;

/// A question, and what came of it.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// What was seen of it; nothing where it was not asked.
    pub hops: Vec<Hop>,
    /// Did the answer come back to who asked?
    pub answered: bool,
}

/// What an ARP or NDP message is about.
struct About {
    answer: bool,
    target: IpAddr,
}

/// The question for `target` that `ns` asked at its device `dev`, up to that time.
pub(super) fn about(
    evidence: &Evidence,
    asks: &[Sight],
    (ns, dev): (&Ns, &str),
    target: IpAddr,
    until: Option<Duration>,
) -> Asked {
    let fits = |sight: &&Sight, answer: bool| {
        about_whom(sight).is_some_and(|it| it.target == target && it.answer == answer)
            && until.is_none_or(|until| sight.at() <= until)
    };
    let here = |sight: &&Sight| sight.ns() == ns && sight.seen.dev == dev;
    let questions: Vec<&Sight> = (asks.iter())
        .filter(|sight| here(sight) && sight.is_out() && fits(sight, false))
        .collect();
    let Some(first) = questions.first() else {
        return Asked::default();
    };
    let mut answers = asks.iter().filter(|sight| fits(sight, true));
    let answered = answers.clone().any(|sight| here(&sight) && !sight.is_out());
    let mut hops = vec![hop(first, &times(questions.len(), answered))];
    let mut had: Vec<(&Ns, u32)> = Vec::new();
    if answers.clone().next().is_some() {
        for sight in answers.by_ref().filter(|sight| speaks(evidence, sight)) {
            let place = (sight.ns(), sight.seen.index);
            if !had.contains(&place) {
                had.push(place);
                hops.push(hop(sight, ""));
            }
        }
    } else {
        let hearers = (asks.iter()).filter(|sight| fits(sight, false) && hears(evidence, sight));
        for sight in hearers.filter(|sight| sight.ns() != ns) {
            let place = (sight.ns(), sight.seen.index);
            if !had.contains(&place) && had.len() < HEARERS {
                had.push(place);
                hops.push(hop(sight, ""));
            }
        }
    }
    Asked { hops, answered }
}

fn times(count: usize, answered: bool) -> String {
    match count {
        0 | 1 => String::new(),
        _ if answered => String::new(),
        more => format!(" (asked {more} times)"),
    }
}

/// Does it come out of a device that is no bridge's port: who answers stands here?
fn speaks(evidence: &Evidence, sight: &Sight) -> bool {
    let space = ground::space(&evidence.after, sight.ns());
    sight.is_out() && sight.tunnel.is_none() && ground::bridge_of(space, sight.seen.index).is_none()
}

/// Does it come in where it is taken in?
fn hears(evidence: &Evidence, sight: &Sight) -> bool {
    let space = ground::space(&evidence.after, sight.ns());
    !sight.is_out()
        && sight.tunnel.is_none()
        && ground::bridge_of(space, sight.seen.index).is_none()
}

fn about_whom(sight: &Sight) -> Option<About> {
    match &sight.what {
        What::Arp(arp) => {
            let target = if arp.reply { arp.sender } else { arp.target };
            Some(About {
                answer: arp.reply,
                target: target.into(),
            })
        }
        What::Ip(ip) => match ip.body {
            Body::Solicit { target } => Some(About {
                answer: false,
                target: target.into(),
            }),
            Body::Advert { target, .. } => Some(About {
                answer: true,
                target: target.into(),
            }),
            _ => None,
        },
    }
}

fn hop(sight: &Sight, behind: &str) -> Hop {
    Hop {
        leg: Leg::Ask,
        ns: sight.ns().clone(),
        dev: Some(sight.seen.dev.clone()),
        at: Some(sight.at()),
        what: hop::What::Seen {
            out: sight.is_out(),
            packet: text::text(sight) + behind,
            src: None,
            dst: None,
            ttl: None,
        },
    }
}
