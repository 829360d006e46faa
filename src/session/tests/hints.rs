//! Hints: those that fit come first, the solution comes last, and what was shown is remembered.

use super::*;
use crate::lesson::Hint;

/// The lesson, its first step with a nudge, an answer, and a hint for who has made `br1`.
fn hinted() -> Session {
    let mut session = standing_at(Place::default());
    let lesson = Arc::make_mut(&mut session.lesson);
    let slip = Hint {
        text: "br1 is not what was asked for".to_owned(),
        when: vec![Arc::new(HasLink("br1"))],
    };
    lesson.steps[0].hints = vec!["a nudge".into(), slip, "the answer".into()];
    session
}

fn shown(session: &Session) -> Vec<(Option<(usize, usize)>, &str)> {
    let shown = session.shown_hints().into_iter();
    shown
        .map(|shown| (shown.number, shown.hint.text.as_str()))
        .collect()
}

fn become_world(session: &mut Session, names: &[&str]) {
    session.world = world(names);
    session.judge_tables();
}

#[test]
fn general_hints_come_in_their_order() {
    let mut session = hinted();
    act(&mut session, Action::Hint);
    assert_eq!(shown(&session), [(Some((1, 2)), "a nudge")]);
    act(&mut session, Action::Hint);
    assert_eq!(shown(&session)[1], (Some((2, 2)), "the answer"));
}

#[test]
fn a_hint_that_fits_comes_first_and_goes_with_the_state() {
    let mut session = hinted();
    become_world(&mut session, &["br1"]);
    act(&mut session, Action::Hint);
    assert_eq!(shown(&session), [(None, "br1 is not what was asked for")]);
    assert_eq!(session.nearest().as_deref(), Some("br0 is not in host"));
    become_world(&mut session, &[]);
    assert_eq!(shown(&session), []);
    act(&mut session, Action::Hint);
    assert_eq!(
        session.record().hints,
        [1, 0],
        "what was shown is remembered"
    );
}

#[test]
fn the_solution_comes_last_and_is_told_apart() {
    let mut session = hinted();
    draw(&mut session);
    for _ in 0..2 {
        act(&mut session, Action::Hint);
    }
    assert!(!session.record().solution);
    let effects = act(&mut session, Action::Hint);
    assert!(session.record().solution);
    assert!(
        matches!(effects[..], [Effect::Keep(_)]),
        "nothing is run: {effects:?}"
    );
    let prompt = session.prompt_line().expect("the prompt is open");
    assert_eq!(prompt.line.text(), "ip link add br0 type bridge");
    assert_eq!(session.credit(0), Credit::Open);
    session.record_mut().solved = true;
    assert_eq!(session.credit(0), Credit::WithSolution);
}

#[test]
fn a_solution_looked_at_afterwards_takes_nothing_away() {
    let mut session = hinted();
    session.record_mut().solved = true;
    for _ in 0..3 {
        act(&mut session, Action::Hint);
    }
    assert_eq!(session.credit(0), Credit::Solved);
}

#[test]
fn a_line_done_in_other_words_is_not_missing() {
    let mut session = hinted();
    let typed = session.type_line("sudo ip link add name br0 type bridge");
    typed.expect("a line");
    let (ticket, ..) = run_of(&session.flush());
    end(&mut session, ticket, None);
    assert_eq!(session.missing_line().as_deref(), Some("ip link show"));
}

#[test]
fn the_way_to_another_namespace_is_part_of_a_line() {
    let mut session = standing_at(Place { step: 1, done: 1 });
    assert_eq!(session.missing_line().as_deref(), Some("ip link set lo up"));
    session.prompt = vec![Ns::Host];
    let wrapped = "nsenter --net=/run/netns/app1 ip link set lo up";
    assert_eq!(session.missing_line().as_deref(), Some(wrapped));
    let mut session = standing_at(Place::default());
    session.prompt.push(Ns::Named("app1".to_owned()));
    assert_eq!(session.missing_line().as_deref(), Some("exit"));
}
