//! Faults: what is broken in a lesson that is about repairing.
//!
//! A step with `repair = true` begins with one of the lesson's faults, which the seed has drawn. The
//! lines that break the network are carried out silently, on top of what the lesson has built; the
//! learner finds out what is wrong, and any repair that makes the checks hold counts.

use super::draw::Lot;
use super::{Check, Hint, RunLine, Step};
use crate::trace::Cause;

/// Something that is broken.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Its name, for instructors and tests; learners do not see it.
    pub id: String,
    /// What the diagnosis calls it.
    pub cause: Cause,
    /// The lines that break it.
    pub breaks: Vec<RunLine>,
    /// The lines of one repair; there may be others.
    pub repair: Vec<RunLine>,
    /// A probe that shows it: it fails while this is broken.
    pub probe: Check,
    /// From where to look to what to do.
    pub hints: Vec<Hint>,
    /// Told when it is repaired.
    pub story: String,
}

impl Step {
    /// The check that shows the fault with which the step begins.
    pub fn check_of_fault(&self) -> Option<usize> {
        let probe = self.fault.as_ref()?.probe.judge.probe()?;
        let mut checks = self.checks.iter();
        checks.position(|check| check.judge.probe() == Some(probe))
    }
}

/// Which of `faults` faults the seed brings, in their order: each once.
pub fn order(seed: u64, faults: usize) -> Vec<usize> {
    Lot::new(seed, "fault").some_of(faults, faults)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::order;

    #[test]
    fn every_fault_comes_once() {
        for seed in 0..50 {
            let all: BTreeSet<usize> = order(seed, 18).into_iter().collect();
            assert_eq!(all.len(), 18, "seed {seed}");
        }
    }

    #[test]
    fn seeds_differ_and_every_fault_comes_first_at_times() {
        let first: BTreeSet<usize> = (0..400).map(|seed| order(seed, 18)[0]).collect();
        assert_eq!(first.len(), 18);
    }
}
