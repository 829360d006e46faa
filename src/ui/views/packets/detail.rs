//! One packet: what it is, each field with its value, and the bytes in which they stand.

use std::ops::Range;

use ratatui::text::{Line, Span};

use super::line::time;
use crate::packet::fields::{Field, HexRow, Sort, fields, hex};
use crate::packet::{Direction, Sighting};
use crate::session::Session;
use crate::session::packets::Open;
use crate::theme::{Slot, Theme};
use crate::ui::{ink, wrap};

/// Columns of a row of 16 bytes, and of one of 8.
const HEX: u16 = 67;
const HALF: u16 = 40;
/// From so many columns on the bytes stand beside the fields.
const BESIDE: u16 = HEX + 45;

/// The rows, as many as `height` at most.
pub(super) fn rows(
    session: &Session,
    open: &Open,
    theme: Theme,
    width: u16,
    height: usize,
) -> Vec<Line<'static>> {
    let sighting = &open.sighting;
    let fields = fields(sighting.medium, &sighting.bytes);
    let chosen = open.field.min(fields.len().saturating_sub(1));
    let lit = fields.get(chosen).map_or(0..0, |field| field.at.clone());
    let mut rows = head(session, open, theme, width);
    let meaning = fields
        .get(chosen)
        .map(|field| meaning(field, theme, width))
        .unwrap_or_default();
    let room = height.saturating_sub(rows.len() + meaning.len());
    if width >= BESIDE {
        let told = field_rows(&fields, chosen, theme, width - HEX - 2);
        let bytes = byte_rows(&sighting.bytes, &lit, theme, HEX);
        let told = around(told, chosen, room);
        let bytes = around_bytes(bytes, &lit, 16, room);
        rows.extend(beside(told, bytes, usize::from(width - HEX)));
    } else {
        let (columns, each) = if width >= HEX { (HEX, 16) } else { (HALF, 8) };
        let bytes = byte_rows(&sighting.bytes, &lit, theme, columns);
        let for_bytes = bytes.len().min((room / 3).max(1));
        let told = field_rows(&fields, chosen, theme, width);
        let told = around(told, chosen, room.saturating_sub(for_bytes));
        let for_bytes = room.saturating_sub(told.len());
        rows.extend(told);
        rows.extend(meaning);
        rows.extend(around_bytes(bytes, &lit, each, for_bytes));
        return rows;
    }
    rows.extend(meaning);
    rows
}

/// When and where it was seen, and its line.
fn head(session: &Session, open: &Open, theme: Theme, width: u16) -> Vec<Line<'static>> {
    let sighting: &Sighting = &open.sighting;
    let place = format!("{} {}: ", sighting.ns, sighting.dev);
    let way = match sighting.direction {
        Direction::In => "in, for this host",
        Direction::Broadcast => "in, for everybody",
        Direction::Multicast => "in, for a group",
        Direction::Other => "in, for another host",
        Direction::Out => "out",
    };
    let time = format!("{} ", time(sighting.at, session));
    let seen = ink::spans(
        theme,
        &[
            (Slot::Dim, &time),
            (Slot::Heading, &place),
            (Slot::Text, way),
        ],
    );
    let mut rows = wrap::words(&seen, width, 2);
    let words = ink::line(
        theme,
        Slot::Text,
        open.words.lines().next().unwrap_or_default(),
    );
    rows.extend(wrap::words(&words, width, 2).into_iter().take(3));
    if sighting.bytes.len() < sighting.length {
        let (kept, whole) = (sighting.bytes.len(), sighting.length);
        let cut = format!("only its first {kept} bytes were kept, of {whole}");
        rows.extend(wrap::words(&ink::line(theme, Slot::Bad, &cut), width, 2));
    }
    rows
}

/// What the chosen field is for, and where it stands.
fn meaning(field: &Field, theme: Theme, width: u16) -> Vec<Line<'static>> {
    let place = match field.at.len() {
        0 => format!("at byte {}", field.at.start),
        1 => format!("byte {}", field.at.start),
        _ => format!("bytes {} to {}", field.at.start, field.at.end - 1),
    };
    let what = field.what.map_or(String::new(), |what| format!(": {what}"));
    let line = ink::spans(theme, &[(Slot::Dim, &place), (Slot::Note, &what)]);
    let mut rows = wrap::words(&line, width, 2);
    rows.truncate(3);
    rows
}

/// The fields, a row each.
fn field_rows(fields: &[Field], chosen: usize, theme: Theme, width: u16) -> Vec<Line<'static>> {
    let signs = theme.signs();
    let row = |(index, field): (usize, &Field)| {
        let sign = if index == chosen { signs.current } else { " " };
        let indent = "  ".repeat(usize::from(field.depth.min(12)));
        let (sign, name, value) = match field.sort {
            Sort::Header => (sign, Slot::Heading, Slot::Dim),
            Sort::Field => (sign, Slot::Text, Slot::Code),
            Sort::Wrong if index == chosen => (sign, Slot::Bad, Slot::Bad),
            Sort::Wrong => (signs.bad, Slot::Bad, Slot::Bad),
        };
        let between = if field.value.is_empty() { "" } else { "  " };
        let parts = [
            (Slot::Key, sign),
            (Slot::Text, indent.as_str()),
            (name, &*field.name),
            (Slot::Text, between),
            (value, field.value.as_str()),
        ];
        let line = wrap::cut(&ink::spans(theme, &parts), width, signs.more);
        if index == chosen {
            lit(line, theme)
        } else {
            line
        }
    };
    fields.iter().enumerate().map(row).collect()
}

fn lit(line: Line<'static>, theme: Theme) -> Line<'static> {
    let style = theme.style(Slot::Bar);
    let spans = line.spans.into_iter();
    spans
        .map(|span| Span::styled(span.content, style))
        .collect()
}

/// The bytes, those of the chosen field lit, in rows as wide as `columns`.
fn byte_rows(
    bytes: &[u8],
    chosen: &Range<usize>,
    theme: Theme,
    columns: u16,
) -> Vec<Line<'static>> {
    let each = if columns >= HEX { 16 } else { 8 };
    let halves = |row: HexRow| {
        (0..16 / each).filter_map(move |half| {
            let at = half * each;
            let text: String = row.text.chars().skip(at).take(each).collect();
            let digits: String = row
                .hex
                .chars()
                .skip(at / 2 * 5)
                .take(each / 2 * 5)
                .collect();
            (!text.is_empty()).then_some((row.offset + at, digits, text))
        })
    };
    let row = |(offset, digits, text): (usize, String, String)| {
        let count = text.chars().count();
        let is_lit = |byte: usize| byte < count && chosen.contains(&(offset + byte));
        let mut spans = vec![ink::span(theme, Slot::Dim, &format!("0x{offset:04x}:  "))];
        let wide = each / 2 * 5 - 1;
        let cells: Vec<char> = format!("{digits:wide$.wide$}").chars().collect();
        spans.extend(runs(&cells, theme, |place| {
            let (pair, within) = (place / 5, place % 5);
            let byte = pair * 2 + usize::from(within > 1);
            // The blank between two pairs is lit when both of its neighbours are.
            is_lit(byte) && (within < 4 || is_lit(byte + 1))
        }));
        spans.push(Span::raw("  "));
        let cells: Vec<char> = text.chars().collect();
        spans.extend(runs(&cells, theme, is_lit));
        Line::from(spans)
    };
    hex(bytes).into_iter().flat_map(halves).map(row).collect()
}

/// Letters, some of them lit.
fn runs(cells: &[char], theme: Theme, is_lit: impl Fn(usize) -> bool) -> Vec<Span<'static>> {
    let cells: Vec<(bool, char)> = cells
        .iter()
        .enumerate()
        .map(|(place, c)| (is_lit(place), *c))
        .collect();
    let runs = cells.chunk_by(|one, next| one.0 == next.0);
    runs.map(|run| {
        let lit = run.first().is_some_and(|(lit, _)| *lit);
        let text: String = run.iter().map(|(_, c)| *c).collect();
        ink::span(theme, if lit { Slot::Bar } else { Slot::Text }, &text)
    })
    .collect()
}

/// As many rows as there is room for, the chosen one among them.
fn around(rows: Vec<Line<'static>>, chosen: usize, room: usize) -> Vec<Line<'static>> {
    let start = chosen
        .saturating_sub(room / 2)
        .min(rows.len().saturating_sub(room));
    rows.into_iter().skip(start).take(room).collect()
}

/// The same, with the first of the lit bytes seen.
fn around_bytes(
    rows: Vec<Line<'static>>,
    lit: &Range<usize>,
    each: usize,
    room: usize,
) -> Vec<Line<'static>> {
    around(rows, lit.start / each, room)
}

/// Two columns; the second begins at `at`.
fn beside(left: Vec<Line<'static>>, right: Vec<Line<'static>>, at: usize) -> Vec<Line<'static>> {
    let count = left.len().max(right.len());
    let (mut left, mut right) = (left.into_iter(), right.into_iter());
    (0..count)
        .map(|_| {
            let mut line = left.next().unwrap_or_default();
            if let Some(right) = right.next() {
                line.push_span(" ".repeat(at.saturating_sub(line.width())));
                line.spans.extend(right.spans);
            }
            line
        })
        .collect()
}
