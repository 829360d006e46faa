//! `tutor ps`: this user's sessions.

use anyhow::Result;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::columns::columns;
use super::say::{complain, say};
use crate::cli::ListFormat;
use crate::kernel::rendezvous::{Found, Session};
use crate::session::transcript::clean;

/// Lists them.
///
/// # Errors
/// If the kernel does not list its sockets, or the list cannot be written.
pub fn run(format: ListFormat) -> Result<u8> {
    let found = Found::look()?;
    say(&match format {
        ListFormat::Human if found.sessions.is_empty() => {
            "No session is running. `tutor` starts one.\n".to_owned()
        }
        ListFormat::Human => table(&found.sessions),
        ListFormat::Json => serde_json::to_string_pretty(&json(&found.sessions))? + "\n",
    })?;
    complain(&silent(&found));
    Ok(0)
}

/// A word on sessions that do not answer.
pub fn silent(found: &Found) -> String {
    let one = |pid: &i32| {
        format!("tutor: session {pid} does not answer; is it stopped (`fg` lets it go on)?\n")
    };
    found.silent.iter().map(one).collect()
}

/// One line a session, under a heading.
pub fn table(sessions: &[Session]) -> String {
    let heading = ["PID", "LESSON", "STEP", "SINCE", "NAMESPACES"].map(str::to_owned);
    let rows: Vec<[String; 5]> = std::iter::once(heading)
        .chain(sessions.iter().map(row))
        .collect();
    columns(&rows)
}

fn row(session: &Session) -> [String; 5] {
    let status = &session.status;
    let (lesson, step) = match &status.lesson {
        Some(lesson) => (
            clean(&lesson.id),
            format!("{}/{}", lesson.step, lesson.steps),
        ),
        None => ("(menu)".to_owned(), "-".to_owned()),
    };
    let since = began(session).to_zoned(TimeZone::system());
    [
        session.pid.to_string(),
        lesson,
        step,
        since.strftime("%Y-%m-%d %H:%M").to_string(),
        clean(&status.namespaces.join(" ")),
    ]
}

fn began(session: &Session) -> Timestamp {
    let seconds = i64::try_from(session.status.since).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}

fn json(sessions: &[Session]) -> serde_json::Value {
    sessions
        .iter()
        .map(|session| {
            serde_json::json!({
                "pid": session.pid,
                "lesson": session.status.lesson,
                "since": began(session).to_string(),
                "namespaces": session.status.namespaces,
            })
        })
        .collect()
}
