//! The map: who sits where, how it is looked at, and a packet that runs along it.

use super::*;
use crate::session::mapped::Zoom;

fn appear(session: &mut Session, name: &str) {
    let ns = Ns::Named(name.to_owned());
    session.handle(Event::World(ns, Change::Appeared(Box::default())));
}

fn seats(session: &Session) -> Vec<Option<&str>> {
    let seats = session.mapped.seats.iter();
    seats.map(|seat| seat.as_ref().map(Ns::name)).collect()
}

/// A packet was followed, of which nothing was seen.
fn follow(session: &mut Session) -> Vec<Effect> {
    let silence = Answer::Silence {
        waited: Duration::ZERO,
    };
    session.handle(followed(Ticket(9_999), Ns::Host, silence))
}

#[test]
fn nobody_moves_on_the_map() {
    let mut session = standing_at(Place::default());
    for name in ["zoe", "bob", "amy"] {
        appear(&mut session, name);
    }
    assert_eq!(seats(&session), [Some("zoe"), Some("bob"), Some("amy")]);
    let bob = Ns::Named("bob".to_owned());
    session.handle(Event::World(bob, Change::Vanished));
    assert_eq!(seats(&session), [Some("zoe"), None, Some("amy")]);
    appear(&mut session, "eve");
    assert_eq!(seats(&session), [Some("zoe"), Some("eve"), Some("amy")]);
}

#[test]
fn the_map_is_zoomed_step_by_step() {
    let mut session = standing_at(Place::default());
    assert_eq!(session.mapped.zoom, Zoom::Near);
    for (nearer, zoom) in [
        (false, Zoom::Middle),
        (false, Zoom::Far),
        (false, Zoom::Far),
        (true, Zoom::Middle),
        (true, Zoom::Near),
        (true, Zoom::Near),
    ] {
        act(&mut session, Action::Zoom(nearer));
        assert_eq!(session.mapped.zoom, zoom);
    }
}

#[test]
fn a_packet_runs_while_the_map_is_looked_at_and_stops_by_itself() {
    let mut session = standing_at(Place::default());
    session.handle(Event::Clock(Duration::from_secs(100)));
    follow(&mut session);
    assert_eq!(session.mapped.began, None, "nobody looks");
    act(&mut session, Action::Look(View::Map));
    let effects = follow(&mut session);
    let soon = Duration::from_secs(101);
    let wakes = |effects: &[Effect]| {
        let mut effects = effects.iter();
        effects.any(|effect| matches!(effect, Effect::WakeAt(at) if *at < soon))
    };
    assert!(wakes(&effects), "{effects:?}");
    assert!(session.moved() < 1000);
    let effects = session.handle(Event::Clock(Duration::from_secs(106)));
    assert_eq!((session.mapped.began, session.moved()), (None, 1000));
    assert!(!wakes(&effects), "{effects:?}");
    act(&mut session, Action::Motion);
    follow(&mut session);
    assert_eq!(session.mapped.began, None, "nothing is to move");
}
