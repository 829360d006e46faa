//! Lines broken at words and by the width of a terminal's cells.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A character with its style and its columns.
type Cell = (char, Style, usize);

/// Breaks a line at spaces so that it fits `width` columns; what follows the first row is indented
/// by `hang`. A word longer than a row is broken where the row ends. Nothing is lost but the spaces
/// at a break.
pub(super) fn words(line: &Line<'_>, width: u16, hang: u16) -> Vec<Line<'static>> {
    broken(line, width, hang, true)
}

/// Breaks a line wherever a row is full, as a terminal does.
pub(super) fn columns(line: &Line<'_>, width: u16) -> Vec<Line<'static>> {
    broken(line, width, 0, false)
}

fn broken(line: &Line<'_>, width: u16, hang: u16, at_words: bool) -> Vec<Line<'static>> {
    let width = usize::from(width.max(1));
    // A deep indent in a narrow pane would leave a column of single letters.
    let hang = usize::from(hang).min(width / 3);
    let cells = cells(line);
    let mut rows = Vec::new();
    let mut start = 0;
    while start < cells.len() {
        let indent = if rows.is_empty() { 0 } else { hang };
        let end = row_end(&cells, start, width - indent, at_words);
        rows.push(join(&cells[start..end], indent));
        start = end;
        if at_words {
            while cells.get(start).is_some_and(|(c, ..)| *c == ' ') {
                start += 1;
            }
        }
    }
    if rows.is_empty() {
        rows.push(Line::default());
    }
    rows
}

fn cells(line: &Line<'_>) -> Vec<Cell> {
    line.spans
        .iter()
        .flat_map(|span| {
            let style = line.style.patch(span.style);
            span.content
                .chars()
                .map(move |c| (c, style, c.width().unwrap_or(0)))
        })
        .collect()
}

/// Where the row that begins at `start` ends; always takes at least one cell.
fn row_end(cells: &[Cell], start: usize, width: usize, at_words: bool) -> usize {
    let mut used = 0;
    let mut end = start;
    while let Some((_, _, columns)) = cells.get(end) {
        if used + columns > width && end > start {
            break;
        }
        used += columns;
        end += 1;
    }
    if end == cells.len() || !at_words || cells[end].0 == ' ' {
        return end;
    }
    let space = cells[start..end].iter().rposition(|(c, ..)| *c == ' ');
    match space {
        // Leading spaces are an indent, no place to break.
        Some(space) if cells[start..start + space].iter().any(|(c, ..)| *c != ' ') => {
            start + space + 1
        }
        Some(_) | None => end,
    }
}

fn join(cells: &[Cell], indent: usize) -> Line<'static> {
    let mut spans: Vec<Span<'static>> = Vec::new();
    if indent > 0 {
        spans.push(Span::raw(" ".repeat(indent)));
    }
    for run in cells.chunk_by(|one, next| one.1 == next.1) {
        let text: String = run.iter().map(|(c, ..)| *c).collect();
        let style = run.first().map_or_else(Style::new, |(_, style, _)| *style);
        spans.push(Span::styled(text, style));
    }
    Line::from(spans)
}

/// A line cut to `width` columns, ending in `more` where something was cut off.
pub(super) fn cut(line: &Line<'_>, width: u16, more: &str) -> Line<'static> {
    let cells = cells(line);
    let width = usize::from(width);
    let whole: usize = cells.iter().map(|(_, _, columns)| columns).sum();
    if whole <= width {
        return join(&cells, 0);
    }
    let room = width.saturating_sub(more.width());
    let mut used = 0;
    let kept = cells
        .iter()
        .take_while(|(_, _, columns)| {
            used += columns;
            used <= room
        })
        .count();
    let style = cells
        .get(kept.saturating_sub(1))
        .map_or_else(Style::new, |(_, style, _)| *style);
    let mut line = join(&cells[..kept], 0);
    line.push_span(Span::styled(more.to_owned(), style));
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(lines: &[Line<'_>]) -> Vec<String> {
        lines.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn words_stay_whole_and_long_ones_do_not() {
        let line = Line::raw("plug both cables into abcdefghijklmn");
        assert_eq!(
            texts(&words(&line, 10, 2)),
            [
                "plug both ",
                "  cables ",
                "  into ",
                "  abcdefgh",
                "  ijklmn"
            ]
        );
    }

    #[test]
    fn wide_characters_count_twice() {
        assert_eq!(texts(&columns(&Line::raw("漢字漢"), 5)), ["漢字", "漢"]);
        assert_eq!(cut(&Line::raw("漢字漢"), 5, "…").to_string(), "漢字…");
    }

    #[test]
    fn a_cut_line_says_so() {
        assert_eq!(cut(&Line::raw("abcdef"), 4, "…").to_string(), "abc…");
        assert_eq!(cut(&Line::raw("abcd"), 4, "…").to_string(), "abcd");
    }

    proptest! {
        #[test]
        fn rows_fit_and_lose_nothing(text in "[a-z漢 ]{0,80}", width in 2_u16..30) {
            let line = Line::raw(text.clone());
            let rows = words(&line, width, 2);
            for row in &rows {
                prop_assert!(row.to_string().trim_end().width() <= usize::from(width));
            }
            let kept: String = texts(&rows).concat().split_whitespace().collect();
            let all: String = text.split_whitespace().collect();
            prop_assert_eq!(kept, all);
        }
    }
}
