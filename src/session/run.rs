//! Carrying out commands: the step's own, and those that the learner types.

use super::event::Move;
use super::state::{Auto, CommandState, Job, Phase, Session};
use super::trail::{By, Deed, Ending};
use super::{Effect, Outcome, Ticket, colon};
use crate::command::{Command, ParseError};
use crate::lesson::RunLine;
use crate::world::Ns;

impl Session {
    /// The first of the step's commands that is not done yet; their number when all are.
    pub fn done(&self) -> usize {
        self.commands
            .iter()
            .position(|state| *state == CommandState::Current)
            .unwrap_or(self.commands.len())
    }

    /// How far each of the step's commands is, as the trail tells.
    pub(super) fn review_commands(&mut self) {
        let run = &self.lesson.steps[self.step].run;
        self.commands = vec![CommandState::ToCome; run.len()];
        for deed in self.trail.of(self.step) {
            if let Some(state) = deed.line.and_then(|line| self.commands.get_mut(line)) {
                *state = match deed.ending {
                    Ending::UnderWay => CommandState::Running,
                    Ending::Done => CommandState::Done,
                    Ending::Failed => CommandState::Failed,
                };
            }
        }
        let waits = matches!(self.phase, Phase::Running(_));
        let next = self
            .commands
            .iter_mut()
            .find(|state| **state == CommandState::ToCome);
        if let Some(state) = next.filter(|_| !waits) {
            *state = CommandState::Current;
        }
    }

    /// Runs the step's next command.
    pub(super) fn run_current(&mut self) {
        let index = self.done();
        let run = self.current_step().run[index].clone();
        self.prompt = self.prompt_before(index);
        let Some(deed) = Deed::of_lesson(self.step, index, &run) else {
            self.commands[index] = CommandState::Done;
            return;
        };
        self.count_own();
        self.carry_out(deed, run.line.background);
    }

    /// Carries out a line that the learner typed; nothing happens when it cannot be read.
    ///
    /// # Errors
    /// What is wrong with the line, and where.
    pub fn type_line(&mut self, source: &str) -> Result<(), ParseError> {
        let line = crate::command::parse(source)?;
        let at = self.at().clone();
        let Some(command) = line.command else {
            self.echo(&at, source);
            return Ok(());
        };
        let deed = Deed {
            step: self.step,
            line: self.listed(&at, &command),
            at,
            source: source.trim().to_owned(),
            command,
            by: By::Prompt,
            ending: Ending::UnderWay,
        };
        self.auto = Auto::Off;
        self.carry_out(deed, line.background);
        Ok(())
    }

    /// A whole line that was typed where no prompt is drawn: the answer to an open question that is
    /// answered by typing, a word of the program behind a colon, else a command. What is to be done
    /// for it.
    ///
    /// # Errors
    /// What is wrong with the line, and where; nothing was done.
    pub fn take_line(&mut self, line: &str) -> Result<Vec<Effect>, ParseError> {
        if let Some(word) = line.strip_prefix(':') {
            colon::run(self, word)?;
        } else if self.asks_for_text() {
            self.answer_with(line);
            return Ok(self.flush());
        } else {
            self.type_line(line)?;
        }
        self.line_is_done(line);
        Ok(self.flush())
    }

    /// Which of the step's commands that are to come is this one?
    pub(super) fn listed(&self, at: &Ns, command: &Command) -> Option<usize> {
        let same = |run: &RunLine| run.at == *at && run.line.command.as_ref() == Some(command);
        let run = &self.current_step().run;
        run.iter().zip(&self.commands).position(|(run, state)| {
            matches!(state, CommandState::ToCome | CommandState::Current) && same(run)
        })
    }

    fn carry_out(&mut self, deed: Deed, background: bool) {
        let (at, source) = (deed.at.clone(), deed.source.clone());
        let command = deed.command.clone();
        self.close_ask();
        self.tell_elsewhere();
        self.count_deed(&deed);
        self.echo(&at, &source);
        self.chosen = at.clone();
        self.nudged = false;
        let ticket = self.ticket();
        let job = Job {
            deed: self.trail.add(Deed {
                ending: Ending::UnderWay,
                ..deed
            }),
        };
        self.jobs.insert(ticket, job);
        self.effects.push(Effect::Run {
            ticket,
            at,
            command,
        });
        if !background {
            self.phase = Phase::Running(ticket);
            self.waiting = Some((self.now, source));
        }
        self.review_commands();
        self.go_on();
    }

    /// The command that is under way with this ticket.
    pub(super) fn under_way(&self, ticket: Ticket) -> Option<&Command> {
        let job = self.jobs.get(&ticket)?;
        Some(&self.trail.deeds.get(job.deed)?.command)
    }

    /// A command has ended.
    pub(super) fn ended(&mut self, ticket: Ticket, outcome: &Outcome) {
        let Some(job) = self.jobs.remove(&ticket) else {
            return;
        };
        if outcome.answer.is_some() {
            self.followed.expect(ticket);
        }
        let (mut changed, mut explained) = (false, false);
        if let Some(deed) = self.trail.deeds.get(job.deed).cloned() {
            explained = self.remark_on(&deed, outcome);
            self.judge_predictions(&deed, outcome);
        }
        if let Some(deed) = self.trail.deeds.get_mut(job.deed) {
            changed = deed.command.changes();
            deed.ending = if outcome.status == 0 {
                Ending::Done
            } else {
                Ending::Failed
            };
        }
        if changed {
            self.take_as_told();
        }
        self.move_prompt(outcome.moved.as_ref());
        // Once is enough.
        let awaits = !explained && self.awaits_why(ticket, outcome.answer.as_ref());
        if self.phase == Phase::Running(ticket) && !awaits {
            self.phase = Phase::Idle;
            self.waiting = None;
        }
        self.review_commands();
        self.keep();
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

    /// Where the prompt stands before the step's line `index`, as the lesson has it.
    fn prompt_before(&self, index: usize) -> Vec<Ns> {
        let step = self.current_step();
        let mut prompt = outermost(&step.at);
        for run in step.run.iter().take(index) {
            if let Some(command) = &run.line.command {
                follow(command, &mut prompt);
            }
        }
        prompt
    }

    /// Where the prompt stands after everything that was done in this step.
    pub(super) fn prompt_now(&self) -> Vec<Ns> {
        let mut prompt = outermost(&self.current_step().at);
        for deed in self.trail.of(self.step) {
            match (deed.by, deed.line) {
                (By::Lesson, Some(line)) => prompt = self.prompt_before(line + 1),
                (By::Lesson | By::Prompt, _) if deed.ending != Ending::Failed => {
                    follow(&deed.command, &mut prompt);
                }
                (By::Lesson | By::Prompt | By::Elsewhere(_), _) => {}
            }
        }
        prompt
    }

    /// Stops everything under way; its answers will come too late to matter.
    pub(super) fn stop_all(&mut self) {
        let probes: Vec<Ticket> = self
            .checks
            .iter_mut()
            .filter_map(|check| {
                check.following = None;
                check.probing.take()
            })
            .collect();
        self.followed.forget(self.next_ticket);
        let jobs = std::mem::take(&mut self.jobs).into_keys();
        self.effects.extend(jobs.chain(probes).map(Effect::Cancel));
        self.trail.stop();
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
}

/// The prompt of a step that begins `at` some namespace: a shell opened there from `host`.
fn outermost(at: &Ns) -> Vec<Ns> {
    let mut prompt = vec![Ns::Host];
    if *at != Ns::Host {
        prompt.push(at.clone());
    }
    prompt
}

/// Moves the prompt as the command does.
fn follow(command: &Command, prompt: &mut Vec<Ns>) {
    if let Command::Enter { ns, .. } = command {
        prompt.push(ns.resolve());
    } else if *command == Command::Exit && prompt.len() > 1 {
        prompt.pop();
    }
}
