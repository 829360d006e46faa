//! Drawing: `draw(&Session, &Theme, &mut Frame)`, one file a pane.
//!
//! Pure: the same session and theme give the same frame. Every string passes `clean` on its way
//! in, and the finished frame once more. Nothing is cut without a sign.

mod ask;
mod checks;
pub mod clean;
mod commands;
mod footer;
mod header;
mod help;
mod hints;
mod ink;
mod layout;
mod menu;
mod notice;
mod pack;
mod prompt;
mod sheet;
mod shell;
mod spaces;
pub mod svg;
mod tables;
mod tabs;
mod text;
mod transcript;
mod views;
mod wrap;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::keys::{LESSON, Mode, PROMPT, VIEWS};
use crate::session::state::Area;
use crate::session::{CommandState, Pane, Phase, Session};
use crate::theme::{Slot, Theme};
use sheet::{Rest, Sheet};

pub use menu::draw_menu;

/// Draws a lesson; says where each pane lies, for the mouse and for the ends of scrolling. The
/// last area that holds a place is the one that is meant.
pub fn draw(session: &Session, theme: &Theme, frame: &mut Frame<'_>) -> Vec<Area> {
    let theme = *theme;
    let area = frame.area();
    let mut cursor = None;
    let buffer = frame.buffer_mut();
    if area.width < notice::LEAST.0 || area.height < notice::LEAST.1 {
        notice::too_small(theme, area, buffer);
        return Vec::new();
    }
    let parts = layout::layout(area, terminal_share(session), session.is_wide());
    header::draw(session, theme, parts.header, buffer);
    let mut areas = Vec::new();
    if let Phase::Broken(why) = &session.phase {
        let body = Rect {
            y: area.y + 1,
            height: area.height.saturating_sub(2),
            ..area
        };
        areas.push(notice::broken(session, why, theme, body, buffer));
    } else {
        if parts.left.width > 0 {
            for y in parts.divider.y..parts.divider.bottom() {
                let sign = theme.signs().divider;
                buffer.set_string(parts.divider.x, y, sign, theme.style(Slot::Border));
            }
            areas.extend(left(session, theme, parts.left, buffer));
        }
        areas.extend(views::draw(session, theme, parts.tables, buffer));
        if session.shells.shown().is_some() {
            areas.push(shell::draw(session, theme, parts.transcript, buffer));
            cursor = shell::cursor(session, parts.transcript);
        } else {
            let (area, place) = transcript(session, theme, parts.transcript, buffer);
            areas.push(area);
            cursor = place;
        }
    }
    if session.help {
        areas.push(help::draw(session, theme, area, buffer));
    }
    let mode = Mode::of(session);
    let (first, then) = if mode == Mode::Prompt {
        (PROMPT, &[][..])
    } else {
        (VIEWS, LESSON)
    };
    footer::draw(first.iter().chain(then), mode, theme, parts.footer, buffer);
    clean::seal(buffer, theme.unicode);
    if let Some(cursor) = cursor.filter(|_| !session.help) {
        frame.set_cursor_position(cursor);
    }
    areas
}

/// So many rows text and commands keep, with their titles, where a question needs the room.
const ASIDE: u16 = 4;

/// Text, commands and checks, below each other.
fn left(session: &Session, theme: Theme, area: Rect, buffer: &mut Buffer) -> Vec<Area> {
    if session.phase == Phase::Finished {
        return vec![notice::finished(session, theme, area, buffer)];
    }
    let width = sheet::inner_width(area);
    let step = session.lesson.steps.get(session.step);
    let heading = |title: &str| ink::line(theme, Slot::Heading, title);
    let note = |count: &str| ink::line(theme, Slot::Dim, count);

    let words = text::rows(step.map_or("", |step| &step.text), theme, width);
    let text = Sheet::new(
        session,
        Pane::Text,
        heading(step.map_or("", |step| &step.title)),
        words,
    );

    let roomy = area.height > 30 || session.focus == Pane::Commands;
    let (rows, current) = commands::rows(session, theme, width, roomy);
    let mut commands = Sheet::new(session, Pane::Commands, heading("Commands"), rows);
    commands.note = note(&commands::count(session));
    commands.rest = Rest::Show(current);

    let checks = checks_or_question(session, theme, width);

    let sheets = [text, commands, checks];
    let mut wants = [&sheets[0], &sheets[1], &sheets[2]]
        .map(|sheet| u16::try_from(sheet.rows.total + 1).unwrap_or(u16::MAX));
    let tight = wants.iter().copied().fold(0, u16::saturating_add) > area.height;
    if tight && session.asking().is_some() {
        // The question whole, the command that it is about, and of the text what there is room for.
        wants[1] = wants[1].min(ASIDE);
        let rest = area
            .height
            .saturating_sub(wants[1].saturating_add(wants[2]));
        wants[0] = wants[0].min(rest.max(ASIDE));
    }
    let free = session.lesson.free;
    if free {
        // Nothing is checked, and there need not be commands.
        wants[1] = wants[1].saturating_mul(u16::from(!session.commands.is_empty()));
        wants[2] = 0;
    }
    let mut heights = layout::share(area.height, wants, first(session));
    if free {
        let last = usize::from(wants[1] > 0);
        heights[last] += std::mem::take(&mut heights[2]);
    }
    let mut y = area.y;
    let mut areas = Vec::new();
    for (sheet, height) in sheets.iter().zip(heights) {
        let area = Rect { y, height, ..area };
        if height > 0 {
            areas.push(sheet::draw(sheet, area, theme, buffer));
        }
        y += height;
    }
    areas
}

/// The checks, or the question that is open: it is put before there is anything to check.
fn checks_or_question(session: &Session, theme: Theme, width: u16) -> Sheet<'_> {
    let heading = |title: &str| ink::line(theme, Slot::Heading, title);
    if let Some((ask, asking)) = session.asking() {
        let rows = ask::rows(ask, asking, theme, width);
        let mut sheet = Sheet::new(session, Pane::Checks, heading("What do you expect?"), rows);
        if asking.said.is_some() {
            sheet.rest = Rest::Bottom;
        }
        return sheet;
    }
    let rows = checks::rows(session, theme, width);
    let mut sheet = Sheet::new(session, Pane::Checks, heading("Checks"), rows);
    sheet.note = ink::line(theme, Slot::Dim, &checks::count(session));
    if hints::any(session) || checks::all_hold(session) {
        sheet.rest = Rest::Bottom;
    }
    sheet
}

/// How much of the screen the terminal gets.
fn terminal_share(session: &Session) -> layout::Share {
    if session.shells.shown().is_some() {
        layout::Share::Shell
    } else if session.focus == Pane::Transcript || session.prompt_line().is_some() {
        layout::Share::Large
    } else if session.is_wide() || session.phase == Phase::Idle && !begun(session) {
        layout::Share::Small
    } else {
        layout::Share::Normal
    }
}

/// Was a command of the step carried out?
fn begun(session: &Session) -> bool {
    session
        .commands
        .iter()
        .any(|state| !matches!(state, CommandState::ToCome | CommandState::Current))
}

/// Which of text, commands and checks goes first where there is not room for all: the one with the
/// focus; otherwise there is first something to read, then to do, then to look at.
fn first(session: &Session) -> usize {
    if session.asking().is_some() {
        return 2;
    }
    match session.focus {
        Pane::Commands => 1,
        Pane::Checks => 2,
        Pane::Text
        | Pane::Tables
        | Pane::Packets
        | Pane::Trace
        | Pane::Map
        | Pane::Transcript
        | Pane::Shell
        | Pane::Help => {
            if session.hides_commands() {
                2
            } else if !begun(session) {
                0
            } else if session.commands.iter().all(|s| commands::is_over(*s)) {
                2
            } else {
                1
            }
        }
    }
}

/// The terminal: what was printed, and below it the prompt, if it is open; where its cursor stands.
fn transcript(
    session: &Session,
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> (Area, Option<Position>) {
    let width = sheet::inner_width(area);
    let body = area.height.saturating_sub(1);
    let rows = transcript::rows(session, theme, width);
    let board = prompt::board(session, theme, width, body);
    let above = board.as_ref().map_or(body, |board| {
        let printed = u16::try_from(rows.total).unwrap_or(u16::MAX);
        printed.min(body.saturating_sub(board.height()))
    });
    let title = ink::line(theme, Slot::Heading, "Terminal");
    let mut sheet = Sheet::new(session, Pane::Transcript, title, rows);
    sheet.note = transcript::waiting(session, theme);
    sheet.rest = Rest::Bottom;
    let printed = Rect {
        height: above + 1,
        ..area
    };
    let drawn = sheet::draw(&sheet, printed, theme, buffer);
    let cursor = board.map(|board| {
        let below = Rect {
            y: printed.bottom(),
            height: area.bottom().saturating_sub(printed.bottom()),
            width,
            ..area
        };
        board.draw(below, theme, buffer)
    });
    (drawn, cursor)
}
