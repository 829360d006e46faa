//! A namespace's tables as rows of a pane of some width.

use std::time::Duration;

use ratatui::text::Line;

use super::{Part, Row, Table, tables};
use crate::session::{RowKey, Session};
use crate::theme::{Slot, Theme};
use crate::ui::{ink, wrap};
use crate::world::Ns;

/// How long a change is marked.
const FRESH: Duration = Duration::from_secs(3);

/// Columns for the mark of a change and a space.
const MARK: usize = 2;

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

/// The rows of every table of `ns`.
pub(in crate::ui) fn block(
    session: &Session,
    ns: &Ns,
    theme: &Theme,
    width: u16,
) -> Vec<Line<'static>> {
    let changed: Vec<&RowKey> = fresh(session, ns).collect();
    tables(&session.world, ns)
        .iter()
        .flat_map(|table| section(table, &changed, theme, width))
        .collect()
}

fn section(table: &Table, changed: &[&RowKey], theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let gone = changed
        .iter()
        .filter(|key| (table.owns)(key))
        .filter(|key| !table.rows.iter().any(|row| row.key.as_ref() == Some(**key)))
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
    if gone > 0 && !(table.owns)(&RowKey::Ruleset) {
        let mark = format!("  {} {gone} gone", theme.signs().changed);
        head.push(ink::span(theme, Slot::Changed, &mark));
    }
    lines.extend(wrap::words(&Line::from(head), width, 2));
    let columns = columns(&table.rows, theme, width);
    for row in &table.rows {
        let marked = row.key.as_ref().is_some_and(|key| changed.contains(&key));
        lines.extend(row_lines(row, &columns, marked, theme, width));
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

fn columns(rows: &[Row], theme: &Theme, width: u16) -> Columns {
    let count = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count)
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
    let longest_tail = rows.iter().map(|row| tail_width(row, theme)).max();
    Columns {
        beside: all + longest_tail.unwrap_or(0) <= room,
        widths: if all <= room + GAP {
            widths
        } else {
            Vec::new()
        },
    }
}

fn part_width(part: &Part, theme: &Theme) -> usize {
    part_line(part, theme).width()
}

fn part_line(part: &Part, theme: &Theme) -> Line<'static> {
    part.0
        .iter()
        .map(|(slot, text)| ink::span(theme, *slot, text))
        .collect::<Vec<_>>()
        .into()
}

fn tail_width(row: &Row, theme: &Theme) -> usize {
    let parts = row.tail.iter().map(|part| part_width(part, theme) + GAP);
    parts.sum::<usize>().saturating_sub(GAP)
}

fn row_lines(
    row: &Row,
    columns: &Columns,
    marked: bool,
    theme: &Theme,
    width: u16,
) -> Vec<Line<'static>> {
    let mark = if marked { theme.signs().changed } else { " " };
    let mut first = Line::from(ink::spans(
        theme,
        &[(Slot::Changed, mark), (Slot::Text, " ")],
    ));
    let mut lines = Vec::new();
    if columns.widths.is_empty() {
        let parts = row.cells.iter().chain(&row.tail);
        flow(first, parts, MARK + GAP, &mut lines, theme, width);
    } else {
        for (part, column) in row.cells.iter().zip(&columns.widths) {
            let shown = part_line(part, theme);
            if *column > 0 {
                let pad = " ".repeat(column + GAP - shown.width());
                first.spans.extend(shown.spans);
                first.push_span(pad);
            }
        }
        if columns.beside {
            flow_on(&mut first, &row.tail, theme);
            lines.push(first);
        } else {
            let tail = tail_width(row, theme);
            if first.width() + tail <= usize::from(width) {
                flow_on(&mut first, &row.tail, theme);
                lines.push(first);
            } else if trimmed(&first) + GAP + tail <= usize::from(width) {
                trim(&mut first);
                first.push_span(" ".repeat(GAP));
                flow_on(&mut first, &row.tail, theme);
                lines.push(first);
            } else {
                lines.push(first);
                let indent = Line::raw(" ".repeat(MARK + GAP));
                flow(
                    indent,
                    row.tail.iter(),
                    MARK + GAP,
                    &mut lines,
                    theme,
                    width,
                );
            }
        }
    }
    if marked {
        let style = theme.style(Slot::Changed);
        for span in lines.iter_mut().flat_map(|line| &mut line.spans) {
            if span.style.fg == theme.style(Slot::Text).fg {
                span.style = span.style.patch(style);
            }
        }
    }
    lines
}

fn trimmed(line: &Line<'_>) -> usize {
    let text = line.to_string();
    line.width() - (text.len() - text.trim_end().len())
}

/// Takes the columns' padding off its end.
fn trim(line: &mut Line<'static>) {
    while line
        .spans
        .last()
        .is_some_and(|span| span.content.trim().is_empty())
    {
        line.spans.pop();
    }
}

fn flow_on(line: &mut Line<'static>, parts: &[Part], theme: &Theme) {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            line.push_span(" ".repeat(GAP));
        }
        line.spans.extend(part_line(part, theme).spans);
    }
}

/// Parts one after the other, broken between two of them where there is no more room.
fn flow<'a>(
    first: Line<'static>,
    parts: impl Iterator<Item = &'a Part>,
    indent: usize,
    lines: &mut Vec<Line<'static>>,
    theme: &Theme,
    width: u16,
) {
    let mut line = first;
    let mut empty = true;
    for part in parts {
        let shown = part_line(part, theme);
        if shown.width() == 0 {
            continue;
        }
        let gap = if empty { 0 } else { GAP };
        if !empty && line.width() + gap + shown.width() > usize::from(width) {
            let next = Line::raw(" ".repeat(indent));
            lines.extend(wrap::words(&std::mem::replace(&mut line, next), width, 6));
        } else if !empty {
            line.push_span(" ".repeat(gap));
        }
        line.spans.extend(shown.spans);
        empty = false;
    }
    lines.extend(wrap::words(&line, width, 6));
}
