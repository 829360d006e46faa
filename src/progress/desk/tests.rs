//! Lessons that are begun, left and begun again.

use std::sync::mpsc::{Receiver, channel};

use super::*;
use crate::progress::scratch::Scratch;
use crate::session::resume::SavedDeed;

fn lesson() -> Arc<Lesson> {
    let Ok(lesson) = find::load("veth") else {
        panic!("the lesson is there");
    };
    Arc::new(lesson)
}

fn desk(scratch: &Scratch) -> (Desk, Receiver<String>) {
    let (sender, told) = channel();
    let tell = Box::new(move |said| drop(sender.send(said)));
    (Desk::of(Some(scratch.store()), tell), told)
}

/// At this step, from 0, after a line was typed there.
fn at(step: usize, spent: u64) -> Resume {
    Resume {
        step,
        base: step,
        deeds: vec![SavedDeed {
            step,
            at: "host".to_owned(),
            line: "ip link add br9 type bridge".to_owned(),
            ..SavedDeed::default()
        }],
        spent,
        ..Resume::default()
    }
}

fn spent(scratch: &Scratch) -> u64 {
    match scratch.store().read(&Key::of_name("veth")) {
        Ok(Found::Good(record)) => record.spent,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_left_is_continued_also_before_it_is_written() {
    let scratch = Scratch::new("desk");
    let (mut desk, _told) = desk(&scratch);
    let lesson = lesson();
    let (session, _) = desk.begin(&lesson, Start::Continue, Manner::Guided);
    assert_eq!(session.step, 0);
    for step in 0..5 {
        desk.keep(&at(step, 10));
    }
    // Whether the thread has come to it or not.
    let (session, _) = desk.begin(&lesson, Start::Continue, Manner::Guided);
    assert_eq!(session.kept().deeds, at(4, 10).deeds);
    let menu = desk.menu();
    let current = menu.current().expect("there are lessons");
    assert_eq!((&*current.id, current.how_far.left_at), ("veth", Some(4)));
    assert_eq!(desk.leave(), None);
    assert_eq!(spent(&scratch), 10);
}

#[test]
fn time_of_all_sessions_is_added_once() {
    let scratch = Scratch::new("desk-time");
    let lesson = lesson();
    let (mut one, _) = desk(&scratch);
    one.begin(&lesson, Start::Continue, Manner::Guided);
    one.keep(&at(0, 10));
    assert_eq!(one.leave(), None);
    // Both continue after ten seconds, and are there for five and seven more.
    let ((mut one, _), (mut other, _)) = (desk(&scratch), desk(&scratch));
    one.begin(&lesson, Start::Continue, Manner::Guided);
    other.begin(&lesson, Start::Continue, Manner::Guided);
    one.keep(&at(1, 12));
    one.keep(&at(1, 15));
    other.keep(&at(2, 17));
    assert_eq!((one.leave(), other.leave()), (None, None));
    assert_eq!(spent(&scratch), 22);
}

#[test]
fn beginning_elsewhere_loses_nothing_until_something_is_done() {
    let scratch = Scratch::new("desk-fresh");
    let lesson = lesson();
    let (mut first, _) = desk(&scratch);
    first.begin(&lesson, Start::Fresh, Manner::Guided);
    first.keep(&at(3, 10));
    assert_eq!(first.leave(), None);
    let (mut second, _) = desk(&scratch);
    let (session, _) = second.begin(&lesson, Start::Step(1), Manner::Guided);
    second.keep(&session.kept());
    let (session, _) = second.begin(&lesson, Start::Continue, Manner::Guided);
    assert_eq!(session.kept().step, 3);
    second.begin(&lesson, Start::Fresh, Manner::Guided);
    second.keep(&at(0, 1));
    let (session, _) = second.begin(&lesson, Start::Continue, Manner::Guided);
    assert_eq!(session.kept().step, 0);
}

#[test]
fn trouble_is_told_once_and_what_is_not_written_is_continued_all_the_same() {
    let scratch = Scratch::new("desk-trouble");
    let store = scratch.store();
    let parent = store.root().parent().expect("it is below something");
    std::fs::write(parent, "in the way").expect("it can be written");
    let lesson = lesson();
    let (mut desk, told) = desk(&scratch);
    desk.begin(&lesson, Start::Continue, Manner::Guided);
    desk.keep(&at(1, 10));
    let said = told.recv().expect("it is told");
    assert!(said.starts_with("Progress cannot be saved: "), "{said}");
    desk.keep(&at(2, 20));
    let (session, _) = desk.begin(&lesson, Start::Continue, Manner::Guided);
    assert_eq!(session.kept().step, 2);
    // Once the way is free, all of it is written.
    std::fs::remove_file(parent).expect("it is there");
    desk.keep(&at(3, 25));
    assert_eq!(desk.leave(), None);
    assert!(told.try_recv().is_err(), "it is told once");
    assert_eq!(spent(&scratch), 25);
}

#[test]
fn lines_that_were_typed_are_there_at_once() {
    let scratch = Scratch::new("desk-lines");
    let (mut first, _told) = desk(&scratch);
    first.remember("ip link".to_owned());
    assert_eq!(first.history(), ["ip link"]);
    assert_eq!(first.leave(), None);
    let (mut second, _told) = desk(&scratch);
    assert_eq!(second.history(), ["ip link"]);
}
