//! `tutor shell`: a shell, or a command, in a running session.

use std::ffi::OsString;

use anyhow::{Error, Result};

use super::choose::choose;
use super::say::complain;
use crate::cli::MISUSE;
use crate::kernel::rendezvous::{Ended, Found};
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
    let Some(session) = choose(&found, pid) else {
        return Ok(MISUSE);
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
