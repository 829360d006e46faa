//! `[[step.ask]]`: a question, and who knows its answer.

use std::fmt;
use std::net::IpAddr;
use std::ops::Range;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::lower::{cap, optional, visible};
use crate::command::{Command, parse};
use crate::lesson::RunLine;
use crate::lesson::ask::{Ask, Truth};
use crate::lesson::check::words::{Ip, NsName};
use crate::lesson::report::{Notes, meant};
use crate::world::Ns;

/// Most questions of a step.
const MOST_ASKS: usize = 9;

/// Most choices: one digit chooses.
pub const MOST_CHOICES: usize = 9;

/// `[[step.ask]]`
#[derive(Debug, Default, Deserialize)]
#[serde(
    deny_unknown_fields,
    default,
    expecting = "a question (`[[step.ask]]`)"
)]
pub struct AskToml {
    /// The line that it stands before; the first one unless said.
    pub before: Option<Spanned<String>>,
    /// What is asked.
    pub question: Option<Spanned<String>>,
    /// What the kernel decides.
    pub predict: Option<Spanned<PredictToml>>,
    /// What can be chosen.
    pub choices: Option<Spanned<Vec<Spanned<String>>>>,
    /// The right choice's number, or the right text.
    pub answer: Option<Spanned<AnswerToml>>,
    /// Texts that are right, too.
    pub accept: Vec<Spanned<String>>,
    /// Said to a right answer.
    pub right: Option<Spanned<String>>,
    /// Said to a wrong one.
    pub wrong: Option<Spanned<String>>,
}

/// `predict = "ping"`, or `predict = { route = {…} }`
#[derive(Debug, Deserialize)]
#[serde(
    rename_all = "kebab-case",
    expecting = "\"ping\", { route = {…} } or { neigh = {…} }"
)]
pub enum PredictToml {
    /// What the ping brings that it stands before.
    Ping,
    /// By which device a packet leaves.
    Route(WhereToml),
    /// Whose hardware address stands in the neighbour table.
    Neigh(WhereToml),
}

/// `{ ns = "app3", to = "172.16.0.40" }`
#[derive(Debug, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a table such as { ns = \"app3\", to = \"172.16.0.40\" }"
)]
pub struct WhereToml {
    ns: Spanned<NsName>,
    to: Ip,
}

/// `answer = 2`, or `answer = "ARP"`
#[derive(Debug)]
pub enum AnswerToml {
    /// The number of a choice, from 1.
    Number(i64),
    /// A text.
    Text(String),
}

impl<'de> Deserialize<'de> for AnswerToml {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberOrText)
    }
}

struct NumberOrText;

impl Visitor<'_> for NumberOrText {
    type Value = AnswerToml;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the number of a choice, or a text")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<AnswerToml, E> {
        Ok(AnswerToml::Number(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<AnswerToml, E> {
        Ok(AnswerToml::Text(text.to_owned()))
    }
}

/// What a question names, and where.
#[derive(Debug)]
pub struct AskPlaces {
    /// All of it.
    pub ask: Range<usize>,
    /// A namespace that the kernel is asked in.
    pub space: Option<(Ns, Range<usize>)>,
    /// Is a wrong answer explained?
    pub explains: bool,
}

/// The questions of a step with these lines.
pub fn asks(
    toml: Vec<Spanned<AskToml>>,
    run: &[RunLine],
    hurt: bool,
    notes: &mut Notes,
) -> Vec<(Ask, AskPlaces)> {
    let mut toml = toml;
    cap(&mut toml, MOST_ASKS, "questions in a step", notes);
    let mut asks = Vec::new();
    for ask in toml {
        let place = ask.span();
        // What is missing may be what could not be read.
        if !hurt {
            asks.extend(one(ask.into_inner(), place, run, notes));
        }
    }
    asks
}

fn one(
    toml: AskToml,
    place: Range<usize>,
    run: &[RunLine],
    notes: &mut Notes,
) -> Option<(Ask, AskPlaces)> {
    let Some(question) = toml.question else {
        let finding = notes.error(place, "a question that asks nothing");
        finding.help("add `question = \"…\"`");
        return None;
    };
    let before = match &toml.before {
        Some(before) => line_of(before, run, notes)?,
        None => 0,
    };
    let space = toml.predict.as_ref().and_then(|it| space_of(it.get_ref()));
    let written = Written {
        place: place.clone(),
        predict: toml.predict,
        choices: toml.choices,
        answer: toml.answer,
        accept: toml.accept,
    };
    let truth = written.truth(run.get(before), notes)?;
    let places = AskPlaces {
        ask: place,
        space,
        explains: toml.wrong.is_some(),
    };
    let ask = Ask {
        before,
        question: visible(question, notes),
        truth,
        right: optional(toml.right, notes),
        wrong: optional(toml.wrong, notes),
    };
    Some((ask, places))
}

fn space_of(predict: &PredictToml) -> Option<(Ns, Range<usize>)> {
    match predict {
        PredictToml::Ping => None,
        PredictToml::Route(it) | PredictToml::Neigh(it) => {
            Some((it.ns.get_ref().0.clone(), it.ns.span()))
        }
    }
}

/// Which line of the step is meant: the same command, however it is spelled.
fn line_of(before: &Spanned<String>, run: &[RunLine], notes: &mut Notes) -> Option<usize> {
    let text = before.get_ref();
    let command = match parse(text) {
        Ok(line) => line.command,
        Err(error) => {
            let finding = notes.error(before.span(), error.message);
            finding.help.extend(error.help);
            return None;
        }
    };
    let same = run.iter().position(|line| line.line.command == command);
    if same.is_none() || command.is_none() {
        let finding = notes.error(before.span(), "this is none of the step's lines");
        match meant(text, run.iter().map(|line| line.source.as_str())) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help("`before` repeats the line of `run` before which it is asked"),
        };
        return None;
    }
    same
}

/// The keys that say who knows the answer.
struct Written {
    place: Range<usize>,
    predict: Option<Spanned<PredictToml>>,
    choices: Option<Spanned<Vec<Spanned<String>>>>,
    answer: Option<Spanned<AnswerToml>>,
    accept: Vec<Spanned<String>>,
}

impl Written {
    fn truth(self, line: Option<&RunLine>, notes: &mut Notes) -> Option<Truth> {
        match (self.predict, self.choices, self.answer) {
            (Some(predict), None, None) if self.accept.is_empty() => {
                predicted(predict, line, notes)
            }
            (None, Some(choices), Some(answer)) if self.accept.is_empty() => {
                chosen(choices, &answer, notes)
            }
            (None, None, answer) if answer.is_some() || !self.accept.is_empty() => {
                typed(answer, self.accept, notes)
            }
            (None, Some(choices), None) => {
                let finding = notes.error(choices.span(), "none of the choices is the right one");
                finding.help("add `answer` with the right choice's number, from 1");
                None
            }
            (None, None, None) => {
                let finding = notes.error(self.place, "a question without an answer");
                finding.help("add `predict`, `choices` with `answer`, or `answer` with a text");
                None
            }
            (Some(_), ..) | (None, Some(_) | None, Some(_)) => {
                let message = "`predict`, `choices` and `accept` are three kinds of question";
                let finding = notes.error(self.place, message);
                finding.help("keep one of them, or give each a `[[step.ask]]` of its own");
                None
            }
        }
    }
}

fn predicted(
    predict: Spanned<PredictToml>,
    line: Option<&RunLine>,
    notes: &mut Notes,
) -> Option<Truth> {
    let place = predict.span();
    let at = |it: WhereToml| (it.ns.into_inner().0, it.to.0);
    match predict.into_inner() {
        PredictToml::Ping => {
            let command = line.and_then(|line| line.line.command.as_ref());
            let pings = |command: &Command| matches!(command.act(), Command::Ping(_));
            if command.is_some_and(pings) {
                return Some(Truth::Ping);
            }
            let finding = notes.error(place, "the line that this stands before is no ping");
            finding.help("say `before` which ping of the step's lines it asks");
            None
        }
        PredictToml::Route(it) => {
            let (ns, to): (Ns, IpAddr) = at(it);
            Some(Truth::Route { ns, to })
        }
        PredictToml::Neigh(it) => {
            let (ns, to) = at(it);
            Some(Truth::Neigh { ns, to })
        }
    }
}

fn chosen(
    choices: Spanned<Vec<Spanned<String>>>,
    answer: &Spanned<AnswerToml>,
    notes: &mut Notes,
) -> Option<Truth> {
    let place = choices.span();
    let choices: Vec<String> = choices
        .into_inner()
        .into_iter()
        .map(|choice| visible(choice, notes))
        .collect();
    if !(2..=MOST_CHOICES).contains(&choices.len()) {
        let message = match choices.len() {
            0 | 1 => "there is nothing to choose from".to_owned(),
            more => format!("{more} choices are too many"),
        };
        let finding = notes.error(place, message);
        finding.help(format!("give from 2 to {MOST_CHOICES}"));
        return None;
    }
    let number = match answer.get_ref() {
        AnswerToml::Number(number) => usize::try_from(*number).ok(),
        AnswerToml::Text(text) => choices.iter().position(|it| it == text).map(|at| at + 1),
    };
    match number {
        Some(number @ 1..) if number <= choices.len() => Some(Truth::Choice {
            choices,
            answer: number - 1,
        }),
        Some(_) | None => {
            let finding = notes.error(answer.span(), "the answer is none of the choices");
            finding.help(format!("say its number, from 1 to {}", choices.len()));
            None
        }
    }
}

fn typed(
    answer: Option<Spanned<AnswerToml>>,
    accept: Vec<Spanned<String>>,
    notes: &mut Notes,
) -> Option<Truth> {
    let first = answer.map(|answer| {
        let place = answer.span();
        let text = match answer.into_inner() {
            AnswerToml::Number(number) => number.to_string(),
            AnswerToml::Text(text) => text,
        };
        Spanned::new(place, text)
    });
    let mut texts = Vec::new();
    for text in first.into_iter().chain(accept) {
        if text.get_ref().trim().is_empty() {
            notes.error(text.span(), "an answer that is empty");
            return None;
        }
        texts.push(visible(text, notes));
    }
    Some(Truth::Typed { accept: texts })
}
