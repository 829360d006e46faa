//! What somebody else changed: the learner's shell, a second terminal.
//!
//! It is seen in the tables, told as commands of the language, and kept like every other deed: so it
//! outlives an undo, a restart of the program, and stands in what is saved.

use std::time::Duration;

use super::origin::Origin;
use super::retell::retell;
use super::state::Session;
use super::trail::{By, Deed, Ending, Trail};
use crate::command::Command;
use crate::world::{Ns, World};

/// A burst of changes is over when nothing has come for so long.
const QUIET: Duration = Duration::from_millis(300);

/// Changes that never cease are told after this long all the same.
const LONGEST: Duration = Duration::from_secs(3);

/// What the tables were when the trail last told all of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    world: World,
    /// When the first change since then came, and when what has changed is to be told.
    pending: Option<(Duration, Duration)>,
    /// Bursts so far.
    bursts: u32,
}

impl Told {
    /// After what `trail` has told: its bursts keep their numbers.
    pub(super) fn after(trail: &Trail) -> Self {
        let bursts = trail.deeds.iter().filter_map(|deed| match deed.by {
            By::Elsewhere(burst) => Some(burst),
            By::Lesson | By::Prompt => None,
        });
        Self {
            bursts: bursts.max().unwrap_or(0),
            ..Self::default()
        }
    }

    /// When it is to be told, if something is.
    pub(super) fn due(&self) -> Option<Duration> {
        self.pending.map(|(_, due)| due)
    }
}

impl Session {
    /// Something has changed; whose doing it is shows when it is quiet again.
    pub(super) fn suspect(&mut self, origin: Origin) {
        if origin != Origin::Packets && !self.is_changing() {
            let first = self.told.pending.map_or(self.now, |(first, _)| first);
            let due = (self.now + QUIET).min(first + LONGEST);
            self.told.pending = Some((first, due));
        }
    }

    /// Is a command of ours under way that changes something?
    fn is_changing(&self) -> bool {
        let deeds = &self.trail.deeds;
        (self.jobs.values()).any(|job| {
            deeds
                .get(job.deed)
                .is_some_and(|deed| deed.command.changes())
        })
    }

    /// The tables are what the trail says.
    pub(super) fn take_as_told(&mut self) {
        self.told.pending = None;
        self.told.world.clone_from(&self.world);
    }

    /// Tells what is due by now.
    pub(super) fn tell_what_is_due(&mut self) {
        if self.told.due().is_some_and(|due| due <= self.now) {
            self.tell_elsewhere();
        }
    }

    /// Tells what has changed without us, if anything has: it becomes part of the trail.
    pub(super) fn tell_elsewhere(&mut self) {
        if self.told.pending.is_none() {
            return;
        }
        let retold = retell(&self.told.world, &self.world);
        self.take_as_told();
        for lost in &retold.lost {
            self.note(&format!(
                "Done elsewhere, and not kept when the sandbox is built again: {lost}"
            ));
        }
        if retold.commands.is_empty() {
            return;
        }
        self.told.bursts += 1;
        self.count_change();
        let by = By::Elsewhere(self.told.bursts);
        for (at, command) in retold.commands {
            self.add_elsewhere(at, command, by);
        }
        self.review_commands();
        self.keep();
        self.plan_probes();
    }

    fn add_elsewhere(&mut self, at: Ns, command: Command, by: By) {
        let source = command.to_string();
        self.note(&format!("Elsewhere, in {at}: {source}"));
        let line = self.listed(&at, &command);
        self.trail.add(Deed {
            step: self.step,
            at,
            source,
            command,
            by,
            line,
            ending: Ending::Done,
        });
        self.review_commands();
    }
}
