//! Where a packet of the learner's own is to go: `[FROM] TO`.

use std::net::IpAddr;

use super::{Does, Takes, Word, Wrong, named};
use crate::session::Session;
use crate::session::complete::Item;
use crate::world::{Ns, World};

pub(super) const WHY: Word = Word {
    word: "why",
    takes: Takes::PerhapsTarget,
    meaning: "say why the last packet got no answer; with an address, send one and say it",
    does: Does::With(|session, value| {
        if value.is_empty() {
            session.why();
            return Ok(());
        }
        let (from, to) = aim(session, value)?;
        session.send_one(from, to);
        Ok(())
    }),
};

/// The namespace that sends, the prompt's where none is named, and the address; a namespace's
/// name stands for its first address.
pub(super) fn aim(session: &Session, value: &str) -> Result<(Ns, IpAddr), Wrong> {
    let (from, to) = match value.split_once(' ') {
        Some((from, to)) => (named(session, from)?, to.trim()),
        None => (session.at().clone(), value),
    };
    if let Ok(to) = to.parse() {
        return Ok((from, to));
    }
    let begin = value.len() - to.len();
    let wrong = |message: String, help: &str| Wrong {
        at: Some(begin..value.len()),
        message,
        help: Some(help.to_owned()),
    };
    let Some(space) = session.world.spaces.get(&Ns::from_name(to)) else {
        return Err(wrong(
            format!("`{to}` is no address, and no namespace"),
            "such as `8.8.8.8`, or `app3 8.8.8.8` to send it from app3",
        ));
    };
    let first = space.reachable().next();
    first.map(|to| (from, to)).ok_or_else(|| {
        let message = format!("`{to}` has no address yet");
        wrong(message, "give it one, or name an address")
    })
}

/// What may stand there: namespaces and addresses.
pub(super) fn items(world: &World) -> Vec<Item> {
    let spaces = world.spaces.keys();
    let mut items: Vec<Item> = spaces.map(|ns| Item::new(ns.name(), "")).collect();
    for (ns, space) in &world.spaces {
        let addrs = space.reachable();
        items.extend(addrs.map(|ip| Item::new(ip.to_string(), ns.name())));
    }
    items
}
