//! An open question, in the place of the checks.

use ratatui::text::Line;

use super::{ink, wrap};
use crate::lesson::Ask;
use crate::session::ask::Asking;
use crate::theme::{Slot, Theme};

/// Where the next letter goes.
const CURSOR: &str = "_";

/// The rows: the question, what can be chosen or was typed, what was said to a wrong answer.
pub(super) fn rows(ask: &Ask, asking: &Asking, theme: Theme, width: u16) -> Vec<Line<'static>> {
    let question = Line::from(ink::prose(theme, Slot::Text, ask.question.trim()));
    let mut rows = wrap::words(&question, width, 0);
    for (number, choice) in (1..).zip(&asking.choices) {
        let mut line = ink::line(theme, Slot::Key, &format!("{number}  "));
        line.spans
            .extend(ink::prose(theme, Slot::Text, &choice.text));
        rows.extend(wrap::words(&line, width, 3));
    }
    if asking.choices.is_empty() {
        let line = &asking.typed;
        let behind = &line.text()[line.cursor()..];
        let typed = [
            (Slot::Key, "> "),
            (Slot::Code, line.before_cursor()),
            (Slot::Key, CURSOR),
            (Slot::Code, behind),
        ];
        let line = ink::spans(theme, &typed);
        rows.extend(wrap::words(&line, width, 2));
    }
    if let Some(said) = &asking.said {
        let sign = format!("{} ", theme.signs().bad);
        let mut line = ink::line(theme, Slot::Bad, &sign);
        line.spans.extend(ink::prose(theme, Slot::Note, said));
        rows.extend(wrap::words(&line, width, 2));
    }
    let way_on = match (asking.choices.is_empty(), &asking.said) {
        (true, _) => "Enter answers; without an answer it goes on.",
        (false, None) => "Enter goes on without an answer.",
        (false, Some(_)) => "Choose again, or Enter goes on.",
    };
    rows.extend(wrap::words(&ink::line(theme, Slot::Dim, way_on), width, 0));
    rows
}
