//! Commands: carried out one by one, undone, late answers.

use super::*;

#[test]
fn enter_runs_one_command_after_the_other() {
    let mut session = standing_at(Place::default());
    let (ticket, at, command) = run_of(&act(&mut session, Action::Next));
    assert_eq!(
        (at, command.as_str()),
        (Ns::Host, "ip link add name br0 type bridge")
    );
    assert_eq!(session.phase, Phase::Running(ticket));
    assert!(
        act(&mut session, Action::Next)
            .iter()
            .all(|effect| !matches!(effect, Effect::Run { .. }))
    );
    end(&mut session, ticket, None);
    assert_eq!(
        session.commands,
        [CommandState::Done, CommandState::Current]
    );
}

#[test]
fn an_answer_to_an_old_ticket_does_nothing() {
    let mut session = standing_at(Place::default());
    let (ticket, ..) = run_of(&act(&mut session, Action::Next));
    act(&mut session, Action::Reset);
    let rebuilt = act(&mut session, Action::Answer(true));
    assert_eq!(builds(&rebuilt).len(), 1);
    assert!(rebuilt.contains(&Effect::Cancel(ticket)), "{rebuilt:?}");
    let before = session.transcript.len();
    session.handle(Event::Output {
        ticket,
        text: "late\n".to_owned(),
        error: false,
    });
    end(&mut session, ticket, None);
    assert!(matches!(session.phase, Phase::Building(_)));
    assert_eq!(session.transcript.len(), before);
}

#[test]
fn the_prompt_moves_in_and_out() {
    let mut session = standing_at(Place { step: 1, done: 0 });
    let app = Ns::Named("app1".to_owned());
    let (ticket, ..) = run_of(&act(&mut session, Action::Next));
    end(&mut session, ticket, Some(Move::Into(app.clone())));
    assert_eq!((session.at(), &session.chosen), (&app, &app));
    let (ticket, at, _) = run_of(&act(&mut session, Action::Next));
    assert_eq!(at, app);
    end(&mut session, ticket, None);
    let (ticket, ..) = run_of(&act(&mut session, Action::Next));
    end(&mut session, ticket, Some(Move::Back));
    assert_eq!(session.at(), &Ns::Host);
}

#[test]
fn undoing_a_look_costs_nothing_and_undoing_a_change_a_build() {
    let mut session = standing_at(Place { step: 0, done: 2 });
    assert!(builds(&act(&mut session, Action::Undo)).is_empty());
    assert_eq!(session.done(), 1);
    assert_eq!(
        builds(&act(&mut session, Action::Undo)),
        [["ip netns add app1"]]
    );
}

#[test]
fn what_is_printed_cannot_steer_the_terminal() {
    let mut session = standing_at(Place::default());
    let (ticket, ..) = run_of(&act(&mut session, Action::Next));
    session.handle(Event::Output {
        ticket,
        text: "a\x1b[2Jb\tc\u{202e}d\n".to_owned(),
        error: false,
    });
    let last = &session.transcript.last().expect("a line").text;
    assert_eq!(last, "a·[2Jb  cd");
}

#[test]
fn what_is_added_to_the_transcript_is_passed_on_once() {
    let mut session = standing_at(Place::default());
    let (first, seen) = session.transcript_since(0);
    assert_eq!((first.len(), seen), (0, 0));
    let (ticket, ..) = run_of(&act(&mut session, Action::Next));
    let mut passed = 0;
    let mut seen = 0;
    for _ in 0..70 {
        session.handle(Event::Output {
            ticket,
            text: "a line\n".repeat(100),
            error: false,
        });
        let (lines, now) = session.transcript_since(seen);
        passed += lines.len();
        seen = now;
    }
    // The command itself, and what it printed; the oldest of it is kept no more.
    assert_eq!((passed, seen), (7_001, 7_001));
    assert!(session.transcript.len() < seen);
    assert!(session.transcript_since(seen).0.is_empty());
}
