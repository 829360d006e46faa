//! A packet's line, as tcpdump prints it, and before that where it was seen.

use jiff::Timestamp;
use ratatui::text::{Line, Span};
use std::time::Duration;

use crate::packet::{Body, Direction, Net, Sighting, TcpFlags, decode};
use crate::session::Session;
use crate::session::packets::Row;
use crate::theme::{Slot, Theme};
use crate::ui::{ink, wrap};

/// Below so many columns the time is left out, and a line has two rows at most.
const NARROW: u16 = 60;
/// Names are given so many columns; a longer one takes what it needs.
const NAME: usize = 12;

/// How lines look in this pane.
pub(super) struct Look<'a> {
    session: &'a Session,
    theme: Theme,
    width: u16,
    /// Columns of a namespace's name and of a device's.
    names: (usize, usize),
}

impl<'a> Look<'a> {
    pub(super) fn new(session: &'a Session, theme: Theme, width: u16) -> Self {
        let spaces = &session.world.spaces;
        let ns = spaces.keys().map(|ns| ns.name().len()).max();
        let links = spaces.values().flat_map(|space| space.links.values());
        let dev = links.map(|link| link.name.len()).max();
        let names = [ns, dev].map(|longest| longest.unwrap_or(0).min(NAME));
        Self {
            session,
            theme,
            width,
            names: names.into(),
        }
    }

    /// The rows of a line.
    pub(super) fn lines(&self, row: &Row, chosen: bool) -> Vec<Line<'static>> {
        let signs = self.theme.signs();
        let words = row.words();
        let mut text = words.lines();
        let first = text.next().unwrap_or_default();
        let mut spans = vec![ink::span(
            self.theme,
            Slot::Key,
            if chosen { signs.current } else { " " },
        )];
        let hang = match row {
            Row::Seen { sighting, .. } => {
                spans.extend(self.place(sighting));
                let hang = Line::from(spans.clone()).width();
                spans.push(ink::span(self.theme, slot(sighting), first));
                hang
            }
            Row::Break(_) => {
                let rule = signs.rule[0].repeat(2);
                let said = format!("{rule} {first} {rule}");
                spans.push(ink::span(self.theme, Slot::Note, &said));
                1
            }
        };
        if text.next().is_some() {
            spans.push(ink::span(self.theme, Slot::Dim, signs.more));
        }
        let rows = self.wrapped(&Line::from(spans), hang);
        if chosen {
            rows.into_iter().map(|row| self.lit(row)).collect()
        } else {
            rows
        }
    }

    fn wrapped(&self, line: &Line<'static>, hang: usize) -> Vec<Line<'static>> {
        let hang = u16::try_from(hang).unwrap_or(u16::MAX);
        if self.width >= NARROW {
            return wrap::words(line, self.width, hang);
        }
        let mut rows = wrap::words(line, self.width, 2);
        if rows.len() > 2 {
            let rest = rows.split_off(1).into_iter().enumerate();
            // What would be a row of its own has an indent before it.
            let spans = rest.flat_map(|(index, row)| {
                let indent = usize::from(index > 0);
                row.spans.into_iter().skip(indent)
            });
            let rest = wrap::cut(
                &spans.collect::<Line<'_>>(),
                self.width,
                self.theme.signs().more,
            );
            rows.push(rest);
        }
        rows
    }

    /// The row of the chosen one.
    fn lit(&self, row: Line<'static>) -> Line<'static> {
        let style = self.theme.style(Slot::Bar);
        let spans = row.spans.into_iter();
        spans
            .map(|span| Span::styled(span.content, style))
            .collect()
    }

    /// When, in which namespace, at which device and in which direction it was seen.
    fn place(&self, sighting: &Sighting) -> Vec<Span<'static>> {
        let ns = sighting.ns.name();
        let here = if sighting.ns == self.session.chosen {
            Slot::Heading
        } else {
            Slot::Dim
        };
        let way = direction(sighting.direction);
        if self.width < NARROW {
            let parts = [
                (here, format!("{ns} ")),
                (Slot::Text, format!("{} ", sighting.dev)),
                (Slot::Dim, format!("{way} ")),
            ];
            return parts
                .map(|(slot, text)| ink::span(self.theme, slot, &text))
                .into();
        }
        let time = time(sighting.at, self.session);
        let (ns_width, dev_width) = self.names;
        let parts = [
            (Slot::Dim, format!("{time} ")),
            (here, format!("{ns:ns_width$} ")),
            (Slot::Text, format!("{:dev_width$} ", sighting.dev)),
            (Slot::Dim, format!("{way:3} ")),
        ];
        parts
            .map(|(slot, text)| ink::span(self.theme, slot, &text))
            .into()
    }
}

/// Time of day, to the microsecond, as tcpdump prints it.
pub(super) fn time(at: Duration, session: &Session) -> String {
    let at = i64::try_from(at.as_micros())
        .ok()
        .and_then(|micros| Timestamp::from_microsecond(micros).ok())
        .unwrap_or_default();
    at.to_zoned(session.packets.zone.clone())
        .strftime("%H:%M:%S.%6f")
        .to_string()
}

/// As `tcpdump -i any` prints it.
fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "In",
        Direction::Broadcast => "B",
        Direction::Multicast => "M",
        Direction::Other => "P",
        Direction::Out => "Out",
    }
}

/// What it is. Its words say the same: `ARP`, `ICMP`, `UDP`, TCP's `Flags`.
fn slot(sighting: &Sighting) -> Slot {
    let ip = match decode(sighting.medium, &sighting.bytes).net {
        Net::Arp(_) => return Slot::Arp,
        Net::Other(_) | Net::Cut => return Slot::Text,
        Net::Ip(ip) => ip,
    };
    match ip.body {
        Body::Solicit { .. } | Body::Advert { .. } => Slot::Arp,
        Body::Error(_) => Slot::Bad,
        Body::Echo { .. } | Body::Icmp { .. } => Slot::Icmp,
        Body::Udp { .. } => Slot::Udp,
        Body::Tcp(tcp) if tcp.flags.contains(TcpFlags::RST) => Slot::Bad,
        Body::Tcp(_) => Slot::Tcp,
        Body::Other | Body::Cut => Slot::Text,
    }
}
