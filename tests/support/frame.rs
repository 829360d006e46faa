//! The frame of tests that need a sandbox.
//!
//! A sandbox is entered before any thread exists, which the usual harness cannot offer. So `main`
//! of such a test (`harness = false`) calls [`main`], which runs itself again once for each case:
//! a new process, its own sandbox, so that cases neither meet nor wait for each other. Run by root,
//! each case is run twice, as root and as an ordinary user.
#![allow(dead_code)] // Each test binary uses its part of this.

use std::process::{Command, ExitCode};

use anyhow::Context;
use libtest_mimic::{Arguments, Failed, Trial};
use nix::sys::prctl::set_dumpable;
use nix::unistd::{Gid, Uid, alarm, geteuid, setgroups, setresgid, setresuid};
use tutor::kernel::sandbox;

/// Says to the process run again which case it is.
const CASE: &str = "TUTOR_TEST_CASE";
/// Says to the process run again to become an ordinary user.
const ORDINARY: &str = "TUTOR_TEST_ORDINARY";
/// An ordinary user that owns nothing.
const NOBODY: u32 = 65534;
/// Seconds after which a case has failed.
const DEADLINE: u32 = 60;

/// One case.
#[derive(Clone, Copy)]
pub struct Case {
    /// Its name.
    pub name: &'static str,
    /// What it does; an error or a panic is a failure.
    pub run: fn() -> anyhow::Result<()>,
    /// Where it is run.
    pub role: Role,
}

/// Where a case is run, each in a process of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Within a sandbox.
    Within,
    /// Beside sandboxes, which it starts itself.
    Beside,
    /// Within a sandbox, started by another case with [`this_program`].
    Part,
    /// Beside sandboxes, started by another case with [`this_program`].
    Program,
}

impl Role {
    /// Is it run by itself?
    fn is_case(self) -> bool {
        matches!(self, Self::Within | Self::Beside)
    }
}

/// Cases that are run within a sandbox of their own: `cases![isolation, names]`. Those of another
/// role say so: `cases![Beside: nothing_is_left]`.
#[macro_export]
macro_rules! cases {
    ($role:ident: $($run:ident),* $(,)?) => {
        [$($crate::frame::Case {
            name: stringify!($run),
            run: $run,
            role: $crate::frame::Role::$role,
        }),*]
    };
    ($($run:ident),* $(,)?) => { $crate::cases![Within: $($run),*] };
}

/// Runs all cases, or the one that this process is for.
pub fn main(cases: &[Case]) -> ExitCode {
    main_with(cases, Arguments::from_args)
}

/// As [`main`], so many at once unless the command line says otherwise: for cases that mostly wait.
pub fn main_at_once(count: usize, cases: &[Case]) -> ExitCode {
    main_with(cases, || {
        let mut arguments = Arguments::from_args();
        arguments.test_threads.get_or_insert(count);
        arguments
    })
}

fn main_with(cases: &[Case], arguments: impl Fn() -> Arguments) -> ExitCode {
    if let Ok(name) = std::env::var(CASE) {
        return match cases.iter().find(|case| case.name == name) {
            Some(case) => live(case),
            None => ExitCode::from(2),
        };
    }
    let mut trials = Vec::new();
    for &Case { name, .. } in cases.iter().filter(|case| case.role.is_case()) {
        if geteuid().is_root() {
            trials.push(Trial::test(format!("{name}::root"), move || {
                again(name, false)
            }));
        }
        trials.push(Trial::test(format!("{name}::user"), move || {
            again(name, true)
        }));
    }
    libtest_mimic::run(&arguments(), trials).exit_code()
}

/// This program, to be run for one case or part. An ordinary user may execute it even where the
/// directory that it stands in is closed to others.
pub fn this_program(name: &str) -> Command {
    let mut command = Command::new("/proc/self/exe");
    command.env(CASE, name);
    command
}

/// Runs this program again for one case.
fn again(name: &str, ordinary: bool) -> Result<(), Failed> {
    let mut command = this_program(name);
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{path}:/usr/sbin:/sbin"));
    command.env("LC_ALL", "C");
    if ordinary {
        command.env(ORDINARY, "1");
    }
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    let out = String::from_utf8_lossy(&output.stdout);
    let err = String::from_utf8_lossy(&output.stderr);
    Err(format!("{}\n{out}{err}", output.status).into())
}

/// The process that is for one case.
fn live(case: &Case) -> ExitCode {
    // The signal ends the guardian, and thereby the sandbox.
    alarm::set(DEADLINE);
    let run = case.run;
    let lived = become_ordinary().and_then(|()| match case.role {
        Role::Within | Role::Part => sandbox::guard(|| run().map(|()| 0)),
        Role::Beside | Role::Program => run().map(|()| 0),
    });
    match lived {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Is this case run as an ordinary user? Within a sandbox everybody is root.
pub fn is_ordinary() -> bool {
    std::env::var_os(ORDINARY).is_some()
}

/// Becomes an ordinary user, if this process is to be one and is not yet.
fn become_ordinary() -> anyhow::Result<()> {
    if std::env::var_os(ORDINARY).is_none() || !geteuid().is_root() {
        return Ok(());
    }
    let (uid, gid) = (Uid::from_raw(NOBODY), Gid::from_raw(NOBODY));
    setgroups(&[gid]).context("setgroups")?;
    setresgid(gid, gid, gid).context("setresgid")?;
    setresuid(uid, uid, uid).context("setresuid")?;
    // A change of user makes `/proc/self` root's, until the next program is executed.
    set_dumpable(true).context("dumpable")
}

/// Runs something asynchronous to its end, on this thread.
pub fn block_on<T>(future: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(future)
}
