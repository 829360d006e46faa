//! What stands on the right, and how it comes and goes.

use super::*;
use crate::session::state::View;

/// The lesson of these tests, whose steps bring these forward.
fn bringing(looks: [Option<View>; 3]) -> Session {
    let mut lesson = lesson();
    let steps = &mut Arc::make_mut(&mut lesson).steps;
    for (step, look) in steps.iter_mut().zip(looks) {
        step.look = look;
        step.checks.clear();
    }
    let (mut session, _) = Session::new(lesson, Place::default());
    build(&mut session);
    session
}

fn build(session: &mut Session) -> Vec<Effect> {
    let Phase::Building(ticket) = session.phase else {
        panic!("{:?}", session.phase);
    };
    let result = Ok(world(&["lo"]));
    session.handle(Event::Built { ticket, result })
}

fn listens(effects: &[Effect]) -> Vec<bool> {
    let listens = effects.iter().filter_map(|effect| {
        let Effect::Listen(listens) = effect else {
            return None;
        };
        Some(*listens)
    });
    listens.collect()
}

/// To the start of the step, from 0.
fn go_to(session: &mut Session, step: usize) -> Vec<Effect> {
    act(session, Action::GoTo(step));
    build(session)
}

#[test]
fn a_view_comes_and_goes_by_its_key_and_takes_no_focus() {
    let mut session = standing_at(Place::default());
    let effects = act(&mut session, Action::Look(View::Packets));
    assert_eq!((session.view, session.focus), (View::Packets, Pane::Text));
    assert_eq!(listens(&effects), [true]);
    let effects = act(&mut session, Action::Look(View::Map));
    assert_eq!(session.view, View::Map);
    assert_eq!(listens(&effects), [false], "nobody looks at packets now");
    act(&mut session, Action::Look(View::Map));
    assert_eq!(session.view, View::Tables);
}

#[test]
fn tab_leads_into_the_view_and_escape_out_of_it() {
    let mut session = standing_at(Place::default());
    act(&mut session, Action::Look(View::Map));
    assert!(!session.is_wide());
    act(&mut session, Action::FocusNext);
    assert_eq!(session.focus, Pane::Map);
    assert!(session.is_wide());
    act(&mut session, Action::Look(View::Trace));
    assert_eq!(session.focus, Pane::Trace, "the focus stays on the right");
    act(&mut session, Action::Back);
    assert_eq!((session.focus, session.view), (Pane::Text, View::Trace));
    assert!(!session.is_wide());
}

#[test]
fn escape_stops_what_is_under_way_before_it_leaves() {
    let mut session = standing_at(Place { step: 0, done: 0 });
    act(&mut session, Action::Look(View::Trace));
    act(&mut session, Action::FocusNext);
    let (ticket, ..) = run_of(&act(&mut session, Action::Next));
    let effects = act(&mut session, Action::Back);
    assert!(effects.contains(&Effect::Cancel(ticket)), "{effects:?}");
    assert_eq!(session.focus, Pane::Trace);
    end(&mut session, ticket, None);
    act(&mut session, Action::Back);
    assert_eq!(session.focus, Pane::Text);
}

#[test]
fn a_step_brings_its_view_and_the_next_one_takes_it_away() {
    let mut session = bringing([Some(View::Packets), None, Some(View::Tables)]);
    assert_eq!((session.view, session.focus), (View::Packets, Pane::Text));
    let effects = go_to(&mut session, 1);
    assert_eq!(session.view, View::Tables);
    assert_eq!(listens(&effects), [false]);
}

#[test]
fn what_the_learner_chose_stays() {
    let mut session = bringing([Some(View::Packets), None, Some(View::Tables)]);
    act(&mut session, Action::Look(View::Map));
    go_to(&mut session, 1);
    assert_eq!(session.view, View::Map, "no step has brought it");
    go_to(&mut session, 2);
    assert_eq!(session.view, View::Tables, "this step wants them");
}

#[test]
fn a_step_begun_anew_brings_nothing_again() {
    let mut session = bringing([Some(View::Packets), None, None]);
    act(&mut session, Action::Look(View::Packets));
    assert_eq!(session.view, View::Tables);
    go_to(&mut session, 0);
    assert_eq!(session.view, View::Tables, "the learner has put it away");
}

#[test]
fn a_new_step_is_read_first() {
    let mut session = bringing([Some(View::Packets), Some(View::Packets), None]);
    act(&mut session, Action::FocusNext);
    assert_eq!(session.focus, Pane::Packets);
    go_to(&mut session, 1);
    assert_eq!((session.view, session.focus), (View::Packets, Pane::Text));
}

#[test]
fn a_question_is_not_hidden_by_a_wide_view() {
    let mut session = standing_at(Place::default());
    let ask = crate::lesson::Ask {
        before: 0,
        question: "What?".to_owned(),
        truth: crate::lesson::ask::Truth::Choice {
            choices: vec!["this".to_owned(), "that".to_owned()],
            answer: 0,
        },
        right: None,
        wrong: None,
    };
    Arc::make_mut(&mut session.lesson).steps[0].asks = vec![ask];
    act(&mut session, Action::Look(View::Packets));
    act(&mut session, Action::FocusNext);
    assert!(session.is_wide());
    act(&mut session, Action::Next);
    assert!(session.asking().is_some() && !session.is_wide());
}
