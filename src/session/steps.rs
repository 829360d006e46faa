//! From step to step: what Enter means, what goes on by itself, when a step is done.

use super::state::{Auto, CheckState, Manner, Phase, Session};
use super::trail::Deed;
use crate::lesson::Verdict;

impl Session {
    /// Is the step taken by hand: in practice mode, or with something typed or done elsewhere? Then
    /// what counts is that its checks hold, however that came about.
    pub fn hands(&self) -> bool {
        !self.lesson.free && (self.hides_commands() || self.trail.has_hands(self.step))
    }

    /// Are the step's commands hidden? Those of a repair always are. Not those of a step that only
    /// looks: there is nothing to find out but what they show.
    pub fn hides_commands(&self) -> bool {
        let hides = self.manner == Manner::Practice || self.fault().is_some();
        hides && self.current_step().changes()
    }

    /// Is the step done (free play never is): every check holds, and its commands have run or it was done by hand?
    pub fn step_is_done(&self) -> bool {
        !self.lesson.free && self.all_hold() && (self.done() == self.commands.len() || self.hands())
    }

    /// Is it done by what is known, though checks may be under way once more?
    pub(super) fn step_was_done(&self) -> bool {
        let held = self.checks.iter().all(|it| it.verdict == Verdict::Holds);
        held && !self.lesson.free && (self.done() == self.commands.len() || self.hands())
    }

    /// Stands at `step`, in the World as it is.
    pub(super) fn enter(&mut self, step: usize) {
        if step != self.step {
            self.scroll.clear();
        }
        self.step = step;
        self.confirm = None;
        self.drop_asks();
        self.review_commands();
        self.prompt = self.prompt_now();
        self.checks = vec![
            CheckState {
                verdict: Verdict::TooSoon,
                probing: None,
                following: None,
                story: None,
            };
            self.current_step().checks.len()
        ];
        self.nudged = false;
        self.chosen = self.at().clone();
        self.begin_repair();
        self.look_as_step();
        self.read_settings();
        self.judge_tables();
        self.plan_probes();
        self.go_on();
    }

    /// Enter: the next command, or, when the step is done, the next step.
    pub(super) fn next(&mut self) {
        match self.phase {
            Phase::Idle if self.hands() && self.all_hold() => self.leave_step(),
            Phase::Idle if self.hides_commands() => self.finish_step(),
            Phase::Idle if self.next_ask().is_some() => self.open_ask(),
            Phase::Idle if self.done() < self.commands.len() => self.run_current(),
            Phase::Idle => self.finish_step(),
            Phase::Building(_) => self.auto = Auto::Once,
            Phase::Running(_) | Phase::Finished | Phase::Broken(_) => {}
        }
    }

    /// The rest of the step's commands.
    pub(super) fn run_step(&mut self) {
        self.auto = Auto::Step;
        self.go_on();
    }

    /// The next step; what this one still has to change is done first.
    pub(super) fn next_step(&mut self) {
        self.auto = Auto::Advance;
        self.go_on();
    }

    /// Goes on by itself, if it was asked to and nothing is under way.
    pub(super) fn go_on(&mut self) {
        self.note_solved();
        if self.phase != Phase::Idle {
            return;
        }
        let left = self.done() < self.commands.len();
        match self.auto {
            Auto::Off => {}
            Auto::Once => {
                self.auto = Auto::Off;
                self.next();
            }
            Auto::Step if left => self.run_current(),
            Auto::Step => self.auto = Auto::Off,
            Auto::Advance => self.advance(),
            Auto::WhenHolds if self.all_hold() => self.leave_step(),
            Auto::WhenHolds => self.stop_waiting_if_refuted(),
        }
    }

    /// Carries out what the step still has to change, skipping looks, then leaves it. What was done
    /// by hand needs nothing more.
    fn advance(&mut self) {
        let by_hand = self.hands() && self.all_hold();
        while !by_hand && self.done() < self.commands.len() {
            let index = self.done();
            let run = &self.lesson.steps[self.step].run[index];
            if run.line.changes() {
                self.run_current();
                return;
            }
            let Some(skipped) = Deed::of_lesson(self.step, index, run) else {
                break;
            };
            self.trail.add(skipped);
            self.review_commands();
        }
        self.auto = Auto::Off;
        self.leave_step();
    }

    /// All commands are done: the next step if every check holds, else what is missing.
    fn finish_step(&mut self) {
        if self.all_hold() || self.nudged {
            self.leave_step();
        } else if let Some(nearest) = self.nearest() {
            self.nudged = true;
            self.note(&format!(
                "Not yet: {nearest}. r starts the step again; Enter goes on all the same."
            ));
        } else {
            self.auto = Auto::WhenHolds;
            self.waiting = Some((self.now, "the checks".to_owned()));
        }
    }

    fn stop_waiting_if_refuted(&mut self) {
        if !self.unmet().is_empty() {
            self.auto = Auto::Off;
            self.waiting = None;
            self.finish_step();
        }
    }

    fn leave_step(&mut self) {
        if self.lesson.free {
            self.auto = Auto::Off;
            self.note("There is nothing left to run: i opens the prompt, s a shell, q leaves.");
            return;
        }
        if self.auto == Auto::WhenHolds {
            self.auto = Auto::Off;
        }
        self.stop_all();
        self.keep();
        if self.step + 1 < self.lesson.steps.len() {
            if self.begins_anew(self.step + 1) {
                self.enter_anew(self.step + 1);
            } else {
                self.enter(self.step + 1);
            }
        } else {
            self.tell_score();
            self.phase = Phase::Finished;
            self.leave_view();
        }
    }

    /// Remembers that the step is done.
    fn note_solved(&mut self) {
        if self.step_is_done() && self.phase == Phase::Idle && !self.record().solved {
            self.time_repair();
            self.record_mut().solved = true;
            self.repaired();
            self.keep();
        }
    }

    /// Shows the commands, or hides them and leaves the way to the learner.
    pub(super) fn switch_practice(&mut self) {
        if self.fault().is_some() {
            self.note(
                "A repair is always done by your own hands: h gives a hint, at last the solution.",
            );
            return;
        }
        let (manner, said) = match self.manner {
            Manner::Guided => (
                Manner::Practice,
                "Practice: the commands are hidden. Make the checks hold in your own way.",
            ),
            Manner::Practice => (Manner::Guided, "The commands are shown again."),
        };
        self.manner = manner;
        self.keep();
        self.note(said);
        self.plan_probes();
    }
}
