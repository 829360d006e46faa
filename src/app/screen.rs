//! What is on the screen: the menu or a lesson.

use crossterm::event::Event as Input;
use ratatui::Frame;

use super::input::Wish;
use crate::kernel::rendezvous::protocol::Standing;
use crate::keys::{self, Key, Mode};
use crate::lesson::find;
use crate::menu::{Choice, Menu, MenuAction, Row};
use crate::progress::Start;
use crate::session::{Action, Area, Effect, Event, Phase, Session, Ticket};
use crate::theme::Theme;
use crate::ui;

/// What is on the screen.
pub enum Screen {
    /// Nothing yet.
    Empty,
    /// The menu of lessons.
    Menu {
        /// Its list and cursor.
        menu: Menu,
        /// Where its rows were drawn.
        rows: Vec<Row>,
    },
    /// A lesson.
    Lesson {
        /// It.
        session: Box<Session>,
        /// Was it chosen in the menu, so that leaving it leads back there?
        from_menu: bool,
    },
}

impl Screen {
    /// The menu.
    pub fn menu(menu: Menu) -> Self {
        Self::Menu {
            menu,
            rows: Vec::new(),
        }
    }

    /// Shows a lesson that begins or goes on.
    pub fn teach(&mut self, session: Session) {
        let from_menu = matches!(self, Self::Menu { .. }) || self.came_from_menu();
        *self = Self::Lesson {
            session: Box::new(session),
            from_menu,
        };
    }

    /// The session of the lesson, if there is one.
    pub fn session(&self) -> Option<&Session> {
        match self {
            Self::Lesson { session, .. } => Some(session),
            Self::Menu { .. } | Self::Empty => None,
        }
    }

    /// Where the learner is, for a second terminal.
    pub fn standing(&self) -> Option<Standing> {
        self.session().map(Standing::of)
    }

    /// Does leaving lead back to the menu?
    pub fn came_from_menu(&self) -> bool {
        matches!(
            self,
            Self::Lesson {
                from_menu: true,
                ..
            }
        )
    }

    /// What a key or the mouse asks for.
    pub fn input(&mut self, input: &Input) -> Wish {
        match (self, input) {
            (Self::Menu { menu, rows }, input) => menu_input(menu, rows, input),
            (Self::Lesson { session, .. }, input) if Mode::of(session) == Mode::Shell => {
                shell_input(input)
            }
            (Self::Lesson { session, .. }, Input::Key(event)) => {
                let action =
                    Key::pressed(*event).and_then(|key| keys::lesson(Mode::of(session), key));
                action.map_or(Wish::Nothing, |action| lesson_wish(session, action))
            }
            (Self::Lesson { .. }, Input::Mouse(event)) => {
                keys::mouse(*event).map_or(Wish::Nothing, Wish::Do)
            }
            (Self::Lesson { .. }, Input::Paste(text)) => Wish::Paste(text.clone()),
            (Self::Lesson { .. } | Self::Empty, _) => Wish::Nothing,
        }
    }

    /// Hands an event to the lesson, if there is one.
    pub fn handle(&mut self, event: Event) -> Vec<Effect> {
        match self {
            Self::Lesson { session, .. } => session.handle(event),
            Self::Menu { .. } | Self::Empty => Vec::new(),
        }
    }

    /// The shell that is on the screen, and whether nothing of it was seen yet.
    pub fn shell(&self) -> Option<(Ticket, bool)> {
        let Self::Lesson { session, .. } = self else {
            return None;
        };
        let ticket = session.shells.ticket()?;
        Some((ticket, session.shells.view().is_none()))
    }

    /// Draws it; where the panes are.
    pub fn draw(&mut self, theme: Theme, frame: &mut Frame) -> Vec<Area> {
        match self {
            Self::Empty => Vec::new(),
            Self::Menu { menu, rows } => {
                *rows = ui::draw_menu(menu, &theme, frame);
                Vec::new()
            }
            Self::Lesson { session, .. } => ui::draw(session, &theme, frame),
        }
    }
}

fn lesson_wish(session: &Session, action: Action) -> Wish {
    if session.phase == Phase::Finished && action == Action::Next {
        let after = lesson_after(&session.lesson.id);
        return after.map_or(Wish::Menu, |id| Wish::Teach(id, Start::Continue));
    }
    Wish::Do(action)
}

/// With a shell on the screen all is typed into it but the keys that the table keeps.
fn shell_input(input: &Input) -> Wish {
    let kept = match input {
        Input::Key(event) => Key::pressed(*event).and_then(|key| keys::lesson(Mode::Shell, key)),
        _ => None,
    };
    match (kept, keys::typed(input)) {
        (Some(action), _) => Wish::Do(action),
        (None, Some(input)) => Wish::Type(input),
        (None, None) => Wish::Nothing,
    }
}

/// The lesson behind this one, in teaching order.
fn lesson_after(id: &str) -> Option<String> {
    let all = find::list();
    let here = all.iter().position(|entry| entry.id == id)?;
    all.get(here + 1).map(|entry| entry.id.clone())
}

fn menu_input(menu: &mut Menu, rows: &[Row], input: &Input) -> Wish {
    let action = match input {
        Input::Key(event) => Key::pressed(*event).and_then(keys::menu),
        Input::Mouse(event) => match keys::mouse(*event) {
            Some(Action::Click { x, y }) => click(menu, rows, x, y),
            Some(Action::Wheel { lines, .. }) => Some(MenuAction::Move(lines.signum())),
            _ => None,
        },
        _ => None,
    };
    match action.and_then(|action| menu.handle(action)) {
        Some(Choice::Lesson(id)) => Wish::Teach(id, Start::Continue),
        Some(Choice::Afresh(id)) => Wish::Teach(id, Start::Fresh),
        Some(Choice::Quit) => Wish::Quit,
        None => Wish::Nothing,
    }
}

/// A click puts the cursor on a lesson, a second one opens it.
fn click(menu: &Menu, rows: &[Row], x: u16, y: u16) -> Option<MenuAction> {
    let index = Menu::at(rows, x, y)?;
    Some(if index == menu.cursor {
        MenuAction::Open
    } else {
        MenuAction::To(index)
    })
}
