//! What a session answers to a second terminal itself: its map, and what becomes of a packet.

use serde::{Deserialize, Serialize};
use tokio::sync::oneshot::Sender;
use tokio::task::spawn_local;

use super::why;
use crate::kernel::driver::Driver;
use crate::kernel::rendezvous::protocol::{Reply, Told};
use crate::kernel::rendezvous::{Asked, Wish};
use crate::lesson::probe::{Expect, Probe, What};
use crate::map::{Map, Walk, model, walk};
use crate::session::{Phase, Session};
use crate::trace::{Story, tell};
use crate::world::Ns;

/// A map, as one process hands it to another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
    /// What there is.
    pub map: Map,
    /// Who sits where: names, and empty seats.
    pub seats: Vec<Option<String>>,
    /// The packet that was followed last.
    #[serde(default)]
    pub followed: Option<Followed>,
}

/// A packet that was followed, as one process hands it to another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Followed {
    /// From this namespace.
    pub from: String,
    /// To this address.
    pub to: String,
    /// Over which cables.
    pub walk: Walk,
    /// Why it got no answer: a sentence.
    pub why: Option<String>,
}

/// Answers, now or as soon as it is known.
pub fn answer(asked: Asked, session: Option<&Session>, driver: &mut Driver) {
    let Asked { wish, answer } = asked;
    let reply = match standing(session) {
        Ok(session) => match wish {
            Wish::Map => map(session),
            Wish::Why { from, to } => match probe(session, &from, &to) {
                Ok(probe) => return follow(driver, probe, answer),
                Err(why) => refuse(&why),
            },
        },
        Err(why) => refuse(why),
    };
    // Whoever has gone wants no answer; so everywhere below.
    let _ = answer.send(reply);
}

/// The session, if its sandbox stands; or why there is nothing to be asked.
fn standing(session: Option<&Session>) -> Result<&Session, &'static str> {
    let session = session.ok_or("no lesson is open there; choose one")?;
    match session.phase {
        Phase::Building(_) => Err("its sandbox is being made; ask again in a moment"),
        Phase::Broken(_) => Err("its sandbox could not be built"),
        Phase::Idle | Phase::Running(_) | Phase::Finished => Ok(session),
    }
}

/// Has the probe sent, and answers what became of its packet.
fn follow(driver: &mut Driver, probe: Probe, answer: Sender<Reply>) {
    let followed = driver.follow(probe);
    spawn_local(async move {
        let reply = match followed.await {
            Ok(Ok(evidence)) => {
                let story = tell(&evidence);
                Reply::Why(Told {
                    answered: evidence.answer.is_reply(),
                    lines: why::lines(&story),
                })
            }
            Ok(Err(error)) => refuse(&format!("the packet was not followed: {error:#}")),
            Err(_) => refuse("its sandbox was made anew meanwhile; ask again"),
        };
        let _ = answer.send(reply);
    });
}

fn refuse(why: &str) -> Reply {
    Reply::Refused(why.to_owned())
}

fn map(session: &Session) -> Reply {
    let seats = session.mapped.seats.iter();
    let map = model(&session.world);
    let unasked = |story: &Story| {
        let diagnosis = story.diagnosis.as_ref();
        let told = diagnosis.filter(|_| !session.keeps_cause_back());
        told.map(|diagnosis| diagnosis.sentence.clone())
    };
    let followed = session.way_unasked().map(|story| Followed {
        from: story.question.from.name().to_owned(),
        to: story.question.to.to_string(),
        walk: walk(&map, &story),
        why: unasked(&story),
    });
    let handed = Handed {
        map,
        followed,
        seats: seats
            .map(|seat| seat.as_ref().map(|ns| ns.name().to_owned()))
            .collect(),
    };
    match serde_json::to_value(&handed) {
        Ok(map) => Reply::Map(map),
        Err(error) => refuse(&error.to_string()),
    }
}

/// What is to be sent; or what is wrong with the question.
fn probe(session: &Session, from: &str, to: &str) -> Result<Probe, String> {
    let spaces = &session.world.spaces;
    let names = || {
        let names: Vec<&str> = spaces.keys().map(Ns::name).collect();
        names.join(", ")
    };
    let from = Ns::from_name(from);
    if !spaces.contains_key(&from) {
        return Err(format!(
            "there is no namespace {from}; there are: {}",
            names()
        ));
    }
    // A namespace's name stands for its first address.
    let first = || spaces.get(&Ns::from_name(to))?.reachable().next();
    let to = to.parse().ok().or_else(first).ok_or_else(|| {
        format!(
            "{to} is neither an address nor a namespace with one; there are: {}",
            names()
        )
    })?;
    Ok(Probe {
        from,
        to,
        what: What::Ping { size: None },
        expect: Expect::Reply,
        demands: Vec::new(),
    })
}
