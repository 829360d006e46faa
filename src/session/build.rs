//! State is rebuilt, not undone: going back, jumping and starting anew all drop the namespaces
//! and replay what has to be true.

use super::state::{Auto, Phase, Place, Session};
use super::{Effect, Ticket};
use crate::command::Command;
use crate::lesson::{Lesson, RunLine};
use crate::world::{Ns, World};

/// Everything that changes something on the way to `place`, with the namespace of its prompt.
///
/// Looks, pings and captures are left out: they change no table that a later step builds on.
pub fn replay(lesson: &Lesson, place: Place) -> Vec<(Ns, Command)> {
    let steps = lesson
        .steps
        .iter()
        .take(place.step)
        .flat_map(|step| &step.run);
    let here = lesson
        .steps
        .get(place.step)
        .into_iter()
        .flat_map(|step| step.run.iter().take(place.done));
    let lines = lesson.before.iter().chain(steps).chain(here);
    lines.filter_map(changing).collect()
}

fn changing(run: &RunLine) -> Option<(Ns, Command)> {
    let command = run.line.command.as_ref()?;
    command.changes().then(|| (run.at.clone(), command.clone()))
}

impl Session {
    /// Drops everything and builds what is true at `place`.
    pub(super) fn rebuild(&mut self, place: Place) {
        self.stop_all();
        let ticket = self.ticket();
        self.target = place;
        self.phase = Phase::Building(ticket);
        self.waiting = Some((self.now, "building the sandbox".to_owned()));
        self.effects.push(Effect::Build {
            ticket,
            uplink: self.lesson.uplink,
            replay: replay(&self.lesson, place),
        });
    }

    /// A build has ended.
    pub(super) fn built(&mut self, ticket: Ticket, result: Result<World, String>) {
        if self.phase != Phase::Building(ticket) {
            return;
        }
        self.waiting = None;
        match result {
            Ok(world) => {
                self.world = world;
                self.fresh.clear();
                self.latest.clear();
                self.phase = Phase::Idle;
                self.enter(self.target);
            }
            Err(why) => self.phase = Phase::Broken(why),
        }
    }

    /// The previous step, at its start; of the first step its own start.
    pub(super) fn previous_step(&mut self) {
        self.auto = Auto::Off;
        let step = self.step.saturating_sub(1);
        self.rebuild(Place { step, done: 0 });
    }

    /// The step anew.
    pub(super) fn restart(&mut self) {
        self.auto = Auto::Off;
        self.note("This step again, from its start.");
        self.rebuild(Place {
            step: self.step,
            done: 0,
        });
    }

    /// Undoes the last command of this step. Only what changed something costs a rebuild.
    pub(super) fn undo(&mut self) {
        if matches!(self.phase, Phase::Building(_) | Phase::Running(_)) {
            return;
        }
        self.auto = Auto::Off;
        let Some(last) = self.done().checked_sub(1) else {
            self.note("Nothing of this step is done yet; p goes to the step before it.");
            return;
        };
        let place = Place {
            step: self.step,
            done: last,
        };
        let run = &self.current_step().run[last];
        let changes = run.line.changes();
        let note = format!("Undone: {}", run.source);
        self.note(&note);
        if changes {
            self.rebuild(place);
        } else {
            self.stop_all();
            self.phase = Phase::Idle;
            self.enter(place);
        }
    }
}
