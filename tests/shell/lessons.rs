//! Every lesson is finished by what is typed into the real shell, with the real tools.

use tutor::command::Command;
use tutor::lesson::{RunLine, Step, find};
use tutor::world::Ns;

use super::LEAVE;
use crate::pty::{Pty, Who};

/// Rows enough for every check of a step.
const SIZE: (u16, u16) = (200, 60);

/// The line as it is typed into a shell in `host`; none for one that only moves the prompt.
fn typed(run: &RunLine) -> Option<String> {
    let line = run.source.trim();
    match (&run.line.command, &run.at) {
        (None | Some(Command::Enter { .. } | Command::Exit), _) => None,
        (Some(_), Ns::Host) => Some(line.to_owned()),
        (Some(_), ns) => Some(format!("ip netns exec {ns} {line}")),
    }
}

fn changes(step: &Step) -> bool {
    step.run.iter().any(|run| run.line.changes())
}

/// Types the step's lines into a shell in `host`, and leaves it.
fn carry_out(pty: &mut Pty, step: &Step) {
    pty.keys("1s");
    pty.shows("Shell in host");
    for line in step.run.iter().filter_map(typed) {
        pty.keys(&format!("{line}\r"));
    }
    // A capture that began too late for the packets that it waits for would wait for ever.
    pty.keys("kill $(jobs -p) 2>/dev/null; wait; echo over-$((40 + 2))\r");
    pty.shows("over-42");
    pty.keys("clear\r");
    pty.until("the screen is clear", |screen| !screen.contains("over-42"));
    pty.keys(LEAVE);
    pty.until("the lesson is back", |screen| screen.contains("q quit"));
}

fn finished_in_the_shell(lesson: &str) {
    let found = find::load(lesson).map_err(|report| report.render(false));
    let steps = found.expect("the lesson is there").steps;
    let env = [("SHELL", "/bin/bash")];
    let arguments = ["--lesson", lesson, "--practice"];
    let mut pty = Pty::start_with(Who::Ordinary, SIZE, &arguments, &env);
    for (index, step) in steps.iter().enumerate() {
        pty.shows(&format!("step {} of {}", index + 1, steps.len()));
        pty.shows("q quit");
        carry_out(&mut pty, step);
        if !changes(step) {
            pty.keys("c"); // nothing has changed that would have it judged
        }
        let all = format!(" {0}/{0} ", step.checks.len());
        pty.until("every check holds", |screen| {
            let checks = screen.lines().find(|line| line.contains("─ Checks ─"));
            step.checks.is_empty() || checks.is_some_and(|line| line.contains(&all))
        });
        pty.keys("n");
    }
    pty.shows("Lesson done");
    pty.keys("q");
    assert_eq!(pty.end().code(), Some(0));
}

#[test]
fn stack_is_finished_in_the_shell() {
    finished_in_the_shell("stack");
}

#[test]
fn netns_is_finished_in_the_shell() {
    finished_in_the_shell("netns");
}

#[test]
fn veth_is_finished_in_the_shell() {
    finished_in_the_shell("veth");
}

#[test]
fn subnet_is_finished_in_the_shell() {
    finished_in_the_shell("subnet");
}

#[test]
fn bridge_is_finished_in_the_shell() {
    finished_in_the_shell("bridge");
}

#[test]
fn gateway_is_finished_in_the_shell() {
    finished_in_the_shell("gateway");
}

#[test]
fn nat_is_finished_in_the_shell() {
    finished_in_the_shell("nat");
}
