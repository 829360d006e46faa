//! The packet before and after a repair.

use super::repair::fault;
use super::*;
use crate::lesson::Seed;
use crate::session::state::TranscriptKind;

/// The check that shows the fault, and another one.
const SHOWS: usize = 0;
const OTHER: usize = 1;

/// A repair whose probes are under way.
fn repairing() -> Session {
    let mut made = (*lesson()).clone();
    made.seed = Some(Seed {
        number: 4711,
        asked_for: true,
    });
    let other = Judge::Probe(Probe {
        demands: Vec::new(),
        from: Ns::Named("app1".to_owned()),
        to: "8.8.8.8".parse().expect("an address"),
        what: What::Ping { size: None },
        expect: Expect::Reply,
    });
    let lines = [(&Ns::Host, "ip link set br0 up")];
    let mut repair = step(&lines, vec![ping(), other]);
    repair.repair = true;
    repair.fault = Some(fault("one", "ip link set br0 down"));
    made.steps = vec![repair];
    let (mut session, effects) = Session::new(Arc::new(made), Place::default());
    for effect in &effects {
        if let Effect::Build { ticket, .. } = effect {
            session.handle(Event::Built {
                ticket: *ticket,
                result: Ok(world(&[])),
            });
        }
    }
    session.handle(Event::Clock(Duration::from_secs(1)));
    session
}

fn lost() -> Answer {
    Answer::Silence {
        waited: Duration::from_secs(1),
    }
}

/// A check's probe ends, and its packet was followed.
fn ends(session: &mut Session, check: usize, answer: &Answer) {
    let ticket = verdict(session, check, answer);
    session.handle(followed(ticket, Ns::Host, answer.clone()));
}

fn verdict(session: &mut Session, check: usize, answer: &Answer) -> Ticket {
    let ticket = session.checks[check].probing.expect("it is under way");
    session.handle(Event::Probed {
        ticket,
        answer: answer.clone(),
    });
    ticket
}

/// The learner sets something up, and every check is asked again.
fn repair(session: &mut Session) {
    session
        .type_line("ip link set br0 up")
        .expect("it can be read");
    let (ticket, ..) = run_of(&session.flush());
    end(session, ticket, None);
    let well = Change::Link(Box::new(link(3, "br0")));
    session.handle(Event::World(Ns::Host, well));
    session.handle(Event::Clock(session.now + Duration::from_secs(1)));
}

/// What was told below the points.
fn told(session: &Session) -> Vec<&str> {
    let notes = session.transcript.iter();
    let mut notes = notes.filter(|line| line.kind == TranscriptKind::Note);
    notes
        .by_ref()
        .find(|line| line.text.starts_with("Repaired with"));
    notes.map(|line| line.text.trim()).collect()
}

#[test]
fn the_packet_that_showed_the_fault_is_told_before_and_after() {
    let mut session = repairing();
    ends(&mut session, OTHER, &lost());
    ends(&mut session, SHOWS, &lost());
    assert!(told(&session).is_empty(), "not while it is broken");
    repair(&mut session);
    ends(&mut session, OTHER, &reply());
    let ticket = verdict(&mut session, SHOWS, &reply());
    assert!(session.record().solved);
    assert!(told(&session).is_empty(), "its way is not known yet");
    session.handle(followed(ticket, Ns::Host, reply()));
    let said = told(&session);
    assert_eq!(said[0], "The packet, while it was broken:");
    assert!(said.contains(&"And now:"), "{said:?}");
    assert_eq!(said.last(), Some(&"answered after 0.08 ms"), "{said:?}");
    assert!(!said.iter().any(|line| line.contains("8.8.8.8")));
    repair(&mut session);
    ends(&mut session, SHOWS, &reply());
    let ways = told(&session);
    let ways = ways.iter().filter(|line| **line == "And now:");
    assert_eq!(ways.count(), 1, "told once");
}

#[test]
fn another_checks_packet_is_told_where_the_faults_own_was_not_followed() {
    let mut session = repairing();
    ends(&mut session, OTHER, &lost());
    repair(&mut session);
    ends(&mut session, OTHER, &reply());
    ends(&mut session, SHOWS, &reply());
    let said = told(&session);
    assert_eq!(said[0], "The packet, while it was broken:");
    assert!(said.contains(&"And now:"), "{said:?}");
}

#[test]
fn who_repairs_before_any_packet_was_followed_is_told_so() {
    let mut session = repairing();
    repair(&mut session);
    ends(&mut session, OTHER, &reply());
    ends(&mut session, SHOWS, &reply());
    let said = told(&session);
    assert!(said[0].starts_with("It was repaired before"), "{said:?}");
    assert_eq!(said.last(), Some(&"answered after 0.08 ms"), "{said:?}");
}

#[test]
fn a_way_from_before_it_broke_again_is_not_told() {
    let mut session = repairing();
    ends(&mut session, SHOWS, &lost());
    ends(&mut session, OTHER, &lost());
    repair(&mut session);
    ends(&mut session, SHOWS, &reply());
    ends(&mut session, OTHER, &lost());
    repair(&mut session);
    ends(&mut session, SHOWS, &lost());
    ends(&mut session, OTHER, &lost());
    repair(&mut session);
    let ticket = verdict(&mut session, SHOWS, &reply());
    ends(&mut session, OTHER, &reply());
    assert!(session.record().solved);
    assert!(told(&session).is_empty(), "that one was answered long ago");
    session.handle(followed(ticket, Ns::Host, reply()));
    assert!(told(&session).contains(&"And now:"));
}
