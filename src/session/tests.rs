//! The session as a table of events and effects: no kernel, no terminal.

mod asks;
mod elsewhere;
mod hands;
mod hints;
mod looks;
mod mapped;
mod news;
mod packets;
mod probes;
mod prompt;
mod repair;
mod running;
mod shells;
mod steps;
mod traces;
mod ways;

use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::command::parse;
use crate::lesson::check::{Judge, Predicate};
use crate::lesson::probe::{Answer, Demand, Expect, Probe, What};
use crate::lesson::{Check, RunLine, Step, Verdict};
use crate::trace::{Asked, Evidence, Question};
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
        look: None,
        run: lines.iter().map(|(at, source)| line(at, source)).collect(),
        hints: vec!["look".into()],
        asks: Vec::new(),
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
        repair: false,
        fault: None,
    }
}

fn has_link(name: &'static str) -> Judge {
    Judge::State(Arc::new(HasLink(name)))
}

fn ping() -> Judge {
    Judge::Probe(Probe {
        demands: Vec::new(),
        from: Ns::Host,
        to: "127.0.0.1".parse().expect("an address"),
        what: What::Ping { size: None },
        expect: Expect::Reply,
    })
}

/// Three steps: one that makes a bridge, one that moves the prompt, one that is probed.
fn lesson() -> Arc<Lesson> {
    let app = Ns::Named("app1".to_owned());
    Arc::new(Lesson {
        id: "test".to_owned(),
        file: None,
        title: "Test".to_owned(),
        summary: String::new(),
        minutes: 1,
        tags: Vec::new(),
        needs: Vec::new(),
        base: None,
        free: false,
        uplink: false,
        seed: None,
        faults: Vec::new(),
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

/// The session has been drawn: there is a screen, and a prompt on it.
fn draw(session: &mut Session) {
    session.handle(Event::Drawn(vec![Area {
        pane: Pane::Transcript,
        ns: None,
        packet: None,
        x: 0,
        y: 0,
        width: 80,
        height: 8,
        aside: 0,
        max_aside: 0,
        max_scroll: 0,
        offset: 0,
    }]));
}

fn act(session: &mut Session, action: Action) -> Vec<Effect> {
    session.handle(Event::Do(action))
}

/// The one command that these effects run.
fn run_of(effects: &[Effect]) -> (Ticket, Ns, String) {
    let runs: Vec<_> = effects
        .iter()
        .filter_map(|effect| {
            let Effect::Run {
                ticket,
                at,
                command,
            } = effect
            else {
                return None;
            };
            Some((*ticket, at.clone(), command.to_string()))
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
            moved,
            ..Outcome::default()
        },
    })
}

/// An answer to a probe.
fn reply() -> Answer {
    Answer::Reply {
        rtt: Duration::from_micros(80),
    }
}

/// The packet of this probe or command was followed, and seen nowhere.
fn followed(ticket: Ticket, from: Ns, answer: Answer) -> Event {
    let question = Question {
        from,
        to: "172.16.0.10".parse().expect("an address"),
        what: Asked::Echo { id: None },
    };
    let evidence = Box::new(Evidence::new(question, answer));
    Event::Followed { ticket, evidence }
}

fn builds(effects: &[Effect]) -> Vec<Vec<String>> {
    effects
        .iter()
        .filter_map(|effect| {
            let Effect::Build { replay, .. } = effect else {
                return None;
            };
            let lines = replay.iter().map(|(_, command)| command.to_string());
            Some(lines.collect())
        })
        .collect()
}
