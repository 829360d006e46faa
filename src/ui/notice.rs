//! Screens that say one thing: too small, no sandbox, the lesson is over; and the help.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Clear, Widget};
use unicode_width::UnicodeWidthStr;

use super::sheet::{self, Sheet};
use super::{ink, wrap};
use crate::keys::{Binding, LESSON, Mode};
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

/// The help, over everything else.
pub(super) fn help(session: &Session, theme: Theme, area: Rect, buffer: &mut Buffer) -> Area {
    let rows: Vec<&Binding<_>> = LESSON
        .iter()
        .filter(|row| row.modes != [Mode::Help])
        .collect();
    let label = |row: &Binding<_>| super::clean::clean(row.label, theme.unicode);
    let widest = rows.iter().map(|row| label(row).width()).max().unwrap_or(0);
    let box_width = area.width.saturating_sub(4).min(76);
    let text_width = box_width.saturating_sub(6);
    let mut lines = Vec::new();
    for row in rows {
        let label = label(row);
        let pad = " ".repeat(widest + 2 - label.width());
        let line = ink::spans(
            theme,
            &[
                (Slot::Key, &label),
                (Slot::Text, &pad),
                (Slot::Text, row.help),
            ],
        );
        let hang = u16::try_from(widest + 2).unwrap_or(0);
        lines.extend(wrap::words(&line, text_width, hang));
    }
    lines.push(Line::default());
    for (sign, meaning) in legend(theme) {
        lines.push(ink::spans(
            theme,
            &[(Slot::Key, sign), (Slot::Text, "  "), (Slot::Dim, meaning)],
        ));
    }
    let height = u16::try_from(lines.len() + 3).unwrap_or(u16::MAX);
    let frame = centred(area, box_width, height.min(area.height.saturating_sub(2)));
    Clear.render(frame, buffer);
    border(frame, theme, buffer);
    let inner = Rect {
        x: frame.x + 2,
        y: frame.y,
        width: frame.width.saturating_sub(4),
        height: frame.height.saturating_sub(1),
    };
    let title = ink::line(theme, Slot::Focus, "Keys");
    let mut sheet = Sheet::new(session, Pane::Help, title, lines);
    sheet.focused = false;
    sheet::draw(&sheet, inner, theme, buffer)
}

fn legend(theme: Theme) -> [(&'static str, &'static str); 6] {
    let signs = theme.signs();
    [
        (signs.current, "the next command"),
        (signs.ok, "done; this check holds"),
        (signs.bad, "refused; this check does not hold"),
        (signs.pending, "not yet"),
        (signs.changed, "changed in the last moments"),
        (signs.more, "there was no room for more"),
    ]
}

fn centred(area: Rect, width: u16, height: u16) -> Rect {
    Rect {
        x: area.x + area.width.saturating_sub(width) / 2,
        y: area.y + area.height.saturating_sub(height) / 2,
        width,
        height,
    }
}

fn border(area: Rect, theme: Theme, buffer: &mut Buffer) {
    let style = theme.style(Slot::Border);
    let signs = theme.signs();
    let (left, right) = (area.x, area.right().saturating_sub(1));
    let (top, bottom) = (area.y, area.bottom().saturating_sub(1));
    for x in left..=right {
        buffer.set_string(x, top, signs.rule[0], style);
        buffer.set_string(x, bottom, signs.rule[0], style);
    }
    for y in top..=bottom {
        buffer.set_string(left, y, signs.divider, style);
        buffer.set_string(right, y, signs.divider, style);
    }
    let places = [(left, top), (right, top), (left, bottom), (right, bottom)];
    for ((x, y), corner) in places.into_iter().zip(signs.corners) {
        buffer.set_string(x, y, corner, style);
    }
}
