//! The program's start until its first frame, in a terminal; beside tools that do a part of it.

#[allow(dead_code)] // A benchmark uses its part of what tests need.
#[path = "../tests/support/pty.rs"]
mod pty;

use std::process::{Command, Stdio};

use divan::Bencher;
use pty::{Pty, Who};

fn main() {
    divan::main();
}

/// Sandbox, terminal, lesson, and the step's title on the screen.
#[divan::bench(sample_count = 50, sample_size = 1)]
fn first_frame(bencher: Bencher) {
    let title = title("bridge");
    bencher.bench_local(|| {
        let mut pty = Pty::start(Who::Myself, (120, 36), &["--lesson", "bridge"]);
        pty.until("the first frame", |screen| screen.contains(&title));
        pty
    });
}

/// The same with the last step of `nat`, until its commands stand there and the sandbox is built.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn last_step_of_nat(bencher: Bencher) {
    let steps = tutor::lesson::find::load("nat").map_or(1, |lesson| lesson.steps.len());
    let step = steps.to_string();
    bencher.bench_local(|| {
        let arguments = ["--lesson", "nat", "--step", &step];
        let mut pty = Pty::start(Who::Myself, (120, 36), &arguments);
        // The policy that the step before has set, in the table of rules.
        pty.until("the last step", |screen| screen.contains("enp0s1"));
        pty
    });
}

fn title(id: &str) -> String {
    let lesson = tutor::lesson::find::load(id).expect("the lesson is within the program");
    // As much of it as stands in one row.
    lesson.steps[0].title.chars().take(12).collect()
}

/// The least that any sandbox costs: the same namespaces, and an empty program.
#[divan::bench(sample_count = 50, sample_size = 1)]
fn unshare_true(bencher: Bencher) {
    bencher.bench_local(|| run(&["unshare", "--mount", "--pid", "--net", "--fork", "true"]));
}

/// A program that reads a directory and prints.
#[divan::bench(sample_count = 50, sample_size = 1)]
fn ip_netns_list(bencher: Bencher) {
    bencher.bench_local(|| run(&["ip", "netns", "list"]));
}

/// A program that takes a terminal, and says who it is.
#[divan::bench(sample_count = 50, sample_size = 1)]
fn tmux_version(bencher: Bencher) {
    bencher.bench_local(|| run(&["tmux", "-V"]));
}

fn run(words: &[&str]) {
    let status = Command::new(words[0])
        .args(&words[1..])
        .stdout(Stdio::null())
        .status();
    assert!(status.is_ok_and(|status| status.success()), "{words:?}");
}
