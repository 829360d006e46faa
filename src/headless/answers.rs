//! What a session answers to a second terminal itself: its map, and what becomes of a packet.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use tokio::task::spawn_local;

use super::why;
use crate::kernel::driver::Driver;
use crate::kernel::rendezvous::protocol::{Reply, Told};
use crate::kernel::rendezvous::{Asked, Wish};
use crate::lesson::probe::{Expect, Probe, What};
use crate::map::{Map, model};
use crate::session::{Phase, Session};
use crate::trace::tell;
use crate::world::Ns;

/// A map, as one process hands it to another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
    /// What there is.
    pub map: Map,
    /// Who sits where: names, and empty seats.
    pub seats: Vec<Option<String>>,
}

/// Answers, now or as soon as it is known.
pub fn answer(asked: Asked, session: Option<&Session>, driver: &mut Driver) {
    let Asked { wish, answer } = asked;
    let Some(session) = session else {
        // Whoever has gone wants no answer; so everywhere below.
        let _ = answer.send(refuse("no lesson is open there; choose one"));
        return;
    };
    match &session.phase {
        Phase::Building(_) => {
            let _ = answer.send(refuse("its sandbox is being made; ask again in a moment"));
            return;
        }
        Phase::Broken(_) => {
            let _ = answer.send(refuse("its sandbox could not be built"));
            return;
        }
        Phase::Idle | Phase::Running(_) | Phase::Finished => {}
    }
    match wish {
        Wish::Map => drop(answer.send(map(session))),
        Wish::Why { from, to } => match probe(session, &from, &to) {
            Ok(probe) => {
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
                        Ok(Err(error)) => {
                            refuse(&format!("the packet was not followed: {error:#}"))
                        }
                        Err(_) => refuse("its sandbox was made anew meanwhile; ask again"),
                    };
                    let _ = answer.send(reply);
                });
            }
            Err(why) => drop(answer.send(refuse(&why))),
        },
    }
}

fn refuse(why: &str) -> Reply {
    Reply::Refused(why.to_owned())
}

fn map(session: &Session) -> Reply {
    let seats = session.mapped.seats.iter();
    let handed = Handed {
        map: model(&session.world),
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
    let to = match to.parse::<IpAddr>() {
        Ok(address) => address,
        Err(_) => address_of(session, &Ns::from_name(to)).ok_or_else(|| {
            format!(
                "{to} is neither an address nor a namespace with one; there are: {}",
                names()
            )
        })?,
    };
    Ok(Probe {
        from,
        to,
        what: What::Ping { size: None },
        expect: Expect::Reply,
        demands: Vec::new(),
    })
}

/// The first address of a namespace that others can send to, one of IPv4 before one of IPv6.
fn address_of(session: &Session, ns: &Ns) -> Option<IpAddr> {
    let rows = &session.world.spaces.get(ns)?.addrs;
    // Scope 0 is global: neither of the loopback nor of one link alone.
    let global = rows.iter().filter(|row| row.scope == 0);
    global.map(|row| row.net.addr()).min_by_key(IpAddr::is_ipv6)
}
