//! The rows of the key table for the views on the right, which act while one of them has the focus.

use super::modes::VIEWS as ANY;
use super::{Binding, Key, Mode};
use crate::session::Action;

const PACKETS: &[Mode] = &[Mode::Packets, Mode::Packet, Mode::Fields];

/// Keys of a view on the right, which come before those of the lesson.
pub const VIEWS: &[Binding<Action>] = &[
    Binding {
        label: "Esc",
        keys: &[(Key::Esc, Action::Back)],
        short: "back",
        help: "in a view on the right: close what is open, stop what is under way, leave the view",
        modes: ANY,
    },
    Binding {
        label: "Enter",
        keys: &[(Key::Enter, Action::Next)],
        short: "next",
        help: "",
        modes: &[Mode::Packets],
    },
    Binding {
        label: "Enter",
        keys: &[(Key::Enter, Action::Open)],
        short: "fields",
        help: "in the packets: show the fields of the chosen one, and its bytes; again: close them",
        modes: &[Mode::Packet],
    },
    Binding {
        label: "Enter",
        keys: &[(Key::Enter, Action::Open)],
        short: "close",
        help: "",
        modes: &[Mode::Fields],
    },
    Binding {
        label: "↑↓",
        keys: &[
            (Key::Up, Action::Scroll(-1)),
            (Key::Down, Action::Scroll(1)),
            (Key::Char('k'), Action::Scroll(-1)),
            (Key::Char('j'), Action::Scroll(1)),
        ],
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
        modes: &[Mode::Idle, Mode::Working, Mode::Trace, Mode::Map],
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
        modes: &[Mode::Map],
    },
    Binding {
        label: "← →",
        keys: &[
            (Key::Left, Action::Aside(false)),
            (Key::Right, Action::Aside(true)),
        ],
        short: "aside",
        help: "in the map: move it aside, where it is wider than its pane",
        modes: &[Mode::Map],
    },
    Binding {
        label: "Ctrl-C",
        keys: &[(Key::Ctrl('c'), Action::StopOrQuit)],
        short: "",
        help: "",
        modes: ANY,
    },
];
