//! Lines typed before: gone through with the arrows, and searched.

use crate::command::{LONGEST_LINE, steers_terminal};

/// So many lines are kept.
pub const KEPT: usize = 1_000;

/// Lines typed before, in this run and in those before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    lines: Vec<String>,
    walk: Option<Walk>,
}

/// Where the arrows have got to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Walk {
    at: usize,
    /// What stood in the prompt before.
    typed: String,
    /// Only lines that begin so are shown.
    prefix: String,
}

/// A search under way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// What is looked for.
    pub wanted: String,
    /// The line that holds it.
    found: Option<usize>,
    /// What stood in the prompt when it began.
    pub draft: String,
}

impl History {
    /// The lines of earlier runs, oldest first; those that no prompt could have taken are left out.
    pub fn new(lines: Vec<String>) -> Self {
        let mut history = Self::default();
        for line in lines {
            history.push(&line);
        }
        history
    }

    /// The lines, oldest first.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// Adds a line, unless it is the last one again; was it added?
    pub fn push(&mut self, line: &str) -> bool {
        self.walk = None;
        let line = line.trim();
        let fit = !line.is_empty() && line.len() <= LONGEST_LINE && !line.contains(steers_terminal);
        if !fit || self.lines.last().is_some_and(|last| last == line) {
            return false;
        }
        if self.lines.len() >= KEPT {
            self.lines.remove(0);
        }
        self.lines.push(line.to_owned());
        true
    }

    /// The next older line. `typed` stands in the prompt and comes back at the end of the way; only
    /// lines that begin with `prefix`, the part of it before the cursor, are shown.
    pub fn older(&mut self, typed: &str, prefix: &str) -> Option<String> {
        let newest = self.lines.len();
        let walk = self.walk.get_or_insert_with(|| Walk {
            at: newest,
            typed: typed.to_owned(),
            prefix: prefix.to_owned(),
        });
        let shown = self.lines.get(walk.at).unwrap_or(&walk.typed);
        walk.at = self.lines[..walk.at]
            .iter()
            .rposition(|line| line.starts_with(&walk.prefix) && line != shown)?;
        Some(self.lines[walk.at].clone())
    }

    /// The next newer line, and last what was typed.
    pub fn newer(&mut self) -> Option<String> {
        let walk = self.walk.as_mut()?;
        let shown = self.lines.get(walk.at);
        let found = (walk.at + 1..self.lines.len()).find(|at| {
            let line = &self.lines[*at];
            line.starts_with(&walk.prefix) && Some(line) != shown
        });
        match found {
            Some(at) => {
                walk.at = at;
                Some(self.lines[at].clone())
            }
            None => self.walk.take().map(|walk| walk.typed),
        }
    }

    /// Typing ends the walk: the next one begins at the newest line.
    pub fn rest(&mut self) {
        self.walk = None;
    }

    /// The line that a search has found.
    pub fn found(&self, search: &Search) -> Option<&str> {
        self.lines.get(search.found?).map(String::as_str)
    }

    /// Looks for what is wanted, from the newest line on.
    pub fn search(&self, search: &mut Search) {
        search.found = self.holding(&search.wanted, self.lines.len());
    }

    /// Looks on among older lines; what was found stays where there is no other.
    pub fn search_on(&self, search: &mut Search) {
        let from = search.found.unwrap_or(self.lines.len());
        let shown = self.lines.get(from);
        let mut to = from;
        while let Some(at) = self.holding(&search.wanted, to) {
            if self.lines.get(at) != shown {
                search.found = Some(at);
                return;
            }
            to = at;
        }
    }

    fn holding(&self, wanted: &str, to: usize) -> Option<usize> {
        if wanted.is_empty() {
            return None;
        }
        self.lines[..to]
            .iter()
            .rposition(|line| line.contains(wanted))
    }
}

impl Search {
    /// A search that begins where `draft` stands in the prompt.
    pub fn new(draft: &str) -> Self {
        Self {
            draft: draft.to_owned(),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history() -> History {
        let lines = ["ip a", "ping 10.0.0.1", "ip r", "ip r", "", "ip a"];
        History::new(lines.map(str::to_owned).to_vec())
    }

    #[test]
    fn a_line_is_kept_once_in_a_row() {
        let mut history = history();
        assert_eq!(history.lines(), ["ip a", "ping 10.0.0.1", "ip r", "ip a"]);
        assert!(!history.push(" ip a "));
        assert!(!history.push("  ") && !history.push("ip \u{1b}[2J"));
        assert!(!history.push(&"x".repeat(LONGEST_LINE + 1)));
        for number in 0..2 * KEPT {
            history.push(&number.to_string());
        }
        assert_eq!(history.lines().len(), KEPT);
    }

    #[test]
    fn the_arrows_go_there_and_back() {
        let mut history = history();
        let mut way = Vec::new();
        for _ in 0..5 {
            way.push(history.older("draft", ""));
        }
        for _ in 0..5 {
            way.push(history.newer());
        }
        let way: Vec<&str> = way
            .iter()
            .map(|line| line.as_deref().unwrap_or("-"))
            .collect();
        let there = ["ip a", "ip r", "ping 10.0.0.1", "ip a", "-"];
        let back = ["ping 10.0.0.1", "ip r", "ip a", "draft", "-"];
        assert_eq!(way, [there, back].concat());
    }

    #[test]
    fn what_stands_before_the_cursor_chooses() {
        let mut history = history();
        assert_eq!(history.older("pi", "pi").as_deref(), Some("ping 10.0.0.1"));
        assert_eq!(history.older("pi", "pi"), None);
        assert_eq!(history.newer().as_deref(), Some("pi"));
        assert_eq!(history.newer(), None);
    }

    #[test]
    fn a_search_goes_back_through_lines_that_hold_it() {
        let history = history();
        let mut search = Search::new("draft");
        "ip".clone_into(&mut search.wanted);
        let mut found = Vec::new();
        history.search(&mut search);
        for _ in 0..4 {
            found.extend(history.found(&search).map(str::to_owned));
            history.search_on(&mut search);
        }
        assert_eq!(found, ["ip a", "ip r", "ip a", "ip a"]);
        "nothing".clone_into(&mut search.wanted);
        history.search(&mut search);
        assert_eq!(history.found(&search), None);
    }
}
