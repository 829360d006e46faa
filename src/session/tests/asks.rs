//! Questions: put once before their line, judged by who knows, and in nobody's way.

use super::*;
use crate::lesson::ask::{Ask, Truth};
use crate::session::ask::{Answered, Mark};
use crate::session::prompt::Edit;
use crate::trace::{NextHop, NoRoute};
use crate::world::neigh::Neigh;

/// The third step, which looks at addresses, with this question before its one line.
fn asked(truth: Truth) -> Session {
    let mut session = standing_at(Place { step: 2, done: 0 });
    Arc::make_mut(&mut session.lesson).steps[2].asks = vec![Ask {
        before: 0,
        question: "What?".to_owned(),
        truth,
        right: Some("Because.".to_owned()),
        wrong: Some("Since.".to_owned()),
    }];
    session.world = world(&["lo", "br0"]);
    session
}

fn two() -> Truth {
    Truth::Choice {
        choices: vec!["one".to_owned(), "two".to_owned()],
        answer: 1,
    }
}

fn to() -> std::net::IpAddr {
    "172.16.0.40".parse().expect("an address")
}

fn last(session: &Session) -> &str {
    let line = session.transcript.last().expect("something was said");
    assert_eq!(line.kind, TranscriptKind::Note);
    &line.text
}

fn mark(session: &Session) -> (Mark, u32) {
    let Answered { mark, tries } = session.record().answers[&0];
    (mark, tries)
}

fn runs(effects: &[Effect]) -> bool {
    effects.iter().any(|it| matches!(it, Effect::Run { .. }))
}

fn ended(session: &mut Session, effects: &[Effect], answer: Option<Answer>) {
    let (ticket, ..) = run_of(effects);
    let outcome = Outcome {
        answer,
        ..Outcome::default()
    };
    session.handle(Event::Ended { ticket, outcome });
}

#[test]
fn a_question_comes_once_and_enter_passes_it() {
    let mut session = asked(two());
    assert!(!runs(&act(&mut session, Action::Next)));
    assert!(session.asking().is_some());
    let effects = act(&mut session, Action::SubmitAnswer);
    assert!(runs(&effects), "{effects:?}");
    assert!(session.asking().is_none());
    assert_eq!(mark(&session), (Mark::Skipped, 0));
    ended(&mut session, &effects, None);
    act(&mut session, Action::Undo);
    assert!(
        runs(&act(&mut session, Action::Next)),
        "it is not put again"
    );
}

#[test]
fn a_wrong_choice_explains_and_another_can_be_made() {
    let mut session = asked(two());
    act(&mut session, Action::Next);
    assert!(!runs(&act(&mut session, Action::Guess(0))));
    assert_eq!(last(&session), "“one”: not so. Since.");
    assert!(
        !runs(&act(&mut session, Action::Guess(7))),
        "there is no eighth"
    );
    assert!(runs(&act(&mut session, Action::Guess(1))));
    assert_eq!(mark(&session), (Mark::Right, 2));
}

#[test]
fn who_has_tried_is_told_the_answer() {
    let mut session = asked(two());
    act(&mut session, Action::Next);
    act(&mut session, Action::Guess(0));
    assert!(runs(&act(&mut session, Action::SkipQuestion)));
    let said: Vec<&str> = session
        .transcript
        .iter()
        .map(|it| it.text.as_str())
        .collect();
    assert!(said.contains(&"The answer is: two."), "{said:?}");
    assert_eq!(mark(&session), (Mark::Wrong, 1));
}

#[test]
fn the_ping_itself_decides() {
    for (choice, answer, mark_is, said) in [
        (
            2,
            Answer::Silence {
                waited: Duration::from_secs(1),
            },
            Mark::Right,
            "You expected: silence. Right. Because.",
        ),
        (
            0,
            Answer::Silence {
                waited: Duration::from_secs(1),
            },
            Mark::Wrong,
            "You expected: an answer. It is: silence. Since.",
        ),
    ] {
        let mut session = asked(Truth::Ping);
        act(&mut session, Action::Next);
        let effects = act(&mut session, Action::Guess(choice));
        ended(&mut session, &effects, Some(answer));
        assert_eq!(last(&session), said);
        assert_eq!(mark(&session), (mark_is, 1));
    }
}

#[test]
fn a_ping_that_was_stopped_judges_nothing() {
    let mut session = asked(Truth::Ping);
    act(&mut session, Action::Next);
    let effects = act(&mut session, Action::Guess(0));
    let lines = session.transcript.len();
    ended(&mut session, &effects, None);
    assert_eq!(session.transcript.len(), lines);
    assert_eq!(mark(&session), (Mark::Skipped, 1));
}

#[test]
fn the_route_look_up_decides_before_the_line_runs() {
    let by = |dev: &str| {
        Ok(NextHop {
            dev: dev.to_owned(),
            via: None,
            src: None,
        })
    };
    let none = Err(NoRoute {
        errno: Some(101),
        text: "Network is unreachable".to_owned(),
    });
    for (choice, route, expected) in [
        (1, by("br0"), Mark::Right),
        (0, by("br0"), Mark::Wrong),
        (2, none, Mark::Right),
    ] {
        let mut session = asked(Truth::Route {
            ns: Ns::Host,
            to: to(),
        });
        act(&mut session, Action::Next);
        let effects = act(&mut session, Action::Guess(choice));
        assert!(!runs(&effects));
        let look_up = effects.iter().find_map(|effect| {
            let Effect::LookUp { ticket, .. } = effect else {
                return None;
            };
            Some(*ticket)
        });
        let ticket = look_up.expect("the kernel is asked");
        assert!(
            !runs(&act(&mut session, Action::Guess(choice))),
            "one at a time"
        );
        assert!(runs(&session.handle(Event::LookedUp { ticket, route })));
        assert_eq!(mark(&session), (expected, 1));
    }
}

#[test]
fn the_neighbour_table_decides_when_the_line_has_ended() {
    for (state, expected) in [(2, Mark::Right), (0x20, Mark::Wrong)] {
        let mut session = asked(Truth::Neigh {
            ns: Ns::Host,
            to: to(),
        });
        let mac = "02:00:00:00:00:02".parse().expect("a hardware address");
        let mut br0 = link(2, "br0");
        br0.mac = Some(mac);
        session.handle(Event::World(Ns::Host, Change::Link(Box::new(br0))));
        act(&mut session, Action::Next);
        let choices: Vec<&str> = {
            let (_, asking) = session.asking().expect("it is asked");
            asking.choices.iter().map(|it| it.text.as_str()).collect()
        };
        assert_eq!(choices, ["br0 in host", "nobody's: FAILED"]);
        let effects = act(&mut session, Action::Guess(0));
        let neigh = Neigh {
            link: 2,
            dst: to(),
            mac: Some(mac),
            state,
            flags: 0,
        };
        session.handle(Event::World(Ns::Host, Change::Neigh(neigh)));
        ended(&mut session, &effects, None);
        assert_eq!(mark(&session), (expected, 1));
    }
}

#[test]
fn nobody_is_asked_who_did_not_press_enter_there() {
    let mut session = asked(two());
    assert!(runs(&act(&mut session, Action::RunStep)), "all at once");
    assert!(session.asking().is_none());
    let mut session = asked(two());
    session.type_line("ip addr show").expect("a line");
    assert!(runs(&session.flush()), "typed");
    let mut session = asked(two());
    act(&mut session, Action::Next);
    assert!(
        runs(&act(&mut session, Action::RunStep)),
        "the rest at once"
    );
    assert!(session.asking().is_none());
}

#[test]
fn an_answer_is_typed() {
    let mut session = asked(Truth::Typed {
        accept: vec!["ARP".to_owned()],
    });
    act(&mut session, Action::Next);
    let type_in = |session: &mut Session, text: &str| {
        for c in text.chars() {
            act(session, Action::Edit(Edit::Insert(c)));
        }
        act(session, Action::SubmitAnswer)
    };
    assert!(!runs(&type_in(&mut session, "dns")));
    assert_eq!(last(&session), "“dns”: not so. Since.");
    assert!(
        session.transcript.iter().all(|it| it.text != "dns"),
        "no line is run"
    );
    assert!(runs(&type_in(&mut session, "arp")));
    assert_eq!(mark(&session), (Mark::Right, 2));
}

#[test]
fn a_check_that_tells_the_answer_is_kept_back() {
    let mut session = asked(Truth::Ping);
    let mut silent = session.current_step().checks[0].clone();
    assert!(
        !session.gives_away(&silent),
        "a ping that is answered is no news"
    );
    if let Judge::Probe(probe) = &mut silent.judge {
        probe.expect = Expect::Timeout;
    }
    assert!(session.gives_away(&silent));
    act(&mut session, Action::Next);
    assert!(!session.gives_away(&silent), "the question is put");
    let mut session = asked(Truth::Ping);
    act(&mut session, Action::Practice);
    act(&mut session, Action::RunStep);
    assert!(!session.gives_away(&silent), "its line has run");
}
