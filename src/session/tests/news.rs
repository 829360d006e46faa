//! What the kernel tells: folded, marked, or of a sandbox that is dropped.

use super::*;

#[test]
fn news_of_the_sandbox_that_is_dropped_is_not_folded() {
    let (mut session, effects) = Session::new(lesson(), Place::default());
    session.handle(Event::World(Ns::Host, Change::Appeared(Box::default())));
    assert!(session.world.spaces.is_empty());
    let Some(Effect::Build { ticket, .. }) = effects.first() else {
        panic!("a build expected");
    };
    session.handle(Event::Built {
        ticket: *ticket,
        result: Ok(world(&["lo"])),
    });
    assert!(session.world.spaces[&Ns::Host].link("lo").is_some());
}

#[test]
fn a_change_is_marked_for_a_while() {
    let mut session = standing_at(Place::default());
    session.handle(Event::Clock(Duration::from_secs(1)));
    session.handle(Event::World(
        Ns::Host,
        Change::Link(Box::new(link(2, "br0"))),
    ));
    assert!(session.is_fresh(&Ns::Host, &RowKey::Link(2)));
    session.handle(Event::Clock(Duration::from_secs(1) + marks::FRESH));
    assert!(!session.is_fresh(&Ns::Host, &RowKey::Link(2)));
}
