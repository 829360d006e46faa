//! The real binary in a real terminal, as an ordinary user and as whoever runs the tests.
//!
//! Nothing here sleeps: a test waits until the screen shows what it should, with a deadline.

#[path = "support/machine.rs"]
mod machine;
#[path = "pty/packets.rs"]
mod packets;
#[allow(dead_code)] // Each test binary uses its part of this.
#[path = "support/pty.rs"]
mod pty;
#[path = "support/seccomp.rs"]
mod seccomp;

use std::process::Stdio;

use machine::Machine;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use pty::{Pty, Who, command};
use tutor::lesson::find;

const WIDE: (u16, u16) = (200, 50);

/// How many steps a lesson has.
fn steps(lesson: &str) -> usize {
    let lesson = find::load(lesson).map_err(|report| report.render(false));
    lesson.expect("the lesson is there").steps.len()
}

/// What the header says at this step, from 1.
fn header(lesson: &str, step: usize) -> String {
    format!("step {step} of {}", steps(lesson))
}

fn at_step(step: usize) -> String {
    header("bridge", step)
}

/// Runs the bridge lesson from its first to its last step, and leaves it.
fn bridge_from_first_to_last(who: Who) {
    let mut pty = Pty::start(who, WIDE, &["--lesson", "bridge"]);
    for step in 1..=steps("bridge") {
        let here = at_step(step);
        pty.until("the step has begun", |screen| {
            screen.contains(&here) && !screen.contains("step done")
        });
        pty.keys("a");
        pty.shows("step done");
        pty.keys("\r");
    }
    pty.shows("Lesson done");
    pty.keys("q");
    assert_eq!(pty.end().code(), Some(0));
    let written = String::from_utf8_lossy(&pty.raw);
    assert!(written.contains("\x1b[?1049l"), "the screen is given back");
    assert!(written.contains("\x1b[?25h"), "the cursor is shown again");
}

#[test]
fn the_bridge_lesson_is_taught_to_an_ordinary_user() {
    bridge_from_first_to_last(Who::Ordinary);
}

#[test]
fn the_bridge_lesson_is_taught_to_whoever_runs_this() {
    bridge_from_first_to_last(Who::Myself);
}

#[test]
fn enter_alone_leads_through_a_lesson() {
    let mut pty = Pty::start(Who::Ordinary, WIDE, &["--lesson", "netns"]);
    pty.shows(&header("netns", 1));
    // Enter is taken when something waits for it; while a command runs it does nothing.
    for step in 1..=steps("netns") {
        let next = if step < steps("netns") {
            header("netns", step + 1)
        } else {
            "Lesson done".to_owned()
        };
        while !pty.text().contains(&next) {
            let before = pty.text();
            pty.keys("\r");
            pty.until("something happens", |screen| screen != before);
        }
    }
    pty.shows("Lesson done");
}

#[test]
fn undo_redo_and_going_back_rebuild_the_sandbox() {
    let mut pty = Pty::start(Who::Ordinary, WIDE, &["--lesson", "bridge", "--step", "4"]);
    pty.shows(&at_step(4));
    pty.keys("\r");
    pty.shows(" 1/6");
    pty.keys("u");
    pty.shows("Undone: ip link add br0 type bridge");
    pty.keys("a");
    pty.shows("step done");
    pty.keys("r");
    pty.shows("This step again?");
    pty.keys("y");
    pty.shows("This step again, from its start.");
    pty.keys("p");
    pty.shows(&at_step(3));
    pty.keys("n");
    pty.shows(&at_step(4));
    pty.keys("n");
    pty.shows(&at_step(5));
    pty.keys("q");
    assert_eq!(pty.end().code(), Some(0));
}

#[test]
fn wrong_keys_resizes_and_help_do_no_harm() {
    let mut pty = Pty::start(Who::Ordinary, (80, 24), &["--lesson", "stack"]);
    pty.shows(&header("stack", 1));
    pty.keys("xyzXYZ%&/\x1b[24~\x1b[1;5C\x07\x00");
    pty.keys("?");
    pty.shows("the step anew");
    pty.keys("?");
    for (columns, rows) in [(120, 36), (30, 8), (1, 1), (200, 50), (59, 14), (80, 24)] {
        pty.resize(columns, rows);
    }
    pty.until("the lesson is back", |screen| {
        screen.contains(&header("stack", 1))
    });
    pty.resize(40, 10);
    pty.until("it says what size it needs", |screen| {
        screen.contains("60") && !screen.contains("step 1")
    });
    pty.keys("q");
    assert_eq!(pty.end().code(), Some(0));
}

#[test]
fn the_menu_leads_into_a_lesson_and_back() {
    let mut pty = Pty::start(Who::Ordinary, (120, 36), &[]);
    pty.shows("One switch for every container");
    pty.keys("\r");
    pty.shows(&header("stack", 1));
    pty.keys("q");
    pty.shows("One switch for every container");
    pty.keys("q");
    assert_eq!(pty.end().code(), Some(0));
}

#[test]
fn a_long_wait_can_be_stopped() {
    let mut pty = Pty::start(Who::Ordinary, WIDE, &["--lesson", "bridge", "--step", "3"]);
    pty.shows(&at_step(3));
    pty.keys("\r");
    pty.shows("What do you expect?");
    pty.keys("\r");
    pty.shows("PING 172.16.0.40");
    pty.keys("\x1b");
    pty.shows("packets transmitted");
    pty.shows("Enter next");
}

#[test]
fn colours_are_left_out_when_nobody_wants_them() {
    let mut pty = Pty::start_with(
        Who::Ordinary,
        (80, 24),
        &["--lesson", "stack"],
        &[("NO_COLOR", "1"), ("LANG", "C")],
    );
    pty.shows(&header("stack", 1));
    pty.keys("a");
    pty.shows("step done");
    let written = String::from_utf8_lossy(&pty.raw).into_owned();
    for colour in ["\x1b[38;", "\x1b[48;", "\x1b[31m", "\x1b[32m"] {
        assert!(!written.contains(colour), "{colour:?} is written");
    }
    assert!(
        pty.text().is_ascii(),
        "a terminal without UTF-8 gets ASCII:\n{}",
        pty.text()
    );
}

#[test]
fn without_a_terminal_it_says_what_to_do() {
    let (mut command, home) = command(Who::Ordinary, &["--lesson", "bridge"]);
    let output = command
        .stdin(Stdio::null())
        .output()
        .expect("the binary starts");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("terminal") && said.contains("tutor test"),
        "{said}"
    );
    std::fs::remove_dir_all(home).expect("the temporary directory can be removed");
}

/// Kills the guardian, or process 1 of the sandbox, at each step; nothing may be left.
fn killed_at_every_step(first_process: bool) {
    let before = Machine::snapshot().expect("the machine can be looked at");
    for step in 1..=steps("bridge") {
        let mark = format!("pty-{}-{step}-{first_process}", std::process::id());
        let number = step.to_string();
        let arguments = ["--lesson", "bridge", "--step", &number];
        let mut pty = Pty::start_with(
            Who::Ordinary,
            WIDE,
            &arguments,
            &[("TUTOR_TEST_MARK", &mark)],
        );
        pty.shows(&at_step(step));
        pty.keys("\r");
        let guardian = i32::try_from(pty.pid()).expect("a process id");
        let victim = if first_process {
            child_of(guardian)
        } else {
            guardian
        };
        kill(Pid::from_raw(victim), Signal::SIGKILL).expect("it can be killed");
        let status = pty.end();
        assert!(!status.success(), "{status}");
        machine::ensure_gone(&mark).expect("no process is left");
        if first_process {
            let written = String::from_utf8_lossy(&pty.raw);
            assert!(
                written.contains("\x1b[?1049l"),
                "the guardian gives the screen back"
            );
        }
    }
    before.ensure_unchanged().expect("the machine is as it was");
}

/// The one child of a process.
fn child_of(process: i32) -> i32 {
    let path = format!("/proc/{process}/task/{process}/children");
    let children = std::fs::read_to_string(path).expect("children are listed");
    children
        .split_whitespace()
        .next()
        .and_then(|pid| pid.parse().ok())
        .expect("the guardian has a child")
}

#[test]
fn a_terminal_that_shows_nothing_any_more_holds_nobody() {
    let mut pty = Pty::start(Who::Ordinary, WIDE, &["--lesson", "stack"]);
    pty.shows(&header("stack", 1));
    // Nobody reads what is drawn from here on, until the terminal takes no more.
    pty.fill();
    let guardian = i32::try_from(pty.pid()).expect("a process id");
    let first_process = child_of(guardian);
    kill(Pid::from_raw(first_process), Signal::SIGKILL).expect("it can be killed");
    assert!(!pty.wait_unread().success());
}

#[test]
fn killing_the_guardian_at_any_step_leaves_nothing() {
    killed_at_every_step(false);
}

#[test]
fn killing_the_first_process_at_any_step_leaves_nothing() {
    killed_at_every_step(true);
}
