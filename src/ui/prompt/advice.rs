//! The rows below the line.

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::choices;
use crate::command::{Explained, ParseError};
use crate::session::prompt::{Advice, Next, Prompt};
use crate::theme::{Slot, Theme};
use crate::ui::{ink, wrap};

/// What stands before the text that is looked for.
pub(super) const SEARCH: &str = "search: ";

/// At most `most` rows; `start` is the column at which the line begins, in rows of `width`.
pub(super) fn rows(
    advice: &Advice<'_>,
    prompt: &Prompt,
    theme: Theme,
    (start, width): (u16, u16),
    most: usize,
) -> Vec<Line<'static>> {
    match advice {
        Advice::Search(search, found) => {
            let missing = found.is_none() && !search.wanted.is_empty();
            let said = if missing { "  no line holds this" } else { "" };
            let query = ink::spans(
                theme,
                &[
                    (Slot::Note, SEARCH),
                    (Slot::Code, &search.wanted),
                    (Slot::Bad, said),
                ],
            );
            vec![query, keys(theme, SEARCH_KEYS)]
        }
        Advice::List(list) => choices::rows(list, theme, width, most),
        Advice::Refused(error) => wrong(error, prompt, Slot::Bad, theme, (start, width)),
        Advice::Mistake(error) => wrong(error, prompt, Slot::Dim, theme, (start, width)),
        Advice::Said(text) => wrap::words(&ink::line(theme, Slot::Note, text), width, 0),
        Advice::Words(explained, next) => {
            let text = prompt.line.text();
            let at = group(explained, text, prompt.line.cursor());
            let mut rows = words(explained, at, theme, width, most - 1);
            rows.push(follows(text, next, theme));
            rows
        }
    }
}

const SEARCH_KEYS: &[(&str, &str)] = &[
    ("Ctrl-R", "an older one"),
    ("Enter", "run it"),
    ("→", "change it"),
    ("Esc", "back"),
];

fn keys(theme: Theme, keys: &[(&str, &str)]) -> Line<'static> {
    let spans = keys.iter().flat_map(|(key, does)| {
        [
            ink::span(theme, Slot::Key, key),
            ink::span(theme, Slot::Dim, &format!(" {does}  ")),
        ]
    });
    Line::from(spans.collect::<Vec<_>>())
}

/// Points at the place and says what is wrong there, and what helps.
fn wrong(
    error: &ParseError,
    prompt: &Prompt,
    slot: Slot,
    theme: Theme,
    (start, width): (u16, u16),
) -> Vec<Line<'static>> {
    let text = prompt.line.text();
    let columns = |range: std::ops::Range<usize>| text.get(range).map_or(0, UnicodeWidthStr::width);
    let column = usize::from(start) + columns(0..error.at.start);
    let marks = columns(error.at.clone()).max(1);
    let mut rows = Vec::new();
    // Below a line of several rows there is no place to point at; the words say it.
    if column + marks <= usize::from(width)
        && usize::from(start) + text.width() < usize::from(width)
    {
        let pointer = format!("{}{}", " ".repeat(column), "^".repeat(marks));
        rows.push(ink::line(theme, slot, &pointer));
    }
    let said = format!(
        "column {}: {}",
        text.get(..error.at.start)
            .map_or(0, |it| it.chars().count())
            + 1,
        error.message
    );
    rows.extend(wrap::words(&prose(theme, slot, &said), width, 2));
    if let Some(help) = &error.help {
        rows.extend(wrap::words(&prose(theme, Slot::Note, help), width, 2));
    }
    rows
}

fn prose(theme: Theme, slot: Slot, text: &str) -> Line<'static> {
    Line::from(ink::prose(theme, slot, text))
}

/// The group of words that the cursor stands in or behind.
fn group(explained: &[Explained], text: &str, cursor: usize) -> usize {
    let mut from = 0;
    let mut last = 0;
    for (index, group) in explained.iter().enumerate() {
        let Some(found) = text.get(from..).and_then(|rest| rest.find(&group.words)) else {
            break;
        };
        if from + found > cursor {
            break;
        }
        from += found + group.words.len();
        last = index;
    }
    last
}

/// What the words mean: the group `at`, and as many around it as there is room for.
fn words(
    explained: &[Explained],
    at: usize,
    theme: Theme,
    width: u16,
    most: usize,
) -> Vec<Line<'static>> {
    let first = (at + 1)
        .saturating_sub(most)
        .min(explained.len().saturating_sub(most));
    let shown = explained.iter().enumerate().skip(first).take(most);
    let half = usize::from(width) / 2;
    let widest = shown.clone().map(|(_, group)| group.words.width());
    let widest = widest.max().unwrap_or(0).min(half);
    shown
        .map(|(index, group)| {
            let (words, meaning) = if index == at {
                (Slot::Code, Slot::Text)
            } else {
                (Slot::Dim, Slot::Dim)
            };
            let left = wrap::cut(
                &ink::line(theme, words, &group.words),
                u16::try_from(half).unwrap_or(width),
                theme.signs().more,
            );
            let pad = (widest + 4).saturating_sub(left.width() + 2);
            let mut line = Line::from("  ");
            line.spans.extend(left.spans);
            line.push_span(Span::raw(" ".repeat(pad)));
            line.push_span(ink::span(theme, meaning, &group.meaning));
            line
        })
        .collect()
}

/// What may follow.
fn follows(text: &str, next: &Next, theme: Theme) -> Line<'static> {
    let listed = |words: &[String]| words.join(", ");
    let said = match next {
        _ if text.is_empty() => {
            return keys(
                theme,
                &[
                    ("Tab", "what may stand here"),
                    ("↑", "typed before"),
                    (":", "words of this program"),
                ],
            );
        }
        Next::Words(words) if words.is_empty() => String::new(),
        Next::Words(words) => format!("next: {}", listed(words)),
        Next::Complete(words) if words.is_empty() => "`Enter` runs it".to_owned(),
        Next::Complete(words) => format!("`Enter` runs it; or next: {}", listed(words)),
    };
    prose(theme, Slot::Dim, &said)
}
