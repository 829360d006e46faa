//! The keys of the menu.

use super::{Binding, Key, Mode, Modes, arrows};
use crate::menu::MenuAction;

const IN_MENU: Modes = Modes::of(&[Mode::Menu]);

/// Keys of the menu.
pub const MENU: &[Binding<MenuAction>] = &[
    Binding {
        label: "↑↓",
        keys: &arrows(MenuAction::Move(-1), MenuAction::Move(1)),
        short: "choose",
        help: "go up and down the list",
        modes: IN_MENU,
    },
    Binding {
        label: "PgUp PgDn",
        keys: &[
            (Key::PageUp, MenuAction::Move(-5)),
            (Key::PageDown, MenuAction::Move(5)),
        ],
        short: "",
        help: "the same by five",
        modes: IN_MENU,
    },
    Binding {
        label: "Home End",
        keys: &[(Key::Home, MenuAction::First), (Key::End, MenuAction::Last)],
        short: "",
        help: "to the first, to the last",
        modes: IN_MENU,
    },
    Binding {
        label: "Enter",
        keys: &[
            (Key::Enter, MenuAction::Open),
            (Key::Char(' '), MenuAction::Open),
            (Key::Right, MenuAction::Open),
        ],
        short: "begin",
        help: "begin the lesson, or continue it where you left it",
        modes: IN_MENU,
    },
    Binding {
        label: "f",
        keys: &[(Key::Char('f'), MenuAction::OpenAfresh)],
        short: "start over",
        help: "begin it at its first step, wherever you left it",
        modes: IN_MENU,
    },
    Binding {
        label: "q",
        keys: &[
            (Key::Char('q'), MenuAction::Quit),
            (Key::Esc, MenuAction::Quit),
            (Key::Ctrl('c'), MenuAction::Quit),
        ],
        short: "quit",
        help: "leave",
        modes: IN_MENU,
    },
];
