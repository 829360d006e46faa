//! The step's commands: how far each is, what it is for, and the current one word by word.

use std::ops::Range;

use ratatui::text::Line;

use super::{ink, wrap};
use crate::command::{Explained, explain};
use crate::lesson::{RunLine, Step};
use crate::session::{CommandState, Session};
use crate::theme::{Slot, Theme};
use crate::world::Ns;

/// Columns before a command: its sign and a space.
const INDENT: u16 = 2;

/// Said in practice mode, in place of the commands.
const HIDDEN: &str = "Hidden: make the checks below hold, in whatever way. i: type commands, \
                      h: a hint, m: show the commands.";

/// The rows, and which of them are the current command's. Where it is not `roomy`, only the current
/// command's comment gets rows of its own; the others' show by their sign.
pub(super) fn rows(
    session: &Session,
    theme: Theme,
    width: u16,
    roomy: bool,
) -> (Vec<Line<'static>>, Range<usize>) {
    let mut rows = Vec::new();
    let mut current = 0..0;
    let Some(step) = session.lesson.steps.get(session.step) else {
        return (rows, current);
    };
    if session.hides_commands() {
        let repair = session.repair_told();
        let text = repair.unwrap_or_else(|| HIDDEN.to_owned());
        let text = ink::line(theme, Slot::Dim, &text);
        return (wrap::words(&text, width, 0), current);
    }
    for (index, line) in step.run.iter().enumerate() {
        let state = session
            .commands
            .get(index)
            .copied()
            .unwrap_or(CommandState::ToCome);
        let from = rows.len();
        rows.extend(command(line, state, theme, width, roomy));
        if matches!(state, CommandState::Current | CommandState::Running) {
            rows.extend(explanation(step, index, theme, width, roomy));
            current = from..rows.len();
        }
    }
    if current.is_empty() && !rows.is_empty() && session.commands.iter().all(|s| is_over(*s)) {
        current = rows.len() - 1..rows.len();
    }
    (rows, current)
}

/// `2/4`: how many are done.
pub(super) fn count(session: &Session) -> String {
    if session.hides_commands() {
        let what = session.fault().map_or("practice", |_| "repair");
        return what.to_owned();
    }
    let done = session.commands.iter().filter(|s| is_over(**s)).count();
    format!("{done}/{}", session.commands.len())
}

/// Has it been carried out?
pub(super) fn is_over(state: CommandState) -> bool {
    match state {
        CommandState::Done | CommandState::Failed => true,
        CommandState::ToCome | CommandState::Current | CommandState::Running => false,
    }
}

fn command(
    line: &RunLine,
    state: CommandState,
    theme: Theme,
    width: u16,
    roomy: bool,
) -> Vec<Line<'static>> {
    let signs = theme.signs();
    let (sign, sign_slot, slot) = match state {
        CommandState::ToCome => (signs.to_come, Slot::Dim, Slot::Dim),
        CommandState::Current | CommandState::Running => (signs.current, Slot::Focus, Slot::Code),
        CommandState::Done => (signs.ok, Slot::Ok, Slot::Text),
        CommandState::Failed => (signs.bad, Slot::Bad, Slot::Text),
    };
    let mut parts = vec![(sign_slot, sign), (slot, " ")];
    let place = format!("{}# ", line.at);
    if line.at != Ns::Host {
        parts.push((Slot::Dim, &place));
    }
    parts.push((slot, line.source.trim()));
    let mut head = ink::spans(theme, &parts);
    let comment = line.line.comment.as_deref().unwrap_or_default();
    let mut below = Vec::new();
    if !comment.is_empty() {
        let beside = ink::line(theme, Slot::Dim, &format!("  # {comment}"));
        let current = matches!(state, CommandState::Current | CommandState::Running);
        if head.width() + beside.width() <= usize::from(width) {
            head.spans.extend(beside.spans);
        } else if !roomy && !current {
            let sign = format!(" #{}", theme.signs().more);
            head.push_span(ink::span(theme, Slot::Dim, &sign));
        } else {
            let text = ink::line(theme, Slot::Dim, &format!("  # {comment}"));
            below = wrap::words(&text, width, INDENT + 2);
        }
    }
    let mut rows = wrap::words(&head, width, INDENT + 2);
    rows.extend(below);
    rows
}

/// The words of a command and what they mean. Where it is not roomy, those that a command before it
/// in this step had too are left out.
fn explanation(
    step: &Step,
    index: usize,
    theme: Theme,
    width: u16,
    roomy: bool,
) -> Vec<Line<'static>> {
    let (Some(before), Some(line)) = (step.run.get(..index), step.run.get(index)) else {
        return Vec::new();
    };
    // A line that does not parse was refused long before it is drawn.
    let meanings = |line: &RunLine| explain(&line.source).unwrap_or_default();
    let known: Vec<Explained> = if roomy {
        Vec::new()
    } else {
        before.iter().flat_map(meanings).collect()
    };
    let mut left_out = false;
    let mut rows = Vec::new();
    for part in meanings(line) {
        if known.contains(&part) {
            left_out = true;
            continue;
        }
        let sign = if left_out { theme.signs().more } else { "" };
        let words = format!("    {sign}{}", part.words);
        let meaning = format!("  {}", part.meaning);
        let text = ink::spans(theme, &[(Slot::Code, &words), (Slot::Note, &meaning)]);
        rows.extend(wrap::words(&text, width, INDENT + 4));
        left_out = false;
    }
    if left_out {
        let sign = format!("    {}", theme.signs().more);
        rows.push(ink::line(theme, Slot::Code, &sign));
    }
    rows
}
