//! Following one packet through what was seen.

use super::hop::Hop;
use super::{Evidence, Query};

/// What the kernels still have to be asked before the story can be told: how they would route the
/// packet, and its answer, where it was seen. Asked again with the answers until there is none.
pub fn queries(_evidence: &Evidence) -> Vec<Query> {
    Vec::new()
}

/// Lets go of the sightings that have nothing to do with the packet, of which there may be very many
/// beside it. Neighbour discovery stays.
pub fn relevant(_evidence: &mut Evidence) {}

/// The way of the request and of what came back, in order of time.
pub(super) fn follow(_evidence: &Evidence) -> Vec<Hop> {
    Vec::new()
}
