//! The way of one packet, and why it got no answer.

mod way;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::session::state::Area;
use crate::session::{Pane, Session};
use crate::theme::{Slot, Theme};
use crate::trace::{Diagnosis, Story, print};
use crate::ui::sheet::{self, Sheet};
use crate::ui::{ink, wrap};

/// What an empty pane says.
const NOTHING_YET: &str = "No packet has been followed yet. Every `ping` is, and every check that \
                           sends one; `T` sends one where you say: `:trace [FROM] TO`.";

/// Instead of why, while something is to be repaired.
const KEPT_BACK: &str = "w says why; here it counts as a hint.";

/// Draws it.
pub(super) fn draw(session: &Session, theme: Theme, area: Rect, buffer: &mut Buffer) -> Area {
    let width = sheet::inner_width(area);
    let mut rows = Vec::new();
    if let Some(it) = &session.followed.under_way {
        let text = format!("On its way, to be followed: {} → {}", it.from, it.to);
        rows.extend(wrap::words(&ink::line(theme, Slot::Note, &text), width, 2));
    }
    match &session.followed.last {
        Some(story) => {
            let kept_back = session.keeps_cause_back();
            rows.extend(told(story, kept_back, theme, width));
            rows.extend(missed(session.followed.missed, theme, width));
        }
        None if rows.is_empty() => {
            let line = Line::from(ink::prose(theme, Slot::Dim, NOTHING_YET));
            rows.extend(wrap::words(&line, width, 0));
        }
        None => {}
    }
    let title = ink::line(theme, Slot::Heading, "Trace");
    let more = rows.len() > usize::from(area.height.saturating_sub(1));
    let mut sheet = Sheet::new(session, Pane::Trace, title, rows);
    sheet.note = if more && !sheet.focused {
        ink::spans(theme, &[(Slot::Key, "Tab"), (Slot::Dim, " all of it")])
    } else {
        ink::spans(theme, &[(Slot::Key, "T"), (Slot::Dim, " sends another")])
    };
    sheet::draw(&sheet, area, theme, buffer)
}

/// That not everything was seen, if so.
fn missed(count: u64, theme: Theme, width: u16) -> Vec<Line<'static>> {
    if count == 0 {
        return Vec::new();
    }
    let text = format!(
        "{count} packets more passed meanwhile than could be kept: some of this way may be missing."
    );
    wrap::words(&ink::line(theme, Slot::Note, &text), width, 0)
}

/// What was sent and what came of it, why, and the way.
fn told(story: &Story, kept_back: bool, theme: Theme, width: u16) -> Vec<Line<'static>> {
    let (slot, sign) = if story.answer.is_reply() {
        (Slot::Ok, theme.signs().ok)
    } else {
        (Slot::Bad, theme.signs().bad)
    };
    let heading = format!("{sign} {}", print::heading(story));
    let mut rows = wrap::words(&ink::line(theme, slot, &heading), width, 2);
    match &story.diagnosis {
        // Who is to find it out is not told unasked.
        Some(_) if kept_back => rows.push(ink::line(theme, Slot::Dim, KEPT_BACK)),
        Some(diagnosis) => rows.extend(why(diagnosis, theme, width)),
        None => {}
    }
    rows.push(Line::default());
    rows.extend(way::rows(&print::lines(story), theme, width));
    rows
}

/// The first thing that is wrong: where it is at home, a sentence, and what shows it.
fn why(diagnosis: &Diagnosis, theme: Theme, width: u16) -> Vec<Line<'static>> {
    let cause = diagnosis.cause;
    let place = format!("{cause}, {}: ", cause.layer().name());
    let mut parts = vec![ink::span(theme, Slot::Heading, &place)];
    parts.extend(ink::prose(theme, Slot::Text, &diagnosis.sentence));
    let mut rows = wrap::words(&Line::from(parts), width, 0);
    for line in &diagnosis.evidence {
        let text = format!("{} {line}", theme.signs().item);
        rows.extend(wrap::words(&ink::line(theme, Slot::Dim, &text), width, 2));
    }
    rows
}
