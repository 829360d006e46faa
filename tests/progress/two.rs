//! Two sessions at once.

use crate::pty::Who;
use crate::state::State;

#[test]
fn two_sessions_of_one_lesson_do_not_lose_each_others_progress() {
    let state = State::new("two-same", Who::Ordinary);
    let (mut one, mut other) = (state.teach(), state.teach());
    one.shows("step 1 of 3");
    other.shows("step 1 of 3");
    one.keys("h");
    one.shows("Follow the lines");
    state.until("the hint is kept", |record| {
        record["steps"]["0"]["hints"]
            .as_array()
            .is_some_and(|hints| hints.len() == 1)
    });
    other.keys("n");
    other.shows("step 2 of 3");
    state.until_at(1, 3);
    let record = state.record().expect("it is there");
    assert_eq!(
        record["steps"]["0"]["hints"].as_array().map(Vec::len),
        Some(1),
        "{record:#}"
    );
    // The one that did something last is the one that is continued.
    one.keys("\r");
    state.until_at(0, 1);
    // One of them is done; the other goes on and does not take that back.
    other.keys("n");
    other.shows("step 3 of 3");
    other.keys("n");
    other.shows("Lesson done");
    state.until("it is done", |record| record["done"] == true);
    one.keys("\r");
    state.until_at(0, 2);
    assert_eq!(state.record().expect("it is there")["done"], true);
}

#[test]
fn two_lessons_at_once_are_both_kept() {
    let state = State::new("two-lessons", Who::Ordinary);
    let mut one = state.teach();
    let mut other = state.start(&["--lesson", "netns"]);
    one.shows("step 1 of 3");
    other.shows("step 1 of");
    for round in 1..=3 {
        one.keys("\r");
        other.keys("a");
        state.until_at(0, round);
        other.shows("step done");
    }
    other.keys("n");
    other.shows("step 2 of");
    other.keys("q");
    assert_eq!(other.end().code(), Some(0));
    let netns = state.record_of("netns.json").expect("it is kept");
    assert_eq!(netns["point"]["step"], 1);
    state.until_at(0, 3);
}
