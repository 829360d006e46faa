//! The step's checks with what was found and wanted, the hints so far, and the closing line.

use ratatui::text::Line;

use super::{commands, hints, ink, wrap};
use crate::lesson::{Check, Verdict};
use crate::session::{CheckState, Session};
use crate::theme::{Slot, Theme};

/// Instead of a check that would tell what the learner is about to be asked.
const KEPT_BACK: &str = "kept back until you have said what you expect";

/// The rows: checks, hints, closing line.
pub(super) fn rows(session: &Session, theme: Theme, width: u16) -> Vec<Line<'static>> {
    let mut rows = Vec::new();
    let Some(step) = session.lesson.steps.get(session.step) else {
        return rows;
    };
    let over = session.hands() || session.commands.iter().all(|s| commands::is_over(*s));
    for (check, state) in step.checks.iter().zip(&session.checks) {
        rows.extend(one(check, state, over, session, theme, width));
    }
    rows.extend(hints::rows(session, over, theme, width));
    if let Some(done) = step.done.as_deref().filter(|_| all_hold(session) && over) {
        rows.extend(hints::credit(session, theme));
        let text = Line::from(ink::prose(theme, Slot::Ok, done));
        rows.extend(wrap::words(&text, width, 0));
    }
    rows
}

/// `1/3 hold`.
pub(super) fn count(session: &Session) -> String {
    let holds = session
        .checks
        .iter()
        .filter(|check| check.verdict == Verdict::Holds)
        .count();
    format!("{holds}/{}", session.checks.len())
}

/// Do all of them hold?
pub(super) fn all_hold(session: &Session) -> bool {
    session
        .checks
        .iter()
        .all(|check| check.verdict == Verdict::Holds)
}

fn one(
    check: &Check,
    state: &CheckState,
    over: bool,
    session: &Session,
    theme: Theme,
    width: u16,
) -> Vec<Line<'static>> {
    let signs = theme.signs();
    let (sign, slot, below) = match &state.verdict {
        Verdict::Holds => (signs.ok, Slot::Ok, check.why.as_deref()),
        // Before its commands have run nobody expects it to hold.
        Verdict::Not(_) if !over => (signs.pending, Slot::Pending, None),
        Verdict::Not(found) => (signs.bad, Slot::Bad, Some(found.as_str())),
        Verdict::TooSoon => (signs.pending, Slot::Pending, None),
    };
    let sign = match state.probing {
        Some(_) => spinner(session, theme),
        None => sign,
    };
    let mut head = ink::spans(theme, &[(slot, sign), (slot, " ")]);
    if session.gives_away(check) {
        head.spans.push(ink::span(theme, Slot::Dim, KEPT_BACK));
        return wrap::words(&head, width, 2);
    }
    head.spans
        .extend(ink::prose(theme, Slot::Text, &check.title));
    let mut rows = wrap::words(&head, width, 2);
    if let Some(below) = below {
        let below_slot = if slot == Slot::Bad {
            Slot::Bad
        } else {
            Slot::Dim
        };
        let mut text = ink::line(theme, below_slot, "  ");
        text.spans.extend(ink::prose(theme, below_slot, below));
        rows.extend(wrap::words(&text, width, 2));
    }
    let kept_back = session.keeps_cause_back();
    if let Some(why) = state.why().filter(|_| slot == Slot::Bad && !kept_back) {
        let mut text = ink::line(theme, Slot::Text, "  ");
        text.spans.push(ink::span(theme, Slot::Text, &why));
        rows.extend(wrap::words(&text, width, 2));
    }
    rows
}

/// The sign of work that is under way, turning with the session's time.
pub(super) fn spinner(session: &Session, theme: Theme) -> &'static str {
    let turns = theme.signs().spinner;
    let step = usize::try_from(session.now.as_millis() / 100).unwrap_or(0);
    turns.get(step % turns.len().max(1)).copied().unwrap_or("")
}
