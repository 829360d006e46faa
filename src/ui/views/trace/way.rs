//! The hops: in columns where there is room for them, else below a line that says where.

use ratatui::text::Line;

use crate::theme::{Slot, Theme};
use crate::trace::{Leg, print};
use crate::ui::{ink, wrap};

/// From so many columns on, each line says its place and time beside what happened.
const WIDE: u16 = 64;
/// Columns of the time.
const TIME: usize = 9;

/// The rows of the way.
pub(super) fn rows(lines: &[print::Line], theme: Theme, width: u16) -> Vec<Line<'static>> {
    if width >= WIDE {
        wide(lines, theme, width)
    } else {
        narrow(lines, theme, width)
    }
}

fn wide(lines: &[print::Line], theme: Theme, width: u16) -> Vec<Line<'static>> {
    let (ns, dev) = print::columns(lines);
    let mut rows = Vec::new();
    let mut place = "";
    for line in lines {
        // A namespace is named where the packet comes there.
        let here = if place == line.ns { "" } else { &line.ns };
        place = &line.ns;
        let lead = [
            (Slot::Dim, format!("{:>TIME$} ", time(line))),
            (Slot::Code, format!("{here:ns$} ")),
            (Slot::Text, format!("{:dev$} ", line.dev)),
        ];
        let hang: usize = lead.iter().map(|(_, text)| text.chars().count()).sum();
        let mut spans: Vec<_> = (lead.iter())
            .map(|(slot, text)| ink::span(theme, *slot, text))
            .collect();
        spans.extend(what(line, theme).spans);
        let hang = u16::try_from(hang + 2).unwrap_or(0).min(width / 2);
        rows.extend(wrap::words(&Line::from(spans), width, hang));
    }
    rows
}

fn narrow(lines: &[print::Line], theme: Theme, width: u16) -> Vec<Line<'static>> {
    let mut rows = Vec::new();
    let mut place = ("", "");
    for line in lines {
        let here = (line.ns.as_str(), line.dev.as_str());
        // What a namespace decides stands below the device that the packet is at.
        let stays = here == place || here == (place.0, "");
        if !stays {
            let mut name = vec![ink::span(theme, Slot::Code, &line.ns)];
            name.push(ink::span(theme, Slot::Text, &format!(" {}", line.dev)));
            rows.push(Line::from(name));
            place = here;
        }
        let mut spans = vec![ink::span(theme, Slot::Text, " ")];
        spans.extend(what(line, theme).spans);
        rows.extend(wrap::words(&Line::from(spans), width, 3));
    }
    rows
}

/// What happened, behind the sign of its leg.
fn what(line: &print::Line, theme: Theme) -> Line<'static> {
    let (sign, text) = match (line.died, line.leg) {
        (true, _) | (false, Leg::Error) => (Slot::Bad, Slot::Bad),
        (false, Leg::Request) => (Slot::Icmp, Slot::Text),
        (false, Leg::Reply) => (Slot::Ok, Slot::Text),
        (false, Leg::Ask) => (Slot::Arp, Slot::Dim),
    };
    let mark = if line.died {
        format!("{} ", theme.signs().bad)
    } else {
        String::new()
    };
    let mut spans = vec![
        ink::span(theme, sign, &format!("{} ", line.leg.arrow())),
        ink::span(theme, text, &format!("{mark}{}", line.text)),
    ];
    if let Some(ttl) = line.ttl {
        spans.push(ink::span(theme, Slot::Dim, &format!("  ttl {ttl}")));
    }
    if line.died {
        spans.push(ink::span(theme, Slot::Bad, "  (it ended here)"));
    }
    Line::from(spans)
}

/// When, after the first sighting; in no more than [`TIME`] columns up to a quarter of an hour.
fn time(line: &print::Line) -> String {
    let Some(at) = line.at else {
        return String::new();
    };
    match at.as_secs_f64() * 1000.0 {
        ms if ms < 100.0 => format!("{ms:.3} ms"),
        ms if ms < 1000.0 => format!("{ms:.1} ms"),
        ms => format!("{:.2} s", ms / 1000.0),
    }
}
