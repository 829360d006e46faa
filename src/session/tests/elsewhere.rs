//! What somebody else changes: told once it is quiet, kept, undone together.

use super::*;
use crate::session::trail::By;

fn bridge(index: u32, name: &str) -> Change {
    let mut link = link(index, name);
    link.mtu = 1500;
    link.kind = crate::world::link::LinkKind::Bridge;
    Change::Link(Box::new(link))
}

fn clock(session: &mut Session, millis: u64) -> Vec<Effect> {
    session.handle(Event::Clock(Duration::from_millis(millis)))
}

fn told(session: &Session) -> Vec<&str> {
    let deeds = session.trail.deeds.iter();
    deeds.map(|deed| deed.source.as_str()).collect()
}

#[test]
fn a_burst_is_told_when_it_is_quiet_and_undone_together() {
    let mut session = standing_at(Place::default());
    clock(&mut session, 1_000);
    session.handle(Event::World(Ns::Host, bridge(5, "br5")));
    clock(&mut session, 1_200);
    session.handle(Event::World(Ns::Host, bridge(6, "br6")));
    clock(&mut session, 1_400);
    assert!(told(&session).is_empty(), "it is not quiet yet");
    clock(&mut session, 1_501);
    assert_eq!(
        told(&session),
        [
            "ip link add name br5 type bridge",
            "ip link add name br6 type bridge"
        ]
    );
    assert!(session.hands());
    let said = &session.transcript.last().expect("it is said").text;
    assert_eq!(said, "Elsewhere, in host: ip link add name br6 type bridge");
    let undone = act(&mut session, Action::Undo);
    assert_eq!(builds(&undone), [["ip netns add app1"]]);
    assert!(told(&session).is_empty());
}

#[test]
fn what_our_own_command_brings_about_is_not_told_again() {
    let mut session = standing_at(Place::default());
    let (ticket, ..) = run_of(&act(&mut session, Action::Next));
    session.handle(Event::World(Ns::Host, bridge(5, "br0")));
    end(&mut session, ticket, None);
    clock(&mut session, 5_000);
    assert_eq!(told(&session), ["ip link add br0 type bridge"]);
}

#[test]
fn what_came_before_our_own_command_is_told_before_it() {
    let mut session = standing_at(Place::default());
    session.handle(Event::World(Ns::Host, bridge(5, "br5")));
    let (ticket, ..) = run_of(&act(&mut session, Action::Next));
    session.handle(Event::World(Ns::Host, bridge(6, "br0")));
    end(&mut session, ticket, None);
    assert_eq!(
        told(&session),
        [
            "ip link add name br5 type bridge",
            "ip link add br0 type bridge"
        ]
    );
    assert!(matches!(session.trail.deeds[0].by, By::Elsewhere(_)));
}

#[test]
fn a_listed_command_done_elsewhere_is_done() {
    let mut session = standing_at(Place::default());
    clock(&mut session, 1_000);
    session.handle(Event::World(Ns::Host, bridge(5, "br0")));
    clock(&mut session, 2_000);
    assert_eq!(
        session.commands,
        [CommandState::Done, CommandState::Current]
    );
}

#[test]
fn news_that_never_ceases_is_told_all_the_same() {
    let mut session = standing_at(Place::default());
    for tick in 0..40_u32 {
        clock(&mut session, u64::from(tick) * 100);
        session.handle(Event::World(
            Ns::Host,
            bridge(5 + tick, &format!("br{tick}")),
        ));
    }
    assert!(!told(&session).is_empty());
}
