//! `ip address …`

use std::net::IpAddr;

use ipnet::IpNet;

use super::{Addr, Broadcast, ShowAddrs, Spec};
use crate::command::kit::{
    Bad, Cursor, Key, Named, Net, Seen, Slot, bits, device, exact, family, foreign, foreign_exact,
    host_address, prefix,
};
use crate::command::{Family, ParseError, View};
use crate::world::names;

#[derive(Clone, Copy)]
enum Verb {
    Add,
    Delete,
    Flush,
    Show,
}

// The order of ipaddress.c.
const VERBS: &[Key<Verb>] = &[
    prefix("add", Verb::Add, "give a device an address"),
    foreign("change"),
    foreign_exact("chg"),
    foreign("replace"),
    prefix("delete", Verb::Delete, "take an address from a device"),
    prefix("list", Verb::Show, "show them"),
    prefix("show", Verb::Show, "show them"),
    prefix("lst", Verb::Show, "show them"),
    prefix("flush", Verb::Flush, "take all these addresses away"),
    foreign("save"),
    foreign("showdump"),
    foreign("restore"),
];

/// What stands behind `ip address`.
pub(in crate::command) fn addr(c: &mut Cursor, view: View) -> Result<Addr, ParseError> {
    let verb = c.choose(VERBS)?;
    if verb.is_none() && !c.at_end() {
        return Err(c.unexpected());
    }
    Ok(match verb {
        Some(Verb::Add) => Addr::Add(spec(c, view.family, "the address is to be {}")?),
        Some(Verb::Delete) => Addr::Del(spec(c, view.family, "the address is {}")?),
        Some(Verb::Flush) => {
            if c.at_end() {
                show(c, view)?;
                return Err(c.unexpected());
            }
            Addr::Flush(show(c, view)?)
        }
        None | Some(Verb::Show) => Addr::Show(show(c, view)?),
    })
}

#[derive(Clone, Copy)]
enum Word {
    Peer,
    Broadcast,
    Scope,
    Dev,
    Local,
    Flag(u32),
}

// The order of ipaddr_modify(); flags are `IFA_F_*` of `linux/if_addr.h`.
const WORDS: &[Key<Word>] = &[
    exact("peer", Word::Peer, "the address at the other end is {}"),
    exact("remote", Word::Peer, "the address at the other end is {}"),
    prefix(
        "broadcast",
        Word::Broadcast,
        "the address that means all machines of the network: {} (`+` makes it from the prefix)",
    ),
    exact(
        "brd",
        Word::Broadcast,
        "the address that means all machines of the network: {} (`+` makes it from the prefix)",
    ),
    foreign_exact("anycast"),
    exact("scope", Word::Scope, "how far the address is valid: {}"),
    exact("dev", Word::Dev, "on the device {}"),
    foreign_exact("label"),
    foreign("metric"),
    foreign("priority"),
    foreign("preference"),
    foreign("valid_lft"),
    foreign("preferred_lft"),
    exact(
        "home",
        Word::Flag(0x10),
        "it is the home address of a machine that moves (RFC 6275)",
    ),
    exact(
        "nodad",
        Word::Flag(0x2),
        "do not ask first whether another machine has it",
    ),
    exact(
        "mngtmpaddr",
        Word::Flag(0x100),
        "make temporary addresses from it",
    ),
    exact(
        "noprefixroute",
        Word::Flag(0x200),
        "do not add the route that an address brings",
    ),
    exact("autojoin", Word::Flag(0x400), "join the multicast group"),
    exact("local", Word::Local, "the address is {}"),
];

/// Flags of an address, and their names.
pub(super) fn flags() -> impl Iterator<Item = (&'static str, u32)> {
    WORDS.iter().filter_map(|key| match key.to {
        Some(Word::Flag(flag)) => Some((key.word, flag)),
        _ => None,
    })
}

fn spec(c: &mut Cursor, view: Option<Family>, meaning: &'static str) -> Result<Spec, ParseError> {
    let mut seen = Seen::default();
    let (mut local, mut peer): (Option<Net>, Option<Net>) = (None, None);
    let (mut dev, mut broadcast, mut scope) = (None, None, None);
    let mut flags = 0;
    loop {
        let of = view.or_else(|| local.or(peer).map(|net| family(net.net.addr())));
        match c.choose_once(WORDS, &mut seen)? {
            Some(Word::Flag(flag)) => flags |= flag,
            Some(Word::Dev) => dev = Some(c.value(Slot::Device, device)?),
            Some(Word::Peer) => peer = Some(c.net(of, length)?),
            Some(Word::Broadcast) => {
                let family = local.map(|net| family(net.net.addr()));
                broadcast = Some(c.value(Slot::Address, |text| read_broadcast(text, family))?);
            }

            Some(Word::Scope) => scope = Some(c.value(Slot::Name(Named::Scope), read_scope)?),
            Some(Word::Local) if local.is_none() => local = Some(c.net(of, length)?),
            None if local.is_none() && c.offers(Slot::Prefix) => {
                c.note(meaning);
                local = Some(c.net(of, length)?);
            }
            Some(Word::Local) => return Err(c.twice()),
            None => break,
        }
    }
    if dev.is_none() {
        c.finish_without_device()?;
    }
    c.finish()?;
    let Some(local) = local else {
        return Err(c.missing(Slot::Prefix));
    };
    let Some(dev) = dev else {
        let mut error = c.missing(Slot::Device);
        "the device is missing".clone_into(&mut error.message);
        error.help = Some("`dev DEV` says which device has the address".to_owned());
        return Err(error);
    };
    Ok(Spec {
        net: local.net,
        prefix_written: local.written,
        dev,
        broadcast,
        peer: peer.map(|peer| peer.net),
        scope,
        flags,
    })
}

/// What a prefix length says of an address on a device.
fn length(net: IpNet) -> String {
    let length = net.prefix_len();
    match bits(net.addr()) - length {
        0 => "the whole address names this machine; it has no neighbours by it".to_owned(),
        rest => format!(
            "the first {length} bits name the network, the other {rest} the machine in it: whoever shares the first \
             {length} is a neighbour, reached without a router"
        ),
    }
}

fn read_broadcast(text: &str, family: Option<Family>) -> Result<Broadcast, Bad> {
    if family == Some(Family::V6) {
        return Err(Bad::new("IPv6 knows no broadcast"));
    }
    if text == "+" {
        return Ok(Broadcast::FromPrefix);
    }
    match host_address(text)? {
        IpAddr::V4(address) => Ok(Broadcast::Address(address)),
        IpAddr::V6(_) => Err(Bad::new("IPv6 knows no broadcast")),
    }
}

/// `scope …`
pub(in crate::command) fn read_scope(text: &str) -> Result<u8, Bad> {
    names::scope_id(text).ok_or_else(|| {
        Bad::new(format!("`{text}` is not a scope"))
            .help("`global`, `link`, `host`, or a number up to 255")
    })
}

#[derive(Clone, Copy)]
enum Filter {
    Scope,
    Up,
    Dev,
}

// The order of ipaddr_list_flush_or_save().
const FILTERS: &[Key<Filter>] = &[
    foreign_exact("to"),
    exact(
        "scope",
        Filter::Scope,
        "only those that are valid so far: {}",
    ),
    exact("up", Filter::Up, "only on devices that are switched on"),
    foreign_exact("label"),
    foreign_exact("group"),
    foreign_exact("master"),
    foreign_exact("vrf"),
    foreign_exact("nomaster"),
    foreign_exact("type"),
    foreign_exact("permanent"),
    foreign_exact("dynamic"),
    foreign_exact("secondary"),
    foreign_exact("primary"),
    foreign_exact("tentative"),
    foreign_exact("deprecated"),
    exact("dev", Filter::Dev, "only on the device {}"),
];

fn show(c: &mut Cursor, view: View) -> Result<ShowAddrs, ParseError> {
    let mut show = ShowAddrs {
        view,
        ..ShowAddrs::default()
    };
    let mut seen = Seen::default();
    loop {
        match c.choose_once(FILTERS, &mut seen)? {
            Some(Filter::Up) => show.up = true,
            Some(Filter::Scope) => {
                show.scope = Some(c.value(Slot::Name(Named::Scope), read_scope)?);
            }
            Some(Filter::Dev) if show.dev.is_none() => {
                show.dev = Some(c.value(Slot::Device, device)?);
            }
            None if show.dev.is_none() && c.offers(Slot::Device) => {
                c.note("only on the device {}");
                show.dev = Some(c.value(Slot::Device, device)?);
            }
            Some(Filter::Dev) => return Err(c.twice()),
            None => break,
        }
    }
    c.finish()?;
    Ok(show)
}
