//! A namespace's tables as rows of a pane of some width.

use std::collections::BTreeSet;
use std::ops::Range;

use ratatui::text::Line;

use super::{Part, Row, Table};
use crate::session::marks::FRESH;
use crate::session::{RowKey, Session};
use crate::theme::{Slot, Theme};
use crate::ui::{ink, wrap};
use crate::world::Ns;

/// How many rows of a table are shown: more than anybody reads, few enough to be drawn at once.
const MOST: usize = 200;

/// Columns for the mark of a change and a space.
const MARK: usize = 2;

/// Indent of a part that is itself too long for a line.
const HANG: u16 = 6;

/// Between two cells.
const GAP: usize = 2;

/// Has something of this namespace changed in the last moments?
pub(in crate::ui) fn is_fresh(session: &Session, ns: &Ns) -> bool {
    fresh(session, ns).next().is_some()
}

fn fresh<'a>(session: &'a Session, ns: &'a Ns) -> impl Iterator<Item = &'a RowKey> {
    session
        .fresh
        .iter()
        .filter(move |((of, _), since)| of == ns && session.now.saturating_sub(**since) < FRESH)
        .map(|((_, key), _)| key)
}

/// The rows of every one of the tables of `ns`, and which of them changed last.
pub(in crate::ui) fn block(
    session: &Session,
    ns: &Ns,
    tables: &[Table],
    theme: Theme,
    width: u16,
) -> (Vec<Line<'static>>, Option<Range<usize>>) {
    let changed: BTreeSet<&RowKey> = fresh(session, ns).collect();
    let latest = session.latest.get(ns).map_or(&[][..], |(_, keys)| keys);
    let mut lines = Vec::new();
    let mut shown: Option<Range<usize>> = None;
    for table in tables {
        let from = lines.len();
        lines.extend(section(table, &changed, theme, width));
        if latest.iter().any(|key| (table.owns)(key)) {
            let start = shown.map_or(from, |range| range.start);
            shown = Some(start..lines.len());
        }
    }
    (lines, shown)
}

fn section(
    table: &Table,
    changed: &BTreeSet<&RowKey>,
    theme: Theme,
    width: u16,
) -> Vec<Line<'static>> {
    let gone = changed
        .iter()
        .filter(|key| (table.owns)(key) && !table.there.contains(**key))
        .count();
    let mut lines = Vec::new();
    if table.rows.is_empty() && table.empty.is_none() && gone == 0 {
        return lines;
    }
    let mut head = vec![ink::span(theme, Slot::Heading, table.title)];
    if table.rows.is_empty() {
        let empty = format!("  {}", table.empty.unwrap_or("none"));
        head.push(ink::span(theme, Slot::Dim, &empty));
    }
    if let Some(hidden) = &table.hidden {
        head.push(ink::span(theme, Slot::Dim, &format!("  {hidden}")));
    }
    if gone > 0 {
        let sign = theme.signs().changed;
        // A ruleset changes as a whole: which of its rules are new is not told.
        let mark = if (table.owns)(&RowKey::Ruleset) {
            format!("  {sign} changed")
        } else {
            format!("  {sign} {gone} gone")
        };
        head.push(ink::span(theme, Slot::Changed, &mark));
    }
    lines.extend(wrap::words(&Line::from(head), width, 2));
    let shown = table.rows.get(..MOST).unwrap_or(&table.rows);
    let columns = columns(shown, theme, width);
    for row in shown {
        let marked = row.key.as_ref().is_some_and(|key| changed.contains(key));
        lines.extend(row_lines(row, &columns, marked, theme, width));
    }
    let hidden = table.rows.len() - shown.len();
    if hidden > 0 {
        let more = format!("  {} {hidden} more", theme.signs().more);
        lines.push(ink::line(theme, Slot::Dim, &more));
    }
    lines
}

/// How the rows of a table are set.
struct Columns {
    /// Width of each column; empty when they do not fit side by side.
    widths: Vec<usize>,
    /// Does the tail stand on the same line?
    beside: bool,
}

/// A first column of fewer is no column.
const NARROWEST: usize = 8;

fn columns(rows: &[Row], theme: Theme, width: u16) -> Columns {
    let count = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let mut widths: Vec<usize> = (0..count)
        .map(|column| {
            rows.iter()
                .filter_map(|row| row.cells.get(column))
                .map(|part| part_width(part, theme))
                .max()
                .unwrap_or(0)
        })
        .collect();
    let all = MARK
        + widths
            .iter()
            .filter(|w| **w > 0)
            .map(|w| w + GAP)
            .sum::<usize>();
    let room = usize::from(width);
    // A few long names shall not spoil the columns of all.
    if let Some(first) = widths.first_mut() {
        let cap = (room + GAP).saturating_sub(all - *first);
        if all > room + GAP && cap >= NARROWEST {
            *first = cap;
            return Columns {
                beside: false,
                widths,
            };
        }
    }
    let longest_tail = rows.iter().map(|row| tail_width(row, theme)).max();
    Columns {
        beside: match longest_tail.unwrap_or(0) {
            0 => all <= room + GAP,
            tail => all + tail <= room,
        },
        widths: if all <= room + GAP {
            widths
        } else {
            Vec::new()
        },
    }
}

fn part_width(part: &Part, theme: Theme) -> usize {
    part_line(part, theme).width()
}

fn part_line(part: &Part, theme: Theme) -> Line<'static> {
    part.0
        .iter()
        .map(|(slot, text)| ink::span(theme, *slot, text))
        .collect::<Vec<_>>()
        .into()
}

fn tail_width(row: &Row, theme: Theme) -> usize {
    let parts = row.tail.iter().map(|part| part_width(part, theme) + GAP);
    parts.sum::<usize>().saturating_sub(GAP)
}

fn row_lines(
    row: &Row,
    columns: &Columns,
    marked: bool,
    theme: Theme,
    width: u16,
) -> Vec<Line<'static>> {
    let mark = if marked { theme.signs().changed } else { " " };
    let mut first = ink::spans(theme, &[(Slot::Changed, mark), (Slot::Text, " ")]);
    let mut lines = Vec::new();
    let too_long = |(part, column): (&Part, &usize)| part_width(part, theme) > *column;
    if columns.widths.is_empty() || row.cells.iter().zip(&columns.widths).any(too_long) {
        let parts: Vec<Line<'static>> = cells(row, marked, theme)
            .chain(row.tail.iter().map(|part| part_line(part, theme)))
            .collect();
        flow(first, parts, MARK + GAP, &mut lines, width);
        return lines;
    }
    for (shown, column) in cells(row, marked, theme).zip(&columns.widths) {
        if *column > 0 {
            let pad = " ".repeat(column + GAP - shown.width());
            first.spans.extend(shown.spans);
            first.push_span(pad);
        }
    }
    let tail: Vec<Line<'static>> = row.tail.iter().map(|part| part_line(part, theme)).collect();
    if columns.beside {
        flow(first, tail, MARK + GAP, &mut lines, width);
        return lines;
    }
    trim(&mut first);
    // A single word finds room where the others' tails stand below.
    let short =
        tail.len() == 1 && first.width() + GAP + tail_width(row, theme) <= usize::from(width);
    if short {
        first.push_span(" ".repeat(GAP));
        flow(first, tail, MARK + GAP, &mut lines, width);
    } else {
        lines.push(first);
        if !tail.is_empty() {
            flow(
                Line::raw(" ".repeat(MARK + GAP)),
                tail,
                MARK + GAP,
                &mut lines,
                width,
            );
        }
    }
    lines
}

/// The cells of a row; the first of one that has changed is marked too.
fn cells(row: &Row, marked: bool, theme: Theme) -> impl Iterator<Item = Line<'static>> {
    row.cells.iter().enumerate().map(move |(index, part)| {
        let mut line = part_line(part, theme);
        if marked && index == 0 {
            for span in &mut line.spans {
                span.style = span.style.patch(theme.style(Slot::Changed));
            }
        }
        line
    })
}

/// Takes the columns' padding off its end.
fn trim(line: &mut Line<'static>) {
    while line.spans.len() > MARK
        && line
            .spans
            .last()
            .is_some_and(|span| span.content.trim().is_empty())
    {
        line.spans.pop();
    }
}

/// Parts one after the other, broken between two of them where there is no more room.
fn flow(
    first: Line<'static>,
    parts: Vec<Line<'static>>,
    indent: usize,
    lines: &mut Vec<Line<'static>>,
    width: u16,
) {
    let mut line = first;
    let mut empty = true;
    for part in parts.into_iter().filter(|part| part.width() > 0) {
        let gap = if empty { 0 } else { GAP };
        if !empty && line.width() + gap + part.width() > usize::from(width) {
            let next = Line::raw(" ".repeat(indent));
            lines.extend(wrap::words(
                &std::mem::replace(&mut line, next),
                width,
                HANG,
            ));
        } else {
            line.push_span(" ".repeat(gap));
        }
        line.spans.extend(part.spans);
        empty = false;
    }
    trim(&mut line);
    lines.extend(wrap::words(&line, width, HANG));
}
