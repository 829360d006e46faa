//! What stands on the right: tables, packets, the way of a packet, or the map.

mod map;
mod packets;
mod trace;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::spaces;
use crate::session::Session;
use crate::session::state::{Area, View};
use crate::theme::Theme;

/// Draws what the session looks at.
pub(super) fn draw(session: &Session, theme: Theme, area: Rect, buffer: &mut Buffer) -> Vec<Area> {
    match session.view {
        View::Tables => spaces::draw(session, theme, area, buffer),
        View::Packets => packets::draw(session, theme, area, buffer),
        View::Trace => vec![trace::draw(session, theme, area, buffer)],
        View::Map => vec![map::draw(session, theme, area, buffer)],
    }
}
