//! Judging the step's checks: tables at each news, probes when something that matters has changed.

use std::time::Duration;

use super::origin::Origin;
use super::state::{Phase, Session};
use super::{Effect, Ticket};
use crate::lesson::check::Judge;
use crate::lesson::probe::Answer;
use crate::lesson::{Hint, Verdict};
use crate::world::{Change, Ns};

/// Probes wait this long after the last news, so that a burst of changes is probed once.
const SETTLE: Duration = Duration::from_millis(30);

impl Session {
    /// The kernel says that something has changed.
    pub(super) fn news(&mut self, ns: &Ns, change: Change) {
        if matches!(self.phase, Phase::Building(_) | Phase::Broken(_)) {
            return; // of the sandbox that is being dropped
        }
        let origin = Origin::of(&change);
        if matches!(change, Change::Vanished) {
            self.shell_loses(ns);
        }
        let unread = matches!(change, Change::Resync(_) | Change::Appeared(_));
        self.suspect(origin);
        self.mark(ns, &change);
        let comes_or_goes = matches!(change, Change::Appeared(_) | Change::Vanished);
        self.world.apply(ns, change);
        if comes_or_goes {
            self.seat_all();
        }
        if unread {
            self.read_settings();
        }
        self.judge_tables();
        if origin == Origin::Somebody {
            self.plan_probes();
        }
        self.go_on();
    }

    /// Judges every check that the tables decide.
    pub(super) fn judge_tables(&mut self) {
        let lesson = self.lesson.clone();
        for (check, state) in lesson.steps[self.step].checks.iter().zip(&mut self.checks) {
            if let Judge::State(predicate) = &check.judge {
                state.verdict = predicate.judge(&self.world);
            }
        }
    }

    /// Asks for the settings that checks and hints look at; they bring no news of their own.
    pub(super) fn read_settings(&mut self) {
        let lesson = self.lesson.clone();
        let step = &lesson.steps[self.step];
        let checks = step.checks.iter().flat_map(|check| match &check.judge {
            Judge::State(predicate) => predicate.sysctls(),
            Judge::Probe(_) => Vec::new(),
        });
        let hints = step.hints.iter().flat_map(Hint::sysctls);
        let reads = checks.chain(hints);
        self.effects
            .extend(reads.map(|(ns, name)| Effect::Read { ns, name }));
    }

    /// Plans the probes, once the step's commands are done: earlier they would disturb the tables
    /// that the learner is about to look at. Of a step that is taken by hand they follow as soon as
    /// the tables are right; until then what was answered before counts no longer.
    pub(super) fn plan_probes(&mut self) {
        if !self.has_probes() || self.phase != Phase::Idle {
            return;
        }
        if self.done() == self.commands.len() || (self.hands() && self.tables_hold()) {
            self.probe_at = Some(self.now + SETTLE);
        } else if self.hands() {
            self.forget_answers();
        }
    }

    fn has_probes(&self) -> bool {
        let checks = &self.current_step().checks;
        checks.iter().any(|check| check.judge.probe().is_some())
    }

    /// Does every check hold that the tables decide?
    fn tables_hold(&self) -> bool {
        let checks = self.current_step().checks.iter().zip(&self.checks);
        checks
            .filter(|(check, _)| check.judge.probe().is_none())
            .all(|(_, state)| state.verdict == Verdict::Holds)
    }

    fn forget_answers(&mut self) {
        self.probe_at = None;
        let lesson = self.lesson.clone();
        for (check, state) in lesson.steps[self.step].checks.iter().zip(&mut self.checks) {
            if check.judge.probe().is_some() {
                state.verdict = Verdict::TooSoon;
                state.following = None;
                self.effects
                    .extend(state.probing.take().map(Effect::Cancel));
            }
        }
    }

    /// Judges everything now, whether or not the commands are done.
    pub(super) fn check_now(&mut self) {
        self.read_settings();
        self.judge_tables();
        self.send_probes();
    }

    /// Sends every probe of the step; one that is under way is begun anew.
    pub(super) fn send_probes(&mut self) {
        self.probe_at = None;
        let lesson = self.lesson.clone();
        for (index, check) in lesson.steps[self.step].checks.iter().enumerate() {
            let Some(probe) = check.judge.probe() else {
                continue;
            };
            if let Some(old) = self.checks[index].probing.take() {
                self.effects.push(Effect::Cancel(old));
            }
            let ticket = self.ticket();
            self.checks[index].probing = Some(ticket);
            self.checks[index].following = Some(ticket);
            self.effects.push(Effect::Probe {
                ticket,
                probe: probe.clone(),
            });
        }
    }

    /// A probe has an answer.
    pub(super) fn probed(&mut self, ticket: Ticket, answer: &Answer) {
        let Some(index) = self
            .checks
            .iter()
            .position(|check| check.probing == Some(ticket))
        else {
            return;
        };
        let lesson = self.lesson.clone();
        if let Some(probe) = lesson.steps[self.step].checks[index].judge.probe() {
            self.checks[index].verdict = probe.judge(answer);
            // What is demanded of the way besides is judged when the packet has been followed.
            if !probe.demands.is_empty() && self.checks[index].verdict == Verdict::Holds {
                self.checks[index].verdict = Verdict::TooSoon;
                return;
            }
        }
        self.checks[index].probing = None;
        self.go_on();
    }

    /// Does every check of the step hold, with none under way?
    pub fn all_hold(&self) -> bool {
        self.checks
            .iter()
            .all(|check| check.verdict == Verdict::Holds && check.probing.is_none())
            && self.probe_at.is_none()
    }

    /// What does not hold, in sentences; checks that are under way are not among it.
    pub fn unmet(&self) -> Vec<String> {
        let settled = self.checks.iter().filter(|check| check.probing.is_none());
        settled
            .filter_map(|check| match &check.verdict {
                Verdict::Not(why) => Some(why.clone()),
                Verdict::Holds | Verdict::TooSoon => None,
            })
            .collect()
    }
}
