//! Hints, one at a time: first those that fit the state, then the general ones from a nudge to the
//! answer, and last the solution, line by line.
//!
//! What was shown is remembered. A step that is done after its solution was shown is done with the
//! solution, which is another thing than solved.

use super::state::{CommandState, Session};
use super::trail::Ending;
use crate::command::Command;
use crate::lesson::{Hint, RunLine};
use crate::world::Ns;

/// How a step was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credit {
    /// Not yet.
    Open,
    /// Without its solution being shown.
    Solved,
    /// After its solution was shown.
    WithSolution,
}

/// A hint that is shown.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// Its number among the general ones, from 1, and theirs; none for one that fits the state.
    pub number: Option<(usize, usize)>,
    /// The hint.
    pub hint: &'a Hint,
}

impl Session {
    /// How the step `index` was done.
    pub fn credit(&self, index: usize) -> Credit {
        match self.diary.steps.get(&index) {
            Some(record) if record.solved && record.solution => Credit::WithSolution,
            Some(record) if record.solved => Credit::Solved,
            Some(_) | None => Credit::Open,
        }
    }

    /// The hints that were shown and are still right: what was said of a state that has changed
    /// since would only confuse.
    pub fn shown_hints(&self) -> Vec<Shown<'_>> {
        let hints = &self.current_step().hints;
        let general = hints.iter().filter(|hint| hint.is_general()).count();
        let number = |index: usize| {
            let upto = hints.iter().take(index + 1);
            (upto.filter(|hint| hint.is_general()).count(), general)
        };
        let record = self.diary.steps.get(&self.step);
        let shown = record.map_or(&[][..], |record| &record.hints);
        (shown.iter())
            .filter_map(|index| Some((*index, hints.get(*index)?)))
            .filter(|(_, hint)| hint.fits(&self.world))
            .map(|(index, hint)| Shown {
                number: hint.is_general().then(|| number(index)),
                hint,
            })
            .collect()
    }

    /// The nearest thing that is missing, in a sentence: the first check that does not hold and is
    /// not being tried.
    pub fn nearest(&self) -> Option<String> {
        self.unmet().into_iter().next()
    }

    /// One more hint; the solution when there is none.
    pub(super) fn hint(&mut self) {
        match self.next_hint() {
            Some(index) => {
                self.record_mut().hints.push(index);
                self.keep();
            }
            None => self.solution(),
        }
    }

    fn next_hint(&self) -> Option<usize> {
        let shown = &self.record().hints;
        let hints = self.current_step().hints.iter().enumerate();
        let mut left =
            hints.filter(|(index, hint)| !shown.contains(index) && hint.fits(&self.world));
        let fitting = left.clone().find(|(_, hint)| !hint.is_general());
        fitting.or_else(|| left.next()).map(|(index, _)| index)
    }

    /// Puts the step's next line that is missing where the learner can run it.
    pub(super) fn solution(&mut self) {
        if self.step_is_done() {
            self.note("Nothing is missing in this step. Enter goes on.");
            return;
        }
        let Some(line) = self.missing_line() else {
            self.note("Every line of this step has run; r starts the step again.");
            return;
        };
        if !self.record().solved {
            self.record_mut().solution = true;
            self.keep();
        }
        if self.put_into_prompt(&line) {
            self.note("The solution's next line stands in the prompt: Enter runs it.");
        } else {
            self.note(&format!("The solution's next line: {line}"));
        }
    }

    /// The step's next line that nobody has carried out in any form, as it has to be typed where
    /// the prompt stands now.
    pub(super) fn missing_line(&self) -> Option<String> {
        let run = self.current_step().run.iter().zip(&self.commands);
        let to_come =
            run.filter(|(_, state)| matches!(state, CommandState::ToCome | CommandState::Current));
        to_come
            .filter(|(line, _)| !self.is_carried_out(line))
            .find_map(|(line, _)| self.as_typed(line))
    }

    /// Was the same done in this step, in the same namespace, however that was said?
    fn is_carried_out(&self, line: &RunLine) -> bool {
        let Some(command) = &line.line.command else {
            return true;
        };
        let wanted = command.place(&line.at);
        self.trail
            .of(self.step)
            .any(|deed| deed.ending != Ending::Failed && deed.command.place(&deed.at) == wanted)
    }

    /// The line as it has to be typed at the prompt: in another namespace than the lesson has it,
    /// the way there is part of it.
    fn as_typed(&self, line: &RunLine) -> Option<String> {
        let command = line.line.command.as_ref()?;
        if line.at == *self.at() {
            return Some(line.source.clone());
        }
        if self.prompt.contains(&line.at) {
            return Some(Command::Exit.canonical());
        }
        match (command, &line.at) {
            // A way out of where nobody is.
            (Command::Exit, _) | (_, Ns::Host | Ns::Internet) => None,
            (_, Ns::Named(name)) => {
                Some(format!("nsenter --net=/run/netns/{name} {}", line.source))
            }
        }
    }
}
