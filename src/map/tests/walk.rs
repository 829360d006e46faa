//! A packet on its way along the cables.

use std::time::Duration;

use super::{nat, picture};
use crate::map::{Look, Walk, dot, mermaid, walk};
use crate::trace::answer::Answer;
use crate::trace::{Asked, Cause, Diagnosis, Hop, Leg, Question, Story, What};
use crate::world::Ns;

fn seen(leg: Leg, ns: &str, dev: &str, out: bool) -> Hop {
    Hop {
        leg,
        ns: Ns::from_name(ns),
        dev: Some(dev.to_owned()),
        at: Some(Duration::ZERO),
        what: What::Seen {
            out,
            packet: "echo".to_owned(),
            src: None,
            dst: None,
            ttl: None,
        },
    }
}

fn story(way: Vec<Hop>, diagnosis: Option<Diagnosis>) -> Story {
    Story {
        question: Question {
            from: Ns::from_name("app4"),
            to: "8.8.8.8".parse().expect("an address"),
            what: Asked::Echo { id: None },
        },
        answer: Answer::Silence {
            waited: Duration::ZERO,
        },
        way,
        diagnosis,
    }
}

fn there_and_back() -> Vec<Hop> {
    vec![
        seen(Leg::Request, "app4", "clink4", true),
        seen(Leg::Request, "host", "hlink4", false),
        seen(Leg::Request, "host", "br0", false),
        seen(Leg::Request, "host", "enp0s1", true),
        seen(Leg::Request, "internet", "router0", false),
        seen(Leg::Reply, "internet", "router0", true),
        seen(Leg::Reply, "host", "enp0s1", false),
        seen(Leg::Reply, "host", "hlink4", true),
        seen(Leg::Reply, "app4", "clink4", false),
    ]
}

fn shown(walk: &Walk, moved: u16) -> String {
    let look = Look {
        room: (90, 22),
        walk: Some(walk),
        moved,
        ..Look::default()
    };
    picture(&nat().done(), &look)
}

#[test]
fn each_cable_of_the_way_has_its_number() {
    let walk = walk(&nat().done(), &story(there_and_back(), None));
    assert_eq!(walk.crossings.len(), 4);
    let still = shown(&walk, 1000);
    for number in ["1┤", "2┤", "├3", "├4"] {
        assert_eq!(still.matches(number).count(), 1, "{still}");
    }
    insta::assert_snapshot!("walk", still);
}

#[test]
fn a_packet_runs_from_beginning_to_end() {
    let walk = walk(&nat().done(), &story(there_and_back(), None));
    let frames: Vec<String> = (0..1000)
        .step_by(20)
        .map(|moved| shown(&walk, moved))
        .collect();
    assert!(frames.iter().all(|frame| frame.matches('◆').count() == 1));
    let mut changes = frames.clone();
    changes.dedup();
    assert!(changes.len() > 15, "it moves: {}", changes.len());
    assert!(!frames[0].contains("2┤") && frames[49].contains("├4"));
    assert!(!shown(&walk, 1000).contains('◆'), "it has come to rest");
}

fn died() -> Story {
    let diagnosis = Diagnosis {
        cause: Cause::NoWayBack,
        at: Some((Ns::Host, Some("enp0s1".to_owned()))),
        sentence: String::new(),
        evidence: Vec::new(),
    };
    story(there_and_back()[..5].to_vec(), Some(diagnosis))
}

#[test]
fn the_numbers_are_said_in_words() {
    let map = nat().done();
    let lines = |story: &Story, unicode| walk(&map, story).lines(&map, unicode);
    assert_eq!(
        lines(&story(there_and_back(), None), true),
        [
            "1 app4/clink4 → host/hlink4",
            "2 host/enp0s1 → internet/router0",
            "3 internet/router0 → host/enp0s1, on the way back",
            "4 host/hlink4 → app4/clink4, on the way back",
        ]
    );
    assert_eq!(
        lines(&died(), false)[1..],
        [
            "2 host/enp0s1 -> internet/router0",
            "X host/enp0s1: its end"
        ]
    );
}

#[test]
fn other_languages_have_an_arrow_for_each_cable_of_the_way() {
    let map = nat().done();
    let walk = walk(&map, &died());
    let arrows = |text: &str, sign: &str| {
        let lines = text.lines().filter(|line| line.contains(sign));
        lines.map(|line| line.trim().to_owned()).collect::<Vec<_>>()
    };
    let node = |ns: &str, dev: &str| {
        let end = map.find(&Ns::from_name(ns), dev).expect("it is there");
        format!("d{}_{}", end.space, end.device)
    };
    let ways = [
        [node("app4", "clink4"), node("host", "hlink4")],
        [node("host", "enp0s1"), node("internet", "router0")],
    ];
    let of_dot = arrows(&dot(&map, Some(&walk)), "dir=forward");
    let of_mermaid = arrows(&mermaid(&map, Some(&walk)), "-->");
    assert_eq!((of_dot.len(), of_mermaid.len()), (2, 2));
    for ((number, [from, to]), (dot, mermaid)) in
        (1..).zip(ways).zip(of_dot.iter().zip(&of_mermaid))
    {
        assert!(dot.starts_with(&format!("{from} -- {to} [")), "{dot}");
        assert!(dot.contains(&format!("label=\"{number}\"")), "{dot}");
        assert_eq!(*mermaid, format!("{from} -- {number} --> {to}"));
    }
    for text in [dot(&map, Some(&walk)), mermaid(&map, Some(&walk))] {
        let ends = arrows(&text, "here the packet came to its end");
        assert!(ends.len() == 1 && ends[0].contains("enp0s1"), "{text}");
    }
}

#[test]
fn where_it_died_is_crossed() {
    let walk = walk(&nat().done(), &died());
    let picture = shown(&walk, 1000);
    let row = picture.lines().find(|line| line.contains("enp0s1"));
    assert!(row.is_some_and(|row| row.contains('✗')), "{picture}");
}
