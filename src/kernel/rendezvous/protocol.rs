//! What a second terminal and a session say to each other: a line of JSON each.

use std::io::{Error, ErrorKind};

use crate::session::Session;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Longest request, bytes.
pub(super) const LONGEST_REQUEST: usize = 4 << 10;

/// Longest reply, bytes: room for thousands of namespaces.
pub(super) const LONGEST_REPLY: usize = 1 << 20;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// What are you doing?
    Status,
    /// Let me into this namespace.
    Enter {
        /// Its name, as a lesson writes it.
        ns: String,
    },
    /// What is there, and how is it plugged?
    Map,
    /// Send a packet, and tell me what becomes of it.
    Why {
        /// From this namespace.
        from: String,
        /// To this address, or this namespace.
        to: String,
    },
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// To [`Request::Status`].
    Status(Status),
    /// To [`Request::Enter`]; the namespaces come with it as descriptors: user, mount, pid, network.
    Enter,
    /// Unasked, to one who has entered: the namespaces are being made anew, and his are void.
    Anew,
    /// There is no namespace of that name, but there are these.
    NoSuchNs(Vec<String>),
    /// To [`Request::Map`]; what is in it is between those who make maps and those who draw them.
    Map(serde_json::Value),
    /// To [`Request::Why`].
    Why(Told),
    /// Anything else, in words.
    Refused(String),
}

/// What became of a packet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Did an answer come?
    pub answered: bool,
    /// Its way, and why it got none.
    pub lines: Vec<String>,
}

/// What a session is doing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The lesson, unless it is still being chosen.
    pub lesson: Option<Standing>,
    /// The namespaces, in the order in which panes show them.
    pub namespaces: Vec<String>,
    /// Seconds since 1970 at which the session began.
    pub since: u64,
}

/// A lesson and how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The step, from 1.
    pub step: usize,
    /// Of so many.
    pub steps: usize,
}

impl Standing {
    /// Where the learner of `session` is.
    pub fn of(session: &Session) -> Self {
        let (lesson, progress) = (&session.lesson, session.progress());
        Self {
            id: lesson.id.clone(),
            title: lesson.title.clone(),
            step: progress.step + 1,
            steps: progress.steps,
        }
    }
}

/// `message` as a line.
pub(super) fn line(message: &impl Serialize) -> Vec<u8> {
    // Nothing in a message has a form that JSON lacks.
    let mut line = serde_json::to_vec(message).unwrap_or_default();
    line.push(b'\n');
    line
}

/// The message in `bytes`, once its line end is there.
pub(super) fn whole<T: DeserializeOwned>(bytes: &[u8], longest: usize) -> Option<Result<T, Error>> {
    let end = bytes.iter().position(|byte| *byte == b'\n');
    match end {
        Some(end) => Some(serde_json::from_slice(&bytes[..end]).map_err(Error::from)),
        None if bytes.len() >= longest => Some(Err(Error::new(
            ErrorKind::InvalidData,
            "the line is too long",
        ))),
        None => None,
    }
}
