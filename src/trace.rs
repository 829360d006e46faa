//! The way that one packet took, where it died, and why.
//!
//! The kernel floor watches every device while a probe is under way, asks the kernel what it would
//! decide, and hands all of it over as [`Evidence`]; [`tell`] makes a [`Story`] of that: the packet's
//! way hop by hop, and, where no answer came, the first thing that is wrong. Pure: the same evidence
//! tells the same story.

pub mod answer;
pub mod cause;
mod follow;
mod hop;
pub mod print;
mod why;

pub use cause::{Cause, Layer};
pub use follow::{queries, relevant};
pub use hop::{Decision, Hop, Leg, What};
pub use why::diagnosis_lines;

use std::net::IpAddr;
use std::sync::Arc;

use crate::packet::Sighting;
use crate::world::{Ns, World};
use answer::Answer;

/// What was sent, from where to where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// From this namespace.
    pub from: Ns,
    /// To this address.
    pub to: IpAddr,
    /// What was sent.
    pub what: Asked,
}

/// What a followed packet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// An echo request; with its identifier, where that is known.
    Echo {
        /// Identifier.
        id: Option<u16>,
    },
    /// The opening of a TCP connection.
    Tcp {
        /// To this port.
        port: u16,
        /// From this one, where it is known: by it connections to one port are told apart.
        local: Option<u16>,
    },
}

/// All that is known of one probe.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// What was sent.
    pub question: Question,
    /// What came of it.
    pub answer: Answer,
    /// Everything that passed any device of any namespace meanwhile, in order of time.
    pub sightings: Vec<Arc<Sighting>>,
    /// So many more passed, for which there was no room.
    pub missed: u64,
    /// The rules and their counters just before; nothing else of this world is filled in.
    pub before: World,
    /// Every table just after, counters and the settings that matter (`ip_forward`, `rp_filter`, …)
    /// included.
    pub after: World,
    /// What the kernel answered to [`queries`].
    pub lookups: Vec<Lookup>,
}

impl Evidence {
    /// That of a packet of which nothing but this is known yet.
    pub fn new(question: Question, answer: Answer) -> Self {
        Self {
            question,
            answer,
            sightings: Vec::new(),
            missed: 0,
            before: World::default(),
            after: World::default(),
            lookups: Vec::new(),
        }
    }
}

/// A question to a namespace's kernel: how would you route this packet? (`RTM_GETROUTE`)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Whose kernel.
    pub ns: Ns,
    /// Its destination.
    pub to: IpAddr,
    /// Its source, if it has one already.
    pub from: Option<IpAddr>,
    /// The device that it came in by, if it is to be forwarded or delivered.
    pub iif: Option<String>,
}

/// And the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// What was asked.
    pub query: Query,
    /// What the kernel said.
    pub route: Result<NextHop, NoRoute>,
}

/// Where the kernel would send a packet next: its answer to a look-up, which sends nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextHop {
    /// The device that it would leave by; `lo` for this namespace's own addresses.
    pub dev: String,
    /// The router that it would go to; absent when the destination is on the link.
    pub via: Option<IpAddr>,
    /// The source address that it would get.
    pub src: Option<IpAddr>,
}

/// There is no way there, or none that may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoRoute {
    /// What the kernel refused with (positive errno); absent when it could not be asked.
    pub errno: Option<i32>,
    /// In words: the kernel's own, or the C library's ("Network is unreachable").
    pub text: String,
}

/// A device of a namespace, as `host/br0`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The namespace.
    pub ns: Ns,
    /// The device.
    pub dev: String,
}

/// What happened to one packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// What was sent.
    pub question: Question,
    /// What came of it.
    pub answer: Answer,
    /// The way of the request and of what came back, in order of time.
    pub way: Vec<Hop>,
    /// Where no answer came: the first thing that is wrong.
    pub diagnosis: Option<Diagnosis>,
}

/// The first thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// What.
    pub cause: Cause,
    /// Where; the device is absent where a whole namespace is meant.
    pub at: Option<(Ns, Option<String>)>,
    /// In a sentence for somebody who learns.
    pub sentence: String,
    /// What shows it: lines of tables, sightings, counters.
    pub evidence: Vec<String>,
}

/// What happened, by the evidence.
pub fn tell(evidence: &Evidence) -> Story {
    let way = follow::follow(evidence);
    let diagnosis = why::diagnose(evidence);
    Story {
        question: evidence.question.clone(),
        answer: evidence.answer.clone(),
        way,
        diagnosis,
    }
}
