//! The first line: lesson, step, progress.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{commands, ink, wrap};
use crate::session::{Manner, Phase, Session};
use crate::theme::{Slot, Theme};

/// Columns of the bar, at most and at least.
const BAR: (u16, u16) = (30, 8);

/// Draws it.
pub(super) fn draw(session: &Session, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let lesson = &session.lesson;
    let steps = lesson.steps.len();
    let bar_width = (area.width / 8).clamp(BAR.1, BAR.0);
    let room = area.width.saturating_sub(bar_width + 3);
    let name = format!(" {} ", lesson.title);
    let manner = match session.manner {
        Manner::Guided => "",
        Manner::Practice => ", practice",
    };
    let number = if lesson.free {
        String::new()
    } else {
        let step = (session.step + 1).min(steps);
        let seed = lesson
            .seed
            .map_or_else(String::new, |seed| format!(", seed {}", seed.number));
        format!("  step {step} of {steps}{manner}{seed}")
    };
    let line = ink::spans(theme, &[(Slot::Bar, &name), (Slot::Text, &number)]);
    let line = wrap::cut(&line, room, theme.signs().more);
    buffer.set_line(area.x, area.y, &line, room);
    let filled = filled(session, bar_width);
    let [behind, ahead] = theme.signs().bar;
    let bar = ink::spans(
        theme,
        &[
            (Slot::Ok, &behind.repeat(usize::from(filled))),
            (Slot::Border, &ahead.repeat(usize::from(bar_width - filled))),
        ],
    );
    let x = area.right().saturating_sub(bar_width + 1);
    buffer.set_line(x, area.y, &bar, bar_width);
}

/// How much of the bar lies behind: steps done, and this one's commands.
fn filled(session: &Session, width: u16) -> u16 {
    if session.phase == Phase::Finished {
        return width;
    }
    let steps = session.lesson.steps.len().max(1);
    let commands = session.commands.len().max(1);
    let done = session
        .commands
        .iter()
        .filter(|s| commands::is_over(**s))
        .count();
    let parts = session.step * commands + done;
    let whole = steps * commands;
    u16::try_from(usize::from(width) * parts.min(whole) / whole).unwrap_or(width)
}
