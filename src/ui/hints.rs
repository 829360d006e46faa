//! The hints that were shown, and with them the nearest thing that is missing.

use ratatui::text::Line;

use super::{ink, wrap};
use crate::session::{Credit, Session, Shown};
use crate::theme::{Slot, Theme};

/// Is there anything to show?
pub(super) fn any(session: &Session) -> bool {
    !session.record().hints.is_empty()
}

/// The hints' rows. `told`: the checks above say already what is missing.
pub(super) fn rows(session: &Session, told: bool, theme: Theme, width: u16) -> Vec<Line<'static>> {
    let mut rows: Vec<Line<'static>> = (session.shown_hints().iter())
        .flat_map(|shown| hint(*shown, theme, width))
        .collect();
    let nearest = session.nearest().filter(|_| any(session) && !told);
    if let Some(missing) = nearest {
        rows.extend(labelled("Missing", &missing, theme, width));
    }
    rows
}

/// Said of a step that is done with its solution; nothing of another.
pub(super) fn credit(session: &Session, theme: Theme) -> Option<Line<'static>> {
    let borrowed = session.credit(session.step) == Credit::WithSolution;
    borrowed.then(|| ink::line(theme, Slot::Note, "Done, with the solution."))
}

fn hint(shown: Shown<'_>, theme: Theme, width: u16) -> Vec<Line<'static>> {
    let label = match shown.number {
        Some((number, of)) => format!("Hint {number}/{of}"),
        None => "Hint".to_owned(),
    };
    labelled(&label, &shown.hint.text, theme, width)
}

fn labelled(label: &str, text: &str, theme: Theme, width: u16) -> Vec<Line<'static>> {
    let head = format!("{} {label}  ", theme.signs().hint);
    let mut line = ink::line(theme, Slot::Key, &head);
    line.spans.extend(ink::prose(theme, Slot::Note, text));
    wrap::words(&line, width, 2)
}
