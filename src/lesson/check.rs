//! Checks: predicates over the [`World`], and probes, with their verdicts.
//!
//! One file a check: its keys, its title, its judgement and its tests. The list of them all is at
//! the end of this file. A check asks for what matters and tolerates the rest; a near miss fails
//! and says what was found, what was wanted, and where.

mod absent;
mod addr;
mod answer;
mod conntrack;
mod fdb;
mod link;
mod look;
mod neigh;
mod netns;
mod ping;
mod route;
mod rule;
mod sysctl;
mod tcp;
#[cfg(test)]
mod testing;
mod trace;
pub mod words;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use super::Need;
use super::probe::Probe;
use crate::world::{Ns, World};

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
    State(Arc<dyn Predicate>),
    /// By sending something.
    Probe(Probe),
}

impl Judge {
    /// What it sends, if it sends something.
    pub fn probe(&self) -> Option<&Probe> {
        match self {
            Self::Probe(probe) => Some(probe),
            Self::State(_) => None,
        }
    }
}

/// A check that the tables alone decide; one file each, below `lesson/check/`.
pub trait Predicate: fmt::Debug + Send + Sync {
    /// Pure: same world, same verdict.
    fn judge(&self, world: &World) -> Verdict;

    /// Settings that must be read for it (they bring no news of their own): namespace, dotted name.
    fn sysctls(&self) -> Vec<(Ns, String)> {
        Vec::new()
    }
}

/// A check as a lesson writes it.
pub trait Form: fmt::Debug {
    /// What is checked, in a short line of plain words.
    fn title(&self) -> String;

    /// The namespaces and devices that it names.
    fn mentions(&self) -> Vec<Mention>;

    /// What is wrong with it that types cannot say.
    fn flaw(&self) -> Option<Flaw> {
        None
    }

    /// The kernel features that judging it takes.
    fn needs(&self) -> &'static [Need] {
        &[]
    }

    /// Does it ask that something is not there?
    fn negative(&self) -> bool {
        false
    }

    /// How it is judged.
    fn judge(self: Box<Self>) -> Judge;
}

/// A name that a check uses, and where the lesson writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mention {
    /// A namespace.
    Space(Ns, Range<usize>),
    /// A device of that namespace.
    Device(Ns, String, Range<usize>),
}

/// What is wrong with a check that types cannot say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Where, if that is not all of the check.
    pub at: Option<Range<usize>>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// A check read from its table: its kind as the lesson calls it, and what was written.
pub type Written = (&'static str, Spanned<Box<dyn Form>>);

macro_rules! checks {
    ($($(#[doc = $doc:literal])* $key:ident: $form:ty,)*) => {
        /// `[[step.check]]`: one of these keys, and `title` and `why` beside it.
        #[derive(Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields, default, expecting = "a check (`[[step.check]]`)")]
        pub struct CheckToml {
            /// Instead of the title that the check makes of itself.
            pub title: Option<Spanned<String>>,
            /// The lesson's reason.
            pub why: Option<Spanned<String>>,
            $($(#[doc = $doc])* $key: Option<Spanned<$form>>,)*
        }

        impl CheckToml {
            /// The kinds of check.
            pub const KINDS: &'static [&'static str] = &[$(stringify!($key)),*];

            /// How many kinds were written; a right check has one.
            pub fn kinds(&self) -> usize {
                [$(self.$key.is_some()),*].into_iter().filter(|written| *written).count()
            }

            /// The kinds that were written.
            pub fn forms(self) -> Vec<Written> {
                let mut forms: Vec<Written> = Vec::new();
                $(if let Some(form) = self.$key {
                    let boxed: Box<dyn Form> = Box::new(form.get_ref().clone());
                    forms.push((stringify!($key), Spanned::new(form.span(), boxed)));
                })*
                forms
            }
        }
    };
}

// A new check is one new file, its `mod` line and one line here.
checks! {
    /// A namespace is there.
    netns: netns::Netns,
    /// A device is there, and such.
    link: link::Link,
    /// An address is on a device.
    addr: addr::Addr,
    /// A route is there, and such.
    route: route::Route,
    /// A neighbour is known.
    neigh: neigh::Neigh,
    /// A bridge knows where a hardware address is.
    fdb: fdb::Fdb,
    /// A setting has a value.
    sysctl: sysctl::Sysctl,
    /// A chain is there, its policy, or a rule of it.
    rule: rule::Rule,
    /// A connection is followed, and how it is rewritten.
    conntrack: conntrack::Conntrack,
    /// Something is not there.
    absent: absent::Absent,
    /// What an echo request brings.
    ping: ping::Ping,
    /// What a TCP connection brings.
    tcp: tcp::Tcp,
    /// The way that an echo request takes.
    trace: trace::Trace,
}
