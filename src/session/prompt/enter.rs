//! Keys that end something: Enter, Ctrl-C, Ctrl-D, Esc.

use super::{Edit, Reach, counted};
use crate::command::ParseError;
use crate::session::state::{Phase, Session};
use crate::session::{Effect, colon};

impl Session {
    pub(super) fn enter_line(&mut self) {
        let Some(prompt) = &mut self.line else {
            return;
        };
        if prompt
            .list
            .take()
            .is_some_and(|list| list.accept(&mut prompt.line))
        {
            return;
        }
        prompt.end_search(&self.memory.history);
        prompt.refused = None;
        let text = prompt.line.text().trim().to_owned();
        if text.is_empty() {
            self.enter_nothing();
            return;
        }
        if self.phase != Phase::Idle && !text.starts_with(':') {
            self.say("A command is under way. Your line stays here; Ctrl-C stops the command.");
            return;
        }
        prompt.line.begin("");
        let done = match text.strip_prefix(':') {
            Some(word) => colon::run(self, word),
            None => self.type_line(&text),
        };
        match done {
            Ok(()) => self.line_is_done(&text),
            Err(error) => self.line_is_wrong(&text, error),
        }
    }

    /// Enter in an empty prompt: the next line of a paste, or the next step when this one is done.
    fn enter_nothing(&mut self) {
        if self.next_of_queue() || self.phase != Phase::Idle {
            return;
        }
        // Also while checks that held are asked once more: what was offered a moment ago is meant.
        if self.step_was_done() {
            self.next();
            return;
        }
        let waiting = self.current_step().run.get(self.done());
        if let Some(run) = waiting.filter(|_| !self.hides_commands()) {
            let next = run.source.trim();
            self.say(&format!(
                "The lesson's next line is `{next}`: type it, or let Enter run it after Esc."
            ));
        }
    }

    /// A line was run: it is remembered, and the next one of a paste comes.
    pub(in crate::session) fn line_is_done(&mut self, text: &str) {
        if self.memory.history.push(text) {
            self.effects.push(Effect::Remember(text.to_owned()));
        }
        if self
            .line
            .as_ref()
            .is_some_and(|prompt| prompt.line.text().is_empty())
        {
            self.next_of_queue();
        }
    }

    /// A line was not run: it stays, with the cursor where it is wrong.
    fn line_is_wrong(&mut self, text: &str, error: ParseError) {
        if let Some(prompt) = &mut self.line {
            prompt.line.begin(text);
            prompt.line.place(error.at.end);
            prompt.refused = Some(error);
        }
    }

    fn next_of_queue(&mut self) -> bool {
        let Some(prompt) = &mut self.line else {
            return false;
        };
        let next = prompt.queue.pop_front();
        if let Some(next) = &next {
            prompt.line.begin(next);
        }
        next.is_some()
    }

    pub(super) fn forget_queue(&mut self, count: usize) {
        if count > 0 {
            let lines = counted(count, "pasted line");
            self.note(&format!("{lines} dropped; nothing of it was run."));
        }
    }

    pub(super) fn interrupt(&mut self) {
        let Some(prompt) = &mut self.line else {
            return;
        };
        // As in a shell, whatever is open over the line goes with it; Esc closes that alone.
        prompt.list = None;
        prompt.search = None;
        let runs = matches!(self.phase, Phase::Running(_));
        let empty = prompt.line.text().is_empty() && prompt.queue.is_empty();
        if runs || (empty && !self.jobs.is_empty()) {
            self.cancel();
        } else if empty {
            self.close_prompt();
        } else {
            prompt.line.set("");
            prompt.refused = None;
            let dropped = std::mem::take(&mut prompt.queue).len();
            self.memory.history.rest();
            self.forget_queue(dropped);
        }
    }

    pub(super) fn end_of_input(&mut self) {
        let Some(prompt) = &mut self.line else {
            return;
        };
        if !prompt.line.text().is_empty() {
            prompt.edit(Edit::Delete(Reach::On), &mut self.memory.history);
        } else if self.prompt.len() > 1 && self.phase == Phase::Idle {
            // As a shell does: it says what it takes the key for.
            prompt.line.set("exit");
            self.enter_line();
        } else {
            self.close_prompt();
        }
    }

    pub(super) fn escape(&mut self) {
        let Some(prompt) = &mut self.line else {
            return;
        };
        if let Some(list) = prompt.list.take() {
            list.give_up(&mut prompt.line);
        } else if let Some(search) = prompt.search.take() {
            prompt.line.set(&search.draft);
        } else {
            self.close_prompt();
        }
    }

    fn say(&mut self, text: &str) {
        if let Some(prompt) = &mut self.line {
            prompt.said = Some(text.to_owned());
        }
    }
}
