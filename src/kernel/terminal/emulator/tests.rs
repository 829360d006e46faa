//! What a program writes, and what it is told.

use proptest::prelude::*;

use super::*;
use crate::session::shell::input::{Button, Mouse};

fn emulator(columns: u16, rows: u16) -> Emulator {
    let look = Look {
        ink: (0x11, 0x22, 0x33),
        paper: (0xff, 0xff, 0xff),
        all_colors: true,
    };
    Emulator::new(Size { columns, rows }, look)
}

/// What is seen, without blanks at the ends of lines.
fn text(emulator: &Emulator) -> String {
    let view = emulator.view();
    let rows = (0..view.size.rows).map(|row| {
        let row: String = view.row(row).iter().map(|cell| cell.c).collect();
        row.trim_end().to_owned()
    });
    rows.collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

fn press(emulator: &mut Emulator, key: KeyCode) -> Vec<u8> {
    let held = Held::empty();
    emulator.input(&Input::Key(Stroke { key, held }))
}

fn wheel_up(emulator: &mut Emulator) -> Vec<u8> {
    emulator.input(&Input::Mouse(Mouse {
        kind: MouseKind::WheelUp,
        x: 0,
        y: 0,
        held: Held::empty(),
    }))
}

#[test]
fn colours_and_attributes_reach_the_cells() {
    let mut emulator = emulator(20, 2);
    emulator
        .write(b"\x1b[1;31ma\x1b[0;38;5;200mb\x1b[48;2;1;2;3mc\x1b[0;7md\x1b[0;2;4me\x1b[0;8mf");
    let cells = emulator.view().cells;
    assert_eq!(cells[0].ink, Color::Indexed(1));
    assert_eq!(cells[0].attributes, Attributes::BOLD);
    assert_eq!(cells[1].ink, Color::Indexed(200));
    assert_eq!(cells[2].paper, Color::Rgb(1, 2, 3));
    assert_eq!(cells[3].attributes, Attributes::REVERSE);
    assert_eq!(cells[4].attributes, Attributes::DIM | Attributes::UNDERLINE);
    assert_eq!(cells[5].attributes, Attributes::HIDDEN);
    assert_eq!(cells[6], Cell::default());
}

#[test]
fn wide_characters_and_marks_keep_their_places() {
    let mut emulator = emulator(20, 2);
    emulator.write("漢e\u{301}x".as_bytes());
    let cells = emulator.view().cells;
    assert_eq!(cells[0].c, '漢');
    assert!(cells[1].attributes.contains(Attributes::SPACER));
    assert_eq!(cells[2].marks.as_deref(), Some("\u{301}"));
    assert_eq!(cells[3].c, 'x');
}

#[test]
fn lines_are_wrapped_anew_when_the_size_changes() {
    let mut emulator = emulator(10, 4);
    emulator.write(b"0123456789abcde");
    assert_eq!(text(&emulator), "0123456789\nabcde");
    emulator.resize(Size {
        columns: 20,
        rows: 4,
    });
    assert_eq!(text(&emulator), "0123456789abcde");
    for (columns, rows) in [(0, 0), (1, 1), (500, 1), (1, 300), (20, 4)] {
        emulator.resize(Size { columns, rows });
    }
    assert_eq!(text(&emulator).replace('\n', ""), "0123456789abcde");
}

#[test]
fn the_alternate_screen_gives_the_first_one_back() {
    let mut emulator = emulator(20, 3);
    emulator.write(b"before\x1b[?1049h\x1b[Hinside");
    assert_eq!(text(&emulator), "inside");
    emulator.write(b"\x1b[?1049l");
    assert_eq!(text(&emulator), "before");
}

#[test]
fn what_has_scrolled_away_can_be_looked_back_at() {
    let mut emulator = emulator(20, 3);
    for line in 0..10 {
        emulator.write(format!("\r\n{line}").as_bytes());
    }
    assert_eq!(text(&emulator), "7\n8\n9");
    assert!(emulator.view().cursor.is_some());
    emulator.input(&Input::Page(-1));
    assert_eq!(text(&emulator), "5\n6\n7");
    let view = emulator.view();
    assert_eq!((view.back, view.cursor), (2, None));
    assert_eq!(wheel_up(&mut emulator), b"");
    assert_eq!(emulator.view().back, 5);
    emulator.input(&Input::Scroll(1));
    assert_eq!(emulator.view().back, 4);
    assert_eq!(press(&mut emulator, KeyCode::Char('x')), b"x");
    assert_eq!(emulator.view().back, 0, "a key leads to the end");
    emulator.input(&Input::Page(i32::MIN / 2));
    emulator.input(&Input::Page(i32::MAX / 2));
    assert_eq!(emulator.view().back, 0);
}

#[test]
fn what_a_program_asks_is_answered() {
    let mut emulator = emulator(20, 3);
    assert_eq!(emulator.write(b"\x1b[c"), b"\x1b[?6c");
    assert_eq!(emulator.write(b"\x1b[5n"), b"\x1b[0n");
    assert_eq!(emulator.write(b"ab\x1b[6n"), b"\x1b[1;3R");
    let answer = emulator.write(b"\x1b]11;?\x07");
    assert_eq!(answer, b"\x1b]11;rgb:ffff/ffff/ffff\x07");
    let answer = emulator.write(b"\x1b]10;?\x1b\\");
    assert_eq!(answer, b"\x1b]10;rgb:1111/2222/3333\x1b\\");
    let answer = emulator.write(b"\x1b]4;196;?\x07");
    assert_eq!(answer, b"\x1b]4;196;rgb:ffff/0000/0000\x07");
    let answer = emulator.write(b"\x1b[18t");
    assert_eq!(answer, b"\x1b[8;3;20t");
}

#[test]
fn the_clipboard_is_out_of_reach() {
    let mut emulator = emulator(20, 3);
    assert_eq!(emulator.write(b"\x1b]52;c;?\x07\x1b]52;c;aGk=\x07"), b"");
}

#[test]
fn keys_text_and_mouse_follow_the_modes_that_were_asked_for() {
    let mut emulator = emulator(20, 3);
    let click = Input::Mouse(Mouse {
        kind: MouseKind::Press(Button::Left),
        x: 1,
        y: 1,
        held: Held::empty(),
    });
    let paste = Input::Paste("ip".to_owned());
    assert_eq!(press(&mut emulator, KeyCode::Up), b"\x1b[A");
    assert_eq!(emulator.input(&paste), b"ip");
    assert_eq!(emulator.input(&click), b"");
    emulator.write(b"\x1b[?1h\x1b[?2004h\x1b[?1000h\x1b[?1006h");
    assert_eq!(press(&mut emulator, KeyCode::Up), b"\x1bOA");
    assert_eq!(emulator.input(&paste), b"\x1b[200~ip\x1b[201~");
    assert_eq!(emulator.input(&click), b"\x1b[<0;2;2M");
}

#[test]
fn the_wheel_is_arrow_keys_where_there_is_nothing_to_look_back_at() {
    let mut emulator = emulator(20, 3);
    emulator.write(b"\x1b[?1049h");
    assert_eq!(wheel_up(&mut emulator), b"\x1b[A\x1b[A\x1b[A");
}

#[test]
fn a_title_is_short() {
    let mut emulator = emulator(20, 3);
    emulator.write(format!("\x1b]2;{}\x07", "long".repeat(1_000)).as_bytes());
    assert_eq!(emulator.view().title.chars().count(), TITLE);
}

#[test]
fn what_is_held_back_is_shown_in_the_end() {
    let mut emulator = emulator(20, 3);
    emulator.write(b"\x1b[?2026hheld");
    assert_eq!(text(&emulator), "");
    assert!(emulator.held_until().is_some());
    emulator.show_held();
    assert_eq!(text(&emulator), "held");
    assert_eq!(emulator.held_until(), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn nothing_that_is_written_does_harm(
        writes in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..20),
        sizes in prop::collection::vec((0_u16..60, 0_u16..30), 1..8),
    ) {
        let mut emulator = emulator(20, 5);
        for (bytes, (columns, rows)) in writes.iter().zip(sizes.iter().cycle()) {
            emulator.write(bytes);
            emulator.resize(Size { columns: *columns, rows: *rows });
            emulator.input(&Input::Page(-1));
            let view = emulator.view();
            let cells = usize::from(view.size.columns) * usize::from(view.size.rows);
            prop_assert_eq!(view.cells.len(), cells);
        }
    }
}
