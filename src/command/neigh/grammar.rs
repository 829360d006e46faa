//! `ip neighbour …`

use ipnet::IpNet;

use super::{Neigh, ShowNeighs};
use crate::command::kit::{
    Bad, Cursor, Key, Named, Seen, Slot, device, exact, foreign, foreign_exact, mac, number, prefix,
};
use crate::command::{Family, ParseError, View};

#[derive(Clone, Copy)]
enum Verb {
    Set(bool),
    Delete,
    Flush,
    Show,
}

// The order of ipneigh.c.
const VERBS: &[Key<Verb>] = &[
    prefix(
        "add",
        Verb::Set(false),
        "note a neighbour's hardware address by hand",
    ),
    foreign("change"),
    foreign_exact("chg"),
    prefix(
        "replace",
        Verb::Set(true),
        "note a neighbour's hardware address by hand, over what is known",
    ),
    prefix("delete", Verb::Delete, "forget a neighbour"),
    foreign("get"),
    prefix("show", Verb::Show, "show which neighbours are known"),
    prefix("lst", Verb::Show, "show which neighbours are known"),
    prefix("list", Verb::Show, "show which neighbours are known"),
    prefix("flush", Verb::Flush, "forget all these neighbours"),
];

/// What stands behind `ip neighbour`.
pub(in crate::command) fn neigh(c: &mut Cursor, view: View) -> Result<Neigh, ParseError> {
    let verb = c.choose(VERBS)?;
    if verb.is_none() && !c.at_end() {
        return Err(c.unexpected());
    }
    match verb {
        Some(Verb::Set(replace)) => set(c, view.family, replace),
        Some(Verb::Delete) => delete(c, view.family),
        Some(Verb::Flush) => {
            if c.at_end() {
                show(c, view)?;
                return Err(c.unexpected());
            }
            show(c, view).map(Neigh::Flush)
        }
        None | Some(Verb::Show) => show(c, view).map(Neigh::Show),
    }
}

#[derive(Clone, Copy)]
enum Word {
    Mac,
    State,
    Dev,
    To,
}

// The order of ipneigh_modify().
const WORDS: &[Key<Word>] = &[
    prefix("lladdr", Word::Mac, "its hardware address (MAC) is {}"),
    exact("nud", Word::State, "how sure that is: {}"),
    foreign("proxy"),
    foreign_exact("router"),
    foreign_exact("use"),
    foreign_exact("managed"),
    foreign("extern_learn"),
    exact("dev", Word::Dev, "reached by the device {}"),
    foreign("protocol"),
    exact("to", Word::To, "the neighbour with the address {}"),
];

/// What was read of a neighbour.
#[derive(Default)]
struct Read {
    to: Option<std::net::IpAddr>,
    mac: Option<crate::world::link::Mac>,
    dev: Option<String>,
    state: Option<u16>,
}

fn read(c: &mut Cursor, family: Option<Family>) -> Result<Read, ParseError> {
    let mut read = Read::default();
    let mut seen = Seen::default();
    loop {
        match c.choose_once(WORDS, &mut seen)? {
            Some(Word::Mac) => read.mac = Some(c.value(Slot::Mac, mac)?),
            Some(Word::State) => read.state = Some(c.value(Slot::Name(Named::State), state)?),
            Some(Word::Dev) => read.dev = Some(c.value(Slot::Device, device)?),
            Some(Word::To) if read.to.is_none() => read.to = Some(c.address(family)?),
            None if read.to.is_none() && c.offers(Slot::Address) => {
                c.note("the neighbour with the address {}");
                read.to = Some(c.address(family)?);
            }
            Some(Word::To) => return Err(c.twice()),
            None => break,
        }
    }
    if read.dev.is_none() {
        c.finish_without_device()?;
    }
    c.finish()?;
    Ok(read)
}

fn set(c: &mut Cursor, family: Option<Family>, replace: bool) -> Result<Neigh, ParseError> {
    let Read {
        to,
        mac,
        dev,
        state,
    } = read(c, family)?;
    match (to, dev) {
        (Some(to), Some(dev)) => Ok(Neigh::Set {
            replace,
            to,
            mac,
            dev,
            state,
        }),
        (None, _) => Err(c.missing(Slot::Address)),
        (Some(_), None) => Err(without_device(c)),
    }
}

fn delete(c: &mut Cursor, family: Option<Family>) -> Result<Neigh, ParseError> {
    let read = read(c, family)?;
    match (read.to, read.dev) {
        (Some(to), Some(dev)) => Ok(Neigh::Del { to, dev }),
        (None, _) => Err(c.missing(Slot::Address)),
        (Some(_), None) => Err(without_device(c)),
    }
}

fn without_device(c: &Cursor) -> ParseError {
    let mut error = c.missing(Slot::Device);
    "the device is missing".clone_into(&mut error.message);
    error.help = Some("`dev DEV` says by which device the neighbour is reached".to_owned());
    error
}

/// `NUD_*` of `linux/neighbour.h`, by the names of ip-neighbour(8).
pub(in crate::command) const STATES: &[(&str, u16)] = &[
    ("permanent", 128),
    ("reachable", 2),
    ("noarp", 64),
    ("none", 256),
    ("stale", 4),
    ("incomplete", 1),
    ("delay", 8),
    ("probe", 16),
    ("failed", 32),
];

fn state(text: &str) -> Result<u16, Bad> {
    let known = STATES
        .iter()
        .find(|(name, _)| !text.is_empty() && name.starts_with(text));
    if let Some((_, state)) = known {
        return Ok(*state);
    }
    number(text, 0, u16::MAX - 1).map_err(|_| {
        let names: Vec<String> = STATES.iter().map(|(name, _)| format!("`{name}`")).collect();
        Bad::new(format!("`{text}` is not a state of a neighbour")).help(names.join(", "))
    })
}

#[derive(Clone, Copy)]
enum Filter {
    Dev,
    State,
    To,
    All,
}

// The order of do_show_or_flush().
const FILTERS: &[Key<Filter>] = &[
    exact("dev", Filter::Dev, "only on the device {}"),
    foreign_exact("master"),
    foreign_exact("vrf"),
    foreign_exact("nomaster"),
    foreign_exact("unused"),
    exact("nud", Filter::State, "only those in the state {}"),
    foreign_exact("proxy"),
    foreign("protocol"),
    exact("to", Filter::To, "only the address {}"),
    exact("all", Filter::All, "whatever their addresses"),
];

fn show(c: &mut Cursor, view: View) -> Result<ShowNeighs, ParseError> {
    let mut show = ShowNeighs {
        view,
        ..ShowNeighs::default()
    };
    loop {
        match c.choose(FILTERS)? {
            Some(Filter::Dev) => show.dev = Some(c.value(Slot::Device, device)?),
            Some(Filter::State) => {
                let more = c.value(Slot::Name(Named::State), any_state)?;
                show.state = Some(show.state.unwrap_or(0) | more);
            }
            Some(Filter::To) if show.to.is_none() => {
                show.to = Some(c.net(view.family, length)?.net);
            }
            None if show.to.is_none() && c.offers(Slot::Prefix) => {
                c.note("only the address {}");
                show.to = Some(c.net(view.family, length)?.net);
            }
            Some(Filter::To) => return Err(c.twice()),
            Some(Filter::All) => {}
            None => break,
        }
    }
    c.finish()?;
    Ok(show)
}

/// What a prefix length says of a choice of neighbours.
fn length(net: IpNet) -> String {
    format!("those that share its first {} bits", net.prefix_len())
}

fn any_state(text: &str) -> Result<u16, Bad> {
    if text == "all" {
        Ok(u16::MAX)
    } else {
        state(text)
    }
}
