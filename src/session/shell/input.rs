//! What a learner does at a shell: keys, text, mouse, scrolling. Plain data; how it is told to a
//! program depends on what that program has asked its terminal for.

use bitflags::bitflags;

/// Something done at a shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A key.
    Key(Stroke),
    /// Text, at once.
    Paste(String),
    /// The mouse.
    Mouse(Mouse),
    /// Look back, by lines; up is negative.
    Scroll(i32),
    /// Look back, by pages; up is negative.
    Page(i32),
}

/// A key with what is held down beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stroke {
    /// The key.
    pub key: KeyCode,
    /// What is held down.
    pub held: Held,
}

/// A key of a keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyCode {
    /// A character, Shift taken into account.
    Char(char),
    /// Enter.
    Enter,
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Escape.
    Esc,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Insert.
    Insert,
    /// Delete.
    Delete,
    /// A function key, from 1.
    F(u8),
}

bitflags! {
    /// What is held down beside a key or a mouse button.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct Held: u8 {
        /// Shift.
        const SHIFT = 1;
        /// Alt.
        const ALT = 2;
        /// Ctrl.
        const CTRL = 4;
    }
}

/// The mouse at a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mouse {
    /// What it does.
    pub kind: MouseKind,
    /// Column, from 0.
    pub x: u16,
    /// Row, from 0.
    pub y: u16,
    /// What is held down on the keyboard.
    pub held: Held,
}

/// What a mouse does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseKind {
    /// A button goes down.
    Press(Button),
    /// It goes up.
    Release(Button),
    /// It moves with a button down.
    Drag(Button),
    /// It moves.
    Move,
    /// Wheel up.
    WheelUp,
    /// Wheel down.
    WheelDown,
    /// Wheel left.
    WheelLeft,
    /// Wheel right.
    WheelRight,
}

/// A button of a mouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Button {
    /// Left.
    Left,
    /// Middle.
    Middle,
    /// Right.
    Right,
}
