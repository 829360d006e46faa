//! Every lesson, from its first step to its last, by a learner's own hands: the real binary in a real
//! terminal, on the real kernel.
//!
//! Each lesson is taken four times: by Enter alone; by typing its lines at the prompt; by typing them
//! in a real shell, where the real tools carry them out; and with mistakes. What is typed comes from
//! the lesson itself, so a new lesson is covered as soon as it is there. Only mistakes that teach
//! something about one lesson are written down, in `hands/mistakes.rs`.

#[path = "hands/learner.rs"]
mod learner;
#[path = "hands/mistakes.rs"]
mod mistakes;
#[allow(dead_code)] // Each test binary uses its part of this.
#[path = "support/pty.rs"]
mod pty;
#[path = "hands/shell.rs"]
mod shell;

use std::process::ExitCode;

use learner::Learner;
use libtest_mimic::{Arguments, Trial};
use tutor::lesson::find;

/// So many lessons at once: most of the time each waits for its pings.
const TOGETHER: usize = 8;

/// A way through a lesson.
type Way = (&'static str, fn(&str));

const WAYS: [Way; 4] = [
    ("enter", by_enter),
    ("prompt", at_the_prompt),
    ("shell", shell::in_a_shell),
    ("mistakes", mistakes::with_mistakes),
];

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(TOGETHER);
    let mut trials = Vec::new();
    for lesson in find::list() {
        for (name, way) in WAYS {
            let id = lesson.id.clone();
            let trial = Trial::test(format!("{id}::{name}"), move || {
                way(&id);
                Ok(())
            });
            trials.push(trial);
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Enter, whenever it is offered, and no other key.
fn by_enter(lesson: &str) {
    let mut learner = Learner::start(lesson);
    while learner.enter_is_offered() {
        learner.press_enter();
    }
    learner.leave();
}

/// Every line of the lesson, typed at the prompt.
fn at_the_prompt(lesson: &str) {
    let mut learner = Learner::start(lesson);
    learner.open_prompt();
    for step in 0..learner.lesson.steps.len() {
        learner.type_lines(step);
        learner.go_on(step);
    }
    learner.leave();
}
