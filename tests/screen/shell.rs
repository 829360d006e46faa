//! A shell by hand, in which something was typed that the tables show.

use tutor::session::shell::view::{Attributes, Cell, Color};
use tutor::session::shell::{ShellView, Size};
use tutor::session::state::Area;
use tutor::session::{Action, Event, Pane, Session};

use super::session;

/// A run of cells: text, colour, colour behind it, attributes.
type Run = (&'static str, Color, Color, Attributes);

const PLAIN: Color = Color::Default;
const NONE: Attributes = Attributes::empty();

/// What is seen, row by row.
fn rows() -> Vec<Vec<Run>> {
    let prompt = ("(app3)root@box:~# ", PLAIN, PLAIN, NONE);
    vec![
        vec![prompt, ("ip -br -c link", PLAIN, PLAIN, NONE)],
        vec![
            ("lo               ", Color::Indexed(6), PLAIN, NONE),
            ("UNKNOWN        ", PLAIN, PLAIN, NONE),
            ("00:00:00:00:00:00 ", Color::Indexed(3), PLAIN, NONE),
            ("<LOOPBACK,UP,LOWER_UP>", PLAIN, PLAIN, NONE),
        ],
        vec![
            ("clink3@if5       ", Color::Indexed(6), PLAIN, NONE),
            ("UP             ", Color::Indexed(2), PLAIN, NONE),
            ("6a:1f:9c:30:0e:33 ", Color::Indexed(3), PLAIN, NONE),
            ("<BROADCAST,MULTICAST,UP,LOWER_UP>", PLAIN, PLAIN, NONE),
        ],
        vec![
            (
                " F1 ",
                Color::Rgb(0, 0, 0),
                Color::Rgb(0xff, 0x87, 0),
                Attributes::BOLD,
            ),
            (" Help ", Color::Indexed(16), Color::Indexed(44), NONE),
            (
                " faint ",
                PLAIN,
                PLAIN,
                Attributes::DIM.union(Attributes::ITALIC),
            ),
            (" secret ", PLAIN, PLAIN, Attributes::HIDDEN),
            (
                " 漢e\u{301}\u{202e}x ",
                Color::Indexed(203),
                PLAIN,
                Attributes::UNDERLINE,
            ),
        ],
        vec![prompt],
    ]
}

/// The cells of a run, as an emulator lays them out.
fn cells((text, ink, paper, attributes): Run) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for c in text.chars() {
        let cell = Cell {
            c,
            marks: None,
            ink,
            paper,
            attributes,
        };
        match (c, cells.last_mut()) {
            ('\u{301}', Some(before)) => before.marks = Some(c.to_string().into()),
            ('漢', _) => {
                let attributes = attributes | Attributes::SPACER;
                cells.extend([
                    cell.clone(),
                    Cell {
                        c: ' ',
                        attributes,
                        ..cell
                    },
                ]);
            }
            _ => cells.push(cell),
        }
    }
    cells
}

fn view(size: Size) -> ShellView {
    let mut all = Vec::new();
    let rows = rows();
    let last = rows.len() - 1;
    let column: usize = rows[last].iter().map(|run| run.0.chars().count()).sum();
    for row in rows
        .into_iter()
        .chain(std::iter::repeat(Vec::new()))
        .take(size.rows.into())
    {
        let mut row: Vec<Cell> = row.into_iter().flat_map(cells).collect();
        row.resize(size.columns.into(), Cell::default());
        all.extend(row);
    }
    ShellView {
        size,
        cells: all,
        cursor: Some((
            u16::try_from(column).expect("it fits"),
            u16::try_from(last).expect("it fits"),
        )),
        shell: "bash".to_owned(),
        title: "root@box: ~".to_owned(),
        back: 0,
        history: 100,
    }
}

/// A shell in `app3`, whose pane is as large as `draw` makes it.
pub fn shell(draw: impl Fn(&Session) -> Vec<Area>) -> Session {
    let mut session = session::done();
    session.chosen = tutor::world::Ns::from_name("app3");
    session.handle(Event::Do(Action::Shell));
    let areas = draw(&session);
    let area = *areas
        .iter()
        .find(|area| area.pane == Pane::Shell)
        .expect("it is drawn");
    session.handle(Event::Drawn(areas));
    let ticket = session.shells.ticket().expect("it is opened");
    let size = Size {
        columns: area.width,
        rows: area.height - 1,
    };
    let view = Box::new(view(size));
    session.handle(Event::ShellSeen { ticket, view });
    session
}

/// The same, looking back.
pub fn past(draw: impl Fn(&Session) -> Vec<Area>) -> Session {
    let mut session = shell(draw);
    let ticket = session.shells.ticket().expect("it is open");
    let mut view = session.shells.view().expect("it shows something").clone();
    view.back = 37;
    view.cursor = None;
    let view = Box::new(view);
    session.handle(Event::ShellSeen { ticket, view });
    session
}
