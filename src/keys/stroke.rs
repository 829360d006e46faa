//! What the terminal sends, for the learner's own shell: everything that it can tell apart.

use crossterm::event::{
    Event, KeyCode as Code, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent,
    MouseEventKind,
};

use crate::session::shell::input::{Button, Held, Input, KeyCode, Mouse, MouseKind, Stroke};

/// What is typed, pasted or pointed at; `None` for what no terminal hands to a program.
pub fn typed(event: &Event) -> Option<Input> {
    match event {
        Event::Key(key) => stroke(*key).map(Input::Key),
        Event::Paste(text) => Some(Input::Paste(text.clone())),
        Event::Mouse(mouse) => Some(Input::Mouse(pointed(*mouse))),
        Event::FocusGained | Event::FocusLost | Event::Resize(..) => None,
    }
}

fn stroke(event: KeyEvent) -> Option<Stroke> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let key = match event.code {
        Code::Char(c) => KeyCode::Char(c),
        Code::Enter => KeyCode::Enter,
        Code::Tab => KeyCode::Tab,
        Code::BackTab => KeyCode::BackTab,
        Code::Backspace => KeyCode::Backspace,
        Code::Esc => KeyCode::Esc,
        Code::Up => KeyCode::Up,
        Code::Down => KeyCode::Down,
        Code::Left => KeyCode::Left,
        Code::Right => KeyCode::Right,
        Code::Home => KeyCode::Home,
        Code::End => KeyCode::End,
        Code::PageUp => KeyCode::PageUp,
        Code::PageDown => KeyCode::PageDown,
        Code::Insert => KeyCode::Insert,
        Code::Delete => KeyCode::Delete,
        Code::F(number) => KeyCode::F(number),
        Code::Null => KeyCode::Char('\0'),
        Code::CapsLock
        | Code::ScrollLock
        | Code::NumLock
        | Code::PrintScreen
        | Code::Pause
        | Code::Menu
        | Code::KeypadBegin
        | Code::Media(_)
        | Code::Modifier(_) => return None,
    };
    Some(Stroke {
        key,
        held: held(event.modifiers),
    })
}

fn pointed(event: MouseEvent) -> Mouse {
    let kind = match event.kind {
        MouseEventKind::Down(which) => MouseKind::Press(button(which)),
        MouseEventKind::Up(which) => MouseKind::Release(button(which)),
        MouseEventKind::Drag(which) => MouseKind::Drag(button(which)),
        MouseEventKind::Moved => MouseKind::Move,
        MouseEventKind::ScrollUp => MouseKind::WheelUp,
        MouseEventKind::ScrollDown => MouseKind::WheelDown,
        MouseEventKind::ScrollLeft => MouseKind::WheelLeft,
        MouseEventKind::ScrollRight => MouseKind::WheelRight,
    };
    Mouse {
        kind,
        x: event.column,
        y: event.row,
        held: held(event.modifiers),
    }
}

fn button(button: MouseButton) -> Button {
    match button {
        MouseButton::Left => Button::Left,
        MouseButton::Middle => Button::Middle,
        MouseButton::Right => Button::Right,
    }
}

fn held(modifiers: KeyModifiers) -> Held {
    let mut held = Held::empty();
    held.set(Held::SHIFT, modifiers.contains(KeyModifiers::SHIFT));
    held.set(Held::ALT, modifiers.contains(KeyModifiers::ALT));
    held.set(Held::CTRL, modifiers.contains(KeyModifiers::CONTROL));
    held
}
