//! Steps taken by hand: what counts is that the checks hold.

use super::*;
use crate::session::trail::By;
use crate::session::{Manner, Resume};

fn type_line(session: &mut Session, line: &str) -> Vec<Effect> {
    session.type_line(line).expect("a line that can be read");
    session.flush()
}

fn make_br0(session: &mut Session) {
    let br0 = Change::Link(Box::new(link(2, "br0")));
    session.handle(Event::World(Ns::Host, br0));
}

fn built(session: &mut Session, effects: &[Effect]) {
    let ticket = effects.iter().find_map(|effect| {
        let Effect::Build { ticket, .. } = effect else {
            return None;
        };
        Some(*ticket)
    });
    session.handle(Event::Built {
        ticket: ticket.expect("a build"),
        result: Ok(world(&[])),
    });
}

#[test]
fn a_typed_line_that_is_listed_marks_the_listed_one() {
    let mut session = standing_at(Place::default());
    let (ticket, ..) = run_of(&type_line(&mut session, "ip l a br0 type bridge"));
    assert_eq!(session.commands[0], CommandState::Running);
    end(&mut session, ticket, None);
    assert_eq!(
        session.commands,
        [CommandState::Done, CommandState::Current]
    );
    assert_eq!(session.trail.deeds[0].by, By::Prompt);
}

#[test]
fn another_way_is_done_the_moment_that_the_checks_hold() {
    let mut session = standing_at(Place::default());
    let (ticket, ..) = run_of(&type_line(&mut session, "ip link add br1 type bridge"));
    end(&mut session, ticket, None);
    assert!(!session.step_is_done());
    let (ticket, ..) = run_of(&type_line(&mut session, "ip link set br1 name br0"));
    make_br0(&mut session);
    end(&mut session, ticket, None);
    assert!(session.step_is_done(), "no listed command has run");
    session.handle(Event::World(Ns::Host, Change::LinkGone(2)));
    assert!(
        !session.step_is_done(),
        "and it shows when it is so no more"
    );
    make_br0(&mut session);
    act(&mut session, Action::Next);
    assert_eq!(session.step, 1);
}

#[test]
fn looking_about_by_hand_skips_nothing() {
    let mut session = standing_at(Place::default());
    make_br0(&mut session);
    let (ticket, ..) = run_of(&type_line(&mut session, "ip route"));
    end(&mut session, ticket, None);
    assert!(!session.step_is_done());
    let (_, _, command) = run_of(&act(&mut session, Action::Next));
    assert_eq!(command, "ip link add name br0 type bridge");
}

#[test]
fn a_line_that_cannot_be_read_changes_nothing() {
    let mut session = standing_at(Place::default());
    let before = session.clone();
    assert!(session.type_line("ip lnik add br0").is_err());
    assert_eq!(session.trail, before.trail);
    assert_eq!(session.transcript, before.transcript);
    assert!(session.flush().is_empty());
}

#[test]
fn what_was_typed_is_replayed_undone_and_done_again() {
    let mut session = standing_at(Place::default());
    for line in ["ip link add br0 type bridge", "ip link add br7 type bridge"] {
        let (ticket, ..) = run_of(&type_line(&mut session, line));
        end(&mut session, ticket, None);
    }
    let undone = act(&mut session, Action::Undo);
    let [replay] = &builds(&undone)[..] else {
        panic!("one build: {undone:?}");
    };
    assert_eq!(
        replay[..],
        ["ip netns add app1", "ip link add name br0 type bridge"]
    );
    built(&mut session, &undone);
    let again = act(&mut session, Action::Redo);
    assert_eq!(builds(&again)[0].len(), 3);
    built(&mut session, &again);
    assert!(builds(&act(&mut session, Action::Redo)).is_empty());
}

#[test]
fn a_new_deed_forgets_what_was_undone() {
    let mut session = standing_at(Place { step: 0, done: 2 });
    act(&mut session, Action::Undo);
    let (ticket, ..) = run_of(&type_line(&mut session, "ip link"));
    end(&mut session, ticket, None);
    act(&mut session, Action::Redo);
    let said = &session.transcript.last().expect("something is said").text;
    assert!(said.contains("nothing undone"), "{said}");
}

#[test]
fn in_practice_enter_runs_nothing_and_says_what_is_missing() {
    let mut session = standing_at(Place::default());
    act(&mut session, Action::Practice);
    assert!(session.hides_commands());
    let effects = act(&mut session, Action::Next);
    assert!(
        effects.iter().all(|e| !matches!(e, Effect::Run { .. })),
        "{effects:?}"
    );
    let said = &session.transcript.last().expect("something is said").text;
    assert!(said.contains("br0 is not in host"), "{said}");
}

#[test]
fn resetting_asks_first_and_keeps_the_steps_before() {
    let mut session = standing_at(Place::default());
    let (ticket, ..) = run_of(&type_line(&mut session, "ip link add br0 type bridge"));
    make_br0(&mut session);
    end(&mut session, ticket, None);
    act(&mut session, Action::Next);
    let (ticket, ..) = run_of(&type_line(&mut session, "ip link add br9 type bridge"));
    end(&mut session, ticket, None);
    act(&mut session, Action::Reset);
    act(&mut session, Action::Answer(false));
    assert_eq!(session.trail.deeds.len(), 2);
    act(&mut session, Action::Reset);
    let effects = act(&mut session, Action::Answer(true));
    assert_eq!(
        builds(&effects)[0][..],
        ["ip netns add app1", "ip link add name br0 type bridge"]
    );
}

#[test]
fn what_is_kept_leads_back_to_the_same_place() {
    let mut session = standing_at(Place::default());
    act(&mut session, Action::Practice);
    act(&mut session, Action::Hint);
    let (ticket, ..) = run_of(&type_line(&mut session, "ip link add br5 type bridge"));
    let effects = end(&mut session, ticket, None);
    let kept = effects.iter().find_map(|effect| {
        let Effect::Keep(kept) = effect else {
            return None;
        };
        Some(kept.clone())
    });
    let text = serde_json::to_string(&kept.expect("it is kept")).expect("plain data");
    let read: Resume = serde_json::from_str(&text).expect("what was written");
    let (mut resumed, effects) = Session::resume(lesson(), &read);
    assert_eq!(
        builds(&effects)[0][..],
        ["ip netns add app1", "ip link add name br5 type bridge"]
    );
    built(&mut resumed, &effects);
    assert_eq!(resumed.manner, Manner::Practice);
    assert_eq!(resumed.record().hints, [0]);
    assert_eq!(resumed.trail, session.trail);
}

#[test]
fn a_damaged_place_is_still_a_place() {
    let read: Resume = serde_json::from_str(
        r#"{"step": 99, "base": 77, "deeds": [{"step": 0, "at": "host", "line": "rm -rf /"}]}"#,
    )
    .expect("plain data");
    let (session, effects) = Session::resume(lesson(), &read);
    assert_eq!(session.step, 2);
    assert_eq!(builds(&effects).len(), 1);
    assert!(session.transcript[0].text.contains("1 of the lines"));
}
