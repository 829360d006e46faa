//! The map of the sandbox.

use std::collections::BTreeSet;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use crate::map::{Canvas, Detail, Ink, Look, Map, Run, Walk, model, number, walk};
use crate::session::mapped::Zoom;
use crate::session::state::{Area, RowKey};
use crate::session::{Pane, Session};
use crate::theme::{Slot, Theme};
use crate::trace::Story;
use crate::trace::answer::Answer;
use crate::ui::clean::clean;
use crate::ui::ink;
use crate::ui::sheet::{self, Sheet};
use crate::world::Ns;

/// Columns that the title takes with its rule, beside the note.
const TITLE: usize = 12;

/// Draws it.
pub(super) fn draw(session: &Session, theme: Theme, area: Rect, buffer: &mut Buffer) -> Area {
    let width = sheet::whole_width(area);
    let map = model(&session.world);
    let story = session.followed.last.as_ref();
    let walk = session.way_unasked().map(|story| walk(&map, &story));
    let room = (width, area.height.saturating_sub(1));
    let canvas = picture(session, theme, room, &map, walk.as_ref());
    let most = canvas.width().saturating_sub(width);
    let aside = session.mapped.aside.min(most);
    let rows: Vec<Line<'static>> = (0..canvas.height())
        .map(|y| line(theme, canvas.part(y, aside, width)))
        .collect();
    let title = ink::line(theme, Slot::Heading, "Map");
    let mut sheet = Sheet::new(session, Pane::Map, title, rows);
    let mut note = note(session, theme, aside, most);
    if let (Some(story), Some(walk)) = (story, &walk) {
        let way = way(story, walk, theme, &note);
        if way.width() + TITLE <= usize::from(area.width) {
            note = way;
        }
    }
    sheet.note = note;
    let drawn = sheet::draw(&sheet, area, theme, buffer);
    Area {
        aside,
        max_aside: most,
        ..drawn
    }
}

fn picture(
    session: &Session,
    theme: Theme,
    room: (u16, u16),
    map: &Map,
    walk: Option<&Walk>,
) -> Canvas {
    let changed = changed(session);
    let look = Look {
        room,
        detail: match session.mapped.zoom {
            Zoom::Far => Detail::Names,
            Zoom::Middle => Detail::States,
            Zoom::Near => Detail::Addresses,
        },
        seats: &session.mapped.seats,
        unicode: theme.unicode,
        chosen: Some(&session.chosen),
        changed: &changed,
        walk,
        moved: session.moved(),
    };
    crate::map::draw(map, &look)
}

/// Devices that have changed in the last moments, or whose addresses have.
fn changed(session: &Session) -> BTreeSet<(Ns, u32)> {
    let fresh = session.fresh.keys();
    fresh
        .filter_map(|(ns, key)| match key {
            RowKey::Link(index) | RowKey::Addr(index, _) => Some((ns.clone(), *index)),
            RowKey::Route(..)
            | RowKey::Neigh(..)
            | RowKey::Fdb(..)
            | RowKey::Ruleset
            | RowKey::Flow(_)
            | RowKey::Sysctl(_) => None,
        })
        .collect()
}

/// What is not seen, and by which keys it is.
fn note(session: &Session, theme: Theme, aside: u16, most: u16) -> Line<'static> {
    let [left, right] = theme.signs().aside;
    let zoom = match session.mapped.zoom {
        Zoom::Far => "names",
        Zoom::Middle => "no addresses",
        Zoom::Near => "",
    };
    let before = if aside > 0 { left } else { "" };
    let behind = if aside < most { right } else { "" };
    let parts = [before, zoom, behind];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    ink::line(theme, Slot::Dim, &parts.join(" "))
}

/// Whose way the numbers on the cables are, and what came of it; before what `note` says.
fn way(story: &Story, walk: &Walk, theme: Theme, note: &Line<'static>) -> Line<'static> {
    let question = &story.question;
    let steps = match walk.crossings.len() {
        0 => String::new(),
        1 => " 1".to_owned(),
        more => format!(" 1-{}", number(more - 1)),
    };
    let (slot, sign) = match story.answer {
        Answer::Reply { .. } => (Slot::Ok, theme.signs().ok),
        Answer::Unreachable { .. } | Answer::Silence { .. } | Answer::Failed(_) => {
            (Slot::Bad, theme.signs().bad)
        }
    };
    let whose = format!("{} → {}:", question.from, question.to);
    let mut line = ink::spans(
        theme,
        &[
            (Slot::Dim, &whose),
            (Slot::Key, &steps),
            (slot, &format!(" {sign}")),
        ],
    );
    if note.width() > 0 {
        line.push_span("  ");
        line.spans.extend(note.spans.iter().cloned());
    }
    line
}

fn line(theme: Theme, runs: Vec<Run>) -> Line<'static> {
    let spans = runs.into_iter().map(|run| {
        // Underlined, a frame could not be told from a table.
        let style = theme
            .style(slot(run.ink))
            .remove_modifier(Modifier::UNDERLINED);
        Span::styled(clean(&run.text, theme.unicode), style)
    });
    spans.collect::<Vec<_>>().into()
}

fn slot(ink: Ink) -> Slot {
    match ink {
        Ink::Blank | Ink::Device => Slot::Text,
        Ink::Border => Slot::Border,
        Ink::Lit => Slot::Focus,
        Ink::Title => Slot::Heading,
        Ink::Detail => Slot::Dim,
        Ink::Bad => Slot::Bad,
        Ink::Weak => Slot::Pending,
        Ink::Changed => Slot::Changed,
        Ink::Cable => Slot::Code,
        Ink::Packet => Slot::Key,
    }
}
