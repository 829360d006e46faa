//! Steps that begin with something broken.

use super::*;
use crate::lesson::{Fault, Seed};
use crate::trace::Cause;

/// One that is repaired by setting the bridge up.
pub(super) fn fault(id: &str, breaks: &str) -> Arc<Fault> {
    Arc::new(Fault {
        id: id.to_owned(),
        cause: Cause::DeviceDown,
        breaks: vec![line(&Ns::Host, breaks)],
        repair: vec![line(&Ns::Host, "ip link set br0 up")],
        probe: Check {
            title: String::new(),
            why: None,
            judge: ping(),
        },
        hints: Vec::new(),
        story: "It was down.".to_owned(),
    })
}

/// A bridge is made, and twice something is wrong.
fn broken() -> Arc<Lesson> {
    let mut made = (*lesson()).clone();
    made.seed = Some(Seed {
        number: 4711,
        asked_for: true,
    });
    made.steps.truncate(1);
    for name in ["one", "two"] {
        let fault = fault(name, &format!("ip link add {name} type bridge"));
        let mut repair = step(&[(&Ns::Host, "ip link set br0 up")], vec![has_link("well")]);
        repair.repair = true;
        repair.fault = Some(fault);
        made.steps.push(repair);
    }
    Arc::new(made)
}

fn standing_at(step: usize) -> (Session, Vec<Vec<String>>) {
    let (mut session, effects) = Session::new(broken(), Place { step, done: 0 });
    let built = builds(&effects);
    is_built(&mut session, &effects);
    (session, built)
}

fn is_built(session: &mut Session, effects: &[Effect]) {
    for effect in effects {
        if let Effect::Build { ticket, .. } = effect {
            session.handle(Event::Built {
                ticket: *ticket,
                result: Ok(world(&[])),
            });
        }
    }
}

fn types(session: &mut Session, line: &str) {
    session.type_line(line).expect("it can be read");
    let (ticket, ..) = run_of(&session.flush());
    end(session, ticket, None);
}

fn becomes_well(session: &mut Session) {
    let well = Change::Link(Box::new(link(3, "well")));
    session.handle(Event::World(Ns::Host, well));
}

#[test]
fn each_begins_with_the_network_as_it_was_built() {
    let made = ["ip netns add app1", "ip link add name br0 type bridge"];
    let (mut session, built) = standing_at(1);
    assert_eq!(
        built,
        [[made[0], made[1], "ip link add name one type bridge"]]
    );
    assert!(session.hides_commands());
    types(&mut session, "ip link set br0 up");
    becomes_well(&mut session);
    let effects = act(&mut session, Action::Next);
    assert_eq!(
        builds(&effects),
        [[made[0], made[1], "ip link add name two type bridge"]],
        "neither the fault before nor its repair is left"
    );
    is_built(&mut session, &effects);
    assert_eq!(session.step, 2);
}

#[test]
fn what_broke_it_is_nobodys_deed() {
    let (mut session, _) = standing_at(1);
    assert_eq!(builds(&act(&mut session, Action::Undo)), [[""; 0]; 0]);
    types(&mut session, "ip link add mine type bridge");
    let effects = act(&mut session, Action::Undo);
    let built = builds(&effects);
    assert_eq!(
        built[0].last().map(String::as_str),
        Some("ip link add name one type bridge"),
        "the learner's own is taken back, the fault is not"
    );
    is_built(&mut session, &effects);
    let written = script::written(&session);
    let text = script::text(&session, &written);
    assert!(!text.contains("add name one"), "{text}");
    let kept = session.kept();
    assert!(kept.deeds.is_empty(), "{kept:?}");
    assert_eq!(kept.seed, Some(4711));
}

#[test]
fn changes_hints_and_the_cause_are_counted_until_it_works() {
    let (mut session, _) = standing_at(1);
    assert!(session.keeps_cause_back());
    types(&mut session, "ip link show");
    types(&mut session, "ip link set br0 up");
    types(&mut session, "ip link set br0 down");
    act(&mut session, Action::Hint);
    session.count_why();
    assert!(!session.keeps_cause_back());
    let told = session.repair_told().expect("it is a repair");
    assert!(
        told.starts_with("So far: 2 changes, 1 hint, the cause explained. Find out"),
        "{told}"
    );
    becomes_well(&mut session);
    let repair = session.record().repair.clone().expect("it was a repair");
    assert_eq!((repair.changes, repair.points), (2, Some(70)));
    let told = session.repair_told().expect("it was a repair");
    assert!(told.contains("70 of 100 points"), "{told}");
    assert_eq!(session.score(), (70, 1));
    types(&mut session, "ip link set br0 up");
    assert_eq!(session.record().repair.as_ref(), Some(&repair), "told once");
}

#[test]
fn the_lessons_own_repair_is_the_solution() {
    let (mut session, _) = standing_at(1);
    let (ticket, ..) = run_of(&act(&mut session, Action::RunStep));
    end(&mut session, ticket, None);
    becomes_well(&mut session);
    assert_eq!(session.credit(1), Credit::WithSolution);
    assert_eq!(session.score(), (70, 1));
}
