//! The rows of the key table for the views on the right, which act while one of them has the focus.

use super::modes::{ANY_VIEW, PACKETS};
use super::{Binding, Key, Mode, Modes, arrows};
use crate::session::Action;

/// Keys of a view on the right, which come before those of the lesson.
pub const VIEWS: &[Binding<Action>] = &[
    Binding {
        label: "Esc",
        keys: &[(Key::Esc, Action::Back)],
        short: "back",
        help: "in a view on the right: close what is open, stop what is under way, leave the view",
        modes: ANY_VIEW,
    },
    Binding {
        label: "Enter",
        keys: &[(Key::Enter, Action::Next)],
        short: "next",
        help: "",
        modes: Modes::of(&[Mode::Packets]),
    },
    Binding {
        label: "Enter",
        keys: &[(Key::Enter, Action::Open)],
        short: "fields",
        help: "in the packets: show the fields of the chosen one, and its bytes; again: close them",
        modes: Modes::of(&[Mode::Packet]),
    },
    Binding {
        label: "Enter",
        keys: &[(Key::Enter, Action::Open)],
        short: "close",
        help: "",
        modes: Modes::of(&[Mode::Fields]),
    },
    Binding {
        label: "↑↓",
        keys: &arrows(Action::Scroll(-1), Action::Scroll(1)),
        short: "choose",
        help: "in the packets: choose one, or one of its fields; behind the last they follow again",
        modes: PACKETS,
    },
    Binding {
        label: "/",
        keys: &[(Key::Char('/'), Action::AskFilter)],
        short: "filter",
        help: "show only those packets that a filter passes, such as icmp or host 10.0.0.1",
        modes: PACKETS,
    },
    Binding {
        label: "/",
        keys: &[(Key::Char('/'), Action::AskFilter)],
        short: "",
        help: "",
        modes: Modes::of(&[Mode::Idle, Mode::Working, Mode::Trace, Mode::Map]),
    },
    Binding {
        label: "Space",
        keys: &[(Key::Char(' '), Action::Pause)],
        short: "pause",
        help: "in the packets: hold them still, while more are kept; again: go on",
        modes: PACKETS,
    },
    Binding {
        label: "+ -",
        keys: &[
            (Key::Char('+'), Action::Zoom(true)),
            (Key::Char('='), Action::Zoom(true)),
            (Key::Char('-'), Action::Zoom(false)),
        ],
        short: "zoom",
        help: "in the map: nearer, up to addresses; further away, down to names",
        modes: Modes::of(&[Mode::Map]),
    },
    Binding {
        label: "← →",
        keys: &[
            (Key::Left, Action::Aside(false)),
            (Key::Right, Action::Aside(true)),
        ],
        short: "aside",
        help: "in the map: move it aside, where it is wider than its pane",
        modes: Modes::of(&[Mode::Map]),
    },
    Binding {
        label: "Ctrl-C",
        keys: &[(Key::Ctrl('c'), Action::StopOrQuit)],
        short: "",
        help: "",
        modes: ANY_VIEW,
    },
];
