//! Keys, text and the mouse as a program reads them from its terminal ("Xterm Control Sequences",
//! <https://invisible-island.net/xterm/ctlseqs/ctlseqs.html>), in the modes that it has asked for.

use alacritty_terminal::term::TermMode;

use crate::session::shell::input::{Button, Held, KeyCode, Mouse, MouseKind, Stroke};

/// The furthest column or row that a report of one byte can name.
const FURTHEST: u16 = 222;

/// A key.
pub fn key(stroke: Stroke, modes: TermMode) -> Vec<u8> {
    let Stroke { key, held } = stroke;
    match key {
        KeyCode::Char(c) => character(c, held),
        KeyCode::Enter if modes.contains(TermMode::LINE_FEED_NEW_LINE) => with_alt(b"\r\n", held),
        KeyCode::Enter => with_alt(b"\r", held),
        KeyCode::Tab if held.contains(Held::SHIFT) => b"\x1b[Z".to_vec(),
        KeyCode::Tab => with_alt(b"\t", held),
        KeyCode::BackTab => b"\x1b[Z".to_vec(),
        KeyCode::Backspace if held.contains(Held::CTRL) => with_alt(b"\x08", held),
        KeyCode::Backspace => with_alt(b"\x7f", held),
        KeyCode::Esc => with_alt(b"\x1b", held),
        KeyCode::Up => letter('A', held, modes.contains(TermMode::APP_CURSOR)),
        KeyCode::Down => letter('B', held, modes.contains(TermMode::APP_CURSOR)),
        KeyCode::Right => letter('C', held, modes.contains(TermMode::APP_CURSOR)),
        KeyCode::Left => letter('D', held, modes.contains(TermMode::APP_CURSOR)),
        KeyCode::Home => letter('H', held, modes.contains(TermMode::APP_CURSOR)),
        KeyCode::End => letter('F', held, modes.contains(TermMode::APP_CURSOR)),
        KeyCode::Insert => number(2, held),
        KeyCode::Delete => number(3, held),
        KeyCode::PageUp => number(5, held),
        KeyCode::PageDown => number(6, held),
        KeyCode::F(which) => function(which, held),
    }
}

/// A character. Ctrl takes it to the column of control characters, Alt puts an ESC before it.
fn character(c: char, held: Held) -> Vec<u8> {
    let control = if held.contains(Held::CTRL) {
        control(c)
    } else {
        None
    };
    let mut utf8 = [0; 4];
    match control {
        Some(byte) => with_alt(&[byte], held),
        None => with_alt(c.encode_utf8(&mut utf8).as_bytes(), held),
    }
}

/// What a VT220 sends for a character with Ctrl.
fn control(c: char) -> Option<u8> {
    match c {
        'a'..='z' | 'A'..='Z' | '[' | '\\' | ']' | '^' | '_' => Some(c as u8 & 0x1f),
        ' ' | '@' | '2' => Some(0),
        '3'..='7' => Some(c as u8 - b'3' + 0x1b),
        '/' => Some(0x1f),
        '8' | '?' => Some(0x7f),
        _ => None,
    }
}

fn with_alt(bytes: &[u8], held: Held) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 1);
    if held.contains(Held::ALT) {
        out.push(0x1b);
    }
    out.extend_from_slice(bytes);
    out
}

/// 1, and so much more for each that is held down; none for none.
fn modifier(held: Held) -> Option<u8> {
    (!held.is_empty()).then(|| 1 + held.bits())
}

/// A key with a letter: arrows, Home, End, the first four function keys.
fn letter(last: char, held: Held, application: bool) -> Vec<u8> {
    match modifier(held) {
        Some(modifier) => format!("\x1b[1;{modifier}{last}"),
        None if application => format!("\x1bO{last}"),
        None => format!("\x1b[{last}"),
    }
    .into_bytes()
}

/// A key with a number.
fn number(number: u8, held: Held) -> Vec<u8> {
    match modifier(held) {
        Some(modifier) => format!("\x1b[{number};{modifier}~"),
        None => format!("\x1b[{number}~"),
    }
    .into_bytes()
}

fn function(which: u8, held: Held) -> Vec<u8> {
    match which {
        1..=4 => letter(char::from(b'P' + which - 1), held, true),
        5 => number(15, held),
        6..=10 => number(which + 11, held),
        11..=14 => number(which + 12, held),
        15 | 16 => number(which + 13, held),
        17..=20 => number(which + 14, held),
        _ => Vec::new(),
    }
}

/// Text that is pasted. A program that asked for it is told where it begins and ends, and no text
/// can pretend to be that end.
pub fn paste(text: &str, modes: TermMode) -> Vec<u8> {
    if modes.contains(TermMode::BRACKETED_PASTE) {
        let text = text.replace('\x1b', "");
        format!("\x1b[200~{text}\x1b[201~").into_bytes()
    } else {
        text.replace("\r\n", "\r").replace('\n', "\r").into_bytes()
    }
}

/// The mouse, if the program has asked for that much of it.
pub fn mouse(mouse: Mouse, modes: TermMode) -> Option<Vec<u8>> {
    let wanted = match mouse.kind {
        MouseKind::Move => modes.contains(TermMode::MOUSE_MOTION),
        MouseKind::Drag(_) => modes.intersects(TermMode::MOUSE_MOTION | TermMode::MOUSE_DRAG),
        MouseKind::Press(_)
        | MouseKind::Release(_)
        | MouseKind::WheelUp
        | MouseKind::WheelDown
        | MouseKind::WheelLeft
        | MouseKind::WheelRight => modes.intersects(TermMode::MOUSE_MODE),
    };
    if !wanted {
        return None;
    }
    let code = button(mouse.kind) + held(mouse.held);
    let (x, y) = (mouse.x, mouse.y);
    if modes.contains(TermMode::SGR_MOUSE) {
        let last = if matches!(mouse.kind, MouseKind::Release(_)) {
            'm'
        } else {
            'M'
        };
        return Some(format!("\x1b[<{code};{};{}{last}", x + 1, y + 1).into_bytes());
    }
    if x > FURTHEST || y > FURTHEST {
        return None;
    }
    let code = if matches!(mouse.kind, MouseKind::Release(_)) {
        3 + held(mouse.held)
    } else {
        code
    };
    let mut report = b"\x1b[M".to_vec();
    for value in [u16::from(code), x + 1, y + 1] {
        // Checked above: no value is over 223.
        report.push(u8::try_from(value + 32).unwrap_or(u8::MAX));
    }
    Some(report)
}

fn button(kind: MouseKind) -> u8 {
    let number = |button| match button {
        Button::Left => 0,
        Button::Middle => 1,
        Button::Right => 2,
    };
    match kind {
        MouseKind::Press(which) | MouseKind::Release(which) => number(which),
        MouseKind::Drag(which) => 32 + number(which),
        MouseKind::Move => 35,
        MouseKind::WheelUp => 64,
        MouseKind::WheelDown => 65,
        MouseKind::WheelLeft => 66,
        MouseKind::WheelRight => 67,
    }
}

fn held(held: Held) -> u8 {
    held.bits() << 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressed(code: KeyCode, held: Held, modes: TermMode) -> String {
        String::from_utf8(key(Stroke { key: code, held }, modes)).expect("UTF-8")
    }

    fn plain(code: KeyCode, held: Held) -> String {
        pressed(code, held, TermMode::empty())
    }

    #[test]
    fn keys_are_sent_as_xterm_sends_them() {
        assert_eq!(plain(KeyCode::Char('é'), Held::empty()), "é");
        assert_eq!(plain(KeyCode::Char('c'), Held::CTRL), "\x03");
        assert_eq!(plain(KeyCode::Char(' '), Held::CTRL), "\0");
        assert_eq!(plain(KeyCode::Char('4'), Held::CTRL), "\x1c");
        assert_eq!(plain(KeyCode::Char('7'), Held::CTRL), "\x1f");
        assert_eq!(plain(KeyCode::Char('b'), Held::ALT), "\x1bb");
        assert_eq!(
            plain(KeyCode::Char('b'), Held::ALT | Held::CTRL),
            "\x1b\x02"
        );
        assert_eq!(plain(KeyCode::Backspace, Held::empty()), "\x7f");
        assert_eq!(plain(KeyCode::Backspace, Held::ALT), "\x1b\x7f");
        assert_eq!(plain(KeyCode::BackTab, Held::SHIFT), "\x1b[Z");
        assert_eq!(plain(KeyCode::Up, Held::SHIFT), "\x1b[1;2A");
        assert_eq!(plain(KeyCode::Left, Held::CTRL), "\x1b[1;5D");
        assert_eq!(plain(KeyCode::PageUp, Held::CTRL), "\x1b[5;5~");
        assert_eq!(plain(KeyCode::Delete, Held::empty()), "\x1b[3~");
    }

    #[test]
    fn function_keys_are_those_of_terminfo() {
        // kf1 kf4 kf5 kf6 kf10 kf11 kf12 of xterm-256color, and with Shift kf15 (F3), kf17 (F5).
        let keys = [
            "\x1bOP", "\x1bOS", "\x1b[15~", "\x1b[17~", "\x1b[21~", "\x1b[23~", "\x1b[24~",
        ];
        for (which, wanted) in [1, 4, 5, 6, 10, 11, 12].into_iter().zip(keys) {
            assert_eq!(plain(KeyCode::F(which), Held::empty()), wanted, "F{which}");
        }
        assert_eq!(plain(KeyCode::F(3), Held::SHIFT), "\x1b[1;2R");
        assert_eq!(plain(KeyCode::F(5), Held::SHIFT), "\x1b[15;2~");
    }

    #[test]
    fn cursor_keys_follow_the_application_mode() {
        let application = TermMode::APP_CURSOR;
        assert_eq!(plain(KeyCode::Up, Held::empty()), "\x1b[A");
        assert_eq!(pressed(KeyCode::Up, Held::empty(), application), "\x1bOA");
        assert_eq!(pressed(KeyCode::Home, Held::empty(), application), "\x1bOH");
        assert_eq!(pressed(KeyCode::Up, Held::SHIFT, application), "\x1b[1;2A");
    }

    #[test]
    fn a_paste_cannot_end_itself() {
        let bracketed = paste("a\x1b[201~\nrm", TermMode::BRACKETED_PASTE);
        assert_eq!(bracketed, b"\x1b[200~a[201~\nrm\x1b[201~");
        assert_eq!(paste("a\r\nb\n", TermMode::empty()), b"a\rb\r");
    }

    #[test]
    fn the_mouse_is_told_as_asked() {
        let at = |kind| Mouse {
            kind,
            x: 9,
            y: 4,
            held: Held::CTRL,
        };
        let press = at(MouseKind::Press(Button::Left));
        assert_eq!(mouse(press, TermMode::empty()), None);
        let clicks = TermMode::MOUSE_REPORT_CLICK;
        assert_eq!(mouse(press, clicks), Some(b"\x1b[M\x30\x2a\x25".to_vec()));
        assert_eq!(mouse(at(MouseKind::Move), clicks), None);
        let sgr = clicks | TermMode::SGR_MOUSE;
        assert_eq!(mouse(press, sgr), Some(b"\x1b[<16;10;5M".to_vec()));
        let release = at(MouseKind::Release(Button::Left));
        assert_eq!(mouse(release, sgr), Some(b"\x1b[<16;10;5m".to_vec()));
        let wheel = at(MouseKind::WheelDown);
        assert_eq!(mouse(wheel, sgr), Some(b"\x1b[<81;10;5M".to_vec()));
        let far = Mouse { x: 300, ..press };
        assert_eq!(mouse(far, clicks), None);
    }
}
