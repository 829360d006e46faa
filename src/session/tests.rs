//! The session as a table of events and effects: no kernel, no terminal.

use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::command::parse;
use crate::lesson::check::{Judge, Predicate};
use crate::lesson::probe::{Answer, Expect, Probe, What};
use crate::lesson::{Check, RunLine, Step, Verdict};
use crate::world::{Change, Space};

/// Holds as soon as `host` has a device of this name.
#[derive(Debug)]
struct HasLink(&'static str);

impl Predicate for HasLink {
    fn judge(&self, world: &World) -> Verdict {
        match world
            .spaces
            .get(&Ns::Host)
            .and_then(|host| host.link(self.0))
        {
            Some(_) => Verdict::Holds,
            None => Verdict::Not(format!("{} is not in host", self.0)),
        }
    }
}

fn line(at: &Ns, source: &str) -> RunLine {
    RunLine {
        source: source.to_owned(),
        line: parse(source).expect("a line of this test"),
        at: at.clone(),
        place: 0..0,
    }
}

fn step(lines: &[(&Ns, &str)], judges: Vec<Judge>) -> Step {
    Step {
        title: "a step".to_owned(),
        text: String::new(),
        at: Ns::Host,
        run: lines.iter().map(|(at, source)| line(at, source)).collect(),
        hints: vec!["look".to_owned()],
        notes: None,
        checks: judges
            .into_iter()
            .map(|judge| Check {
                title: "a check".to_owned(),
                why: None,
                judge,
            })
            .collect(),
        done: None,
    }
}

fn has_link(name: &'static str) -> Judge {
    Judge::State(Arc::new(HasLink(name)))
}

fn ping() -> Judge {
    Judge::Probe(Probe {
        from: Ns::Host,
        to: "127.0.0.1".parse().expect("an address"),
        what: What::Ping,
        expect: Expect::Reply,
    })
}

/// Three steps: one that makes a bridge, one that moves the prompt, one that is probed.
fn lesson() -> Arc<Lesson> {
    let app = Ns::Named("app1".to_owned());
    Arc::new(Lesson {
        id: "test".to_owned(),
        title: "Test".to_owned(),
        summary: String::new(),
        minutes: 1,
        tags: Vec::new(),
        needs: Vec::new(),
        base: None,
        uplink: false,
        before: vec![line(&Ns::Host, "ip netns add app1")],
        steps: vec![
            step(
                &[
                    (&Ns::Host, "ip link add br0 type bridge"),
                    (&Ns::Host, "ip link show"),
                ],
                vec![has_link("br0")],
            ),
            step(
                &[
                    (&Ns::Host, "nsenter --net=/run/netns/app1 bash"),
                    (&app, "ip link set lo up"),
                    (&app, "exit"),
                ],
                vec![],
            ),
            step(&[(&Ns::Host, "ip addr show")], vec![ping()]),
        ],
    })
}

/// The session, built and standing at `place`.
fn standing_at(place: Place) -> Session {
    let (mut session, effects) = Session::new(lesson(), place);
    let Some(Effect::Build { ticket, .. }) = effects.first() else {
        panic!("a session begins with a build: {effects:?}");
    };
    session.handle(Event::Built {
        ticket: *ticket,
        result: Ok(world(&[])),
    });
    session
}

fn world(names: &[&str]) -> World {
    let mut world = World::default();
    let mut host = Space::default();
    for (index, name) in (1..).zip(names) {
        host.links.insert(index, link(index, name));
    }
    world.spaces.insert(Ns::Host, host);
    world
}

fn link(index: u32, name: &str) -> crate::world::link::Link {
    crate::world::link::Link {
        index,
        name: name.to_owned(),
        ..Default::default()
    }
}

fn act(session: &mut Session, action: Action) -> Vec<Effect> {
    session.handle(Event::Do(action))
}

/// The one command that these effects run.
fn run_of(effects: &[Effect]) -> (Ticket, Ns, String) {
    let runs: Vec<_> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Run {
                ticket,
                at,
                command,
            } => Some((*ticket, at.clone(), command.to_string())),
            _ => None,
        })
        .collect();
    let [run] = &runs[..] else {
        panic!("one command expected: {effects:?}");
    };
    run.clone()
}

fn end(session: &mut Session, ticket: Ticket, moved: Option<Move>) -> Vec<Effect> {
    session.handle(Event::Ended {
        ticket,
        outcome: Outcome {
            status: 0,
            errno: None,
            moved,
        },
    })
}

fn builds(effects: &[Effect]) -> Vec<Vec<String>> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Build { replay, .. } => Some(
                replay
                    .iter()
                    .map(|(_, command)| command.to_string())
                    .collect(),
            ),
            _ => None,
        })
        .collect()
}

#[test]
fn a_session_begins_with_what_its_bases_and_earlier_steps_change() {
    let (_, effects) = Session::new(lesson(), Place { step: 1, done: 2 });
    assert_eq!(
        builds(&effects),
        [[
            "ip netns add app1",
            "ip link add name br0 type bridge",
            "ip link set dev lo up"
        ]],
        "looks and moves are not replayed"
    );
}

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
    let rebuilt = act(&mut session, Action::Restart);
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
fn a_step_ends_when_its_checks_hold_and_not_before() {
    let mut session = standing_at(Place { step: 0, done: 2 });
    act(&mut session, Action::Next);
    assert_eq!(session.step, 0, "the check does not hold");
    let said = session.transcript.last().expect("something is said");
    assert!(said.text.contains("br0 is not in host"), "{said:?}");
    session.handle(Event::World(
        Ns::Host,
        Change::Link(Box::new(link(2, "br0"))),
    ));
    assert!(session.all_hold());
    act(&mut session, Action::Next);
    assert_eq!(session.step, 1);
}

#[test]
fn a_second_enter_goes_on_all_the_same() {
    let mut session = standing_at(Place { step: 0, done: 2 });
    act(&mut session, Action::Next);
    act(&mut session, Action::Next);
    assert_eq!(session.step, 1);
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
fn the_next_step_does_first_what_is_missing_and_skips_looks() {
    let mut session = standing_at(Place::default());
    let (ticket, _, command) = run_of(&act(&mut session, Action::NextStep));
    assert_eq!(command, "ip link add name br0 type bridge");
    end(&mut session, ticket, None);
    assert_eq!((session.step, &session.phase), (1, &Phase::Idle));
}

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
fn a_sandbox_that_cannot_be_built_is_said() {
    let (mut session, effects) = Session::new(lesson(), Place::default());
    let Some(Effect::Build { ticket, .. }) = effects.first() else {
        panic!("a build expected");
    };
    session.handle(Event::Built {
        ticket: *ticket,
        result: Err("refused".to_owned()),
    });
    assert_eq!(session.phase, Phase::Broken("refused".to_owned()));
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
