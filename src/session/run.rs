//! Carrying out a step's commands, and moving from step to step.

use super::event::Move;
use super::state::{Auto, CommandState, Phase, Place, Session};
use super::{CheckState, Effect, Outcome, Ticket};
use crate::command::Command;
use crate::lesson::{Step, Verdict};
use crate::world::Ns;

/// Where the prompt stands after the first `done` lines of `step`.
fn prompt_after(step: &Step, done: usize) -> Vec<Ns> {
    let mut prompt = vec![Ns::Host];
    if step.at != Ns::Host {
        prompt.push(step.at.clone());
    }
    for run in step.run.iter().take(done) {
        if let Some(Command::Enter { ns, .. }) = &run.line.command {
            prompt.push(ns.resolve());
        } else if run.line.command == Some(Command::Exit) && prompt.len() > 1 {
            prompt.pop();
        }
    }
    prompt
}

impl Session {
    /// How many of the step's commands are behind us.
    pub fn done(&self) -> usize {
        self.commands
            .iter()
            .position(|state| *state == CommandState::Current)
            .unwrap_or(self.commands.len())
    }

    /// Stands at `place`, in the World as it is.
    pub(super) fn enter(&mut self, place: Place) {
        if place.step != self.step || self.commands.is_empty() {
            self.hints = 0;
            self.scroll.clear();
        }
        self.step = place.step;
        let step = self.current_step().clone();
        self.prompt = prompt_after(&step, place.done);
        self.commands = vec![CommandState::ToCome; step.run.len()];
        self.commands[..place.done].fill(CommandState::Done);
        self.mark_current(place.done);
        self.checks = vec![
            CheckState {
                verdict: Verdict::TooSoon,
                probing: None
            };
            step.checks.len()
        ];
        self.nudged = false;
        self.chosen = self.at().clone();
        self.read_settings();
        self.judge_tables();
        self.plan_probes();
        self.go_on();
    }

    fn mark_current(&mut self, index: usize) {
        if let Some(state) = self.commands.get_mut(index) {
            *state = CommandState::Current;
        }
    }

    /// Enter: the next command, or, when all are done, the next step.
    pub(super) fn next(&mut self) {
        match self.phase {
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

    /// Carries out what the step still has to change, skipping looks, then leaves it.
    fn advance(&mut self) {
        while self.done() < self.commands.len() {
            let index = self.done();
            if self.current_step().run[index].line.changes() {
                self.run_current();
                return;
            }
            self.commands[index] = CommandState::Done;
            self.mark_current(index + 1);
            self.prompt = prompt_after(self.current_step(), index + 1);
        }
        self.auto = Auto::Off;
        self.leave_step();
    }

    fn run_current(&mut self) {
        let index = self.done();
        let run = self.current_step().run[index].clone();
        self.prompt = prompt_after(self.current_step(), index);
        let at = run.at.clone();
        self.echo(&at, &run.source);
        self.chosen = at.clone();
        self.nudged = false;
        let Some(command) = run.line.command else {
            self.commands[index] = CommandState::Done;
            self.mark_current(index + 1);
            return;
        };
        let ticket = self.ticket();
        self.jobs.insert(ticket, index);
        self.commands[index] = CommandState::Running;
        self.effects.push(Effect::Run {
            ticket,
            at,
            command,
        });
        if run.line.background {
            self.mark_current(index + 1);
            self.go_on();
        } else {
            self.phase = Phase::Running(ticket);
            self.waiting = Some((self.now, run.source));
        }
    }

    /// A command has ended.
    pub(super) fn ended(&mut self, ticket: Ticket, outcome: &Outcome) {
        let Some(index) = self.jobs.remove(&ticket) else {
            return;
        };
        self.commands[index] = if outcome.status == 0 {
            CommandState::Done
        } else {
            CommandState::Failed
        };
        self.move_prompt(outcome.moved.as_ref());
        if self.phase == Phase::Running(ticket) {
            self.phase = Phase::Idle;
            self.waiting = None;
            self.mark_current(index + 1);
        }
        self.read_settings();
        self.judge_tables();
        self.plan_probes();
        self.go_on();
    }

    fn move_prompt(&mut self, moved: Option<&Move>) {
        match moved {
            Some(Move::Into(ns)) => self.prompt.push(ns.clone()),
            Some(Move::Back) if self.prompt.len() > 1 => {
                self.prompt.pop();
            }
            Some(Move::Back) => self.note(
                "This is the outermost prompt: there is nothing to exit from. q leaves the lesson.",
            ),
            None => return,
        }
        self.chosen = self.at().clone();
    }

    /// All commands are done: the next step if every check holds, else what is missing.
    fn finish_step(&mut self) {
        let missing: Vec<String> = self.unmet();
        if self.all_hold() || self.nudged {
            self.leave_step();
        } else if missing.is_empty() {
            self.auto = Auto::WhenHolds;
            self.waiting = Some((self.now, "the checks".to_owned()));
        } else {
            self.nudged = true;
            self.note(&format!(
                "Not yet: {}. r starts the step again; Enter goes on all the same.",
                missing.join("; ")
            ));
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
        if self.auto == Auto::WhenHolds {
            self.auto = Auto::Off;
        }
        self.stop_all();
        if self.step + 1 < self.lesson.steps.len() {
            self.enter(Place {
                step: self.step + 1,
                done: 0,
            });
        } else {
            self.phase = Phase::Finished;
        }
    }

    /// Stops everything under way; its answers will come too late to matter.
    pub(super) fn stop_all(&mut self) {
        let probes: Vec<Ticket> = self
            .checks
            .iter_mut()
            .filter_map(|check| check.probing.take())
            .collect();
        let jobs = std::mem::take(&mut self.jobs).into_keys();
        self.effects.extend(jobs.chain(probes).map(Effect::Cancel));
        self.probe_at = None;
        self.waiting = None;
    }

    /// Esc: closes the help, else stops what is under way.
    pub(super) fn cancel(&mut self) {
        if std::mem::take(&mut self.help) {
            return;
        }
        self.auto = Auto::Off;
        match self.phase {
            Phase::Running(ticket) => self.effects.push(Effect::Cancel(ticket)),
            Phase::Idle => {
                self.waiting = None;
                let tickets: Vec<Ticket> = self.jobs.keys().copied().collect();
                self.effects.extend(tickets.into_iter().map(Effect::Cancel));
            }
            Phase::Building(_) | Phase::Finished | Phase::Broken(_) => {}
        }
    }

    /// One more hint.
    pub(super) fn hint(&mut self) {
        if self.hints < self.current_step().hints.len() {
            self.hints += 1;
        } else {
            self.note("There is no further hint for this step.");
        }
    }
}
