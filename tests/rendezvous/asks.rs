//! What a running session is asked and answers itself: its map, and what becomes of a packet.

use std::process::Output;

use crate::{EVERYBODY, Session, errors, second_terminal};

fn ask(session: &Session, words: &[&str]) -> Output {
    let pid = session.pty.pid().to_string();
    let arguments = [words, &["--session", &pid]].concat();
    second_terminal(session.who, &arguments)
        .output()
        .expect("the binary starts")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_map_is_printed_in_every_format() {
    for who in EVERYBODY {
        let session = Session::start(who);
        for (format, beginning) in [
            ("text", "┌ internet "),
            ("dot", "graph sandbox {"),
            ("mermaid", "flowchart LR"),
            ("svg", "<svg "),
        ] {
            let output = ask(&session, &["map", "--format", format]);
            assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
            let map = said(&output);
            assert!(map.starts_with(beginning), "{map}");
            for name in ["app3", "clink3", "hlink3", "172.16.0.30/16", "enp0s1"] {
                assert!(map.contains(name), "no {name} in {map}");
            }
        }
        let plain = said(&ask(&session, &["map", "--ascii"]));
        assert!(plain.is_ascii() && plain.contains("+ app3 -"), "{plain}");
        // What is done meanwhile is there at once.
        let made = session.run(&["host", "--", "ip", "netns", "add", "later"]);
        assert!(made.status.success(), "{}", errors(&made));
        let start = std::time::Instant::now();
        while !said(&ask(&session, &["map"])).contains(" later ") {
            assert!(start.elapsed() < crate::PATIENCE, "it never comes");
        }
    }
}

/// A packet that the learner has followed is on the map, cable by cable, in each format.
#[test]
fn the_map_shows_the_way_of_the_packet_followed_last() {
    for who in EVERYBODY {
        let mut session = Session::start(who);
        let map = |words: &[&str]| said(&ask(&session, &[&["map"], words].concat()));
        assert!(!map(&[]).contains("followed last"));
        session.pty.keys(":trace host 8.8.8.8\r");
        session.pty.shows("router0");
        let map = |words: &[&str]| said(&ask(&session, &[&["map"], words].concat()));
        let start = std::time::Instant::now();
        while !map(&[]).contains("followed last, from host to 8.8.8.8:") {
            assert!(start.elapsed() < crate::PATIENCE, "{}", map(&[]));
        }
        let text = map(&[]);
        for line in [
            "1 host/enp0s1 → internet/router0",
            "2 internet/router0 → host/enp0s1, on the way back",
        ] {
            assert!(text.contains(line), "{text}");
        }
        assert!(map(&["--ascii"]).is_ascii());
        for (format, arrow) in [
            ("dot", "dir=forward"),
            ("mermaid", " -- 1 --> "),
            ("svg", "fill=\"#8a0f6b\""),
        ] {
            let shown = map(&["--format", format]);
            assert!(shown.contains(arrow), "{shown}");
            let without = map(&["--format", format, "--no-way"]);
            assert!(!without.contains(arrow), "{without}");
        }
    }
}

#[test]
fn a_packet_is_followed_for_a_second_terminal() {
    for who in EVERYBODY {
        let session = Session::start(who);
        let output = ask(&session, &["why", "host", "8.8.8.8"]);
        assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
        assert!(said(&output).contains("enp0s1"), "{}", said(&output));
        // Both cables lie there, and nothing connects them yet.
        let output = ask(&session, &["why", "app3", "app4"]);
        assert_eq!(output.status.code(), Some(1), "{}", errors(&output));
        assert!(said(&output).contains("clink3"), "{}", said(&output));
    }
}

#[test]
fn what_cannot_be_sent_is_said() {
    let session = Session::start(EVERYBODY[0]);
    for (words, why) in [
        (
            ["why", "nobody", "8.8.8.8"],
            "there is no namespace nobody; there are: host, app3, app4",
        ),
        (
            ["why", "app3", "8.8.8"],
            "8.8.8 is neither an address nor a namespace",
        ),
    ] {
        let output = ask(&session, &words);
        assert!(!output.status.success());
        assert!(errors(&output).contains(why), "{}", errors(&output));
    }
}
