//! Screens that say one thing: too small, no sandbox, the lesson is over.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::sheet::{self, Sheet};
use super::{ink, wrap};
use crate::session::state::Area;
use crate::session::{Credit, Pane, Session};
use crate::theme::{Slot, Theme};

/// What a terminal must at least have, columns and rows.
pub(super) const LEAST: (u16, u16) = (60, 15);

/// Says what size is needed.
pub(super) fn too_small(theme: Theme, area: Rect, buffer: &mut Buffer) {
    let has = format!("This terminal has {}x{} cells;", area.width, area.height);
    let wants = format!("at least {}x{} are needed.", LEAST.0, LEAST.1);
    let lines = [
        ink::line(theme, Slot::Bad, &has),
        ink::line(theme, Slot::Text, &wants),
        ink::line(theme, Slot::Text, "Make it larger, or press q to quit."),
    ];
    let rows = lines
        .iter()
        .flat_map(|line| wrap::words(line, area.width, 0));
    for (row, y) in rows.zip(area.y..area.bottom()) {
        buffer.set_line(area.x, y, &row, area.width);
    }
}

/// Says why there is no sandbox, and what to do.
pub(super) fn broken(
    session: &Session,
    why: &str,
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> Area {
    let width = sheet::inner_width(area);
    let mut rows = vec![Line::default()];
    for line in why.lines() {
        let indent = line.len() - line.trim_start().len();
        let hang = u16::try_from(indent).unwrap_or(0);
        rows.extend(wrap::words(
            &ink::line(theme, Slot::Text, line),
            width,
            hang,
        ));
    }
    rows.push(Line::default());
    let way_out = ink::spans(
        theme,
        &[
            (Slot::Code, "tutor doctor"),
            (
                Slot::Text,
                " tries each thing that a lesson needs and says what helps. ",
            ),
            (Slot::Key, "q"),
            (Slot::Text, " leaves; nothing was changed on this machine."),
        ],
    );
    rows.extend(wrap::words(&way_out, width, 0));
    let title = ink::line(theme, Slot::Bad, "The sandbox could not be built");
    let mut sheet = Sheet::new(session, Pane::Text, title, rows);
    sheet.focused = true;
    sheet::draw(&sheet, area, theme, buffer)
}

/// What stands in the left column when the lesson is over.
pub(super) fn finished(session: &Session, theme: Theme, area: Rect, buffer: &mut Buffer) -> Area {
    let width = sheet::inner_width(area);
    let lesson = &session.lesson;
    let mut rows = vec![Line::default()];
    let done = lesson.steps.last().and_then(|step| step.done.as_deref());
    if let Some(done) = done {
        let text = Line::from(ink::prose(theme, Slot::Text, done));
        rows.extend(wrap::words(&text, width, 0));
        rows.push(Line::default());
    }
    rows.push(ink::line(theme, Slot::Heading, "What you have done"));
    for (index, step) in lesson.steps.iter().enumerate() {
        let credit = match session.credit(index) {
            Credit::WithSolution => " (with the solution)",
            Credit::Open | Credit::Solved => "",
        };
        let line = ink::spans(
            theme,
            &[
                (Slot::Ok, theme.signs().ok),
                (Slot::Text, " "),
                (Slot::Text, &step.title),
                (Slot::Note, credit),
            ],
        );
        rows.extend(wrap::words(&line, width, 2));
    }
    rows.push(Line::default());
    let on = ink::spans(
        theme,
        &[
            (Slot::Key, "Enter"),
            (Slot::Text, " leads to the next lesson, "),
            (Slot::Key, "p"),
            (
                Slot::Text,
                " back into this one. The sandbox stays as it is until then.",
            ),
        ],
    );
    rows.extend(wrap::words(&on, width, 0));
    let title = ink::line(theme, Slot::Ok, "Lesson done");
    let sheet = Sheet::new(session, Pane::Text, title, rows);
    sheet::draw(&sheet, area, theme, buffer)
}
