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
        let same = |sight: &Sight| sight.ns() == ns;
        let run = length(sights, same);
        let ins = length(&sights[..run], |sight| !sight.is_out());
        let outs = length(&sights[ins..run], |sight| sight.is_out());
        let (visit, rest) = sights.split_at(ins + outs);
        let (ins, outs) = visit.split_at(ins);
        visits.push(Visit { ns, ins, outs });
        sights = rest;
    }
    visits
}

fn length<'a>(sights: &[Sight<'a>], is: impl Fn(&Sight<'a>) -> bool) -> usize {
    sights.iter().take_while(|sight| is(sight)).count()
}
