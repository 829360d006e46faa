//! Drawing by lot: names, addresses and faults that differ from one seed to another.
//!
//! A lesson with a table `[draw]` has variables. Each `${name}` in its file is replaced by what the
//! seed has drawn, before anything of it is read; so whatever can be written in a lesson can be drawn,
//! and every rule for lessons holds for what is drawn as well. A seed draws the same on every machine.

mod expand;

pub use expand::{Expanded, expand};

use std::collections::BTreeMap;
use std::hash::Hasher;

use siphasher::sip::SipHasher13;

/// What a lesson was drawn by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seed {
    /// The number, which can be shared.
    pub number: u64,
    /// Did somebody ask for this one?
    pub asked_for: bool,
}

/// A sequence of numbers that a seed and a name determine.
///
/// `SipHash`-1-3 as a pseudo-random function (Aumasson and Bernstein, "`SipHash`: a fast short-input
/// PRF", 2012), keyed with the seed, of the name and a counter. So each variable has a sequence of its
/// own, and stays the same when a lesson gets another variable.
#[derive(Clone, Debug)]
pub struct Lot {
    keyed: SipHasher13,
    count: u64,
}

impl Lot {
    /// The sequence of this seed and name.
    pub fn new(seed: u64, name: &str) -> Self {
        let mut keyed = SipHasher13::new_with_keys(seed, 0);
        keyed.write(name.as_bytes());
        keyed.write(&[0]);
        Self { keyed, count: 0 }
    }

    /// The next number below `end`, which is not 0.
    fn below(&mut self, end: usize) -> usize {
        let mut hasher = self.keyed;
        // In this order of bytes on every machine.
        hasher.write(&self.count.to_le_bytes());
        self.count += 1;
        // Of 2^64 values a few more fall on the first numbers: nobody will notice.
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(hasher.finish() % end).unwrap_or(0)
    }

    /// `take` of the numbers from 0 to `count`, none twice (Fisher and Yates).
    pub fn some_of(&mut self, count: usize, take: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..count).collect();
        let take = take.min(count);
        for place in 0..take {
            let other = place + self.below(count - place);
            all.swap(place, other);
        }
        all.truncate(take);
        all
    }
}

/// What a variable is drawn from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// What there is to choose from, none twice.
    pub of: Vec<String>,
    /// So many different ones, called `${name1}`, `${name2}`, …; a single one, called `${name}`, if
    /// nothing is said.
    pub take: Option<usize>,
}

impl Variable {
    /// The names by which a file speaks of it.
    pub fn names(&self, name: &str) -> Vec<String> {
        match self.take {
            None => vec![name.to_owned()],
            Some(take) => (1..=take).map(|number| format!("{name}{number}")).collect(),
        }
    }
}

/// What `seed` draws for these variables, by the names that stand in the file.
pub fn draw(variables: &BTreeMap<String, Variable>, seed: u64) -> BTreeMap<String, String> {
    let mut drawn = BTreeMap::from([("seed".to_owned(), seed.to_string())]);
    for (name, variable) in variables {
        let take = variable.take.unwrap_or(1);
        let chosen = Lot::new(seed, name).some_of(variable.of.len(), take);
        let values = chosen.into_iter().filter_map(|at| variable.of.get(at));
        drawn.extend(variable.names(name).into_iter().zip(values.cloned()));
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(of: &[&str], take: Option<usize>) -> Variable {
        Variable {
            of: of.iter().map(ToString::to_string).collect(),
            take,
        }
    }

    #[test]
    fn a_seed_draws_the_same_everywhere() {
        let names = ["web", "api", "db", "mail", "cache"];
        let variables = BTreeMap::from([
            ("app".to_owned(), variable(&names, Some(3))),
            ("net".to_owned(), variable(&["10.1.2", "10.3.4"], None)),
        ]);
        let drawn = draw(&variables, 4711);
        // Learners share seeds: no later version of the program may draw another way.
        let told: Vec<String> = drawn.iter().map(|(k, v)| format!("{k}={v}")).collect();
        assert_eq!(
            told,
            [
                "app1=cache",
                "app2=api",
                "app3=web",
                "net=10.3.4",
                "seed=4711"
            ]
        );
        assert_ne!(draw(&variables, 4712), drawn);
    }

    #[test]
    fn another_variable_changes_nothing() {
        let one = BTreeMap::from([("b".to_owned(), variable(&["x", "y", "z"], Some(2)))]);
        let mut two = one.clone();
        two.insert("a".to_owned(), variable(&["p", "q"], None));
        for seed in 0..20 {
            let (one, two) = (draw(&one, seed), draw(&two, seed));
            assert!(one.iter().all(|(name, value)| two.get(name) == Some(value)));
            assert_ne!(one["b1"], one["b2"], "seed {seed}");
        }
    }
}
