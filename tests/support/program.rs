//! The real binary without a terminal: what it prints, and how it ends.
#![allow(dead_code)] // Each test binary uses its part of this.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::pty::{Who, command};

/// How a run of the program ended.
#[derive(Debug)]
pub struct Ran {
    /// Its exit status; `None` if a signal killed it.
    pub status: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// The program, and the directory in which it runs. One at a time in a test.
pub struct Program {
    who: Who,
    home: PathBuf,
}

impl Program {
    /// The program as `who` runs it.
    pub fn new(who: Who) -> Self {
        let (_, home) = command(who, &[]);
        Self { who, home }
    }

    /// Where it runs.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Writes a file into its directory, which everybody may read.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.home.join(name);
        fs::write(&path, bytes).expect("a temporary directory can be written to");
        let all = PermissionsExt::from_mode(0o644);
        fs::set_permissions(path, all).expect("permissions can be set");
        self
    }

    /// Puts a lesson of `tests/lessons/trial` into its directory.
    pub fn trial(&self, name: &str) -> &Self {
        let file = format!("{name}.toml");
        let lesson = fs::read(Path::new("tests/lessons/trial").join(&file));
        self.file(&file, lesson.expect("the trial lesson is there"))
    }

    /// The program with these arguments, to be started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let (mut command, _) = command(self.who, arguments);
        command.stdin(Stdio::null());
        command
    }

    /// Runs it.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        ran(&mut self.command(arguments))
    }
}

/// Runs a command to its end.
pub fn ran(command: &mut Command) -> Ran {
    let output = command.output().expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
    Ran {
        status: output.status.code(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.home);
    }
}
