//! A state directory that outlives the programs that write into it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use crate::program::{Ran, ran};
use crate::pty::{PATIENCE, Pty, Who, command};

pub const WIDE: (u16, u16) = (120, 40);

/// A directory for `$XDG_STATE_HOME`, with a lesson beside it.
pub struct State {
    directory: PathBuf,
    who: Who,
}

impl State {
    /// An empty one, for a test of this name.
    pub fn new(name: &str, who: Who) -> Self {
        let name = format!("tutor-state-{}-{name}-{who:?}", std::process::id());
        let directory = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory).expect("a temporary directory can be made");
        set_mode(&directory, 0o777);
        let state = Self { directory, who };
        let lesson = state.lesson();
        fs::copy("tests/progress/lesson.toml", &lesson).expect("the lesson can be copied");
        set_mode(&lesson, 0o644);
        state
    }

    /// `$XDG_STATE_HOME`.
    pub fn home(&self) -> PathBuf {
        self.directory.join("state")
    }

    /// The program's own directory.
    pub fn tutor(&self) -> PathBuf {
        self.home().join("tutor")
    }

    /// The lesson's file.
    pub fn lesson(&self) -> PathBuf {
        self.directory.join("cable.toml")
    }

    /// Files of lessons' records whose names begin so.
    pub fn records(&self, start: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.tutor().join("lessons"));
        let paths = entries.into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = paths.map(|entry| entry.path()).collect();
        let name = |path: &Path| path.file_name().map(|name| name.display().to_string());
        paths.retain(|path| name(path).is_some_and(|name| name.starts_with(start)));
        paths.sort();
        paths
    }

    /// The record of the lesson's file.
    pub fn record(&self) -> Option<Value> {
        self.record_of("cable-")
    }

    /// The record of the lesson whose file's name begins so.
    pub fn record_of(&self, start: &str) -> Option<Value> {
        let records = self.records(start);
        let path = records
            .iter()
            .find(|path| path.extension().is_some_and(|it| it == "json"));
        let text = fs::read(path?).ok()?;
        Some(serde_json::from_slice(&text).expect("nobody ever sees half a record"))
    }

    /// Waits until the lesson's record is as wanted.
    pub fn until(&self, what: &str, wanted: impl Fn(&Value) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !self.record().is_some_and(|record| wanted(&record)) {
            let record = self.record();
            assert!(
                Instant::now() < deadline,
                "in vain until {what}: {record:#?}"
            );
            std::thread::yield_now();
        }
    }

    /// Waits until the record says so much: the step, from 0, and what was done on the way.
    pub fn until_at(&self, step: u64, deeds: usize) {
        self.until(
            &format!("{deeds} deeds at step {step} are kept"),
            |record| {
                let point = &record["point"];
                point["step"] == step
                    && point["deeds"]
                        .as_array()
                        .is_some_and(|it| it.len() == deeds)
            },
        );
    }

    /// The program in a terminal.
    pub fn start(&self, arguments: &[&str]) -> Pty {
        let home = self.home();
        let home = home
            .to_str()
            .expect("a temporary directory has a plain name");
        Pty::start_with(self.who, WIDE, arguments, &[("XDG_STATE_HOME", home)])
    }

    /// The lesson in a terminal.
    pub fn teach(&self) -> Pty {
        let lesson = self.lesson();
        self.start(&["--lesson", lesson.to_str().expect("a plain name")])
    }

    /// The program without a terminal.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        let (mut command, home) = command(self.who, arguments);
        command.env("XDG_STATE_HOME", self.home());
        command.stdin(std::process::Stdio::null());
        let ran = ran(&mut command);
        let _ = fs::remove_dir_all(home);
        ran
    }
}

impl Drop for State {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// Sets a file's permissions.
pub fn set_mode(path: &Path, mode: u32) {
    let mode = PermissionsExt::from_mode(mode);
    fs::set_permissions(path, mode).expect("permissions can be set");
}

/// Kills the guardian, or process 1 of the sandbox, and sees it end.
pub fn kill_9(pty: &mut Pty, first_process: bool) {
    let guardian = i32::try_from(pty.pid()).expect("a process id");
    let victim = if first_process {
        child_of(guardian)
    } else {
        guardian
    };
    kill(Pid::from_raw(victim), Signal::SIGKILL).expect("it can be killed");
    assert!(!pty.end().success());
}

/// The one child of a process.
fn child_of(process: i32) -> i32 {
    let path = format!("/proc/{process}/task/{process}/children");
    let children = fs::read_to_string(path).expect("children are listed");
    let mut children = children.split_whitespace();
    let child = children.next().and_then(|pid| pid.parse().ok());
    child.expect("the guardian has a child")
}
