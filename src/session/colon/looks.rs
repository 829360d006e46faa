//! Words for what stands on the right.

use std::collections::BTreeSet;

use super::{Does, Shows, Takes, Word, Wrong};
use crate::packet::filter::{self, Candidate, Slot};
use crate::session::complete::{Completion, Item};
use crate::session::{Effect, Session, View};
use crate::world::{Ns, World};

pub(super) const PACKETS: Word = Word {
    word: "packets",
    takes: Takes::Filter,
    meaning: "show packets as they pass: all, or those that the filter passes",
    does: Does::Show(Shows::Packets, |session, filter| {
        if !filter.is_empty() {
            session.filter_packets(filter)?;
        }
        session.show(View::Packets);
        Ok(())
    }),
};

pub(super) const FILTER: Word = Word {
    word: "filter",
    takes: Takes::Filter,
    meaning: "show only those packets, such as icmp, host 10.0.0.1, not arp; without one all",
    does: Does::With(|session, filter| {
        session.filter_packets(filter)?;
        session.show(View::Packets);
        session.close_once();
        Ok(())
    }),
};

pub(super) const WRITE: Word = Word {
    word: "write",
    takes: Takes::File,
    meaning: "write the packets that are shown to a pcapng file, for Wireshark or tcpdump",
    does: Does::With(|session, path| write(session, path, false)),
};

pub(super) const WRITE_OVER: Word = Word {
    word: "write!",
    takes: Takes::File,
    meaning: "as `:write`, over a file that is there already",
    does: Does::With(|session, path| write(session, path, true)),
};

pub(super) const MAP: Word = Word {
    word: "map",
    takes: Takes::Nothing,
    meaning: "show the map of the sandbox",
    does: Does::Show(Shows::Map, |session, _| {
        session.show(View::Map);
        Ok(())
    }),
};

fn write(session: &mut Session, path: &str, over: bool) -> Result<(), Wrong> {
    let packets = session.packets.to_write();
    if packets.is_empty() {
        return Err(Wrong {
            at: None,
            message: "there is no packet to write".to_owned(),
            help: Some(
                "d shows packets and keeps what passes; an empty `:filter` shows all".to_owned(),
            ),
        });
    }
    session.effects.push(Effect::WriteCapture {
        path: path.to_owned(),
        over,
        packets,
    });
    Ok(())
}

/// What may stand at the end of a filter that begins at the byte `start` of the line.
pub(super) fn complete(value: &str, start: usize, world: &World) -> Completion {
    let begun = value.rsplit([' ', '(', '!']).next().unwrap_or_default();
    let mut items = Vec::new();
    for candidate in filter::expected(value) {
        match candidate {
            Candidate::Keyword { word, meaning } => {
                items.push(Item::new(word, meaning.replace("{}", "…")));
            }
            Candidate::Slot(slot) => {
                let known = known(slot, world).into_iter();
                items.extend(known.map(|word| Item::new(word, "")));
            }
        }
    }
    items.retain(|item| item.word.starts_with(begun));
    let end = start + value.len();
    Completion {
        at: end - begun.len()..end,
        items,
    }
}

/// Values of this kind that exist now.
fn known(slot: Slot, world: &World) -> BTreeSet<String> {
    let spaces = || world.spaces.values();
    match slot {
        Slot::Namespace => world.spaces.keys().map(Ns::to_string).collect(),
        Slot::Device => (spaces().flat_map(|space| space.links.values()))
            .map(|link| link.name.clone())
            .collect(),
        Slot::Address => (spaces().flat_map(|space| &space.addrs))
            .map(|addr| addr.net.addr().to_string())
            .collect(),
        Slot::Net | Slot::Port | Slot::Ports | Slot::Mac | Slot::Vni => BTreeSet::new(),
    }
}
