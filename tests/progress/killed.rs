//! Killed, and started again.

use serde_json::{Value, json};

use crate::pty::{Pty, Who};
use crate::state::{State, kill_9};

/// What real `ip` shows from a second terminal, without what is new at every build.
fn tables(state: &State, pty: &Pty) -> Vec<Value> {
    let session = pty.pid().to_string();
    ["host", "app1"]
        .into_iter()
        .map(|ns| {
            let ran = state.run(&["shell", ns, "--session", &session, "--", "ip", "-j", "addr"]);
            assert_eq!(ran.status, Some(0), "{ran:#?}");
            let links: Value = serde_json::from_str(&ran.out).expect("ip writes JSON");
            let links = links.as_array().expect("a list").iter();
            let links = links.map(|link| {
                let addrs = link["addr_info"].as_array().expect("a list").iter();
                let ipv4: Vec<_> = addrs
                    .filter(|addr| addr["family"] == "inet")
                    .map(|addr| json!([addr["local"], addr["prefixlen"]]))
                    .collect();
                let up = link["flags"]
                    .as_array()
                    .is_some_and(|flags| flags.contains(&json!("UP")));
                json!([link["ifname"], link["master"], up, ipv4])
            });
            links.collect()
        })
        .collect()
}

/// Enter, a step done at once, a line typed by hand, and half of a step.
fn half_way(state: &State) -> Pty {
    let mut pty = state.teach();
    pty.shows("step 1 of 3");
    pty.keys("\r");
    pty.shows(" 1/3");
    pty.keys("n");
    pty.shows("step 2 of 3");
    state.until_at(1, 3);
    pty.keys("iip link add extra0 type bridge\r");
    pty.until("the device is there and the prompt is open", |screen| {
        screen.contains("extra0  ") && screen.contains("Esc close")
    });
    state.until_at(1, 4); // its end is what is kept, and until then Enter is not taken
    pty.keys("\x1b");
    pty.until("the prompt is closed", |screen| {
        !screen.contains("Esc close")
    });
    pty.keys("\r");
    pty.shows(" 1/4");
    pty.keys("\r");
    pty.shows(" 2/4");
    state.until_at(1, 6);
    pty
}

fn killed_and_started_again(who: Who, first_process: bool) {
    let state = State::new(&format!("killed-{first_process}"), who);
    let mut pty = half_way(&state);
    // What somebody else does is kept as well.
    let session = pty.pid().to_string();
    let elsewhere = ["ip", "link", "add", "shell0", "type", "bridge"];
    let shell = ["shell", "host", "--session", &session, "--"];
    let ran = state.run(&[&shell[..], &elsewhere].concat());
    assert_eq!(ran.status, Some(0), "{ran:#?}");
    pty.shows("Elsewhere, in host: ip link add");
    state.until_at(1, 7);
    let before = tables(&state, &pty);
    kill_9(&mut pty, first_process);
    let mut again = state.teach();
    again.shows("Continuing at step 2 of 3");
    again.until("the place is the same", |screen| {
        screen.contains("step 2 of 3") && screen.contains(" 2/4") && !screen.contains("building")
    });
    assert_eq!(tables(&state, &again), before);
    // It goes on from there, and a lesson that was finished begins anew.
    again.keys("n");
    again.shows("step 3 of 3");
    again.keys("a");
    again.shows("step done");
    again.keys("\r");
    again.shows("Lesson done");
    state.until("it is done", |record| {
        record["done"] == true && record["point"].is_null()
    });
    kill_9(&mut again, first_process);
    let mut anew = state.teach();
    anew.shows("step 1 of 3");
    anew.shows(" 0/3");
    assert!(!anew.text().contains("Continuing"), "{}", anew.text());
}

#[test]
fn an_ordinary_user_goes_on_after_the_guardian_was_killed() {
    killed_and_started_again(Who::Ordinary, false);
}

#[test]
fn an_ordinary_user_goes_on_after_the_first_process_was_killed() {
    killed_and_started_again(Who::Ordinary, true);
}

#[test]
fn whoever_runs_this_goes_on_after_the_guardian_was_killed() {
    killed_and_started_again(Who::Myself, false);
}

#[test]
fn killed_at_any_moment_nothing_is_damaged_and_nothing_goes_back() {
    let state = State::new("any-moment", Who::Ordinary);
    let place = |record: Option<Value>| {
        let point = record.map_or(Value::Null, |record| record["point"].clone());
        let deeds = point["deeds"].as_array().map_or(0, Vec::len);
        (point["step"].as_u64().unwrap_or(0), deeds)
    };
    let mut last = (0, 0);
    for round in 0..8 {
        let mut pty = state.teach();
        pty.until("it has begun", |screen| {
            screen.contains("of 3") && !screen.contains("building")
        });
        // Each round one key further, and killed without waiting for what it does.
        pty.keys("\r");
        if round % 2 == 1 {
            pty.until("something happens", |screen| screen.contains("root@"));
        }
        kill_9(&mut pty, round % 4 < 2);
        let now = place(state.record());
        assert!(now >= last, "{now:?} after {last:?}");
        last = now;
        let names = state.records("");
        let damaged = names
            .iter()
            .any(|name| name.display().to_string().contains("damaged"));
        assert!(!damaged, "{names:?}");
    }
    let mut pty = state.teach();
    pty.shows(&format!("step {} of 3", last.0 + 1));
    pty.until("what a killed program left is gone", |_| {
        !state.records(".").iter().any(|path| path.is_file()) || last == (0, 0)
    });
}

#[test]
fn fresh_and_step_begin_where_they_say_and_lose_nothing_until_something_is_done() {
    let state = State::new("fresh", Who::Ordinary);
    let mut pty = half_way(&state);
    pty.keys("q");
    assert_eq!(pty.end().code(), Some(0));
    let lesson = state.lesson();
    let lesson = lesson.to_str().expect("a plain name");
    for (arguments, place) in [
        (&["--lesson", lesson, "--fresh"][..], "step 1 of 3"),
        (&["--lesson", lesson, "--step", "3"], "step 3 of 3"),
    ] {
        let mut pty = state.start(arguments);
        pty.shows(place);
        pty.shows(" 0/");
        assert!(!pty.text().contains("Continuing"), "{}", pty.text());
        pty.keys("q");
        assert_eq!(pty.end().code(), Some(0));
        state.until_at(1, 6);
    }
    let mut pty = state.start(&["--lesson", lesson, "--fresh"]);
    pty.shows("step 1 of 3");
    pty.keys("\r");
    state.until_at(0, 1);
}

#[test]
fn a_lesson_that_has_changed_goes_on_at_the_start_of_its_step() {
    let state = State::new("changed", Who::Ordinary);
    let mut pty = half_way(&state);
    pty.keys("q");
    assert_eq!(pty.end().code(), Some(0));
    let text = std::fs::read_to_string(state.lesson()).expect("the lesson is there");
    let more =
        "[[step]]\ntitle = \"New\"\ntext = \"New.\"\nrun = '''\nip link list\n'''\n\n[[step]]";
    std::fs::write(state.lesson(), text.replacen("[[step]]", more, 1)).expect("it can be written");
    let mut pty = state.teach();
    pty.shows("The lesson has changed since you left it.");
    pty.until("the step of that title begins", |screen| {
        screen.contains("step 3 of 4") && screen.contains(" 0/4")
    });
}

#[test]
fn the_menu_continues_and_starts_over() {
    let state = State::new("menu", Who::Ordinary);
    let mut pty = state.start(&[]);
    pty.shows("One switch for every container");
    pty.keys("jj\r");
    pty.shows("step 1 of");
    pty.keys("n");
    pty.shows("step 2 of");
    pty.keys("q");
    pty.until("the menu knows it at once", |screen| {
        screen.contains("at step 2 of") && screen.contains("f starts over")
    });
    pty.keys("q");
    assert_eq!(pty.end().code(), Some(0));
    let mut pty = state.start(&[]);
    pty.shows("Enter continues at step 2 of");
    pty.keys("\r");
    pty.shows("Continuing at step 2 of");
    pty.keys("q");
    pty.shows("Enter continues at step 2 of");
    pty.keys("f");
    pty.shows("step 1 of");
    assert!(!pty.text().contains("Continuing"), "{}", pty.text());
}

#[test]
fn what_was_typed_is_had_again_by_the_next_run() {
    let state = State::new("history", Who::Ordinary);
    let mut pty = half_way(&state);
    kill_9(&mut pty, false);
    let history = std::fs::read_to_string(state.tutor().join("history"));
    assert_eq!(
        history.expect("it is kept"),
        "ip link add extra0 type bridge\n"
    );
    let mut again = state.start(&["--lesson", "netns"]);
    again.shows("step 1 of");
    again.keys("i\x1b[A");
    again.shows("ip link add extra0 type bridge");
    again.keys("\x15");
}

#[test]
fn free_play_is_not_kept() {
    let state = State::new("play", Who::Ordinary);
    let mut pty = state.start(&["play"]);
    pty.shows("host");
    pty.keys("iip link add br0 type bridge\r");
    pty.shows("br0  ");
    pty.keys("\x1b");
    pty.until("the prompt is closed", |screen| {
        !screen.contains("Esc close")
    });
    pty.keys("q");
    assert_eq!(pty.end().code(), Some(0));
    assert_eq!(state.records(""), Vec::<std::path::PathBuf>::new());
}
