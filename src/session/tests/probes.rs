//! Probes: when they are sent, and when their answers no longer count.

use super::*;

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
        answer: Answer::Reply {
            rtt: Duration::from_micros(50),
        },
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
        answer: Answer::Reply {
            rtt: Duration::ZERO,
        },
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
