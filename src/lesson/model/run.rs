//! `run`: a block of text into lines, each parsed, with its place and where the prompt stands.

use crate::command::{Command, Line, ParseError};
use crate::lesson::RunLine;
use crate::lesson::report::Notes;
use crate::world::Ns;

use super::text::Mapped;

/// Most lines of a step.
const MOST_LINES: usize = 200;

/// The lines of a `run`, its prompt standing `at` first; what cannot be parsed is noted and left
/// out.
pub fn lines(run: &Mapped, at: &Ns, notes: &mut Notes) -> Vec<RunLine> {
    lines_up_to(MOST_LINES, run, at, notes)
}

/// As [`lines`], with another limit than that of a lesson's step.
pub fn lines_up_to(most: usize, run: &Mapped, at: &Ns, notes: &mut Notes) -> Vec<RunLine> {
    // A step that begins in another namespace begins in a shell that was opened there from `host`.
    let mut prompt = vec![Ns::Host];
    if *at != Ns::Host {
        prompt.push(at.clone());
    }
    let mut comments = Vec::new();
    let mut lines = Vec::new();
    let written = logical(run);
    if let Some(more) = written.get(most) {
        let message = format!("{} lines are too many here", written.len());
        let finding = notes.error(more.place(0..0), message);
        finding.help(format!("there can be {most}"));
    }
    for written in written.into_iter().take(most) {
        let mut line = match parse(written.text()) {
            Ok(line) => line,
            Err(error) => {
                note(&error, &written, notes);
                continue;
            }
        };
        if line.command.is_none() {
            comments.extend(line.comment);
            continue;
        }
        // A comment on lines of its own explains the next command, with that one's own.
        comments.extend(line.comment.take());
        let own = comment_start(written.text());
        line.comment = (!comments.is_empty()).then(|| std::mem::take(&mut comments).join(" "));
        let source = written.text()[..own].trim();
        let start = written.text().len() - written.text().trim_start().len();
        let run_line = RunLine {
            source: source.to_owned(),
            at: prompt.last().unwrap_or(at).clone(),
            place: written.place(start..start + source.len()),
            line,
        };
        follow(&run_line, &mut prompt, notes);
        lines.push(run_line);
    }
    lines
}

/// The parser of the language of lessons.
fn parse(line: &str) -> Result<Line, ParseError> {
    crate::command::parse(line)
}

fn note(error: &ParseError, written: &Mapped, notes: &mut Notes) {
    let finding = notes.error(written.place(error.at.clone()), error.message.clone());
    if let Some(help) = &error.help {
        finding.help(help.clone());
    }
}

/// Moves the prompt as the line does.
fn follow(line: &RunLine, prompt: &mut Vec<Ns>, notes: &mut Notes) {
    if let Some(Command::Enter { ns, .. }) = &line.line.command {
        prompt.push(ns.resolve());
    }
    if line.line.command != Some(Command::Exit) {
        return;
    }
    if prompt.len() == 1 {
        notes
            .error(line.place.clone(), "there is nothing to leave here")
            .label("the prompt stands in host")
            .help("`exit` ends an `nsenter … bash` or `ip netns exec … bash`, or leaves the step's `at`");
    } else {
        prompt.pop();
    }
}

/// Lines, joined where one ends in `\`.
fn logical(run: &Mapped) -> Vec<Mapped> {
    let mut lines = Vec::new();
    let mut begun: Option<Mapped> = None;
    let mut start = 0;
    for counted in run.text().split_inclusive('\n') {
        let physical = counted.trim_end_matches(['\n', '\r']);
        let goes_on = physical.ends_with('\\');
        let end = start + physical.len() - usize::from(goes_on);
        let part = run.slice(start..end);
        start += counted.len();
        let line = match begun.take() {
            None => part,
            Some(mut line) => {
                let indent = part.text().len() - part.text().trim_start().len();
                let end = part.text().len();
                line.join(&part.slice(indent..end));
                line
            }
        };
        if goes_on {
            begun = Some(line);
        } else {
            lines.push(line);
        }
    }
    lines.extend(begun);
    lines
}

/// Where the comment of a line that can be parsed begins; its end if there is none.
fn comment_start(line: &str) -> usize {
    let mut quote = None;
    let mut before = ' ';
    for (at, char) in line.char_indices() {
        if quote.is_some() {
            quote = quote.filter(|open| *open != char);
        } else if matches!(char, '\'' | '"') {
            quote = Some(char);
        } else if char == '#' && before.is_whitespace() {
            return at;
        }
        before = char;
    }
    line.len()
}
