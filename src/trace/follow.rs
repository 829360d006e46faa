//! Following one packet through what was seen.
//!
//! Sightings are picked by what tells packets of one conversation apart (ICMP identifier and
//! sequence number, ports), through address translation by what conntrack says. In order of time
//! they fall into visits, each of one namespace: in by one device, out by another. What the
//! namespace decided between is concluded from its tables, its counters, and its own answers to
//! questions about routes.

mod ask;
mod filter;
mod ground;
mod key;
mod ledger;
mod pick;
mod prune;
mod sight;
mod text;
mod visit;
mod walk;

use super::hop::Hop;
use super::{Evidence, Query};
use ledger::Ledger;
use pick::Picked;

/// So few sightings are kept as they are.
const FEW: usize = 256;

/// What the kernels still have to be asked before the story can be told: how they would route the
/// packet, and its answer, where it was seen. Asked again with the answers until there is none.
pub fn queries(evidence: &Evidence) -> Vec<Query> {
    let ledger = Ledger::new(&evidence.lookups);
    let picked = Picked::of(evidence);
    walk::walk(evidence, &picked, &ledger);
    ledger.wanted()
}

/// Lets go of the sightings that have nothing to do with the packet, of which there may be very many
/// beside it. Neighbour discovery stays.
pub fn relevant(evidence: &mut Evidence) {
    if evidence.sightings.len() > FEW {
        let kept = pick::relevant(evidence);
        evidence.sightings = kept;
    }
}

/// The way of the request and of what came back, in order of time.
pub(super) fn follow(evidence: &Evidence) -> Vec<Hop> {
    let ledger = Ledger::new(&evidence.lookups);
    walk::walk(evidence, &Picked::of(evidence), &ledger)
}
