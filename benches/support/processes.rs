//! The program's two processes, looked at from outside.
#![allow(dead_code)] // Each benchmark uses its part of this.

use std::fs;
use std::process::{Child, Command, Stdio};

/// What a process has used since its start.
#[derive(Clone, Copy, Debug)]
pub struct Used {
    /// Time in the program and in the kernel for it, clock ticks (`proc_pid_stat(5)`: hundredths
    /// of a second).
    pub ticks: u64,
    /// How often one of its threads was woken.
    pub wakes: u64,
}

impl Used {
    /// Of process `pid` so far.
    pub fn by(pid: u32) -> Self {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("the process lives");
        // Fields are counted behind the name, which may hold anything: utime is the 14th.
        let (_, behind) = stat.rsplit_once(')').expect("a name in parentheses");
        let fields = behind.split_whitespace().skip(11).take(2);
        let ticks = fields.filter_map(|field| field.parse::<u64>().ok()).sum();
        let threads = fs::read_dir(format!("/proc/{pid}/task")).expect("the process lives");
        let wakes = threads
            .flatten()
            .filter_map(|thread| fs::read_to_string(thread.path().join("status")).ok())
            .filter_map(|status| {
                let line = status
                    .lines()
                    .find(|line| line.starts_with("voluntary_ctxt_switches"))?;
                line.split_whitespace().last()?.parse::<u64>().ok()
            })
            .sum();
        Self { ticks, wakes }
    }

    /// Since `before`.
    pub fn since(self, before: Self) -> Self {
        Self {
            ticks: self.ticks - before.ticks,
            wakes: self.wakes - before.wakes,
        }
    }
}

/// The process in the sandbox, child of the guardian.
pub fn within(guardian: u32) -> u32 {
    let path = format!("/proc/{guardian}/task/{guardian}/children");
    let children = fs::read_to_string(path).expect("the guardian lives");
    let first = children
        .split_whitespace()
        .next()
        .and_then(|pid| pid.parse().ok());
    first.expect("the guardian has a child")
}

/// A real tool within the sandbox that process `pid` stands in; its words parted by blanks. It does
/// not join the PID namespace, for which it would have to fork: whoever ends the child ends the tool.
pub fn enter(pid: u32, line: &str) -> Child {
    let mut command = Command::new("nsenter");
    command.args(["--target", &pid.to_string(), "--mount", "--net"]);
    if !nix::unistd::geteuid().is_root() {
        command.args(["--user", "--preserve-credentials"]);
    }
    command
        .args(line.split_whitespace())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("util-linux is installed")
}
