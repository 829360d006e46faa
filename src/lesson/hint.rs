//! Hints: from a nudge to the answer, and those that know the state.
//!
//! A hint with a `when` is for a typical slip. It speaks only while the tables are as it says, and
//! then before the general ones: who has brought `clink3` up in the wrong namespace is helped by
//! "move it first", not by "look at the namespaces".

use std::sync::Arc;

use super::check::{Predicate, Verdict};
use crate::world::{Ns, World};

/// A hint of a step.
#[derive(Clone, Debug)]
pub struct Hint {
    /// What it says.
    pub text: String,
    /// The state that it is for; all of these hold. A hint without any is a general one.
    pub when: Vec<Arc<dyn Predicate>>,
}

impl Hint {
    /// Is it one of those that are given in their order, whatever the state?
    pub fn is_general(&self) -> bool {
        self.when.is_empty()
    }

    /// Is it right to give it now?
    pub fn fits(&self, world: &World) -> bool {
        let holds = |predicate: &Arc<dyn Predicate>| predicate.judge(world) == Verdict::Holds;
        self.when.iter().all(holds)
    }

    /// Settings that must be read before it can be told whether it fits: namespace, dotted name.
    pub fn sysctls(&self) -> Vec<(Ns, String)> {
        self.when.iter().flat_map(|it| it.sysctls()).collect()
    }
}

impl From<&str> for Hint {
    fn from(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            when: Vec::new(),
        }
    }
}
