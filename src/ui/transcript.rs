//! What was typed and printed, and what Enter does next.

use std::ops::Range;
use std::time::Duration;

use ratatui::text::Line;

use super::sheet::Rows;
use super::{checks, commands, ink, wrap};
use crate::session::prompt::prompt_of;
use crate::session::state::{TranscriptKind, TranscriptLine};
use crate::session::{CommandState, Phase, Session};
use crate::theme::{Slot, Theme};
use crate::world::Ns;

/// Work is worth naming after this long; before it, the name would only flicker.
const WORTH_NAMING: Duration = Duration::from_millis(150);

/// The rows, wrapped as a terminal does, or at words where the program itself speaks; only those that
/// are seen are made.
pub(super) fn rows(session: &Session, theme: Theme, width: u16) -> Rows<'_> {
    let mut ends = Vec::with_capacity(session.transcript.len());
    let mut end = 0;
    for line in &session.transcript {
        end += height(line, theme, width);
        ends.push(end);
    }
    let last = ahead(session, theme, width);
    Rows {
        total: end + last.len(),
        get: Box::new(move |range: Range<usize>| {
            let first = ends.partition_point(|&row_end| row_end <= range.start);
            let start = first
                .checked_sub(1)
                .and_then(|before| ends.get(before))
                .copied()
                .unwrap_or(0);
            session
                .transcript
                .iter()
                .skip(first)
                .flat_map(|line| broken(line, theme, width))
                .chain(last.iter().cloned())
                .skip(range.start - start)
                .take(range.len())
                .collect()
        }),
    }
}

/// Tells what the program says from what commands print, where there is no colour.
const NOTE: &str = "# ";

fn shown(line: &TranscriptLine, theme: Theme) -> Line<'static> {
    match &line.kind {
        TranscriptKind::Prompt(ns) => ink::spans(
            theme,
            &[(Slot::Prompt, &prompt_of(ns)), (Slot::Code, &line.text)],
        ),
        TranscriptKind::Out => ink::line(theme, Slot::Text, &line.text),
        TranscriptKind::Err => ink::line(theme, Slot::Bad, &line.text),
        TranscriptKind::Note => ink::spans(theme, &[(Slot::Note, NOTE), (Slot::Note, &line.text)]),
    }
}

fn broken(line: &TranscriptLine, theme: Theme, width: u16) -> Vec<Line<'static>> {
    let shown = shown(line, theme);
    match &line.kind {
        TranscriptKind::Prompt(_) | TranscriptKind::Out | TranscriptKind::Err => {
            wrap::columns(&shown, width)
        }
        TranscriptKind::Note => wrap::words(&shown, width, u16::try_from(NOTE.len()).unwrap_or(0)),
    }
}

/// How many rows it has; without wrapping it where that can be reckoned.
fn height(line: &TranscriptLine, theme: Theme, width: u16) -> usize {
    let before = match &line.kind {
        TranscriptKind::Prompt(ns) => prompt_of(ns).len(),
        TranscriptKind::Out | TranscriptKind::Err => 0,
        TranscriptKind::Note => return broken(line, theme, width).len(),
    };
    if line.text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        let columns = before + line.text.len();
        return columns.div_ceil(usize::from(width.max(1))).max(1);
    }
    broken(line, theme, width).len()
}

/// The prompt that waits, with what Enter would type.
fn ahead(session: &Session, theme: Theme, width: u16) -> Vec<Line<'static>> {
    if session.phase != Phase::Idle || session.line.is_some() {
        return Vec::new();
    }
    let here = session.prompt.last().unwrap_or(&Ns::Host);
    let next = session
        .commands
        .iter()
        .position(|state| *state == CommandState::Current);
    let run = session.lesson.steps.get(session.step).map(|step| &step.run);
    let done = session.hands() && session.step_is_done()
        || !session.lesson.free
            && checks::all_hold(session)
            && session.commands.iter().all(|s| commands::is_over(*s));
    let next = next.filter(|_| !session.hides_commands() && !done);
    let line = match next.and_then(|index| run?.get(index)) {
        Some(line) => ink::spans(
            theme,
            &[
                (Slot::Prompt, &prompt_of(&line.at)),
                (Slot::Dim, line.source.trim()),
                (Slot::Key, "  Enter"),
            ],
        ),
        None if done => ink::spans(
            theme,
            &[
                (Slot::Prompt, &prompt_of(here)),
                (Slot::Dim, " step done "),
                (Slot::Key, " Enter"),
            ],
        ),
        None => ink::line(theme, Slot::Prompt, &prompt_of(here)),
    };
    wrap::columns(&line, width)
}

/// What is waited for, and since when.
pub(super) fn waiting(session: &Session, theme: Theme) -> Line<'static> {
    let Some((since, what)) = &session.waiting else {
        return Line::default();
    };
    let spent = session.now.saturating_sub(*since);
    if spent < WORTH_NAMING {
        return Line::default();
    }
    ink::spans(
        theme,
        &[
            (Slot::Changed, checks::spinner(session, theme)),
            (Slot::Text, &format!(" {what} ")),
            (Slot::Dim, &format!("{} s", spent.as_secs())),
        ],
    )
}
