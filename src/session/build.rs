//! State is rebuilt, not undone: going back, jumping and starting anew all drop the namespaces
//! and replay what has to be true.

use super::state::{Auto, Confirm, Phase, Place, Session};
use super::trail::{By, Deed, Trail};
use super::{Effect, Ticket};
use crate::world::World;

impl Session {
    /// Drops everything, builds what the trail says, and stands at `step` then.
    pub(super) fn rebuild(&mut self, step: usize) {
        self.stop_all();
        let ticket = self.ticket();
        self.target = step;
        self.phase = Phase::Building(ticket);
        self.drop_shells();
        self.waiting = Some((self.now, "building the sandbox".to_owned()));
        self.keep();
        self.effects.push(Effect::Build {
            ticket,
            uplink: self.lesson.uplink,
            replay: self.trail.replay(&self.lesson),
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
                self.seat_all();
                self.keep_shell();
                self.take_as_told();
                self.fresh.clear();
                self.latest.clear();
                self.phase = Phase::Idle;
                self.packets.sandbox_is_new();
                self.enter(self.target);
            }
            Err(why) => self.phase = Phase::Broken(why),
        }
    }

    /// To the start of `step`, as the lesson reaches it.
    pub(super) fn go_to(&mut self, step: usize) {
        self.auto = Auto::Off;
        let last = self.lesson.steps.len().saturating_sub(1);
        let step = step.min(last);
        self.trail = Trail::to(&self.lesson, Place { step, done: 0 });
        self.rebuild(step);
    }

    /// The previous step, at its start; of the first step its own start.
    pub(super) fn previous_step(&mut self) {
        self.go_to(self.step.saturating_sub(1));
    }

    /// The step anew: asks first, if there is something to lose.
    pub(super) fn reset(&mut self) {
        if matches!(self.phase, Phase::Building(_)) {
            return;
        }
        self.tell_elsewhere();
        if self.trail.of(self.step).next().is_none() {
            self.restart();
            return;
        }
        self.confirm = Some(Confirm::Reset);
        self.note("This step again? What was done in it will be taken back: y for yes, n for no.");
    }

    /// The learner's answer to what was asked.
    pub(super) fn answer(&mut self, yes: bool) {
        match self.confirm.take() {
            Some(Confirm::Reset) if yes => self.restart(),
            Some(Confirm::Reset) => self.note("Nothing was taken back."),
            None => {}
        }
    }

    /// The step anew.
    fn restart(&mut self) {
        self.auto = Auto::Off;
        self.note("This step again, from its start.");
        self.trail.reset(self.step);
        self.rebuild(self.step);
    }

    /// Undoes what was done last in this step. Only what changed something costs a rebuild.
    pub(super) fn undo(&mut self) {
        if !self.can_turn_back() {
            return;
        }
        let Some(undone) = self.trail.undo(self.step).map(<[Deed]>::to_vec) else {
            self.note("Nothing of this step is done yet; p goes to the step before it.");
            return;
        };
        self.turn("Undone", &undone);
    }

    /// Does again what was undone last.
    pub(super) fn redo(&mut self) {
        if !self.can_turn_back() {
            return;
        }
        let Some(again) = self.trail.redo().map(<[Deed]>::to_vec) else {
            self.note("There is nothing undone that could be done again.");
            return;
        };
        self.turn("Done again", &again);
    }

    fn can_turn_back(&mut self) -> bool {
        if matches!(self.phase, Phase::Building(_) | Phase::Running(_)) {
            return false;
        }
        self.auto = Auto::Off;
        self.tell_elsewhere();
        true
    }

    /// Makes true what the trail says, now that `deeds` were taken from it or put back.
    fn turn(&mut self, word: &str, deeds: &[Deed]) {
        for deed in deeds {
            let whose = match deed.by {
                By::Lesson | By::Prompt => "",
                By::Elsewhere(_) => " (done elsewhere)",
            };
            self.note(&format!("{word}: {}{whose}", deed.source));
        }
        if deeds.iter().any(|deed| deed.command.changes()) {
            self.rebuild(self.step);
        } else {
            self.stop_all();
            self.phase = Phase::Idle;
            self.keep();
            self.enter(self.step);
        }
    }
}
