//! From step to step: what is built, what ends a step.

use super::*;

#[test]
fn a_session_begins_with_what_its_bases_and_earlier_steps_change() {
    let (_, effects) = Session::new(lesson(), Place { step: 1, done: 2 });
    assert_eq!(
        builds(&effects),
        [[
            "ip netns add app1",
            "ip link add name br0 type bridge",
            "ip link set dev lo up"
        ]],
        "looks and moves are not replayed"
    );
}

#[test]
fn a_step_ends_when_its_checks_hold_and_not_before() {
    let mut session = standing_at(Place { step: 0, done: 2 });
    act(&mut session, Action::Next);
    assert_eq!(session.step, 0, "the check does not hold");
    let said = session.transcript.last().expect("something is said");
    assert!(said.text.contains("br0 is not in host"), "{said:?}");
    session.handle(Event::World(
        Ns::Host,
        Change::Link(Box::new(link(2, "br0"))),
    ));
    assert!(session.all_hold());
    act(&mut session, Action::Next);
    assert_eq!(session.step, 1);
}

#[test]
fn a_second_enter_goes_on_all_the_same() {
    let mut session = standing_at(Place { step: 0, done: 2 });
    act(&mut session, Action::Next);
    act(&mut session, Action::Next);
    assert_eq!(session.step, 1);
}

#[test]
fn the_next_step_does_first_what_is_missing_and_skips_looks() {
    let mut session = standing_at(Place::default());
    let (ticket, _, command) = run_of(&act(&mut session, Action::NextStep));
    assert_eq!(command, "ip link add name br0 type bridge");
    end(&mut session, ticket, None);
    assert_eq!((session.step, &session.phase), (1, &Phase::Idle));
}

#[test]
fn a_sandbox_that_cannot_be_built_is_said() {
    let (mut session, effects) = Session::new(lesson(), Place::default());
    let Some(Effect::Build { ticket, .. }) = effects.first() else {
        panic!("a build expected");
    };
    session.handle(Event::Built {
        ticket: *ticket,
        result: Err("refused".to_owned()),
    });
    assert_eq!(session.phase, Phase::Broken("refused".to_owned()));
}
