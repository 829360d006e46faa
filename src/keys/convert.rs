//! What the terminal sends, as keys and as mouse actions.

use crossterm::event::{
    KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

use super::Key;
use crate::session::Action;

/// Lines that one notch of a mouse wheel scrolls.
const WHEEL_LINES: i32 = 3;

/// With these an arrow goes by a word, as one terminal or another sends it.
const BY_WORD: KeyModifiers = KeyModifiers::CONTROL.union(KeyModifiers::ALT);

impl Key {
    /// The key that was pressed; `None` for a release and for a key without a meaning.
    pub fn pressed(event: KeyEvent) -> Option<Self> {
        if event.kind == KeyEventKind::Release {
            return None;
        }
        let key = match event.code {
            KeyCode::Char(c) if event.modifiers.contains(KeyModifiers::CONTROL) => {
                Self::Ctrl(c.to_ascii_lowercase())
            }
            KeyCode::Char(c) if event.modifiers.contains(KeyModifiers::ALT) => Self::Alt(c),
            KeyCode::Char(c) => Self::Char(c),
            KeyCode::Backspace if event.modifiers.contains(KeyModifiers::ALT) => Self::AltBackspace,
            KeyCode::Backspace => Self::Backspace,
            KeyCode::Delete => Self::Delete,
            KeyCode::Left if event.modifiers.intersects(BY_WORD) => Self::CtrlLeft,
            KeyCode::Right if event.modifiers.intersects(BY_WORD) => Self::CtrlRight,
            KeyCode::Enter => Self::Enter,
            KeyCode::Esc => Self::Esc,
            KeyCode::Tab => Self::Tab,
            KeyCode::BackTab => Self::BackTab,
            KeyCode::Up => Self::Up,
            KeyCode::Down => Self::Down,
            KeyCode::Left => Self::Left,
            KeyCode::Right => Self::Right,
            KeyCode::PageUp if event.modifiers.contains(KeyModifiers::SHIFT) => Self::ShiftPageUp,
            KeyCode::PageDown if event.modifiers.contains(KeyModifiers::SHIFT) => {
                Self::ShiftPageDown
            }
            KeyCode::PageUp => Self::PageUp,
            KeyCode::PageDown => Self::PageDown,
            KeyCode::Home => Self::Home,
            KeyCode::End => Self::End,
            KeyCode::F(number) => Self::F(number),
            _ => return None,
        };
        Some(key)
    }
}

/// What the mouse asks for: its wheel scrolls, its left button chooses.
pub fn mouse(event: MouseEvent) -> Option<Action> {
    let (x, y) = (event.column, event.row);
    match event.kind {
        MouseEventKind::ScrollUp => Some(Action::Wheel {
            x,
            y,
            lines: -WHEEL_LINES,
        }),
        MouseEventKind::ScrollDown => Some(Action::Wheel {
            x,
            y,
            lines: WHEEL_LINES,
        }),
        MouseEventKind::Down(MouseButton::Left) => Some(Action::Click { x, y }),
        _ => None,
    }
}
