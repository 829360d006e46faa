//! Probes: when they are sent, and when their answers no longer count.

use super::*;
use crate::session::prompt::Edit;

#[test]
fn probes_wait_for_the_commands_and_for_quiet() {
    let mut session = standing_at(Place { step: 2, done: 0 });
    let probes = |effects: &[Effect]| {
        effects
            .iter()
            .filter(|effect| matches!(effect, Effect::Probe { .. }))
            .count()
    };
    assert_eq!(
        probes(&session.handle(Event::Clock(Duration::from_secs(1)))),
        0
    );
    let (ticket, ..) = run_of(&act(&mut session, Action::Next));
    let effects = end(&mut session, ticket, None);
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::WakeAt(_))),
        "{effects:?}"
    );
    assert_eq!(
        probes(&session.handle(Event::Clock(Duration::from_secs(2)))),
        1
    );
    let probing = session.checks[0].probing.expect("a probe is under way");
    act(&mut session, Action::Next);
    assert_eq!(session.phase, Phase::Idle, "waits for the answer");
    session.handle(Event::Probed {
        ticket: probing,
        answer: reply(),
    });
    assert_eq!(
        session.phase,
        Phase::Finished,
        "goes on by itself once the answer is there"
    );
}

#[test]
fn what_probes_bring_about_does_not_start_them_again() {
    let mut session = standing_at(Place { step: 2, done: 1 });
    session.handle(Event::Clock(Duration::from_secs(1)));
    let probing = session.checks[0].probing.expect("a probe is under way");
    session.handle(Event::Probed {
        ticket: probing,
        answer: reply(),
    });
    session.handle(Event::World(
        Ns::Host,
        Change::Sysctl("net.ipv4.ip_forward".to_owned(), "1".to_owned()),
    ));
    assert!(session.all_hold());
    session.handle(Event::World(Ns::Host, Change::Link(Box::new(link(7, "x")))));
    assert!(
        !session.all_hold(),
        "a device that changed may have changed the answer"
    );
}

#[test]
fn enter_in_the_prompt_is_not_lost_while_a_check_that_held_is_asked_once_more() {
    let answered = |ticket| Event::Probed {
        ticket,
        answer: reply(),
    };
    let mut session = standing_at(Place { step: 2, done: 1 });
    session.handle(Event::Clock(Duration::from_secs(1)));
    let probing = session.checks[0].probing.expect("a probe is under way");
    session.handle(answered(probing));
    act(&mut session, Action::Prompt);
    session.handle(Event::World(Ns::Host, Change::Link(Box::new(link(7, "x")))));
    assert!(!session.step_is_done(), "it is about to be asked again");
    act(&mut session, Action::Edit(Edit::Enter));
    session.handle(Event::Clock(Duration::from_secs(2)));
    let probing = session.checks[0].probing.expect("it is asked again");
    session.handle(answered(probing));
    assert_eq!(session.phase, Phase::Finished);
}

#[test]
fn a_wake_that_comes_too_early_is_asked_for_again() {
    let mut session = standing_at(Place { step: 2, done: 1 });
    session.handle(Event::World(Ns::Host, Change::Link(Box::new(link(7, "x")))));
    let effects = session.handle(Event::Clock(Duration::from_millis(1)));
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::WakeAt(_))),
        "{effects:?}"
    );
}

/// The session with the lesson's last step, whose ping must pass a device, and the ticket of its
/// probe, which is under way.
fn demanding() -> (Session, Ticket) {
    let mut lesson = (*lesson()).clone();
    let Judge::Probe(probe) = &mut lesson.steps[2].checks[0].judge else {
        panic!("the last step has a ping");
    };
    let lo = crate::trace::Place {
        ns: Ns::Host,
        dev: "lo".to_owned(),
    };
    probe.demands = vec![Demand::Through(vec![lo])];
    let (mut session, effects) = Session::new(Arc::new(lesson), Place { step: 2, done: 1 });
    let Some(Effect::Build { ticket, .. }) = effects.first() else {
        panic!("a session begins with a build: {effects:?}");
    };
    session.handle(Event::Built {
        ticket: *ticket,
        result: Ok(world(&[])),
    });
    session.handle(Event::Clock(Duration::from_secs(1)));
    let ticket = session.checks[0].probing.expect("a probe is under way");
    (session, ticket)
}

#[test]
fn a_demand_waits_until_the_packet_was_followed() {
    let (mut session, ticket) = demanding();
    session.handle(Event::Probed {
        ticket,
        answer: reply(),
    });
    assert_eq!(session.checks[0].verdict, Verdict::TooSoon);
    assert_eq!(session.checks[0].probing, Some(ticket), "it is under way");
    assert!(!session.all_hold());
    session.handle(followed(ticket, Ns::Host, reply()));
    let Verdict::Not(why) = &session.checks[0].verdict else {
        panic!("it was seen nowhere: {:?}", session.checks[0]);
    };
    assert!(why.ends_with("wanted host/lo"), "{why}");
    assert_eq!(session.checks[0].probing, None);
}

#[test]
fn a_demand_does_not_outweigh_the_answer() {
    let (mut session, ticket) = demanding();
    let silence = Answer::Silence {
        waited: Duration::from_secs(1),
    };
    session.handle(Event::Probed {
        ticket,
        answer: silence.clone(),
    });
    let verdict = session.checks[0].verdict.clone();
    assert!(matches!(verdict, Verdict::Not(_)), "{verdict:?}");
    session.handle(followed(ticket, Ns::Host, silence));
    assert_eq!(session.checks[0].verdict, verdict);
    assert!(session.checks[0].story.is_some());
}

#[test]
fn a_packet_that_cannot_be_followed_leaves_nothing_under_way() {
    let (mut session, ticket) = demanding();
    session.handle(Event::Probed {
        ticket,
        answer: reply(),
    });
    session.handle(Event::NotFollowed {
        ticket,
        why: "no sockets are left".to_owned(),
    });
    assert_eq!(
        session.checks[0].verdict,
        Verdict::Not("its packet could not be followed: no sockets are left".to_owned())
    );
    assert_eq!(session.checks[0].probing, None);
}
