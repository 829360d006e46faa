//! Which running session a command means.

use std::fmt::Write as _;
use std::io::{IsTerminal, stderr, stdin};

use super::ps;
use super::say::complain;
use crate::kernel::rendezvous::{Found, Session, strangers};

/// The session `pid`, or the one that runs; where several run, the person at the terminal is asked.
/// What is meant and not clear is said, and then there is none.
pub fn choose(found: &Found, pid: Option<i32>) -> Option<&Session> {
    meant(found, pid).map_err(|why| complain(&why)).ok()
}

/// The session that is meant, or why that is not clear.
fn meant(found: &Found, pid: Option<i32>) -> Result<&Session, String> {
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
