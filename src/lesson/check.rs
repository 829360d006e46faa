//! Checks: predicates over the [`World`](crate::world::World), and probes, with their verdicts.

use super::probe::Probe;

/// Whether a check holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Holds,
    /// It does not: what was found, what was wanted, where.
    Not(String),
    /// It cannot be told yet (a probe is under way).
    TooSoon,
}

/// A check of a step.
#[derive(Clone, Debug)]
pub struct Check {
    /// What is checked, in a short line (`app3 → 172.16.0.40 answers`).
    pub title: String,
    /// The lesson's reason.
    pub why: Option<String>,
    /// How it is judged.
    pub judge: Judge,
}

/// How a check is judged.
#[derive(Clone, Debug)]
pub enum Judge {
    /// By the tables.
    State(std::sync::Arc<dyn Predicate>),
    /// By sending something.
    Probe(Probe),
}

/// A check that the tables alone decide; one file each, below `lesson/check/`.
pub trait Predicate: std::fmt::Debug + Send + Sync {
    /// Pure: same world, same verdict.
    fn judge(&self, world: &crate::world::World) -> Verdict;

    /// Settings that must be read for it (they bring no news of their own): namespace, dotted name.
    fn sysctls(&self) -> Vec<(crate::world::Ns, String)> {
        Vec::new()
    }
}
