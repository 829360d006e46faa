//! Shells open, hide, end and come back, without a kernel.

use super::*;
use crate::session::shell::input::{Button, Held, Input, KeyCode, Mouse, MouseKind, Stroke};
use crate::session::shell::{ShellEnd, ShellView, Size};

const SIZE: Size = Size {
    columns: 80,
    rows: 12,
};

fn app3() -> Ns {
    Ns::from_name("app3")
}

/// A session whose sandbox stands, with `host` and `app3`.
fn session() -> Session {
    let (mut session, _) = Session::new(lesson(), Place::default());
    built(&mut session);
    session.chosen = app3();
    session
}

/// Ends the build under way.
fn built(session: &mut Session) {
    let Phase::Building(ticket) = session.phase else {
        panic!("nothing is being built");
    };
    let mut world = World::default();
    for ns in [Ns::Host, app3()] {
        world.spaces.insert(ns, Space::default());
    }
    let result = Ok(world);
    session.handle(Event::Built { ticket, result });
}

/// The shell's pane was drawn at this size.
fn drawn(session: &mut Session, size: Size) -> Vec<Effect> {
    session.handle(Event::Drawn(vec![Area {
        pane: Pane::Shell,
        ns: None,
        packet: None,
        x: 0,
        y: 10,
        width: size.columns,
        height: size.rows + 1,
        aside: 0,
        max_aside: 0,
        max_scroll: 0,
        offset: 0,
    }]))
}

/// Opens a shell in the chosen namespace.
fn open(session: &mut Session) -> Ticket {
    session.handle(Event::Do(Action::Shell));
    let effects = drawn(session, SIZE);
    let [Effect::OpenShell { ticket, .. }] = &effects[..] else {
        panic!("a shell is opened: {effects:?}");
    };
    *ticket
}

fn notes(session: &Session) -> String {
    let lines = session.transcript.iter().map(|line| line.text.as_str());
    lines.collect::<Vec<_>>().join("\n")
}

fn key(c: char) -> Input {
    Input::Key(Stroke {
        key: KeyCode::Char(c),
        held: Held::empty(),
    })
}

#[test]
fn a_shell_is_opened_once_its_size_is_known() {
    let mut session = session();
    assert_eq!(session.handle(Event::Do(Action::Shell)), []);
    assert_eq!(session.shells.shown(), Some(&app3()));
    let effects = drawn(&mut session, SIZE);
    let ticket = session.shells.ticket().expect("it was opened");
    let ns = app3();
    let size = SIZE;
    assert_eq!(effects, [Effect::OpenShell { ticket, ns, size }]);
    assert_eq!(drawn(&mut session, SIZE), [], "nothing has changed");
    let size = Size { rows: 20, ..SIZE };
    let effects = drawn(&mut session, size);
    assert_eq!(effects, [Effect::ResizeShell { ticket, size }]);
}

#[test]
fn what_is_typed_before_it_is_opened_is_not_lost() {
    let mut session = session();
    session.handle(Event::Do(Action::Shell));
    assert_eq!(session.handle(Event::Typed(key('l'))), []);
    assert_eq!(session.handle(Event::Typed(key('s'))), []);
    let effects = drawn(&mut session, SIZE);
    let typed = effects.iter().skip(1).map(|effect| match effect {
        Effect::TypeToShell { input, .. } => input.clone(),
        other => panic!("{other:?}"),
    });
    assert_eq!(typed.collect::<Vec<_>>(), [key('l'), key('s')]);
}

#[test]
fn a_shell_that_was_left_is_come_back_to() {
    let mut session = session();
    let ticket = open(&mut session);
    let input = key('x');
    let effects = session.handle(Event::Typed(input.clone()));
    assert_eq!(effects, [Effect::TypeToShell { ticket, input }]);
    session.handle(Event::Do(Action::LeaveShell));
    assert_eq!(session.shells.shown(), None);
    assert_eq!(
        session.handle(Event::Typed(key('x'))),
        [],
        "nobody is there"
    );
    assert_eq!(session.handle(Event::Do(Action::Shell)), []);
    assert_eq!(session.shells.ticket(), Some(ticket));
    assert_eq!(drawn(&mut session, SIZE), []);
}

#[test]
fn each_namespace_has_a_shell_of_its_own() {
    let mut session = session();
    let first = open(&mut session);
    session.handle(Event::Do(Action::LeaveShell));
    session.chosen = Ns::Host;
    let second = open(&mut session);
    assert_ne!(first, second);
    assert!(session.shells.lives_in(&app3()) && session.shells.lives_in(&Ns::Host));
}

#[test]
fn where_there_is_no_namespace_no_shell_is_opened() {
    let mut session = session();
    session.open_shell(Ns::from_name("nowhere"));
    assert_eq!(session.shells.shown(), None);
    assert!(notes(&session).contains("no namespace nowhere"));
}

#[test]
fn an_ended_shell_is_gone_and_its_status_is_said() {
    let mut session = session();
    let ticket = open(&mut session);
    let end = ShellEnd::Exited(3);
    session.handle(Event::ShellEnded { ticket, end });
    assert_eq!(session.shells.shown(), None);
    assert!(!session.shells.lives_in(&app3()));
    assert!(notes(&session).contains("app3 has ended with status 3"));
    assert_ne!(open(&mut session), ticket, "s opens another");
}

#[test]
fn a_late_view_of_another_shell_is_not_shown() {
    let mut session = session();
    let ticket = open(&mut session);
    let view = Box::new(ShellView::default());
    let late = Ticket(ticket.0 + 1_000);
    session.handle(Event::ShellSeen { ticket: late, view });
    assert_eq!(session.shells.view(), None);
    let view = Box::new(ShellView::default());
    session.handle(Event::ShellSeen { ticket, view });
    assert!(session.shells.view().is_some());
}

#[test]
fn a_rebuild_ends_shells_and_the_one_in_sight_comes_back() {
    let mut session = session();
    let old = open(&mut session);
    session.handle(Event::Clock(Duration::from_secs(1)));
    session.handle(Event::Do(Action::PreviousStep));
    assert!(notes(&session).contains("the shell in app3 was closed"));
    assert_eq!(drawn(&mut session, SIZE), [], "nothing to open it in yet");
    built(&mut session);
    let effects = drawn(&mut session, SIZE);
    let ticket = session.shells.ticket().expect("a new one");
    assert_ne!(ticket, old);
    let (ns, size) = (app3(), SIZE);
    assert_eq!(effects, [Effect::OpenShell { ticket, ns, size }]);
}

#[test]
fn a_shell_out_of_sight_is_not_opened_anew() {
    let mut session = session();
    open(&mut session);
    session.handle(Event::Do(Action::LeaveShell));
    session.handle(Event::Do(Action::PreviousStep));
    built(&mut session);
    assert!(!session.shells.lives_in(&app3()));
}

#[test]
fn in_a_deleted_namespace_a_shell_goes_on_and_the_name_gets_another() {
    let mut session = session();
    let old = open(&mut session);
    session.handle(Event::World(app3(), Change::Vanished));
    assert!(session.shells.is_in_deleted());
    let new = Change::Appeared(Box::default());
    session.handle(Event::World(app3(), new));
    session.handle(Event::Do(Action::LeaveShell));
    session.chosen = app3();
    let effects = session.handle(Event::Do(Action::Shell));
    assert_eq!(effects, [Effect::CloseShell(old)]);
    drawn(&mut session, SIZE);
    assert_ne!(session.shells.ticket(), Some(old));
}

#[test]
fn a_shell_that_does_not_end_can_be_ended() {
    let mut session = session();
    let ticket = open(&mut session);
    session.handle(Event::Do(Action::LeaveShell));
    let effects = session.handle(Event::Do(Action::EndShell));
    assert_eq!(effects, [Effect::CloseShell(ticket)]);
    assert!(!session.shells.lives_in(&app3()));
    session.handle(Event::Do(Action::EndShell));
    assert!(notes(&session).contains("No shell is open in app3"));
}

#[test]
fn the_mouse_is_the_shells_in_its_pane_only() {
    let mut session = session();
    let ticket = open(&mut session);
    let at = |x, y| Mouse {
        kind: MouseKind::Press(Button::Left),
        x,
        y,
        held: Held::empty(),
    };
    let effects = session.handle(Event::Typed(Input::Mouse(at(5, 13))));
    let input = Input::Mouse(at(5, 2));
    assert_eq!(effects, [Effect::TypeToShell { ticket, input }]);
    assert_eq!(session.handle(Event::Typed(Input::Mouse(at(5, 9)))), []);
    let title = session.handle(Event::Typed(Input::Mouse(at(5, 10))));
    assert_eq!(title, []);
}
