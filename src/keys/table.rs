//! The rows of the key table.

use super::{Binding, Key, Mode};
use crate::menu::MenuAction;
use crate::session::Action;

const IDLE: &[Mode] = &[Mode::Idle];
const TEACHING: &[Mode] = &[Mode::Idle, Mode::Working];
const LOOKING: &[Mode] = &[Mode::Idle, Mode::Working, Mode::Finished];
/// Also while a question is open: the tables may tell the answer.
const THINKING: &[Mode] = &[Mode::Idle, Mode::Working, Mode::Finished, Mode::Ask];
const SCROLLING: &[Mode] = &[
    Mode::Idle,
    Mode::Working,
    Mode::Finished,
    Mode::Help,
    Mode::Ask,
];
const PAGING: &[Mode] = &[
    Mode::Idle,
    Mode::Working,
    Mode::Finished,
    Mode::Help,
    Mode::Ask,
    Mode::Prompt,
];
const EVERYWHERE: &[Mode] = &[
    Mode::Ask,
    Mode::Idle,
    Mode::Working,
    Mode::Finished,
    Mode::Broken,
    Mode::Help,
    Mode::Confirm,
];
const IN_MENU: &[Mode] = &[Mode::Menu];

/// Keys of a lesson, the most needed first.
pub const LESSON: &[Binding<Action>] = &[
    Binding {
        label: "Esc",
        keys: &[(Key::Esc, Action::Cancel), (Key::Ctrl('c'), Action::Cancel)],
        short: "stop",
        help: "stop what is under way",
        modes: &[Mode::Working],
    },
    Binding {
        label: "Enter",
        keys: &[(Key::Enter, Action::Next), (Key::Char(' '), Action::Next)],
        short: "next",
        help: "run the next command, or go on to the next step",
        modes: TEACHING,
    },
    Binding {
        label: "Enter",
        keys: &[(Key::Enter, Action::Next)],
        short: "go on",
        help: "when the lesson is over: go on to the next one",
        modes: &[Mode::Finished],
    },
    Binding {
        label: "i",
        keys: &[(Key::Char('i'), Action::Prompt)],
        short: "type",
        help: "type commands yourself, in the terminal's prompt",
        modes: TEACHING,
    },
    Binding {
        label: ":",
        keys: &[(Key::Char(':'), Action::Colon)],
        short: "",
        help: "type a word of the program itself, such as :goto 3",
        modes: TEACHING,
    },
    Binding {
        label: "a",
        keys: &[(Key::Char('a'), Action::RunStep)],
        short: "all",
        help: "run what is left of the step",
        modes: TEACHING,
    },
    Binding {
        label: "h",
        keys: &[(Key::Char('h'), Action::Hint)],
        short: "hint",
        help: "show a hint, then a clearer one",
        modes: TEACHING,
    },
    Binding {
        label: "s",
        keys: &[(Key::Char('s'), Action::Shell)],
        short: "shell",
        help: "your own shell in the chosen namespace; left, it lives on",
        modes: LOOKING,
    },
    Binding {
        label: "c",
        keys: &[(Key::Char('c'), Action::Check)],
        short: "check",
        help: "judge every check now, pings included",
        modes: IDLE,
    },
    Binding {
        label: "n/p",
        keys: &[
            (Key::Char('n'), Action::NextStep),
            (Key::Char('p'), Action::PreviousStep),
        ],
        short: "step",
        help: "next step (what is missing is run first), previous step",
        modes: LOOKING,
    },
    Binding {
        label: "g",
        keys: &[(Key::Char('g'), Action::AskStep)],
        short: "",
        help: "go to a step by its number",
        modes: TEACHING,
    },
    Binding {
        label: "u",
        keys: &[(Key::Char('u'), Action::Undo)],
        short: "undo",
        help: "undo the last command",
        modes: TEACHING,
    },
    Binding {
        label: "r",
        keys: &[(Key::Char('r'), Action::Reset)],
        short: "reset",
        help: "the step anew; asks first",
        modes: LOOKING,
    },
    Binding {
        label: "U",
        keys: &[
            (Key::Char('U'), Action::Redo),
            (Key::Ctrl('r'), Action::Redo),
        ],
        short: "redo",
        help: "do again what was undone last (so does Ctrl-R)",
        modes: TEACHING,
    },
    Binding {
        label: "m",
        keys: &[(Key::Char('m'), Action::Practice)],
        short: "practice",
        help: "hide the commands and find them yourself; show them again",
        modes: TEACHING,
    },
    Binding {
        label: "y/n",
        keys: &[
            (Key::Char('y'), Action::Answer(true)),
            (Key::Char('n'), Action::Answer(false)),
            (Key::Esc, Action::Answer(false)),
        ],
        short: "yes/no",
        help: "answer what is asked",
        modes: &[Mode::Confirm],
    },
    Binding {
        label: "S",
        keys: &[(Key::Char('S'), Action::EndShell)],
        short: "",
        help: "end the shell of the chosen namespace, if it does not end by itself",
        modes: LOOKING,
    },
    Binding {
        label: "Ctrl-]",
        keys: &[
            // A terminal sends the same byte for both (0x1d), and it is read as the latter.
            (Key::Ctrl(']'), Action::LeaveShell),
            (Key::Ctrl('5'), Action::LeaveShell),
            (Key::F(12), Action::LeaveShell),
        ],
        short: "back to the lesson (so does F12)",
        help: "from the shell back to the lesson (so does F12)",
        modes: &[Mode::Shell],
    },
    Binding {
        label: "Shift-PgUp",
        keys: &[
            (Key::ShiftPageUp, Action::Page(-1)),
            (Key::ShiftPageDown, Action::Page(1)),
        ],
        short: "look back",
        help: "in the shell: look back (so does the mouse wheel); Shift-PgDn forth",
        modes: &[Mode::Shell],
    },
    Binding {
        label: "1-9",
        keys: &[
            (Key::Char('1'), Action::Guess(0)),
            (Key::Char('2'), Action::Guess(1)),
            (Key::Char('3'), Action::Guess(2)),
            (Key::Char('4'), Action::Guess(3)),
            (Key::Char('5'), Action::Guess(4)),
            (Key::Char('6'), Action::Guess(5)),
            (Key::Char('7'), Action::Guess(6)),
            (Key::Char('8'), Action::Guess(7)),
            (Key::Char('9'), Action::Guess(8)),
        ],
        short: "answer",
        help: "answer a question",
        modes: &[Mode::Ask],
    },
    Binding {
        label: "Enter",
        keys: &[
            (Key::Enter, Action::SubmitAnswer),
            (Key::Char(' '), Action::SubmitAnswer),
            (Key::Esc, Action::SkipQuestion),
        ],
        short: "go on",
        help: "go on without answering (so does Esc)",
        modes: &[Mode::Ask],
    },
    Binding {
        label: "Enter",
        keys: &[
            (Key::Enter, Action::SubmitAnswer),
            (Key::Esc, Action::SkipQuestion),
            (Key::Ctrl('c'), Action::SkipQuestion),
        ],
        short: "answer",
        help: "give the answer that was typed; with nothing typed, or by Esc, go on without one",
        modes: &[Mode::Answer],
    },
    Binding {
        label: "1-9",
        keys: &[
            (Key::Char('1'), Action::Choose(0)),
            (Key::Char('2'), Action::Choose(1)),
            (Key::Char('3'), Action::Choose(2)),
            (Key::Char('4'), Action::Choose(3)),
            (Key::Char('5'), Action::Choose(4)),
            (Key::Char('6'), Action::Choose(5)),
            (Key::Char('7'), Action::Choose(6)),
            (Key::Char('8'), Action::Choose(7)),
            (Key::Char('9'), Action::Choose(8)),
        ],
        short: "namespace",
        help: "show the tables of that namespace",
        modes: LOOKING,
    },
    Binding {
        label: "→",
        keys: &[(Key::Right, Action::ChooseNext)],
        short: "",
        help: "show the tables of the next namespace",
        modes: THINKING,
    },
    Binding {
        label: "Tab",
        keys: &[
            (Key::Tab, Action::FocusNext),
            (Key::BackTab, Action::FocusPrevious),
        ],
        short: "pane",
        help: "choose the pane to scroll; with Shift the other way round",
        modes: THINKING,
    },
    Binding {
        label: "↑↓",
        keys: &[
            (Key::Up, Action::Scroll(-1)),
            (Key::Down, Action::Scroll(1)),
            (Key::Char('k'), Action::Scroll(-1)),
            (Key::Char('j'), Action::Scroll(1)),
        ],
        short: "scroll",
        help: "scroll the chosen pane by a line (so do k, j and the mouse wheel)",
        modes: SCROLLING,
    },
    Binding {
        label: "PgUp PgDn",
        keys: &[
            (Key::PageUp, Action::Page(-1)),
            (Key::PageDown, Action::Page(1)),
            (Key::ShiftPageUp, Action::Page(-1)),
            (Key::ShiftPageDown, Action::Page(1)),
        ],
        short: "",
        help: "scroll it by a page",
        modes: PAGING,
    },
    Binding {
        label: "Home End",
        keys: &[(Key::Home, Action::Top), (Key::End, Action::Bottom)],
        short: "",
        help: "to its beginning, to its end",
        modes: SCROLLING,
    },
    Binding {
        label: "?",
        keys: &[(Key::Char('?'), Action::Help)],
        short: "help",
        help: "open and close this help",
        modes: THINKING,
    },
    Binding {
        label: "Esc ?",
        keys: &[
            (Key::Esc, Action::Help),
            (Key::Char('?'), Action::Help),
            (Key::Enter, Action::Help),
        ],
        short: "close",
        help: "close this help",
        modes: &[Mode::Help],
    },
    Binding {
        label: "q",
        keys: &[(Key::Char('q'), Action::Quit)],
        short: "quit",
        help: "leave; nothing is left behind on this machine",
        modes: EVERYWHERE,
    },
    Binding {
        label: "Ctrl-C",
        keys: &[(Key::Ctrl('c'), Action::Quit)],
        short: "",
        help: "stop what is under way, or leave",
        modes: &[
            Mode::Idle,
            Mode::Finished,
            Mode::Broken,
            Mode::Help,
            Mode::Confirm,
            Mode::Ask,
        ],
    },
];

/// Keys of the menu.
pub const MENU: &[Binding<MenuAction>] = &[
    Binding {
        label: "↑↓",
        keys: &[
            (Key::Up, MenuAction::Move(-1)),
            (Key::Down, MenuAction::Move(1)),
            (Key::Char('k'), MenuAction::Move(-1)),
            (Key::Char('j'), MenuAction::Move(1)),
        ],
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
