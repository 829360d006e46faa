//! `tutor shell`: a shell, or a command, in a running session.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{IsTerminal, stderr, stdin};

use anyhow::{Error, Result};

use super::ps;
use super::say::complain;
use crate::cli::MISUSE;
use crate::kernel::rendezvous::{Ended, Found, Session, strangers};
use crate::kernel::terminal::Program;
use crate::session::transcript::clean;

/// Exit status of what was killed with its session, as a shell has it: 128 and SIGKILL.
const KILLED: u8 = 137;

/// Exit status of what was closed with its network: 128 and SIGHUP.
const HUNG_UP: u8 = 129;

/// Runs `command`, or a shell, in namespace `ns` of the session `pid`, or of the one that runs.
///
/// # Errors
/// If the session cannot be entered.
pub fn run(ns: &str, pid: Option<i32>, mut command: Vec<OsString>) -> Result<u8> {
    let found = Found::look()?;
    let session = match choose(&found, pid) {
        Ok(session) => session,
        Err(why) => {
            complain(&why);
            return Ok(MISUSE);
        }
    };
    let visit = match session.enter(ns)? {
        Ok(visit) => visit,
        Err(namespaces) => {
            let (ns, all) = (clean(ns), clean(&namespaces.join(", ")));
            complain(&format!(
                "tutor: there is no namespace {ns} in session {}; there are: {all}\n",
                session.pid
            ));
            return Ok(MISUSE);
        }
    };
    if command.is_empty() {
        command.push(shell()?);
    }
    let program = command.remove(0);
    match visit.run(&program, &command)? {
        Ended::Status(status) => Ok(status),
        Ended::WithSession => {
            complain("\r\nThe session has ended.\n");
            Ok(KILLED)
        }
        Ended::WithSandbox => {
            complain(&format!(
                "\r\nThe sandbox is made anew, so this shell was closed with its network; \
                 `tutor shell {ns}` opens one in the new.\n"
            ));
            Ok(HUNG_UP)
        }
    }
}

/// The user's own shell.
fn shell() -> Result<OsString> {
    let program = Program::find().map_err(Error::msg)?;
    if let Some(remark) = &program.remark {
        complain(&format!("tutor: {remark}\n"));
    }
    Ok(program.path.into())
}

/// The session that is meant.
///
/// # Errors
/// Why that is not clear, to be said.
pub fn choose(found: &Found, pid: Option<i32>) -> Result<&Session, String> {
    let sessions = &found.sessions;
    if let Some(pid) = pid {
        let session = sessions.iter().find(|session| session.pid == pid);
        return session.ok_or_else(|| no_such(found, pid));
    }
    match &sessions[..] {
        [] => Err(nothing(found)),
        [only] => Ok(only),
        _ if stdin().is_terminal() && stderr().is_terminal() => ask(sessions),
        _ => Err(format!(
            "tutor: several sessions are running; say which one with --session PID:\n\n{}",
            ps::table(sessions)
        )),
    }
}

/// No session runs, and what to do.
fn nothing(found: &Found) -> String {
    if std::env::var_os("TUTOR_NETNS").is_some() {
        return "tutor: this shell is within a session, and from here none can be reached; \
                use another terminal\n"
            .to_owned();
    }
    let silent = ps::silent(found);
    if !silent.is_empty() {
        return silent;
    }
    let other = if strangers().contains(&0) {
        "One that was started with sudo is entered with sudo.\n"
    } else {
        ""
    };
    format!("tutor: no session is running; start one with `tutor` in another terminal\n{other}")
}

fn no_such(found: &Found, pid: i32) -> String {
    if found.silent.contains(&pid) || found.sessions.is_empty() {
        return nothing(found);
    }
    let table = ps::table(&found.sessions);
    format!("tutor: there is no session {pid}; there are:\n\n{table}")
}

/// Asks the person at the terminal.
fn ask(sessions: &[Session]) -> Result<&Session, String> {
    let mut numbered = String::new();
    for (number, line) in ps::table(sessions).lines().enumerate() {
        let number = if number == 0 {
            String::new()
        } else {
            number.to_string()
        };
        // Writing to a string does not fail.
        writeln!(numbered, "{number:>3}  {line}").ok();
    }
    complain(&numbered);
    let count = sessions.len();
    loop {
        complain(&format!("Which session (1-{count})? "));
        let mut line = String::new();
        match stdin().read_line(&mut line) {
            Ok(0) | Err(_) => return Err("\ntutor: no session was chosen\n".to_owned()),
            Ok(_) => {}
        }
        let number = line.trim().parse::<usize>().ok();
        let chosen = number.and_then(|number| sessions.get(number.checked_sub(1)?));
        if let Some(session) = chosen {
            return Ok(session);
        }
    }
}
