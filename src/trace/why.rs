//! Why no answer came: the first thing that is wrong on the way.
//!
//! The packet is thought along its way (`walk`), by the tables just after the probe, from the
//! sender to the destination and, with the answer, back again. At each station the things that could
//! stop it there are asked about in the order in which the kernel does: is there a route, does it
//! lead there, does this namespace forward, does a rule drop it, who answers for the next hop, what
//! lies between. What was seen overrules the tables: where the packet was seen to have passed,
//! nothing can have stopped it. The first that remains is the cause.

mod absent;
mod fib;
mod filtered;
mod forwarded;
mod forwarding;
mod nat;
mod neighbour;
mod no_route;
mod packet;
mod rules;
mod say;
mod scene;
mod segment;
mod size;
mod told;
mod trail;
mod tunnel;
mod walk;
mod way_back;
mod wrong_neighbour;
mod wrong_route;

use super::answer::{Answer, Unreachable};
use super::hop::Leg;
use super::{Diagnosis, Evidence, Story};
use forwarded::Landing;
use packet::Packet;
use scene::Scene;
use walk::{Arrival, Walk};

/// The earliest cause; nothing where an answer came.
pub(super) fn diagnose(evidence: &Evidence) -> Option<Diagnosis> {
    if evidence.answer.is_reply() {
        return None;
    }
    let scene = Scene::new(evidence);
    Some(first_cause(&scene))
}

/// Why no answer came, for whoever shows it: a sentence, and then what shows it, line by line.
/// Nothing where an answer came.
pub fn diagnosis_lines(story: &Story) -> Vec<String> {
    let Some(found) = &story.diagnosis else {
        return Vec::new();
    };
    let why = format!("Why: {} [{}]", found.sentence, found.cause.layer().name());
    let shown = found.evidence.iter().map(|line| format!("· {line}"));
    std::iter::once(why).chain(shown).collect()
}

fn first_cause(scene: &Scene<'_>) -> Diagnosis {
    let replied = (scene.trail.seen.iter()).any(|seen| seen.leg == Leg::Reply);
    let from = scene.evidence.question.from.clone();
    let mut there = Walk::new(scene, from, Packet::request(scene), Vec::new());
    there.arrives = replied;
    let arrival = match there.run() {
        Ok(arrival) => arrival,
        Err(found) if !replied => return found,
        // The tables do not tell how it came there, but it did.
        Err(_) => {
            return (scene.told(None)).unwrap_or_else(|| scene.refused_or_unknown(None));
        }
    };
    let landing = Landing::of(scene, &arrival);
    // Nobody answered a question for a hardware address, though it must have arrived: the answer to
    // it did not.
    let asked_in_vain = matches!(
        scene.evidence.answer,
        Answer::Unreachable {
            code: Unreachable::Host,
            ..
        }
    );
    if let Some(found) = (scene.told(Some(&landing))).filter(|_| !asked_in_vain) {
        return found;
    }
    back(scene, arrival)
        .or_else(|| scene.told(Some(&landing)))
        .unwrap_or_else(|| scene.refused_or_unknown(Some(&landing)))
}

/// What stops the answer.
fn back(scene: &Scene<'_>, arrival: Arrival<'_>) -> Option<Diagnosis> {
    let answer = arrival.packet.answer()?;
    let mut back = Walk::new(scene, arrival.ns, answer, arrival.rewritten);
    back.there = arrival.nodes;
    back.run().err()
}
