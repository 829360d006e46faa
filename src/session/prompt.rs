//! The prompt: a line that the learner types, and what stands below it.
//!
//! Nothing happens to the sandbox before Enter, and then the whole line or nothing: what cannot be
//! read stays in the prompt with what is wrong, to be mended.

mod advice;
mod enter;
mod history;
mod line;
mod list;
mod paste;

use std::collections::VecDeque;

use super::complete::{Around, complete};
use super::state::{Pane, Phase, Session};
use crate::command::{LONGEST_LINE, ParseError};
use crate::world::Ns;

pub use advice::{Advice, Next};
pub use history::{History, Search};
pub use line::{Line, Reach};
pub use list::List;
pub use paste::counted;

/// What a key does to the prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Types a character.
    Insert(char),
    /// Moves the cursor.
    Go(Reach),
    /// Takes out what lies that way.
    Delete(Reach),
    /// Puts back what was cut out last.
    Yank,
    /// The letters before and behind the cursor change places.
    Transpose,
    /// Takes the last change of the line back.
    Undo,
    /// The line typed before.
    Older,
    /// The line typed after.
    Newer,
    /// Looks for an older line.
    Search,
    /// Completes the word, or chooses the next way to do so.
    Complete,
    /// Chooses the way before.
    CompleteBack,
    /// Runs the line.
    Enter,
    /// Ctrl-C: stops what is under way, else drops the line, else closes the prompt.
    Interrupt,
    /// Ctrl-D: out of the namespace or the prompt; in a line the letter under the cursor.
    EndOfInput,
    /// Closes what is open: the list, the search, the prompt.
    Escape,
    /// Empties the terminal.
    ClearScreen,
}

/// An open prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// What is typed.
    pub line: Line,
    /// The ways to complete it that are shown.
    pub list: Option<List>,
    /// A search through lines typed before.
    pub search: Option<Search>,
    /// Lines that were pasted and wait for their turn.
    pub queue: VecDeque<String>,
    /// Why the line was not run.
    pub refused: Option<ParseError>,
    /// Something else to be told about the line.
    pub said: Option<String>,
    /// The pane that had the focus before.
    focus: Pane,
    /// Does it close once its line was run?
    pub(super) once: bool,
}

/// What a prompt remembers while it is closed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// Lines typed before.
    pub history: History,
    /// Lessons that there are, by their ids.
    pub lessons: Vec<String>,
    /// A line that was not finished.
    draft: String,
}

/// What stands before a line in the namespace `ns`.
pub fn prompt_of(ns: &Ns) -> String {
    format!("root@{ns}:~# ")
}

impl Session {
    /// What stands before the line: where the prompt stands.
    pub fn prompt_text(&self) -> String {
        prompt_of(self.at())
    }

    /// The prompt, if it is open and there is something to type for.
    pub fn prompt_line(&self) -> Option<&Prompt> {
        let open = match self.phase {
            Phase::Idle | Phase::Building(_) | Phase::Running(_) => true,
            Phase::Finished | Phase::Broken(_) => false,
        };
        self.line.as_ref().filter(|_| open)
    }

    /// Opens the prompt, with the line that was not finished last, or with `typed`.
    pub(super) fn open_prompt(&mut self, typed: &str) {
        if self.line.is_some() {
            return;
        }
        let draft = std::mem::take(&mut self.memory.draft);
        let text = if typed.is_empty() { &draft } else { typed };
        self.line = Some(Prompt {
            line: Line::new(text),
            list: None,
            search: None,
            queue: VecDeque::new(),
            refused: None,
            said: None,
            focus: self.focus,
            once: false,
        });
        self.focus = Pane::Transcript;
        self.scroll.remove(&Pane::Transcript);
    }

    /// Takes what was put into the prompt, where none is drawn that could hold it.
    pub fn take_prompt(&mut self) -> Option<String> {
        let prompt = self.line.take()?;
        self.focus = prompt.focus;
        Some(prompt.line.text().to_owned())
    }

    /// Closes a prompt that was opened for one line, so that the pane before has the focus again.
    pub(super) fn close_once(&mut self) {
        if self
            .line
            .as_ref()
            .is_some_and(|prompt| prompt.once && prompt.queue.is_empty())
        {
            self.close_prompt();
        }
    }

    fn close_prompt(&mut self) {
        if let Some(prompt) = self.line.take() {
            self.forget_queue(prompt.queue.len());
            prompt.line.text().clone_into(&mut self.memory.draft);
            self.focus = prompt.focus;
        }
    }

    /// Puts `text` into the prompt, to be looked at and run by the learner. False where nothing is
    /// drawn, so that there is no prompt.
    pub(super) fn put_into_prompt(&mut self, text: &str) -> bool {
        if self.areas.is_empty() {
            return false;
        }
        self.open_prompt(text);
        if let Some(prompt) = &mut self.line {
            prompt.rest();
            prompt.line.set(text);
        }
        true
    }

    /// A key while the prompt is open.
    pub(super) fn edit(&mut self, edit: Edit) {
        if self.asks_for_text() {
            self.edit_answer(edit);
            return;
        }
        self.scroll.remove(&Pane::Transcript);
        let Some(prompt) = &mut self.line else {
            return;
        };
        prompt.said = None;
        match edit {
            Edit::Complete => self.complete(true),
            Edit::CompleteBack => self.complete(false),
            Edit::Enter => self.enter_line(),
            Edit::Interrupt => self.interrupt(),
            Edit::EndOfInput => self.end_of_input(),
            Edit::Escape => self.escape(),
            Edit::ClearScreen => self.clear_transcript(),
            Edit::Search => prompt.look_further(&self.memory.history),
            Edit::Insert(_)
            | Edit::Go(_)
            | Edit::Delete(_)
            | Edit::Yank
            | Edit::Transpose
            | Edit::Undo
            | Edit::Older
            | Edit::Newer => prompt.edit(edit, &mut self.memory.history),
        }
    }

    /// Several characters at once: the first line goes into the prompt, the others wait behind it.
    pub(super) fn paste(&mut self, text: &str) {
        let busy = self.confirm.is_some() || self.asking().is_some();
        if self.help || busy || self.shells.shown().is_some() {
            return;
        }
        self.open_prompt("");
        let Some(prompt) = &mut self.line else {
            return;
        };
        prompt.rest();
        let pasted = paste::pasted(text);
        let mut lines = pasted.lines.into_iter();
        if let Some(first) = lines.next() {
            prompt.insert(&first);
        }
        prompt.queue.extend(lines);
        for note in pasted.notes {
            self.note(&note);
        }
    }

    /// What a completion is made from.
    pub(super) fn around(&self) -> Around<'_> {
        Around {
            at: self.at(),
            world: &self.world,
            lessons: &self.memory.lessons,
            steps: self.lesson.steps.len(),
        }
    }

    fn complete(&mut self, on: bool) {
        let Some(prompt) = &self.line else {
            return;
        };
        let shown = prompt.list.is_some();
        let found = (!shown).then(|| complete(prompt.line.before_cursor(), self.around()));
        let Some(prompt) = &mut self.line else {
            return;
        };
        prompt.end_search(&self.memory.history);
        prompt.refused = None;
        match (found, &mut prompt.list) {
            (Some(found), _) => prompt.list = List::begin(found, &mut prompt.line),
            (None, Some(list)) => list.choose(on, &mut prompt.line),
            (None, None) => {}
        }
    }
}

impl Prompt {
    /// The pane that gets the focus when it closes.
    pub(super) fn focus(&self) -> Pane {
        self.focus
    }

    /// Closes what is shown below the line.
    fn rest(&mut self) {
        self.list = None;
        self.search = None;
        self.refused = None;
        self.said = None;
    }

    fn edit(&mut self, edit: Edit, history: &mut History) {
        if self.edit_search(edit, history) {
            return;
        }
        self.list = None;
        self.refused = None;
        match edit {
            Edit::Older => {
                let (typed, prefix) = (self.line.text(), self.line.before_cursor());
                if let Some(line) = history.older(typed, prefix) {
                    self.line.set(&line);
                }
                return;
            }
            Edit::Newer => {
                if let Some(line) = history.newer() {
                    self.line.set(&line);
                }
                return;
            }
            Edit::Insert(c) => self.insert(c.encode_utf8(&mut [0; 4])),
            Edit::Go(reach) => self.line.go(reach),
            Edit::Delete(reach) => self.line.delete(reach),
            Edit::Yank => self.line.yank(),
            Edit::Transpose => self.line.transpose(),
            Edit::Undo => self.line.undo(),
            Edit::Search
            | Edit::Complete
            | Edit::CompleteBack
            | Edit::Enter
            | Edit::Interrupt
            | Edit::EndOfInput
            | Edit::Escape
            | Edit::ClearScreen => {}
        }
        history.rest();
    }

    /// While a search is under way, typing changes what is looked for; whatever else is done to the
    /// line is done to the line that was found.
    fn edit_search(&mut self, edit: Edit, history: &History) -> bool {
        let Some(search) = &mut self.search else {
            return false;
        };
        if let Edit::Insert(c) = edit {
            search.wanted.push(c);
        } else if edit == Edit::Delete(Reach::Back) {
            search.wanted.pop();
        } else {
            self.end_search(history);
            return false;
        }
        history.search(search);
        true
    }

    fn insert(&mut self, text: &str) {
        if self.line.text().len() + text.len() > LONGEST_LINE {
            self.said = Some(format!(
                "The line is full: it has at most {LONGEST_LINE} bytes."
            ));
        } else {
            self.line.insert(text);
        }
    }

    /// Begins a search, or looks on among older lines.
    fn look_further(&mut self, history: &History) {
        self.list = None;
        self.refused = None;
        match &mut self.search {
            None => self.search = Some(Search::new(self.line.text())),
            Some(search) => history.search_on(search),
        }
    }

    /// Puts what a search has found into the line.
    fn end_search(&mut self, history: &History) {
        if let Some(search) = self.search.take() {
            let found = history.found(&search).unwrap_or(&search.draft).to_owned();
            self.line.set(&found);
        }
    }
}
