//! The word that sends a packet and shows its way.

use std::net::SocketAddr;

use super::aim::aim;
use super::{Does, Takes, Word, Wrong};
use crate::lesson::probe::What;
use crate::session::followed::UnderWay;
use crate::session::state::Phase;
use crate::session::{Session, View};
use crate::trace::Asked;

pub(super) const TRACE: Word = Word {
    word: "trace",
    takes: Takes::PerhapsTarget,
    meaning: "send a packet to an address or a namespace, and show the way that it takes",
    does: Does::With(trace),
};

fn trace(session: &mut Session, value: &str) -> Result<(), Wrong> {
    if value.is_empty() {
        return ask(session);
    }
    send(session, value)?;
    session.show(View::Trace);
    Ok(())
}

/// Which way? What was asked last stands there to be changed.
fn ask(session: &mut Session) -> Result<(), Wrong> {
    let text = session.trace_line();
    session.show(View::Trace);
    match &mut session.line {
        Some(prompt) => {
            prompt.line.begin(&text);
            Ok(())
        }
        None => Err(wrong(
            "it is not said where to",
            "`:trace [FROM] TO`: a namespace, and an address or another namespace",
        )),
    }
}

/// Sends a packet the way that `value` says, to be followed; behind an address with a port, the
/// opening of a TCP connection.
fn send(session: &mut Session, value: &str) -> Result<(), Wrong> {
    match session.phase {
        Phase::Idle | Phase::Running(_) | Phase::Finished => {}
        Phase::Building(_) | Phase::Broken(_) => {
            return Err(wrong(
                "there is no sandbox yet to send it in",
                "try again when it is built",
            ));
        }
    }
    let begin = value.rfind(' ').map_or(0, |blank| blank + 1);
    let (aimed, what) = match value[begin..].parse::<SocketAddr>() {
        Ok(to) => {
            let (port, listen) = (to.port(), None);
            let aimed = format!("{}{}", &value[..begin], to.ip());
            (aimed, What::Tcp { port, listen })
        }
        Err(_) => (value.to_owned(), What::Ping { size: None }),
    };
    let (from, to) = aim(session, &aimed)?;
    let ticket = session.send_for_story(from.clone(), to, what);
    session.followed.under_way = Some(UnderWay { ticket, from, to });
    Ok(())
}

fn wrong(message: &str, help: &str) -> Wrong {
    Wrong {
        at: None,
        message: message.to_owned(),
        help: Some(help.to_owned()),
    }
}

impl Session {
    /// The line that asks for the way that was asked for last.
    pub(in crate::session) fn trace_line(&self) -> String {
        let Some(story) = &self.followed.last else {
            return format!(":trace {} ", self.at());
        };
        let question = &story.question;
        match question.what {
            Asked::Echo { .. } => format!(":trace {} {}", question.from, question.to),
            Asked::Tcp { port, .. } => {
                let to = SocketAddr::new(question.to, port);
                format!(":trace {} {to}", question.from)
            }
        }
    }
}
