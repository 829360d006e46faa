//! The help: every key, every word of the program, every sign.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Clear, Widget};
use unicode_width::UnicodeWidthStr;

use super::sheet::{self, Sheet};
use super::{clean, ink, wrap};
use crate::keys::{Binding, LESSON, Mode, Modes, PROMPT, VIEWS};
use crate::session::colon::WORDS;
use crate::session::state::Area;
use crate::session::{Action, Pane, Session};
use crate::theme::{Slot, Theme};

/// What is explained, and how.
type Entry = (String, &'static str);

/// Ways into this session from outside.
const ELSEWHERE: [(&str, &str); 4] = [
    (
        "tutor shell NS",
        "your own shell in that namespace of this session; it ends with it",
    ),
    (
        "tutor map",
        "the map of this session; --format dot, mermaid or svg for slides",
    ),
    (
        "tutor why SRC DST",
        "send a packet here, and tell its way and why it got no answer",
    ),
    (
        "tutor ps",
        "the sessions that are running, and what they do",
    ),
];

/// Draws it over everything else.
pub(super) fn draw(session: &Session, theme: Theme, area: Rect, buffer: &mut Buffer) -> Area {
    let box_width = area.width.saturating_sub(4).min(76);
    let text_width = box_width.saturating_sub(6);
    let heading = |text: &str| ink::line(theme, Slot::Heading, text);
    let keys = entries(LESSON, theme);
    let in_views = entries(VIEWS, theme);
    let at_prompt = entries(PROMPT, theme);
    let words = words();
    let elsewhere: Vec<Entry> = (ELSEWHERE.iter())
        .map(|(label, does)| ((*label).to_owned(), *does))
        .collect();
    let all = [&keys, &in_views, &at_prompt, &words, &elsewhere]
        .into_iter()
        .flatten();
    let widest = all.map(|(label, _)| label.width()).max().unwrap_or(0);
    let rows = |entries: &[Entry]| explained(entries, theme, widest, text_width);
    let mut lines = rows(&keys);
    lines.extend([
        Line::default(),
        heading("While packets, trace or map have the focus (Tab)"),
    ]);
    lines.extend(rows(&in_views));
    lines.extend([Line::default(), heading("While you type at the prompt (i)")]);
    lines.extend(rows(&at_prompt));
    lines.extend([Line::default(), heading("Words to type there")]);
    lines.extend(rows(&words));
    lines.extend([Line::default(), heading("In a second terminal")]);
    lines.extend(rows(&elsewhere));
    lines.extend([Line::default(), heading("Signs")]);
    for (sign, meaning) in legend(theme) {
        lines.push(ink::spans(
            theme,
            &[(Slot::Key, sign), (Slot::Text, "  "), (Slot::Dim, meaning)],
        ));
    }
    let height = u16::try_from(lines.len() + 3).unwrap_or(u16::MAX);
    let frame = centred(area, box_width, height.min(area.height.saturating_sub(2)));
    Clear.render(frame, buffer);
    border(frame, theme, buffer);
    let inner = Rect {
        x: frame.x + 2,
        y: frame.y,
        width: frame.width.saturating_sub(4),
        height: frame.height.saturating_sub(1),
    };
    let title = ink::line(theme, Slot::Focus, "Keys");
    let mut sheet = Sheet::new(session, Pane::Help, title, lines);
    sheet.focused = false;
    sheet::draw(&sheet, inner, theme, buffer)
}

/// Keys with what they do; not those of the help itself, which its last line shows.
fn entries(table: &[Binding<Action>], theme: Theme) -> Vec<Entry> {
    table
        .iter()
        .filter(|row| row.modes != Modes::of(&[Mode::Help]) && !row.help.is_empty())
        .map(|row| (clean::clean(row.label, theme.unicode), row.help))
        .collect()
}

/// The program's own words with what they do.
fn words() -> Vec<Entry> {
    let label = |word: &str, takes: &str| format!(":{word} {takes}").trim_end().to_owned();
    WORDS
        .iter()
        .map(|word| (label(word.word, word.takes.label()), word.meaning))
        .collect()
}

fn explained(entries: &[Entry], theme: Theme, widest: usize, width: u16) -> Vec<Line<'static>> {
    let hang = u16::try_from(widest + 2).unwrap_or(0);
    let line = |(label, does): &Entry| {
        let pad = " ".repeat(widest + 2 - label.width());
        let spans = [
            (Slot::Key, label.as_str()),
            (Slot::Text, &pad),
            (Slot::Text, does),
        ];
        wrap::words(&ink::spans(theme, &spans), width, hang)
    };
    entries.iter().flat_map(line).collect()
}

fn legend(theme: Theme) -> [(&'static str, &'static str); 10] {
    let signs = theme.signs();
    [
        (signs.current, "the next command"),
        (signs.ok, "done; this check holds"),
        (signs.bad, "refused; this check does not hold"),
        (signs.pending, "not yet"),
        (signs.changed, "changed in the last moments"),
        (signs.more, "there was no room for more"),
        (
            "In Out",
            "packets: came in, went out; B in for all, M for a group",
        ),
        (
            "P",
            "packets: in, though addressed to another, as at a switch's port",
        ),
        (
            "→ ← ? !",
            "trace: request, reply, call for a hardware address, error",
        ),
        ("1 2 3", "map: the cables that the packet crossed, in order"),
    ]
}

fn centred(area: Rect, width: u16, height: u16) -> Rect {
    Rect {
        x: area.x + area.width.saturating_sub(width) / 2,
        y: area.y + area.height.saturating_sub(height) / 2,
        width,
        height,
    }
}

fn border(area: Rect, theme: Theme, buffer: &mut Buffer) {
    let style = theme.style(Slot::Border);
    let signs = theme.signs();
    let (left, right) = (area.x, area.right().saturating_sub(1));
    let (top, bottom) = (area.y, area.bottom().saturating_sub(1));
    for x in left..=right {
        buffer.set_string(x, top, signs.rule[0], style);
        buffer.set_string(x, bottom, signs.rule[0], style);
    }
    for y in top..=bottom {
        buffer.set_string(left, y, signs.divider, style);
        buffer.set_string(right, y, signs.divider, style);
    }
    let places = [(left, top), (right, top), (left, bottom), (right, bottom)];
    for ((x, y), corner) in places.into_iter().zip(signs.corners) {
        buffer.set_string(x, y, corner, style);
    }
}
