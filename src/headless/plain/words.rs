//! What a typed line asks for.

use super::said::Said;
use crate::command::{self, ParseError};
use crate::keys::{self, Key, LESSON, Mode};
use crate::session::colon::{self, Shows};
use crate::session::complete::Item;
use crate::session::{Action, Session, View};

/// What a line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// What a key asks for on the screen.
    Act(Action),
    /// The tables of this namespace, or of the one that the prompt stands in.
    Tables(Option<String>),
    /// How the checks stand.
    Checks,
    /// The step again.
    Text,
    /// What can be typed.
    Help,
    /// What may come next behind this.
    Expect(String),
    /// The map.
    Map,
    /// Packets that have passed: those that this line asks for, or what was asked for before.
    Packets(Option<String>),
    /// The way of the packet that was followed last.
    Way,
    /// Why it got no answer.
    Why,
    /// What a key asks for that only the full screen has.
    OfTheScreen(Action),
    /// A command, or a word of the prompt behind its colon.
    Type(String),
}

/// What `line` asks for, in the state in which the session is.
pub fn read(line: &str, session: &Session) -> Wish {
    let line = line.trim();
    let mode = Mode::of(session);
    if line.is_empty() {
        return Wish::Act(match mode {
            Mode::Confirm => Action::Answer(false),
            _ => keys::lesson(mode, Key::Enter).unwrap_or(Action::Next),
        });
    }
    if let Some(wish) = line.strip_prefix(':').and_then(shown) {
        return wish;
    }
    if let Some(prefix) = line.strip_suffix('?') {
        return match prefix.trim() {
            "" => Wish::Help,
            // A word under way is completed, a whole one is followed.
            _ => Wish::Expect(prefix.to_owned()),
        };
    }
    match letter(line, mode) {
        Some(Action::Look(View::Map)) => Wish::Map,
        Some(Action::Look(View::Packets)) => Wish::Packets(None),
        Some(Action::Look(View::Trace)) => Wish::Way,
        Some(Action::Why) => Wish::Why,
        Some(action) if has_sense(action) => Wish::Act(action),
        Some(action) => Wish::OfTheScreen(action),
        None => Wish::Type(line.to_owned()),
    }
}

/// What a word behind the colon would put on a screen, which is said here; the session does what
/// the others ask for, and tells of those that there are not.
fn shown(line: &str) -> Option<Wish> {
    let (word, value, _) = colon::read(line).ok()?;
    Some(match word.shows()? {
        Shows::Help => Wish::Help,
        Shows::Text => Wish::Text,
        Shows::Checks => Wish::Checks,
        Shows::Tables => Wish::Tables((!value.is_empty()).then(|| value.to_owned())),
        Shows::Shell => Wish::OfTheScreen(Action::Shell),
        Shows::Map => Wish::Map,
        Shows::Packets => Wish::Packets(Some(format!(":{line}"))),
    })
}

/// One letter asks for what its key asks for on the screen.
fn letter(line: &str, mode: Mode) -> Option<Action> {
    let mut letters = line.chars();
    let key = Key::Char(letters.next()?);
    if letters.next().is_some() {
        return None;
    }
    keys::lesson(mode, key)
}

/// Does it have a sense where nothing is drawn?
fn has_sense(action: Action) -> bool {
    matches!(
        action,
        Action::RunStep
            | Action::NextStep
            | Action::PreviousStep
            | Action::Undo
            | Action::Redo
            | Action::Reset
            | Action::Answer(_)
            | Action::Guess(_)
            | Action::Practice
            | Action::Check
            | Action::Hint
            | Action::Quit
    )
}

/// What is said to a letter whose key means something on the full screen only.
pub fn of_the_screen(action: Action) -> Vec<Said> {
    let text = match action {
        Action::Shell => "A shell of your own is opened in a second terminal, by `tutor shell`.",
        Action::GoTo(_) | Action::AskStep => "`:goto N` goes to step N.",
        _ => {
            "That key is one of the full screen. Here a line is typed; a question mark lists what \
             there is."
        }
    };
    vec![Said::words(text)]
}

/// What is wrong with a line, and where.
pub fn wrong(line: &str, error: &ParseError) -> Vec<Said> {
    let before = line.get(..error.at.start).unwrap_or(line);
    let column = before.chars().count() + 1;
    let place = match line.get(error.at.clone()) {
        Some(word) if !word.is_empty() => format!("At column {column}, `{word}`: "),
        Some(_) | None => format!("At column {column}: "),
    };
    let mut said = vec![Said::words(sentence(&format!("{place}{}", error.message)))];
    said.extend(
        error
            .help
            .as_deref()
            .map(|help| Said::words(sentence(help))),
    );
    said
}

/// `text` with a capital letter and a full stop, unless it has its end.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    let end = if text.ends_with(['.', '?', '!', '…']) {
        ""
    } else {
        "."
    };
    format!("{}{}{end}", first.unwrap_or_default(), letters.as_str())
}

/// Everything that can be typed.
pub fn help() -> Vec<Said> {
    let mut said = vec![
        Said::words("Enter alone: run the next command, or go on when the step is done."),
        Said::words("A command such as `ip link`: run it here."),
        Said::words("The beginning of a command, a blank and a question mark: what may come next."),
    ];
    said.extend(colon::WORDS.iter().map(|word| {
        let takes = word.takes.label();
        let gap = if takes.is_empty() { "" } else { " " };
        Said::words(format!("`:{}{gap}{takes}`: {}.", word.word, word.meaning))
    }));
    said.push(Said::words(
        "One letter alone does what its key does on the full screen:",
    ));
    for row in LESSON.iter().filter(|row| row.modes.contains(Mode::Idle)) {
        for (key, action) in row.keys {
            if let (Key::Char(letter), true) = (key, has_sense(*action)) {
                let help = match action {
                    Action::NextStep => "the next step; what is missing of this one is run first",
                    Action::PreviousStep => "the step before this one",
                    _ => row.help,
                };
                said.push(Said::behind(format!("  `{letter}`: "), format!("{help}.")));
            }
        }
    }
    said
}

/// What may come next behind `prefix`.
pub fn next(prefix: &str, session: &Session) -> Vec<Said> {
    let items = session.completions(prefix).items;
    if items.is_empty() {
        return match command::mistake(prefix) {
            Some(error) => wrong(prefix, &error),
            None => vec![Said::words("Nothing is known that may stand here.")],
        };
    }
    let mut said = vec![Said::words("Here may stand:")];
    said.extend(items.into_iter().map(|Item { word, meaning, .. }| {
        if meaning.is_empty() {
            Said::words(format!("  `{word}`"))
        } else {
            Said::behind(format!("  `{word}`: "), meaning)
        }
    }));
    said
}
