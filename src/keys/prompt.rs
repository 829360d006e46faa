//! The rows of the key table for the prompt.

use super::{Binding, Key, Mode, Modes};
use crate::session::Action;
use crate::session::prompt::{Edit, Reach};

const AT_PROMPT: Modes = Modes::of(&[Mode::Prompt]);
/// Also where an answer is typed.
const EDITING: Modes = Modes::of(&[Mode::Prompt, Mode::Answer]);

/// Keys while the prompt is open, as readline has them; every other character is text.
pub const PROMPT: &[Binding<Action>] = &[
    Binding {
        label: "Enter",
        keys: &[(Key::Enter, Action::Edit(Edit::Enter))],
        short: "run",
        help: "run the line; when the step is done and the line is empty, the next step",
        modes: AT_PROMPT,
    },
    Binding {
        label: "Tab",
        keys: &[
            (Key::Tab, Action::Edit(Edit::Complete)),
            (Key::BackTab, Action::Edit(Edit::CompleteBack)),
        ],
        short: "complete",
        help: "complete the word, or show what may stand there; again: the next of these",
        modes: AT_PROMPT,
    },
    Binding {
        label: "↑↓",
        keys: &[
            (Key::Up, Action::Edit(Edit::Older)),
            (Key::Down, Action::Edit(Edit::Newer)),
            (Key::Ctrl('p'), Action::Edit(Edit::Older)),
            (Key::Ctrl('n'), Action::Edit(Edit::Newer)),
        ],
        short: "typed before",
        help: "lines typed before that begin as this one does",
        modes: AT_PROMPT,
    },
    Binding {
        label: "Ctrl-R",
        keys: &[(Key::Ctrl('r'), Action::Edit(Edit::Search))],
        short: "search",
        help: "look for a line typed before; again: an older one",
        modes: AT_PROMPT,
    },
    Binding {
        label: "←→",
        keys: &[
            (Key::Left, Action::Edit(Edit::Go(Reach::Back))),
            (Key::Ctrl('b'), Action::Edit(Edit::Go(Reach::Back))),
            (Key::Right, Action::Edit(Edit::Go(Reach::On))),
            (Key::Ctrl('f'), Action::Edit(Edit::Go(Reach::On))),
            (Key::CtrlLeft, Action::Edit(Edit::Go(Reach::WordBack))),
            (Key::Alt('b'), Action::Edit(Edit::Go(Reach::WordBack))),
            (Key::CtrlRight, Action::Edit(Edit::Go(Reach::WordOn))),
            (Key::Alt('f'), Action::Edit(Edit::Go(Reach::WordOn))),
        ],
        short: "",
        help: "go along the line (Ctrl-B, Ctrl-F); with Ctrl by words (Alt-B, Alt-F)",
        modes: EDITING,
    },
    Binding {
        label: "Home End",
        keys: &[
            (Key::Home, Action::Edit(Edit::Go(Reach::Start))),
            (Key::Ctrl('a'), Action::Edit(Edit::Go(Reach::Start))),
            (Key::End, Action::Edit(Edit::Go(Reach::End))),
            (Key::Ctrl('e'), Action::Edit(Edit::Go(Reach::End))),
        ],
        short: "",
        help: "to the line's beginning, to its end (Ctrl-A, Ctrl-E)",
        modes: EDITING,
    },
    Binding {
        label: "Ctrl-W",
        keys: &[
            (Key::Backspace, Action::Edit(Edit::Delete(Reach::Back))),
            (Key::Ctrl('h'), Action::Edit(Edit::Delete(Reach::Back))),
            (Key::Delete, Action::Edit(Edit::Delete(Reach::On))),
            (Key::Ctrl('w'), Action::Edit(Edit::Delete(Reach::BlankBack))),
            (
                Key::AltBackspace,
                Action::Edit(Edit::Delete(Reach::WordBack)),
            ),
            (Key::Alt('d'), Action::Edit(Edit::Delete(Reach::WordOn))),
        ],
        short: "",
        help: "cut the word before the cursor (Alt-Backspace: its last part; Alt-D: the next word)",
        modes: EDITING,
    },
    Binding {
        label: "Ctrl-U",
        keys: &[
            (Key::Ctrl('u'), Action::Edit(Edit::Delete(Reach::Start))),
            (Key::Ctrl('k'), Action::Edit(Edit::Delete(Reach::End))),
        ],
        short: "",
        help: "cut everything before the cursor (Ctrl-K: behind it)",
        modes: EDITING,
    },
    Binding {
        label: "Ctrl-Y",
        keys: &[
            (Key::Ctrl('y'), Action::Edit(Edit::Yank)),
            (Key::Ctrl('t'), Action::Edit(Edit::Transpose)),
            (Key::Ctrl('_'), Action::Edit(Edit::Undo)),
            (Key::Ctrl('7'), Action::Edit(Edit::Undo)), // what a terminal sends for Ctrl-_
        ],
        short: "",
        help: "put back what was cut (Ctrl-T: swap two letters; Ctrl-_: undo a change)",
        modes: EDITING,
    },
    Binding {
        label: "Ctrl-L",
        keys: &[(Key::Ctrl('l'), Action::Edit(Edit::ClearScreen))],
        short: "",
        help: "empty the terminal",
        modes: AT_PROMPT,
    },
    Binding {
        label: "Ctrl-D",
        keys: &[(Key::Ctrl('d'), Action::Edit(Edit::EndOfInput))],
        short: "",
        help: "in an empty line: out of the namespace (exit), or close the prompt",
        modes: AT_PROMPT,
    },
    Binding {
        label: "Ctrl-C",
        keys: &[(Key::Ctrl('c'), Action::Edit(Edit::Interrupt))],
        short: "stop",
        help: "stop what is under way, else drop the line, else close the prompt",
        modes: AT_PROMPT,
    },
    Binding {
        label: "Esc",
        keys: &[
            (Key::Esc, Action::Edit(Edit::Escape)),
            (Key::Ctrl('g'), Action::Edit(Edit::Escape)),
        ],
        short: "close",
        help: "close the prompt; the line stays until it is opened again",
        modes: AT_PROMPT,
    },
];
