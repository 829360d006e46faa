//! The map of the sandbox.

use std::collections::BTreeSet;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::map::{Canvas, Detail, Ink, Look, Run, model, walk};
use crate::session::mapped::Zoom;
use crate::session::state::{Area, RowKey};
use crate::session::{Pane, Session};
use crate::theme::{Slot, Theme};
use crate::ui::clean::clean;
use crate::ui::ink;
use crate::ui::sheet::{self, Sheet};
use crate::world::Ns;

/// Draws it.
pub(super) fn draw(session: &Session, theme: Theme, area: Rect, buffer: &mut Buffer) -> Area {
    let width = sheet::inner_width(area);
    let canvas = picture(session, theme, (width, area.height.saturating_sub(1)));
    let most = canvas.width().saturating_sub(width);
    let aside = session.mapped.aside.min(most);
    let rows: Vec<Line<'static>> = (0..canvas.height())
        .map(|y| line(theme, canvas.part(y, aside, width)))
        .collect();
    let title = ink::line(theme, Slot::Heading, "Map");
    let mut sheet = Sheet::new(session, Pane::Map, title, rows);
    sheet.note = ink::line(theme, Slot::Dim, &note(session, theme, aside, most));
    let drawn = sheet::draw(&sheet, area, theme, buffer);
    Area {
        aside,
        max_aside: most,
        ..drawn
    }
}

fn picture(session: &Session, theme: Theme, room: (u16, u16)) -> Canvas {
    let map = model(&session.world);
    let walk = session
        .followed
        .last
        .as_ref()
        .map(|story| walk(&map, story));
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
        walk: walk.as_ref(),
        moved: session.moved(),
    };
    crate::map::draw(&map, &look)
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
fn note(session: &Session, theme: Theme, aside: u16, most: u16) -> String {
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
    parts.join(" ")
}

fn line(theme: Theme, runs: Vec<Run>) -> Line<'static> {
    let spans = runs.into_iter().map(|run| {
        let style = theme.style(slot(run.ink));
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
