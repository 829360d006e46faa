//! What is said of a session, told event by event: no kernel, no terminal.

use std::sync::Arc;

use super::*;
use crate::lesson::{Lesson, find};
use crate::session::{Action, Effect, Event, Outcome, Place, Ticket};
use crate::world::link::Link;
use crate::world::{Change, Ns, Space, World};

/// Looks on at a session of a lesson.
struct Ear {
    session: Session,
    speaker: Speaker,
}

impl Ear {
    /// Stands at the beginning of `lesson`, of which nothing was said yet.
    fn at(lesson: Lesson) -> Self {
        let (session, effects) = Session::new(Arc::new(lesson), Place::default());
        let mut ear = Self {
            session,
            speaker: Speaker::default(),
        };
        let mut world = World::default();
        world.spaces.insert(Ns::Host, Space::default());
        let ticket = effects.iter().find_map(|effect| match effect {
            Effect::Build { ticket, .. } => Some(*ticket),
            _ => None,
        });
        ear.session.handle(Event::Built {
            ticket: ticket.expect("a session begins with a build"),
            result: Ok(world),
        });
        ear
    }

    fn hears(&mut self) -> Vec<String> {
        let said = self.speaker.news(&self.session);
        said.iter().flat_map(|said| said.rows(None)).collect()
    }

    fn hears_ahead(&mut self) -> Vec<String> {
        let said = self.speaker.ahead(&self.session);
        said.iter().flat_map(|said| said.rows(None)).collect()
    }

    /// Runs the next command and lets it end; `change` is what the kernel says of it.
    fn runs(&mut self, change: Option<Change>, status: u8) {
        let effects = self.session.handle(Event::Do(Action::Next));
        let ticket = effects.iter().find_map(|effect| match effect {
            Effect::Run { ticket, .. } => Some(*ticket),
            _ => None,
        });
        self.ends(ticket.expect("a command runs"), change, status);
    }

    fn ends(&mut self, ticket: Ticket, change: Option<Change>, status: u8) {
        if let Some(change) = change {
            self.session.handle(Event::World(Ns::Host, change));
        }
        let outcome = Outcome {
            status,
            ..Outcome::default()
        };
        self.session.handle(Event::Ended { ticket, outcome });
    }
}

/// A device, up or not.
fn link(name: &str) -> Change {
    Change::Link(Box::new(Link {
        index: 7,
        name: name.to_owned(),
        ..Link::default()
    }))
}

fn lesson() -> Lesson {
    const LESSON: &str = r#"
format = 1
title = "Two devices"
summary = "Make them."
minutes = 1
needs = ["bridge"]

[[step]]
title = "Make one"
text = "A **bridge** is a switch."
run = """
ip link add br0 type bridge   # a switch
ip link show
"""
hints = ["Think.", "Look at `ip link`.", "ip link add br0 type bridge"]
done = "There it is."

[[step.check]]
link = { ns = "host", name = "br0" }
why = "it was made"

[[step]]
title = "Look"
text = "Look at it."
run = "ip link show"
hints = ["a", "b", "c"]
"#;
    let directory = std::env::temp_dir().join(format!("tutor-speaker-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a temporary directory can be made");
    let path = directory.join(format!("two-{:?}.toml", std::thread::current().id()));
    std::fs::write(&path, LESSON).expect("a temporary file can be written");
    let lesson = find::load(path.to_str().expect("a path of ASCII"));
    std::fs::remove_file(path).expect("it was written");
    lesson.expect("a lesson without mistakes")
}

#[test]
fn a_step_opens_with_its_text_and_what_is_checked() {
    let mut ear = Ear::at(lesson());
    let opening = [
        "",
        "Step 1 of 2: Make one",
        "",
        "A bridge is a switch.",
        "",
        "What is checked: br0 in host is there.",
    ];
    assert_eq!(ear.hears(), opening);
    assert_eq!(ear.hears(), [""; 0], "nothing is said twice");
    let ahead = ear.hears_ahead();
    assert_eq!(
        ahead[..3],
        [
            "",
            "Command 1 of 2: a switch",
            "    ip link add br0 type bridge"
        ]
    );
    assert!(ahead[3].starts_with("      `ip`: "), "{ahead:#?}");
    assert_eq!(ear.hears_ahead(), [""; 0]);
}

#[test]
fn verdicts_are_said_when_they_change() {
    let mut ear = Ear::at(lesson());
    ear.hears();
    ear.runs(Some(link("br0")), 0);
    let holds = [
        "root@host:~# ip link add br0 type bridge",
        "The check holds: br0 in host is there; it was made.",
    ];
    assert_eq!(ear.hears(), holds);
    // Its words were explained with the first command.
    let second = [
        "",
        "Command 2 of 2:",
        "    ip link show",
        "      `show`: show them",
    ];
    assert_eq!(ear.hears_ahead(), second);
    ear.runs(None, 0);
    let done = [
        "root@host:~# ip link show",
        "Step 1 is done.",
        "There it is.",
        "Enter goes on to step 2: Look.",
    ];
    assert_eq!(ear.hears(), done);
    ear.session
        .handle(Event::World(Ns::Host, Change::LinkGone(7)));
    let gone = ear.hears();
    let [gone] = &gone[..] else {
        panic!("one sentence: {gone:#?}");
    };
    assert!(gone.starts_with("The check no longer holds: "), "{gone}");
    ear.session.handle(Event::World(Ns::Host, link("br0")));
    assert_eq!(ear.hears()[1], "Step 1 is done.");
}

#[test]
fn what_failed_and_what_does_not_hold_is_said() {
    let mut ear = Ear::at(lesson());
    ear.hears();
    ear.runs(None, 2);
    let heard = ear.hears();
    assert_eq!(
        heard[1], "tutor: This command ended with an error.",
        "{heard:#?}"
    );
    assert_eq!(
        heard.len(),
        2,
        "before its commands have run nobody expects it to hold"
    );
    ear.runs(None, 0);
    let heard = ear.hears();
    assert!(
        heard[1].starts_with("The check does not hold: "),
        "{heard:#?}"
    );
}

#[test]
fn hints_have_their_numbers() {
    let mut ear = Ear::at(lesson());
    ear.hears();
    for hint in ["Hint 1 of 3: Think.", "Hint 2 of 3: Look at `ip link`."] {
        ear.session.handle(Event::Do(Action::Hint));
        assert_eq!(ear.hears(), [hint]);
    }
}

#[test]
fn in_practice_the_commands_are_hidden() {
    let mut ear = Ear::at(lesson());
    ear.session.handle(Event::Do(Action::Practice));
    ear.hears();
    let ahead = ear.hears_ahead();
    assert!(
        ahead[1].starts_with("The commands are hidden: "),
        "{ahead:#?}"
    );
}

#[test]
fn the_end_says_what_was_done() {
    let mut ear = Ear::at(lesson());
    ear.hears();
    ear.session.handle(Event::World(Ns::Host, link("br0")));
    ear.runs(None, 0);
    ear.runs(None, 0);
    ear.session.handle(Event::Do(Action::Next));
    let heard = ear.hears();
    assert!(
        heard.contains(&"Step 2 of 2: Look".to_owned()),
        "{heard:#?}"
    );
    ear.runs(None, 0);
    assert!(
        ear.hears()
            .contains(&"This was the last step. Enter ends the lesson.".to_owned())
    );
    ear.session.handle(Event::Do(Action::Next));
    let end = [
        "",
        "The lesson is done: Two devices.",
        "What you have done:",
        "1. Make one",
        "2. Look",
    ];
    assert_eq!(ear.hears(), end);
}

#[test]
fn what_was_typed_is_not_said_again() {
    let mut ear = Ear::at(lesson());
    ear.hears();
    ear.speaker.typed("ip link show");
    let effects = ear.session.take_line("ip link show").expect("a line");
    assert!(!effects.is_empty());
    assert_eq!(ear.hears(), [""; 0]);
}
