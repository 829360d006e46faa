//! The transcript: what was typed and printed, cleaned for a terminal.

use super::Ticket;
use super::state::{Session, TranscriptKind, TranscriptLine};
use crate::command::Command;
use crate::world::Ns;

/// So many lines are kept at least.
const KEPT: usize = 5_000;
/// So many more may pile up until the oldest are dropped, all at once: dropping one moves the rest.
const SURPLUS: usize = 1_000;

/// Columns between tab stops.
const TAB: usize = 8;

/// `text` without anything that a terminal would act upon: control characters become `·`, tabs
/// become blanks, and marks that turn the direction of writing are left out.
pub fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut column = 0;
    for c in text.chars() {
        match c {
            '\t' => {
                let blanks = TAB - column % TAB;
                cleaned.extend(std::iter::repeat_n(' ', blanks));
                column += blanks;
                continue;
            }
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => continue,
            c if c.is_control() => cleaned.push('·'),
            c => cleaned.push(c),
        }
        column += 1;
    }
    cleaned
}

impl Session {
    fn push_line(&mut self, kind: TranscriptKind, text: &str) {
        self.transcript.push(TranscriptLine {
            kind,
            text: clean(text),
        });
        if self.transcript.len() > KEPT + SURPLUS {
            let surplus = self.transcript.len() - KEPT;
            self.transcript.drain(..surplus);
            self.forgotten += surplus;
        }
    }

    /// Empties it.
    pub(super) fn clear_transcript(&mut self) {
        self.forgotten += self.transcript.len();
        self.transcript.clear();
    }

    /// What was added to the transcript since it had so many lines in all, and how many it has now:
    /// for those who pass it on as it grows, since its oldest lines are dropped some time.
    pub fn transcript_since(&self, seen: usize) -> (&[TranscriptLine], usize) {
        let kept = self.transcript.len();
        let from = seen.saturating_sub(self.forgotten).min(kept);
        (&self.transcript[from..], self.forgotten + kept)
    }

    /// A command, behind the prompt of the namespace that it is carried out in.
    pub(super) fn echo(&mut self, at: &Ns, source: &str) {
        self.push_line(TranscriptKind::Prompt(at.clone()), source);
    }

    /// The program itself says something.
    pub(super) fn note(&mut self, text: &str) {
        self.push_line(TranscriptKind::Note, text);
    }

    /// A command prints; one that is no longer of interest does not.
    pub(super) fn output(&mut self, ticket: Ticket, text: &str, error: bool) {
        let Some(command) = self.under_way(ticket) else {
            return;
        };
        // tcpdump says its greeting and its counts on standard error, and they are no error.
        let error = error && !matches!(command, Command::Tcpdump(_));
        for line in text.lines() {
            let kind = if error {
                TranscriptKind::Err
            } else {
                TranscriptKind::Out
            };
            self.push_line(kind, line);
        }
    }
}
