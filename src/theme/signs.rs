//! Every sign and line that is drawn, in Unicode and in ASCII.

/// Signs and lines; each takes one column unless said.
#[derive(Debug, PartialEq, Eq)]
pub struct Signs {
    /// Done, holds.
    pub ok: &'static str,
    /// Failed, does not hold.
    pub bad: &'static str,
    /// The one under way or next.
    pub current: &'static str,
    /// To come.
    pub to_come: &'static str,
    /// Does not hold yet.
    pub pending: &'static str,
    /// Changed in the last moments.
    pub changed: &'static str,
    /// A hint.
    pub hint: &'static str,
    /// Text goes on here, and there was no room.
    pub more: &'static str,
    /// More to the left and to the right.
    pub aside: [&'static str; 2],
    /// Item of a list.
    pub item: &'static str,
    /// From here to there.
    pub arrow: &'static str,
    /// The line above a pane, without and with the focus.
    pub rule: [&'static str; 2],
    /// Between two panes side by side.
    pub divider: &'static str,
    /// Progress: behind and ahead.
    pub bar: [&'static str; 2],
    /// Scrollbar: track and thumb.
    pub scroll: [&'static str; 2],
    /// Corners of a box: top left, top right, bottom left, bottom right.
    pub corners: [&'static str; 4],
    /// Something is under way, one after the other.
    pub spinner: &'static [&'static str],
}

/// For a terminal with UTF-8.
pub(super) const UNICODE: Signs = Signs {
    ok: "✓",
    bad: "✗",
    current: "▶",
    to_come: "·",
    pending: "○",
    changed: "●",
    hint: "»",
    more: "…",
    aside: ["‹", "›"],
    item: "•",
    arrow: "→",
    rule: ["─", "━"],
    divider: "│",
    bar: ["━", "─"],
    scroll: ["│", "█"],
    corners: ["┌", "┐", "└", "┘"],
    spinner: &["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"],
};

/// For every other terminal.
pub(super) const ASCII: Signs = Signs {
    ok: "+",
    bad: "x",
    current: ">",
    to_come: ".",
    pending: "o",
    changed: "*",
    hint: "?",
    more: "~",
    aside: ["<", ">"],
    item: "-",
    arrow: "->",
    rule: ["-", "="],
    divider: "|",
    bar: ["#", "-"],
    scroll: ["|", "#"],
    corners: ["+", "+", "+", "+"],
    spinner: &["|", "/", "-", "\\"],
};
