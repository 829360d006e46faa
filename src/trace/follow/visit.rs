//! One namespace's share of the way: in by one device, out by another.

use super::sight::Sight;
use crate::world::Ns;

/// A run of sightings in one namespace: those of coming in, then those of going out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visit<'p, 'a> {
    pub ns: &'p Ns,
    pub ins: &'p [Sight<'a>],
    pub outs: &'p [Sight<'a>],
}

/// The visits of one leg, in order. A packet that comes in after it went out begins a new one, also
/// within the same namespace.
pub(super) fn visits<'p, 'a>(mut sights: &'p [Sight<'a>]) -> Vec<Visit<'p, 'a>> {
    let mut visits = Vec::new();
    while let Some(first) = sights.first() {
        let ns = first.ns();
        let here = sights.iter().take_while(|sight| sight.ns() == ns);
        let ins = here.clone().take_while(|sight| !sight.is_out()).count();
        let outs = here.skip(ins).take_while(|sight| sight.is_out()).count();
        let (visit, rest) = sights.split_at(ins + outs);
        let (ins, outs) = visit.split_at(ins);
        visits.push(Visit { ns, ins, outs });
        sights = rest;
    }
    visits
}
