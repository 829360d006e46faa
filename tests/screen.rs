//! The screen at three sizes, in several phases, with and without colours and Unicode.

#[path = "screen/lesson.rs"]
mod lesson;
#[path = "screen/map.rs"]
mod map;
#[path = "screen/nat.rs"]
mod nat;
#[path = "screen/packets.rs"]
mod packets;
#[path = "screen/prompt.rs"]
mod prompt;
#[path = "screen/session.rs"]
mod session;
#[path = "screen/shell.rs"]
mod shell;
#[path = "screen/trace.rs"]
mod trace;
#[path = "screen/world.rs"]
mod world;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Modifier;
use tutor::menu::Menu;
use tutor::session::{Area, Pane, Session};
use tutor::theme::{Background, Depth, Theme};
use tutor::ui;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 36), (200, 50)];

const DARK: Theme = Theme {
    depth: Depth::True,
    background: Background::Dark,
    unicode: true,
};

/// No colours.
const PLAIN: Theme = Theme {
    depth: Depth::Mono,
    ..DARK
};

/// No colours, and no characters but ASCII.
const ASCII: Theme = Theme {
    unicode: false,
    ..PLAIN
};

fn draw(session: &Session, theme: Theme, size: (u16, u16)) -> Buffer {
    drawn(session, theme, size).0
}

/// The screen, and where everything lies on it.
fn drawn(session: &Session, theme: Theme, (width, height): (u16, u16)) -> (Buffer, Vec<Area>) {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a test backend");
    let mut areas = Vec::new();
    terminal
        .draw(|frame| areas = ui::draw(session, &theme, frame))
        .expect("a frame");
    (terminal.backend().buffer().clone(), areas)
}

fn text(buffer: &Buffer) -> String {
    let rows = buffer.content.chunks(usize::from(buffer.area.width.max(1)));
    rows.map(|row| {
        let row: String = row.iter().map(Cell::symbol).collect();
        row.trim_end().to_owned() + "\n"
    })
    .collect()
}

/// The text, and behind each row the styles of its runs: what a colour or an attribute says.
fn styled(buffer: &Buffer) -> String {
    let mut out = String::new();
    for row in buffer.content.chunks(usize::from(buffer.area.width.max(1))) {
        let plain: String = row.iter().map(Cell::symbol).collect();
        let runs: Vec<String> = row
            .chunk_by(|one, next| one.style() == next.style())
            .filter(|run| run.iter().any(|cell| cell.symbol() != " "))
            .filter_map(|run| run.first())
            .map(|cell| format!("{}{}", cell.fg, attributes(cell.modifier)))
            .collect();
        out.push_str(plain.trim_end());
        out.push_str("\n    ");
        out.push_str(&runs.join(" "));
        out.push('\n');
    }
    out
}

fn attributes(modifier: Modifier) -> String {
    modifier
        .iter_names()
        .flat_map(|(name, _)| ["+".to_owned(), name.to_lowercase()])
        .collect()
}

fn draw_menu(menu: &Menu, theme: Theme, (width, height): (u16, u16)) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a test backend");
    terminal
        .draw(|frame| {
            ui::draw_menu(menu, &theme, frame);
        })
        .expect("a frame");
    terminal.backend().buffer().clone()
}

/// Keeps the picture beside the build, to be looked at.
fn picture(name: &str, buffer: &Buffer, background: Background) {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.svg"));
    std::fs::write(path, ui::svg::svg(buffer, background)).expect("a picture");
}

#[test]
fn phases() {
    for (name, session) in vec![
        ("start", session::start()),
        ("middle", session::middle()),
        ("failing", session::failing()),
        ("question", session::question()),
        ("typed-answer", session::typed_answer()),
        ("done", session::done()),
        ("finished", session::finished()),
        ("long", session::long()),
        ("nat", nat::session()),
        ("help", session::help()),
        ("broken", session::broken()),
    ] {
        for size in SIZES {
            let name = format!("{name}-{}x{}", size.0, size.1);
            let buffer = draw(&session, DARK, size);
            picture(&name, &buffer, Background::Dark);
            insta::assert_snapshot!(name, text(&buffer));
        }
    }
}

/// Where the panes are.
fn areas(session: &Session, (width, height): (u16, u16)) -> Vec<Area> {
    let mut areas = Vec::new();
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a test backend");
    terminal
        .draw(|frame| areas = ui::draw(session, &DARK, frame))
        .expect("a frame");
    areas
}

#[test]
fn a_shell_takes_the_place_of_the_transcript() {
    for size in SIZES {
        let name = format!("shell-{}x{}", size.0, size.1);
        let buffer = draw(&shell::shell(|session| areas(session, size)), DARK, size);
        picture(&name, &buffer, Background::Dark);
        insta::assert_snapshot!(name, text(&buffer));
    }
    let size = SIZES[0];
    let session = shell::past(|session| areas(session, size));
    for (name, theme) in [
        ("shell-past", DARK),
        (
            "shell-indexed",
            Theme {
                depth: Depth::Indexed,
                ..DARK
            },
        ),
        (
            "shell-ansi",
            Theme {
                depth: Depth::Ansi,
                ..DARK
            },
        ),
        ("shell-plain", ASCII),
    ] {
        insta::assert_snapshot!(name, styled(&draw(&session, theme, size)));
    }
}

#[test]
fn poorer_terminals() {
    let console = Theme {
        depth: Depth::Ansi,
        unicode: false,
        ..DARK
    };
    let light = Theme {
        background: Background::Light,
        ..DARK
    };
    let light_ansi = Theme {
        depth: Depth::Ansi,
        ..light
    };
    let indexed = Theme {
        depth: Depth::Indexed,
        ..DARK
    };
    for (name, theme) in [
        ("plain", PLAIN),
        ("ascii", ASCII),
        ("console", console),
        ("light", light),
        ("light-ansi", light_ansi),
        ("indexed", indexed),
    ] {
        for (phase, session) in [
            ("middle", session::middle()),
            ("failing", session::failing()),
        ] {
            let name = format!("{name}-{phase}");
            let buffer = draw(&session, theme, (100, 30));
            picture(&name, &buffer, theme.background);
            insta::assert_snapshot!(name, styled(&buffer));
        }
    }
}

#[test]
fn the_menu() {
    let mut menu = session::menu();
    for size in SIZES {
        let name = format!("menu-{}x{}", size.0, size.1);
        let buffer = draw_menu(&menu, DARK, size);
        picture(&name, &buffer, Background::Dark);
        insta::assert_snapshot!(name, text(&buffer));
    }
    let entries = menu.entries.clone();
    menu.entries
        .extend(entries.iter().cycle().take(40).cloned());
    menu.cursor = 20;
    let long = text(&draw_menu(&menu, DARK, (80, 24)));
    assert!(
        long.contains("more above") && long.contains("more below"),
        "{long}"
    );
    menu.entries.clear();
    let empty = text(&draw_menu(&menu, DARK, (80, 24)));
    assert!(empty.contains("no lesson"), "{empty}");
}

#[test]
fn a_small_terminal_says_what_it_needs() {
    for size in [(59, 24), (80, 14), (20, 5), (1, 1), (0, 0)] {
        let lesson = text(&draw(&session::middle(), DARK, size));
        let menu = text(&draw_menu(&session::menu(), DARK, size));
        if size.0 > 20 {
            for screen in [lesson, menu] {
                assert!(screen.contains("60x15"), "{screen}");
                assert!(screen.contains('q'), "{screen}");
            }
        }
    }
    let least = text(&draw(&session::middle(), DARK, (60, 15)));
    assert!(least.contains("Commands"), "{least}");
}

#[test]
fn nothing_hostile_reaches_the_terminal() {
    for unicode in [true, false] {
        let theme = Theme { unicode, ..DARK };
        for size in SIZES {
            let buffer = draw(&session::hostile(), theme, size);
            let screen = text(&buffer);
            let bad = screen.chars().find(|c| {
                (c.is_control() && *c != '\n')
                    || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
                    || !(unicode || c.is_ascii())
            });
            assert_eq!(bad, None, "{screen}");
            assert!(screen.contains("evil"), "{screen}");
            assert!(!screen.contains("owned"), "{screen}");
        }
    }
}

#[test]
fn colour_is_never_the_only_sign() {
    let screen = text(&draw(&session::failing(), ASCII, (200, 50)));
    for word in [
        "x host: hlink4",
        "+ host: hlink3",
        "DOWN",
        "NO-CARRIER",
        "FAILED",
        "linkdown",
    ] {
        assert!(screen.contains(word), "no {word} in\n{screen}");
    }
    let screen = text(&draw(&session::middle(), ASCII, (200, 50)));
    for word in ["* hlink4@clink4(app4)", "* 1 gone", "1 host *"] {
        assert!(screen.contains(word), "no {word} in\n{screen}");
    }
}

#[test]
fn a_change_is_marked_for_a_while() {
    let mut session = session::middle();
    let marked = text(&draw(&session, DARK, (120, 36)));
    assert!(marked.contains("● hlink4"), "{marked}");
    session.now += tutor::session::marks::FRESH;
    let later = text(&draw(&session, DARK, (120, 36)));
    assert!(!later.contains('●'), "{later}");
}

#[test]
fn areas_tell_where_scrolling_ends() {
    let mut session = session::long();
    let draw_areas = |session: &Session| {
        let mut areas = Vec::new();
        Terminal::new(TestBackend::new(80, 24))
            .expect("a test backend")
            .draw(|frame| areas = ui::draw(session, &DARK, frame))
            .expect("a frame");
        areas
    };
    let areas = draw_areas(&session);
    let transcript = areas
        .iter()
        .find(|area| area.pane == Pane::Transcript)
        .expect("the terminal");
    let rows = transcript.height - 1;
    // Each line fits; the prompt that waits is one more.
    assert_eq!(transcript.max_scroll, 5000 + 1 - rows);
    session
        .scroll
        .insert(Pane::Transcript, transcript.max_scroll);
    let end = text(&draw(&session, DARK, (80, 24)));
    session.scroll.clear();
    assert_eq!(
        end,
        text(&draw(&session, DARK, (80, 24))),
        "its end is where it rests"
    );
    let host = areas.iter().find(|area| area.ns == Some(0)).expect("a tab");
    assert_eq!((host.pane, host.height), (Pane::Tables, 1));
    let tables = areas.iter().position(|area| area.pane == Pane::Tables);
    let whole = tables.and_then(|at| areas.get(at)).expect("the tables");
    assert_eq!(
        whole.ns, None,
        "the tabs come after the pane that they lie on"
    );
}
