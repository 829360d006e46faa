//! The learner's own shell in the real binary, as an ordinary user and as whoever runs the tests.
//!
//! What is typed is seen on the screen as well as what comes of it, so what is waited for is always
//! something that was not typed.

#[path = "support/machine.rs"]
mod machine;
#[allow(dead_code)] // Each test binary uses its part of this.
#[path = "support/pty.rs"]
mod pty;

#[path = "shell/ends.rs"]
mod ends;
#[path = "shell/floods.rs"]
mod floods;
#[path = "shell/tools.rs"]
mod tools;
#[path = "shell/works.rs"]
mod works;

use std::path::PathBuf;

use pty::{Pty, Who};

/// A screen with room for all.
const SIZE: (u16, u16) = (120, 40);

/// The chord that leads out of a shell, as a terminal sends it.
const LEAVE: &str = "\x1d";

/// A lesson whose second step wants something done in `app1`.
const LESSON: &str = r#"
format = 1
title = "Hands"
summary = "A shell is used."
minutes = 1

[[step]]
title = "A namespace"
text = "It is made."
run = "ip netns add app1"
hints = ["Run it.", "Run it.", "Run it."]

[[step.check]]
netns = { name = "app1" }

[[step]]
title = "Its loopback"
text = "It is down."
at = "app1"
run = '''
ip link show
ip link set lo up
'''
hints = ["Set it up.", "Set it up.", "Set it up."]

[[step.check]]
link = { ns = "app1", name = "lo", up = true }
"#;

/// The program at the second step, and the file that its lesson is in.
struct Taught {
    pty: Pty,
    lesson: PathBuf,
}

impl Taught {
    fn start(who: Who, env: &[(&str, &str)]) -> Self {
        let thread = std::thread::current().id();
        let name = format!("hands-{}-{thread:?}-{who:?}.toml", std::process::id());
        let lesson = std::env::temp_dir().join(name);
        std::fs::write(&lesson, LESSON).expect("a temporary file can be written");
        let path = lesson.to_string_lossy().into_owned();
        let arguments = ["--lesson", &path, "--step", "2"];
        let mut pty = Pty::start_with(who, SIZE, &arguments, env);
        pty.shows("step 2 of 2");
        pty.shows("0/1");
        Self { pty, lesson }
    }

    /// The same, in a shell in `app1` that has begun to answer.
    fn in_shell(who: Who) -> Self {
        let mut taught = Self::start(who, &[("SHELL", "/bin/bash")]);
        taught.open();
        taught
    }

    /// Opens the shell, and waits until it answers.
    fn open(&mut self) {
        self.pty.keys("s");
        self.pty.shows("Shell in app1");
        self.answers();
    }

    /// Types a line.
    fn line(&mut self, line: &str) {
        self.pty.keys(&format!("{line}\r"));
    }

    /// Waits until the shell has carried out what was typed, and clears its screen.
    fn answers(&mut self) {
        self.line("echo answer-$((40 + 2))");
        self.pty.shows("answer-42");
        self.line("clear; echo");
        self.pty.until("the screen is clear", |screen| {
            !screen.contains("answer-42")
        });
    }

    /// Leaves the shell.
    fn leave(&mut self) {
        self.pty.keys(LEAVE);
        self.pty.until("the lesson is back", |screen| {
            screen.contains("Terminal") && screen.contains("q quit")
        });
    }
}

impl Drop for Taught {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.lesson);
    }
}
