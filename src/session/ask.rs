//! Questions: what a learner expects, before the command shows it.
//!
//! A question opens when Enter would run the line that it stands before, once. It never opens for a
//! line typed at the prompt, since who types a line wants it run, and pasted lines would answer it;
//! nor while steps run by themselves. Who gives no answer goes on all the same.
//!
//! Predictions are judged by the kernel: by the ping's own result, by a route look-up, by the
//! neighbour table once the line has ended.

mod guess;

use serde::{Deserialize, Serialize};

pub use guess::{Choice, Guess};

use super::prompt::{Edit, Line};
use super::state::Session;
use super::trail::Deed;
use super::{Effect, Outcome, Ticket};
use crate::lesson::ask::{Truth, accepts};
use crate::lesson::check::Judge;
use crate::lesson::probe::Expect;
use crate::lesson::{Ask, Check};
use crate::trace::{NextHop, NoRoute};

/// So many bytes an answer can have.
const LONGEST_ANSWER: usize = 200;

/// What became of a question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// It was answered, and rightly.
    Right,
    /// It was answered, and the last answer was wrong.
    Wrong,
    /// There was no answer, or nothing came by which to judge it.
    #[default]
    Skipped,
}

/// What is known of a question that was put.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answered {
    /// What became of it.
    pub mark: Mark,
    /// So many answers were given.
    pub tries: u32,
}

/// A question that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    /// Which of the step's.
    pub index: usize,
    /// What can be chosen; nothing where the answer is typed.
    pub choices: Vec<Choice>,
    /// What was typed so far.
    pub typed: Line,
    /// What is said to the last answer, which was wrong.
    pub said: Option<String>,
    /// The kernel is being asked whether this is so.
    looking: Option<(Ticket, Choice)>,
}

/// A prediction that waits for its line to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Prediction {
    /// Which of the step's questions.
    index: usize,
    /// What was chosen.
    choice: Choice,
}

/// Questions under way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The open one.
    open: Option<Asking>,
    /// Predictions whose line runs.
    predicted: Vec<Prediction>,
}

impl Session {
    /// The open question, as the lesson has it and how far it is.
    pub fn asking(&self) -> Option<(&Ask, &Asking)> {
        let asking = self.asked.open.as_ref()?;
        Some((self.current_step().asks.get(asking.index)?, asking))
    }

    /// Is the open question answered by typing?
    pub fn asks_for_text(&self) -> bool {
        self.asking()
            .is_some_and(|(ask, _)| matches!(ask.truth, Truth::Typed { .. }))
    }

    /// The question that stands before the next line and was not put yet.
    pub(super) fn next_ask(&self) -> Option<usize> {
        let put = &self.record().answers;
        let asks = self.current_step().asks.iter();
        asks.enumerate()
            .position(|(index, ask)| ask.before == self.done() && !put.contains_key(&index))
    }

    /// Would this check tell the answer of a prediction that is still to be made?
    pub fn gives_away(&self, check: &Check) -> bool {
        if self.hides_commands() {
            return false; // nothing is asked then
        }
        let put = &self.record().answers;
        let asks = self.current_step().asks.iter().enumerate();
        let to_come = |(index, ask): (usize, &Ask)| {
            let told = match (&ask.truth, &check.judge) {
                (Truth::Ping, Judge::Probe(probe)) => probe.expect != Expect::Reply,
                (Truth::Route { .. } | Truth::Neigh { .. }, Judge::State(_)) => true,
                (Truth::Choice { .. } | Truth::Typed { .. }, _)
                | (Truth::Ping, Judge::State(_))
                | (Truth::Route { .. } | Truth::Neigh { .. }, Judge::Probe(_)) => false,
            };
            told && ask.before >= self.done() && !put.contains_key(&index)
        };
        asks.into_iter().any(to_come)
    }

    /// Is a question about a ping of this step still to be put?
    pub(super) fn ping_is_asked(&self) -> bool {
        if self.hides_commands() {
            return false; // nothing is asked then
        }
        let put = &self.record().answers;
        let asks = self.current_step().asks.iter().enumerate();
        asks.into_iter().any(|(index, ask)| {
            ask.truth == Truth::Ping && ask.before >= self.done() && !put.contains_key(&index)
        })
    }

    /// Puts the question.
    pub(super) fn open_ask(&mut self) {
        let Some(index) = self.next_ask() else {
            return;
        };
        let choices = guess::choices(&self.world, &self.current_step().asks[index].truth);
        self.record_mut().answers.insert(index, Answered::default());
        self.keep();
        self.asked.open = Some(Asking {
            index,
            choices,
            typed: Line::default(),
            said: None,
            looking: None,
        });
    }

    /// Drops the open question; what was answered counts.
    pub(super) fn close_ask(&mut self) {
        self.asked.open = None;
    }

    /// Drops every question: the line of a prediction will not end any more.
    pub(super) fn drop_asks(&mut self) {
        self.asked = Asked::default();
    }

    /// Takes the choice `number`, from 0.
    pub(super) fn guess(&mut self, number: usize) {
        let Some((ask, asking)) = self.asking() else {
            return;
        };
        let Some(choice) = asking.choices.get(number).cloned() else {
            return;
        };
        if asking.looking.is_some() {
            return;
        }
        let (index, truth) = (asking.index, ask.truth.clone());
        match truth {
            Truth::Choice { answer, .. } => self.told(number == answer, &choice.text),
            Truth::Ping | Truth::Neigh { .. } => {
                self.count_try(index);
                self.asked.predicted.push(Prediction { index, choice });
                self.go_on_from_ask();
            }
            Truth::Route { ns, to } => {
                self.count_try(index);
                let ticket = self.ticket();
                self.effects.push(Effect::LookUp { ticket, ns, to });
                if let Some(asking) = &mut self.asked.open {
                    asking.looking = Some((ticket, choice));
                }
            }
            Truth::Typed { .. } => {}
        }
    }

    /// Enter: what was typed is the answer; without one the lesson goes on.
    pub(super) fn submit_answer(&mut self) {
        let Some((ask, asking)) = self.asking() else {
            return;
        };
        let typed = asking.typed.text().trim().to_owned();
        match &ask.truth {
            Truth::Typed { accept } if !typed.is_empty() => {
                let right = accepts(accept, &typed);
                self.told(right, &typed);
            }
            Truth::Typed { .. }
            | Truth::Ping
            | Truth::Route { .. }
            | Truth::Neigh { .. }
            | Truth::Choice { .. } => self.skip_ask(),
        }
    }

    /// A key while an answer is being typed.
    pub(super) fn edit_answer(&mut self, edit: Edit) {
        let Some(asking) = &mut self.asked.open else {
            return;
        };
        let line = &mut asking.typed;
        match edit {
            Edit::Insert(c) if line.text().len() < LONGEST_ANSWER => {
                line.insert(c.encode_utf8(&mut [0; 4]));
            }
            Edit::Go(reach) => line.go(reach),
            Edit::Delete(reach) => line.delete(reach),
            Edit::Yank => line.yank(),
            Edit::Transpose => line.transpose(),
            Edit::Undo => line.undo(),
            Edit::Enter => self.submit_answer(),
            Edit::Escape | Edit::Interrupt | Edit::EndOfInput => self.skip_ask(),
            Edit::Insert(_)
            | Edit::Older
            | Edit::Newer
            | Edit::Search
            | Edit::Complete
            | Edit::CompleteBack
            | Edit::ClearScreen => {}
        }
    }

    /// Answers the open question by this text.
    pub(super) fn answer_with(&mut self, text: &str) {
        if let Some(asking) = &mut self.asked.open {
            asking.typed.set(text);
        }
        self.submit_answer();
    }

    /// Goes on without a (further) answer. Who has tried is told what would have been right.
    pub(super) fn skip_ask(&mut self) {
        let Some((ask, asking)) = self.asking() else {
            return;
        };
        if asking.said.is_some()
            && let Some(right) = answer_of(&ask.truth)
        {
            let right = format!("The answer is: {right}.");
            self.note(&right);
        }
        self.go_on_from_ask();
    }

    fn go_on_from_ask(&mut self) {
        self.close_ask();
        self.next();
    }

    fn count_try(&mut self, index: usize) {
        self.record_mut().answers.entry(index).or_default().tries += 1;
        self.keep();
    }

    fn mark_answer(&mut self, index: usize, right: bool) {
        let mark = if right { Mark::Right } else { Mark::Wrong };
        self.record_mut().answers.entry(index).or_default().mark = mark;
        self.keep();
    }

    /// Says whether an answer that the lesson knows is right. A wrong one can be given again.
    fn told(&mut self, right: bool, answer: &str) {
        let Some((ask, asking)) = self.asking() else {
            return;
        };
        let index = asking.index;
        let why = explanation(ask, right);
        self.count_try(index);
        self.mark_answer(index, right);
        if right {
            self.note(&sentence(&format!("“{answer}”: right."), why.as_deref()));
            self.go_on_from_ask();
            return;
        }
        let said = sentence(&format!("“{answer}”: not so."), why.as_deref());
        self.note(&said);
        if let Some(asking) = &mut self.asked.open {
            asking.typed = Line::default();
            asking.said = Some(said);
        }
    }

    /// The kernel has said which way a packet would go; a ticket that nobody waits for does nothing.
    pub(super) fn route_is_told(&mut self, ticket: Ticket, route: &Result<NextHop, NoRoute>) {
        let Some(asking) = &mut self.asked.open else {
            return;
        };
        let Some((_, choice)) = asking.looking.take_if(|(asked, _)| *asked == ticket) else {
            return;
        };
        let index = asking.index;
        self.settle_guess(index, &choice, Some(&guess::of_route(route)));
        self.go_on_from_ask();
    }

    /// A line has ended: predictions about it are judged.
    pub(super) fn judge_predictions(&mut self, deed: &Deed, outcome: &Outcome) {
        if self.asked.predicted.is_empty() || deed.step != self.step {
            return;
        }
        let lesson = self.lesson.clone();
        let asks = &lesson.steps[self.step].asks;
        let of_this = |predicted: &Prediction| {
            let ask = asks.get(predicted.index);
            ask.is_some_and(|ask| Some(ask.before) == deed.line)
        };
        let all = std::mem::take(&mut self.asked.predicted);
        let (ended, others) = all.into_iter().partition(of_this);
        self.asked.predicted = others;
        let ended: Vec<Prediction> = ended;
        for Prediction { index, choice } in ended {
            let found = match &asks[index].truth {
                Truth::Ping => outcome.answer.as_ref().and_then(guess::of_ping),
                Truth::Neigh { ns, to } => Some(guess::of_neigh(&self.world, ns, *to)),
                Truth::Route { .. } | Truth::Choice { .. } | Truth::Typed { .. } => None,
            };
            self.settle_guess(index, &choice, found.as_ref());
        }
    }

    /// Compares what was chosen with what the kernel has found; without a finding there is nothing
    /// to say.
    fn settle_guess(&mut self, index: usize, choice: &Choice, found: Option<&Guess>) {
        let Some(found) = found else {
            return;
        };
        let right = choice.guess == *found;
        let why = explanation(&self.current_step().asks[index], right);
        let expected = &choice.text;
        let verdict = if right {
            format!("You expected: {expected}. Right.")
        } else {
            let found = guess::words(&self.world, found);
            format!("You expected: {expected}. It is: {found}.")
        };
        self.mark_answer(index, right);
        self.note(&sentence(&verdict, why.as_deref()));
    }
}

fn explanation(ask: &Ask, right: bool) -> Option<String> {
    if right { &ask.right } else { &ask.wrong }.clone()
}

fn sentence(verdict: &str, why: Option<&str>) -> String {
    let said = match why {
        Some(why) => format!("{verdict} {}", why.trim()),
        None => verdict.to_owned(),
    };
    said.replace(['`', '*'], "") // the transcript knows no Markdown
}

/// The right answer, where the lesson knows it.
fn answer_of(truth: &Truth) -> Option<&str> {
    match truth {
        Truth::Choice { choices, answer } => choices.get(*answer).map(String::as_str),
        Truth::Typed { accept } => accept.first().map(String::as_str),
        Truth::Ping | Truth::Route { .. } | Truth::Neigh { .. } => None,
    }
}
