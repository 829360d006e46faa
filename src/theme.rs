//! Colours and signs by meaning, for whatever the terminal can show.
//!
//! A pane asks for a [`Slot`] ("this is wrong", "this has just changed") and never for a colour. A
//! colour is never the only thing that tells: each state has a sign or a word of its own too, so
//! nothing is lost with `NO_COLOR`, to a colour-blind reader or in ASCII.

mod asked;
mod detect;
mod palette;
mod signs;

pub use detect::background_of;
pub use signs::Signs;

use ratatui::style::Style;

/// What a piece of text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// Plain text.
    Text,
    /// Of less weight: comments, what is to come, what stands there normally.
    Dim,
    /// Title of a pane or of a part of it.
    Heading,
    /// Done, holds, works.
    Ok,
    /// Failed, refused, down.
    Bad,
    /// Not yet so, and no fault.
    Pending,
    /// Changed in the last moments.
    Changed,
    /// The prompt of a transcript.
    Prompt,
    /// A command, a name, a value within a sentence.
    Code,
    /// A key that can be pressed.
    Key,
    /// Lines between panes.
    Border,
    /// Title of the pane that has the focus.
    Focus,
    /// The title bar, a chosen tab, the row under the cursor.
    Bar,
    /// Said by the program itself, hints.
    Note,
    /// A packet that asks for a hardware address, or tells it.
    Arp,
    /// A packet of ICMP that is no error.
    Icmp,
    /// A packet of TCP.
    Tcp,
    /// A packet of UDP.
    Udp,
}

impl Slot {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::Text,
        Self::Dim,
        Self::Heading,
        Self::Ok,
        Self::Bad,
        Self::Pending,
        Self::Changed,
        Self::Prompt,
        Self::Code,
        Self::Key,
        Self::Border,
        Self::Focus,
        Self::Bar,
        Self::Note,
        Self::Arp,
        Self::Icmp,
        Self::Tcp,
        Self::Udp,
    ];
}

/// How many colours there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None: bold, reverse and underline have to do.
    Mono,
    /// The sixteen of ANSI, as the reader's own palette shows them.
    Ansi,
    /// The 256 of xterm.
    Indexed,
    /// 24 bits.
    True,
}

/// What stands behind the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Background {
    /// Light text on it.
    Dark,
    /// Dark text on it.
    Light,
}

/// How to draw on this terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Colours.
    pub depth: Depth,
    /// Background.
    pub background: Background,
    /// Can it show more than ASCII?
    pub unicode: bool,
}

impl Theme {
    /// The style of a meaning.
    pub fn style(&self, slot: Slot) -> Style {
        palette::style(*self, slot)
    }

    /// The signs that it can show.
    pub fn signs(&self) -> &'static Signs {
        if self.unicode {
            &signs::UNICODE
        } else {
            &signs::ASCII
        }
    }
}
