//! What the program costs while nobody does anything: ten seconds at a step of a lesson.

#[path = "support/processes.rs"]
mod processes;
#[allow(dead_code)] // A benchmark uses its part of what tests need.
#[path = "../tests/support/pty.rs"]
mod pty;

use std::thread::sleep;
use std::time::Duration;

use processes::{Used, within};
use pty::{Pty, Who};

/// As long as nobody does anything.
const IDLE: Duration = Duration::from_secs(10);
/// Marks fade, and IPv6 looks for duplicates, for a moment after a start.
const SETTLED: Duration = Duration::from_secs(5);

fn main() {
    println!(
        "idle for {} s           ticks (1/100 s)   wakes",
        IDLE.as_secs()
    );
    for lesson in ["stack", "bridge", "nat"] {
        idle(lesson);
    }
}

fn idle(id: &str) {
    let lesson = tutor::lesson::find::load(id).expect("the lesson is within the program");
    // As much of the title as stands in one row.
    let title = lesson.steps[0].title.chars().take(12).collect::<String>();
    let mut pty = Pty::start(Who::Myself, (120, 36), &["--lesson", id]);
    pty.until("the first step", |screen| screen.contains(&title));
    sleep(SETTLED);
    let guardian = pty.pid();
    for (name, pid) in [("guardian", guardian), ("sandbox", within(guardian))] {
        let before = Used::by(pid);
        sleep(IDLE);
        let used = Used::by(pid).since(before);
        println!("{id:8} {name:10} {:17} {:9}", used.ticks, used.wakes);
    }
}
