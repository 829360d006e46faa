//! The prompt in several states, by what is typed.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use tutor::session::prompt::{Edit, Reach};
use tutor::session::{Action, Event, Session};
use tutor::theme::Background;
use tutor::ui;

use super::{DARK, SIZES, draw, picture, session, text};

/// A session with an open prompt in which this was typed; `⇥` is Tab, `⏎` Enter, `®` Ctrl-R, `←`
/// the arrow.
fn typed(keys: &str) -> Session {
    let mut session = session::start();
    let history = ["ping -c 1 172.16.0.40", "ip -br addr"].map(str::to_owned);
    session.handle(Event::History(history.to_vec()));
    session.handle(Event::Lessons(vec!["bridge".to_owned(), "nat".to_owned()]));
    session.handle(Event::Do(Action::Prompt));
    for key in keys.chars() {
        let edit = match key {
            '⇥' => Edit::Complete,
            '⏎' => Edit::Enter,
            '®' => Edit::Search,
            '←' => Edit::Go(Reach::Back),
            c => Edit::Insert(c),
        };
        session.handle(Event::Do(Action::Edit(edit)));
    }
    session
}

/// Three lines were pasted.
fn pasted() -> Session {
    let mut session = typed("");
    session.handle(Event::Paste(
        "ip link set hlink3 up\nip addr\nip route\n".to_owned(),
    ));
    session
}

#[test]
fn states() {
    let long = format!("ping -c 1 {}172.16.0.40", "-n ".repeat(90));
    for (name, session) in vec![
        ("empty", typed("")),
        ("words", typed("ip link set hlink3 master br0 ")),
        ("list", typed("ip link set hl⇥⇥")),
        ("columns", typed("ip route add ⇥")),
        ("mistake", typed("ip lnk set ")),
        ("refused", typed("ip addr add 10.0.0.300/8 dev br0⏎")),
        ("search", typed("®pi")),
        ("colon", typed(":g")),
        ("long", typed(&long)),
        ("pasted", pasted()),
    ] {
        for size in SIZES {
            let name = format!("{name}-{}x{}", size.0, size.1);
            let buffer = draw(&session, DARK, size);
            picture(&format!("prompt-{name}"), &buffer, Background::Dark);
            insta::assert_snapshot!(name, bottom(&buffer));
        }
    }
}

/// The rows from the terminal's title on.
fn bottom(buffer: &Buffer) -> String {
    let text = text(buffer);
    let rows = text.lines().skip_while(|row| !row.contains(" Terminal "));
    rows.flat_map(|row| [row, "\n"]).collect()
}

#[test]
fn the_cursor_stands_where_the_next_letter_goes() {
    let cursor = |session: &Session, size: (u16, u16)| {
        let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).expect("a test backend");
        terminal
            .draw(|frame| {
                ui::draw(session, &DARK, frame);
            })
            .expect("a frame");
        let buffer = terminal.backend().buffer().clone();
        let at = terminal.get_cursor_position().expect("a cursor");
        (
            at.x,
            text(&buffer)
                .lines()
                .nth(usize::from(at.y))
                .map(str::to_owned),
        )
    };
    let (x, row) = cursor(&typed("ip link"), (80, 24));
    assert_eq!((x, row.as_deref()), (20, Some("root@host:~# ip link")));
    assert_eq!(cursor(&typed("ip link←←"), (80, 24)).0, 18);
    assert_eq!(cursor(&typed("# 漢字←"), (80, 24)).0, 17);
    let wraps = typed(&"x".repeat(78 - 13));
    assert_eq!(cursor(&wraps, (80, 24)), (0, Some(String::new())));
    let (x, row) = cursor(&typed("®pi"), (80, 24));
    assert_eq!((x, row.as_deref()), (10, Some("search: pi")));
}
