//! The one key table: dispatch, footer and help are read from it.

mod convert;
mod menu;
mod modes;
mod prompt;
mod stroke;
mod table;
mod views;

use crate::menu::MenuAction;
use crate::session::packets::Depth;
use crate::session::prompt::Edit;
use crate::session::{Action, Pane, Phase, Session};

pub use convert::mouse;
pub use menu::MENU;
pub use modes::Modes;
pub use prompt::PROMPT;
pub use stroke::typed;
pub use table::LESSON;
pub use views::VIEWS;

/// A key, as far as the program tells keys apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A character, Shift taken into account.
    Char(char),
    /// A character with Ctrl.
    Ctrl(char),
    /// A character with Alt.
    Alt(char),
    /// Backspace.
    Backspace,
    /// Backspace with Alt.
    AltBackspace,
    /// Delete.
    Delete,
    /// Arrow left with Ctrl or Alt.
    CtrlLeft,
    /// Arrow right with Ctrl or Alt.
    CtrlRight,
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Shift and page up.
    ShiftPageUp,
    /// Shift and page down.
    ShiftPageDown,
    /// A function key, from 1.
    F(u8),
    /// Home.
    Home,
    /// End.
    End,
}

/// What the screen is at, which decides what the keys mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A lesson waits for the learner.
    Idle,
    /// Work is under way.
    Working,
    /// The lesson is over.
    Finished,
    /// There is no sandbox.
    Broken,
    /// The help is open.
    Help,
    /// The learner is asked something: yes or no.
    Confirm,
    /// A question of the lesson is open.
    Ask,
    /// One that is answered by typing: letters are text.
    Answer,
    /// The learner's own shell has the keyboard: what is no key of ours is typed into it.
    Shell,
    /// The prompt is open: letters are text.
    Prompt,
    /// The packets have the focus, and follow their end.
    Packets,
    /// A packet is chosen among them.
    Packet,
    /// The fields of a packet are shown, and have the focus.
    Fields,
    /// The way of a packet has the focus.
    Trace,
    /// The map has the focus.
    Map,
    /// The menu of lessons.
    Menu,
}

impl Mode {
    /// The mode of a session.
    pub fn of(session: &Session) -> Self {
        if session.help {
            return Self::Help;
        }
        if session.confirm.is_some() {
            return Self::Confirm;
        }
        if session.shells.shown().is_some() {
            return Self::Shell;
        }
        if session.asks_for_text() {
            return Self::Answer;
        }
        if session.asking().is_some() {
            return Self::Ask;
        }
        if session.prompt_line().is_some() {
            return Self::Prompt;
        }
        match session.phase {
            Phase::Finished => Self::Finished,
            Phase::Broken(_) => Self::Broken,
            Phase::Idle | Phase::Building(_) | Phase::Running(_) => Self::of_pane(session),
        }
    }

    /// The mode by the pane that has the focus. Where something is under way, keys of a view come
    /// before those of the work: what is open is closed first.
    fn of_pane(session: &Session) -> Self {
        match session.focus {
            Pane::Packets => match session.packets.depth() {
                Depth::Follows => Self::Packets,
                Depth::Chosen => Self::Packet,
                Depth::Fields => Self::Fields,
            },
            Pane::Trace => Self::Trace,
            Pane::Map => Self::Map,
            Pane::Text
            | Pane::Commands
            | Pane::Checks
            | Pane::Tables
            | Pane::Transcript
            | Pane::Shell
            | Pane::Help => {
                if session.works() {
                    Self::Working
                } else {
                    Self::Idle
                }
            }
        }
    }
}

/// A row of the key table: keys that belong together.
#[derive(Debug)]
pub struct Binding<A: 'static> {
    /// The keys as footer and help write them.
    pub label: &'static str,
    /// Each key, and what it asks for.
    pub keys: &'static [(Key, A)],
    /// A word or two, for the footer; empty keeps the row out of it.
    pub short: &'static str,
    /// A line, for the help.
    pub help: &'static str,
    /// When it is offered.
    pub modes: Modes,
}

/// What `key` asks for in a lesson.
pub fn lesson(mode: Mode, key: Key) -> Option<Action> {
    let tables = [VIEWS, LESSON, PROMPT];
    let bound = (tables.into_iter()).find_map(|table| find(table, mode, key));
    match key {
        Key::Char(c) if matches!(mode, Mode::Prompt | Mode::Answer) => {
            Some(Action::Edit(Edit::Insert(c)))
        }
        _ => bound,
    }
}

/// What `key` asks for in the menu.
pub fn menu(key: Key) -> Option<MenuAction> {
    find(MENU, Mode::Menu, key)
}

/// The keys that go up and down by one.
const fn arrows<A: Copy>(up: A, down: A) -> [(Key, A); 4] {
    [
        (Key::Up, up),
        (Key::Down, down),
        (Key::Char('k'), up),
        (Key::Char('j'), down),
    ]
}

fn find<A: Copy>(table: &[Binding<A>], mode: Mode, key: Key) -> Option<A> {
    table
        .iter()
        .filter(|row| row.modes.contains(mode))
        .flat_map(|row| row.keys)
        .find(|(bound, _)| *bound == key)
        .map(|(_, action)| *action)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODES: [Mode; 16] = [
        Mode::Ask,
        Mode::Answer,
        Mode::Idle,
        Mode::Working,
        Mode::Finished,
        Mode::Broken,
        Mode::Help,
        Mode::Confirm,
        Mode::Shell,
        Mode::Prompt,
        Mode::Packets,
        Mode::Packet,
        Mode::Fields,
        Mode::Trace,
        Mode::Map,
        Mode::Menu,
    ];

    #[test]
    fn no_key_means_two_things_at_once() {
        for mode in MODES {
            let mut seen: Vec<Key> = Vec::new();
            let keys = LESSON
                .iter()
                .chain(VIEWS)
                .chain(PROMPT)
                .filter(|row| row.modes.contains(mode))
                .flat_map(|row| row.keys.iter().map(|(key, _)| *key))
                .chain(
                    MENU.iter()
                        .filter(|row| row.modes.contains(mode))
                        .flat_map(|row| row.keys.iter().map(|(key, _)| *key)),
                );
            for key in keys {
                assert!(!seen.contains(&key), "{key:?} twice in {mode:?}");
                seen.push(key);
            }
        }
    }

    #[test]
    fn quit_works_everywhere() {
        for mode in MODES {
            if mode == Mode::Menu {
                assert_eq!(menu(Key::Char('q')), Some(MenuAction::Quit));
            } else if mode == Mode::Shell {
                assert_eq!(lesson(mode, Key::Char('q')), None, "it is typed");
            } else if matches!(mode, Mode::Prompt | Mode::Answer) {
                let typed = Action::Edit(Edit::Insert('q'));
                assert_eq!(lesson(mode, Key::Char('q')), Some(typed));
            } else {
                assert_eq!(lesson(mode, Key::Char('q')), Some(Action::Quit), "{mode:?}");
            }
        }
    }

    #[test]
    fn escape_cancels_work_and_closes_the_help() {
        assert_eq!(lesson(Mode::Working, Key::Esc), Some(Action::Cancel));
        assert_eq!(lesson(Mode::Help, Key::Esc), Some(Action::Help));
        assert_eq!(lesson(Mode::Idle, Key::Esc), None);
        assert_eq!(lesson(Mode::Idle, Key::Char('3')), Some(Action::Choose(2)));
    }
}
