//! `ip address …`

use std::net::IpAddr;

use ipnet::IpNet;

use super::{Addr, Broadcast, ShowAddrs, Spec};
use crate::command::kit::{
    Bad, Cursor, Key, Net, SCOPES, Seen, Slot, bits, device, exact, family, foreign, foreign_exact,
    host_address, named_number, of_family, prefix,
};
use crate::command::{Family, ParseError, View};

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
    prefix("list", Verb::Show, "show addresses"),
    prefix("show", Verb::Show, "show addresses"),
    prefix("lst", Verb::Show, "show addresses"),
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
}

// The order of ipaddr_modify().
const WORDS: &[Key<Word>] = &[
    exact("peer", Word::Peer, "the address at the other end is {}"),
    exact("remote", Word::Peer, "the address at the other end is {}"),
    prefix(
        "broadcast",
        Word::Broadcast,
        "what is sent to {} is for all in the network",
    ),
    exact(
        "brd",
        Word::Broadcast,
        "what is sent to {} is for all in the network",
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
    foreign_exact("home"),
    foreign_exact("nodad"),
    foreign_exact("mngtmpaddr"),
    foreign_exact("noprefixroute"),
    foreign_exact("autojoin"),
    exact("local", Word::Local, "the address is {}"),
];

fn spec(c: &mut Cursor, view: Option<Family>, meaning: &'static str) -> Result<Spec, ParseError> {
    let mut seen = Seen::default();
    let (mut local, mut peer): (Option<Net>, Option<Net>) = (None, None);
    let (mut dev, mut broadcast, mut scope) = (None, None, None);
    loop {
        let of = view.or_else(|| local.or(peer).map(|net| family(net.net.addr())));
        match c.choose_once(WORDS, &mut seen)? {
            Some(Word::Dev) => dev = Some(c.value(Slot::Device, device)?),
            Some(Word::Peer) => peer = Some(c.net(of, length)?),
            Some(Word::Broadcast) => broadcast = Some(c.value(Slot::Address, read_broadcast)?),
            Some(Word::Scope) => scope = Some(c.value(Slot::Name("a scope"), read_scope)?),
            Some(Word::Local) if local.is_none() => local = Some(c.net(of, length)?),
            None if local.is_none() && !c.at_end() => {
                c.note(meaning);
                local = Some(c.net(of, length)?);
            }
            Some(Word::Local) => return Err(c.twice()),
            None => break,
        }
    }
    c.finish()?;
    let Some(local) = local else {
        return Err(c.missing(Slot::Prefix));
    };
    let Some(dev) = dev else {
        let mut error = c.missing(Slot::Device);
        error.message = "the device is missing".to_owned();
        error.help = Some("`dev DEV` says which device has the address".to_owned());
        return Err(error);
    };
    let (net, prefix_written) = both_ends(local, peer);
    if broadcast.is_some() && net.addr().is_ipv6() {
        return Err(ParseError {
            at: c.place(),
            message: "IPv6 knows no broadcast".to_owned(),
            help: None,
        });
    }
    let peer = peer.map(|peer| peer.net.addr());
    Ok(Spec {
        net,
        prefix_written,
        dev,
        broadcast,
        peer,
        scope,
    })
}

/// The prefix length of a pair of addresses is the peer's.
fn both_ends(local: Net, peer: Option<Net>) -> (IpNet, bool) {
    match peer {
        Some(peer) if peer.written || !local.written => {
            let address = local.net.addr();
            let length = peer.net.prefix_len().min(bits(address));
            (
                IpNet::new(address, length).unwrap_or(local.net),
                peer.written,
            )
        }
        Some(_) | None => (local.net, local.written),
    }
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

fn read_broadcast(text: &str) -> Result<Broadcast, Bad> {
    if text == "+" {
        return Ok(Broadcast::FromPrefix);
    }
    let address = host_address(text)?;
    of_family(Some(Family::V4), address)?;
    match address {
        IpAddr::V4(address) => Ok(Broadcast::Address(address)),
        IpAddr::V6(_) => Err(Bad::new("IPv6 knows no broadcast")),
    }
}

/// `scope …`
pub(in crate::command) fn read_scope(text: &str) -> Result<u8, Bad> {
    named_number(SCOPES, text)
        .and_then(|number| u8::try_from(number).ok())
        .ok_or_else(|| {
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
            Some(Filter::Scope) => show.scope = Some(c.value(Slot::Name("a scope"), read_scope)?),
            Some(Filter::Dev) if show.dev.is_none() => {
                show.dev = Some(c.value(Slot::Device, device)?)
            }
            None if show.dev.is_none() && !c.at_end() => {
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
