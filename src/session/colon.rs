//! Words of the program itself, typed at the prompt behind a colon: one table.

mod act;
mod aim;
mod looks;
mod way;

use std::ops::Range;

use super::complete::{Around, Completion, Item};
use super::prompt::Next;
use super::{Action, Session};
use crate::command::{Explained, ParseError};
use crate::packet::filter::{self, FilterError};
use crate::world::Ns;

/// What a word takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Nothing.
    Nothing,
    /// A file's name, to the end of the line.
    File,
    /// Which packets, if they are named.
    Filter,
    /// The number of a step, from 1.
    Step,
    /// A namespace, if one is named.
    Namespace,
    /// A lesson's id.
    Lesson,
    /// From which namespace, if one is named, and to which address, if one is.
    PerhapsTarget,
}

impl Takes {
    /// As help writes it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::File => "FILE",
            Self::Filter => "[FILTER]",
            Self::Step => "N",
            Self::Namespace => "[NS]",
            Self::Lesson => "LESSON",
            Self::PerhapsTarget => "[[FROM] TO]",
        }
    }

    /// Must something stand there?
    fn needs(self) -> Option<&'static str> {
        match self {
            Self::Nothing | Self::Namespace | Self::Filter | Self::PerhapsTarget => None,
            Self::File => Some("the name of a file is missing"),
            Self::Step => Some("the number of a step is missing"),
            Self::Lesson => Some("the name of a lesson is missing"),
        }
    }
}

/// What a word puts before the learner's eyes. Who has no screen says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// Every key and every word.
    Help,
    /// The step's text.
    Text,
    /// How its checks stand.
    Checks,
    /// The tables of the namespace that stands behind the word, or of the prompt's.
    Tables,
    /// A shell of the learner's own.
    Shell,
    /// The map.
    Map,
    /// Packets as they pass.
    Packets,
}

/// A word of the program.
pub struct Word {
    /// Without its colon.
    pub word: &'static str,
    /// What stands behind it.
    pub takes: Takes,
    /// What it does.
    pub meaning: &'static str,
    does: Does,
}

impl Word {
    /// What it puts before the learner's eyes, if that is all that it does.
    pub fn shows(&self) -> Option<Shows> {
        match self.does {
            Does::Show(what, _) => Some(what),
            Does::Act(_) | Does::With(_) => None,
        }
    }
}

/// How a word does it.
enum Does {
    /// As a key.
    Act(Action),
    /// With what stands behind it; or says what is wrong with that.
    With(fn(&mut Session, &str) -> Result<(), Wrong>),
    /// The same, and all that it does is to show this.
    Show(Shows, fn(&mut Session, &str) -> Result<(), Wrong>),
}

/// What is wrong with the text behind a word, and what helps.
struct Wrong {
    /// Where in that text; the whole of it where nothing is said.
    at: Option<Range<usize>>,
    message: String,
    help: Option<String>,
}

impl Wrong {
    /// As the error of a line in which `value` stands at this column.
    fn behind(self, value: &str, at: usize) -> ParseError {
        let within = self.at.unwrap_or(0..value.len());
        ParseError {
            at: at + within.start..at + within.end,
            message: self.message,
            help: self.help,
        }
    }
}

impl From<FilterError> for Wrong {
    fn from(error: FilterError) -> Self {
        Self {
            at: Some(error.at),
            message: error.message,
            help: error.help,
        }
    }
}

/// Every word, the most wanted first.
pub const WORDS: &[Word] = act::WORDS;

/// The namespace that is named, or that of the prompt; it must be there.
fn named(session: &Session, value: &str) -> Result<Ns, Wrong> {
    let ns = if value.is_empty() {
        session.at().clone()
    } else {
        Ns::from_name(value)
    };
    if session.world.spaces.contains_key(&ns) {
        return Ok(ns);
    }
    let known: Vec<&str> = session.world.spaces.keys().map(Ns::name).collect();
    Err(Wrong {
        at: Some(0..value.len()),
        message: format!("there is no namespace `{ns}`"),
        help: Some(format!("these are: {}", known.join(", "))),
    })
}

/// Does what `line` says, which stood behind the colon.
///
/// # Errors
/// A word that there is not, or something wrong behind it; columns count from the colon.
pub(super) fn run(session: &mut Session, line: &str) -> Result<(), ParseError> {
    let (word, value, at) = read(line)?;
    match &word.does {
        Does::Act(action) => {
            session.act(*action);
            Ok(())
        }
        Does::With(act) | Does::Show(_, act) => {
            act(session, value).map_err(|wrong| wrong.behind(value, at))
        }
    }
}

/// The word that `line` says, which stood behind the colon, what stands behind it, and in which
/// column of the line with its colon that begins.
///
/// # Errors
/// A word that there is not, or nothing behind one that wants something, or the other way round.
pub fn read(line: &str) -> Result<(&'static Word, &str, usize), ParseError> {
    let (name, value, at) = split(line);
    let word = find(name)?;
    let wrong = |message: String, help: Option<String>| {
        let wrong = Wrong {
            at: None,
            message,
            help,
        };
        Err(wrong.behind(value, at))
    };
    match word.takes.needs() {
        Some(missing) if value.is_empty() => wrong(
            missing.to_owned(),
            Some(format!("`:{} {}`", word.word, word.takes.label())),
        ),
        None if word.takes == Takes::Nothing && !value.is_empty() => {
            wrong(format!("`:{}` takes nothing", word.word), None)
        }
        Some(_) | None => Ok((word, value, at)),
    }
}

/// The word, what stands behind it, and where that begins in the line with its colon.
fn split(line: &str) -> (&str, &str, usize) {
    let name = line.trim_start().split(' ').next().unwrap_or_default();
    let begin = line.len() - line.trim_start().len() + name.len();
    let value = line[begin..].trim();
    let at = line[begin..].find(|c| c != ' ').unwrap_or(0) + begin;
    (name, value, at + 1)
}

/// The word called `name`, which may be cut short as long as it is clear.
fn find(name: &str) -> Result<&'static Word, ParseError> {
    let fits: Vec<&Word> = WORDS
        .iter()
        .filter(|word| word.word.starts_with(name))
        .collect();
    let whole = fits.iter().find(|word| word.word == name);
    let error = |message: String, help: String| ParseError {
        at: 1..1 + name.len(),
        message,
        help: Some(help),
    };
    match (whole, fits.as_slice()) {
        (Some(word), _) | (None, [word]) => Ok(word),
        (None, []) => {
            let nearest = WORDS
                .iter()
                .map(|word| (strsim::damerau_levenshtein(name, word.word), word.word))
                .filter(|(distance, _)| *distance <= 2)
                .min();
            let help = match nearest {
                Some((_, word)) => format!("did you mean `:{word}`?"),
                None => format!("these are: {}", listed(WORDS.iter())),
            };
            Err(error(format!("there is no `:{name}`"), help))
        }
        (None, several) if name.is_empty() => Err(error(
            "a word is missing behind the colon".to_owned(),
            format!("these are: {}", listed(several.iter().copied())),
        )),
        (None, several) => Err(error(
            format!("`:{name}` may be more than one"),
            format!("these begin so: {}", listed(several.iter().copied())),
        )),
    }
}

fn listed<'a>(words: impl Iterator<Item = &'a Word>) -> String {
    let words: Vec<String> = words.map(|word| format!("`:{}`", word.word)).collect();
    words.join(", ")
}

/// What may stand at the end of `rest`, which stands behind the colon.
pub(super) fn complete(rest: &str, around: Around<'_>) -> Completion {
    let Some((name, value)) = rest.split_once(' ') else {
        let fit = WORDS.iter().filter(|word| word.word.starts_with(rest));
        let items = fit.map(|word| Item {
            open: word.takes == Takes::Nothing,
            ..Item::new(format!(":{}", word.word), word.meaning)
        });
        return Completion {
            at: 0..1 + rest.len(),
            items: items.collect(),
        };
    };
    let mut start = 2 + name.len();
    let mut value = value;
    let takes = find(name).map(|word| word.takes);
    if takes == Ok(Takes::Filter) {
        return looks::complete(value, start, around.world);
    }
    let mut items = match takes {
        Ok(Takes::Step) => (1..=around.steps)
            .map(|step| Item::new(step.to_string(), ""))
            .collect(),
        Ok(Takes::Namespace) => {
            let spaces = around.world.spaces.keys();
            spaces.map(|ns| Item::new(ns.name(), "")).collect()
        }
        Ok(Takes::Lesson) => {
            let lessons = around.lessons.iter();
            lessons.map(|id| Item::new(id.as_str(), "")).collect()
        }
        Ok(Takes::PerhapsTarget) => {
            let last = value.rfind(' ').map_or(0, |blank| blank + 1);
            (start, value) = (start + last, &value[last..]);
            aim::items(around.world)
        }
        Ok(Takes::Nothing | Takes::File | Takes::Filter) | Err(_) => Vec::new(),
    };
    items.retain(|item: &Item| item.word.starts_with(value));
    for item in &mut items {
        item.open = true;
    }
    Completion {
        at: start..start + value.len(),
        items,
    }
}

/// The meaning of what stands behind the colon so far, and what may follow.
pub(super) fn explain(rest: &str) -> (Vec<Explained>, Next) {
    let (name, value, _) = split(rest);
    let fits = WORDS.iter().filter(|word| word.word.starts_with(name));
    let Some(word) = find(name).ok().filter(|_| !name.is_empty()) else {
        return (
            Vec::new(),
            Next::Words(fits.map(|word| format!("`:{}`", word.word)).collect()),
        );
    };
    let words = format!(":{} {}", word.word, word.takes.label());
    let explained = Explained {
        words: words.trim().to_owned(),
        meaning: word.meaning.to_owned(),
    };
    let next = match word.takes.needs() {
        Some(_) if value.is_empty() => Next::Words(vec![word.takes.label().to_owned()]),
        Some(_) | None => Next::Complete(Vec::new()),
    };
    let mut all = vec![explained];
    if word.takes == Takes::Filter {
        let parts = filter::explain(value).into_iter();
        all.extend(parts.map(|(words, meaning)| Explained { words, meaning }));
    }
    (all, next)
}
