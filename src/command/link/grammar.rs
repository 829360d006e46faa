//! `ip link …`

use std::ops::Range;

use super::{AddKind, Link, Set, Setting, ShowLinks};
use crate::command::kit::{
    Cursor, Key, Named, Seen, Slot, device, exact, foreign, foreign_exact, mac, number, prefix,
};
use crate::command::{ParseError, View, netns};

mod kind;

#[derive(Clone, Copy)]
enum Verb {
    Add,
    Set,
    Delete,
    Show,
}

// The order of iplink.c: `ip link s` is set.
const VERBS: &[Key<Verb>] = &[
    prefix("add", Verb::Add, "make a new device"),
    prefix("set", Verb::Set, "change a device"),
    prefix("change", Verb::Set, "change a device"),
    foreign("replace"),
    prefix("delete", Verb::Delete, "delete a device"),
    prefix("show", Verb::Show, "show them"),
    prefix("lst", Verb::Show, "show them"),
    prefix("list", Verb::Show, "show them"),
    foreign("xstats"),
    foreign("afstats"),
    foreign("property"),
];

/// What stands behind `ip link`.
pub(in crate::command) fn link(c: &mut Cursor, view: View) -> Result<Link, ParseError> {
    let verb = c.choose(VERBS)?;
    if verb.is_none() && !c.at_end() {
        return Err(c.unexpected());
    }
    match verb {
        Some(Verb::Add) => add(c).map(Link::Add),
        Some(Verb::Set) => set(c).map(Link::Set),
        Some(Verb::Delete) => delete(c),
        None | Some(Verb::Show) => show(c, view).map(Link::Show),
    }
}

/// A word of `ip link add`, `set` and `del`, and of a veth's peer.
#[derive(Clone, Copy)]
enum Word {
    Up,
    Down,
    Name,
    Link,
    Address,
    Mtu,
    Netns,
    Promisc,
    Master,
    NoMaster,
    Type,
    Dev,
}

// The order of iplink_parse().
const WORDS: &[Key<Word>] = &[
    exact(
        "up",
        Word::Up,
        "switch it on; until then it carries nothing",
    ),
    exact("down", Word::Down, "switch it off"),
    exact("name", Word::Name, "it is to be called {}"),
    foreign_exact("index"),
    prefix("link", Word::Link, "on top of the device {}"),
    prefix(
        "address",
        Word::Address,
        "its hardware address (MAC) is to be {}",
    ),
    foreign("broadcast"),
    foreign_exact("brd"),
    foreign("txqueuelen"),
    foreign_exact("qlen"),
    foreign("txqlen"),
    exact(
        "mtu",
        Word::Mtu,
        "the largest packet that it carries whole is {} bytes",
    ),
    foreign_exact("xdp"),
    exact("netns", Word::Netns, "its place is to be the namespace {}"),
    foreign_exact("multicast"),
    foreign_exact("allmulticast"),
    exact(
        "promisc",
        Word::Promisc,
        "take frames that are meant for others too: {}",
    ),
    foreign_exact("trailers"),
    foreign_exact("arp"),
    foreign_exact("carrier"),
    foreign_exact("vf"),
    prefix(
        "master",
        Word::Master,
        "plug this device into the bridge {}",
    ),
    foreign_exact("vrf"),
    prefix(
        "nomaster",
        Word::NoMaster,
        "pull this device out of its bridge",
    ),
    foreign("dynamic"),
    prefix("type", Word::Type, "a device of the kind {}"),
    foreign("alias"),
    foreign_exact("group"),
    foreign_exact("mode"),
    foreign_exact("state"),
    foreign("numtxqueues"),
    foreign("numrxqueues"),
    foreign("addrgenmode"),
    foreign("link-netns"),
    foreign("link-netnsid"),
    foreign_exact("protodown"),
    foreign_exact("gso_max_size"),
    foreign_exact("gso_max_segs"),
    foreign_exact("gro_max_size"),
    foreign_exact("parentdev"),
    exact("dev", Word::Dev, "the device {}"),
];

const SWITCH: &[Key<bool>] = &[exact("on", true, "yes"), exact("off", false, "no")];

/// What `ip link add`, `set` and `del` have read before `type`.
#[derive(Default)]
struct Read {
    dev: Option<String>,
    name: Option<String>,
    /// How many settings stood before `name`.
    before_name: usize,
    below: Option<String>,
    settings: Vec<Setting>,
    /// Where `type` stands, which is then the last word.
    typed: Option<Range<usize>>,
}

/// Words up to the end or `type`; `slot` is what the device's name is.
fn read(c: &mut Cursor, slot: Slot) -> Result<Read, ParseError> {
    let mut read = Read::default();
    let mut seen = Seen::default();
    while read.typed.is_none() {
        let at = c.place();
        let Some(word) = c.choose_once(WORDS, &mut seen)? else {
            if read.dev.is_some() || !c.offers(slot) {
                break;
            }
            c.note(if matches!(slot, Slot::NewDevice) {
                "it is to be called {}"
            } else {
                "the device {}"
            });
            read.dev = Some(c.value(slot, device)?);
            continue;
        };
        match word {
            Word::Dev if read.dev.is_some() => return Err(c.twice()),
            Word::Dev => read.dev = Some(c.value(slot, device)?),
            Word::Name => {
                read.before_name = read.settings.len();
                read.name = Some(c.value(Slot::NewDevice, device)?);
            }
            Word::Link => read.below = Some(c.value(Slot::Device, device)?),
            Word::Type => read.typed = Some(at),
            Word::Up => read.settings.push(Setting::Up),
            Word::Down => read.settings.push(Setting::Down),
            Word::NoMaster => read.settings.push(Setting::NoMaster),
            Word::Address => read
                .settings
                .push(Setting::Address(c.value(Slot::Mac, mac)?)),
            Word::Mtu => {
                let bytes = c.value(Slot::Number("a number of bytes"), |text| {
                    number(text, 0, u32::MAX)
                })?;
                read.settings.push(Setting::Mtu(bytes));
            }
            Word::Netns => {
                read.settings.push(Setting::Netns(
                    c.value(Slot::Namespace, netns::grammar::any)?,
                ));
            }
            Word::Promisc => read.settings.push(Setting::Promisc(c.one_of(SWITCH)?)),
            Word::Master => read
                .settings
                .push(Setting::Master(c.value(Slot::Device, device)?)),
        }
    }
    Ok(read)
}

fn add(c: &mut Cursor) -> Result<super::Add, ParseError> {
    let read = read(c, Slot::NewDevice)?;
    if read.typed.is_none() {
        return Err(c.unexpected());
    }
    let kind = kind::kind(c)?;
    // `ip link add dev X name Y` makes Y.
    let name = read.name.or(read.dev);
    if matches!(kind, AddKind::Macvlan { .. }) && read.below.is_none() {
        return Err(ParseError {
            at: c.place(),
            message: "a macvlan needs a device below it".to_owned(),
            help: Some("`link DEV` before `type macvlan`".to_owned()),
        });
    }
    Ok(super::Add {
        name,
        below: read.below,
        with: read.settings,
        kind,
    })
}

fn set(c: &mut Cursor) -> Result<Set, ParseError> {
    let read = read(c, Slot::Device)?;
    if read.typed.is_some() || read.below.is_some() {
        return Err(ParseError {
            at: read.typed.unwrap_or_else(|| c.place()),
            message: "`ip link set` cannot change what a device is made of here".to_owned(),
            help: Some("delete it, and make it anew with `ip link add`".to_owned()),
        });
    }
    c.finish()?;
    let Some(dev) = read.dev else {
        return Err(c.missing(Slot::Device));
    };
    let mut settings = read.settings;
    if let Some(name) = read.name {
        settings.insert(read.before_name, Setting::Name(name));
    }
    if settings.is_empty() {
        return Err(c.unexpected());
    }
    Ok(Set { dev, settings })
}

fn delete(c: &mut Cursor) -> Result<Link, ParseError> {
    let read = read(c, Slot::Device)?;
    if read.typed.is_some() {
        c.renote("which is a {}; the name alone would do");
        kind::name(c)?;
    }
    c.finish()?;
    if !read.settings.is_empty() || read.below.is_some() {
        return Err(ParseError {
            at: c.place(),
            message: "a device that is deleted takes no settings".to_owned(),
            help: Some("`ip link del DEV`".to_owned()),
        });
    }
    match read.dev.or(read.name) {
        Some(dev) => Ok(Link::Del { dev }),
        None => Err(c.missing(Slot::Device)),
    }
}

#[derive(Clone, Copy)]
enum Filter {
    Up,
    Master,
    Type,
    Dev,
}

// The order of ipaddr_list_flush_or_save().
const FILTERS: &[Key<Filter>] = &[
    foreign_exact("to"),
    foreign_exact("scope"),
    exact("up", Filter::Up, "only those that are switched on"),
    foreign_exact("label"),
    foreign_exact("group"),
    exact("master", Filter::Master, "only those plugged into {}"),
    foreign_exact("vrf"),
    foreign_exact("nomaster"),
    exact("type", Filter::Type, "only those of the kind {}"),
    exact("dev", Filter::Dev, "only the device {}"),
];

fn show(c: &mut Cursor, view: View) -> Result<ShowLinks, ParseError> {
    let mut show = ShowLinks {
        view,
        ..ShowLinks::default()
    };
    let mut seen = Seen::default();
    loop {
        match c.choose_once(FILTERS, &mut seen)? {
            Some(Filter::Up) => show.up = true,
            Some(Filter::Master) => show.master = Some(c.value(Slot::Device, device)?),
            Some(Filter::Type) => {
                show.kind = Some(c.value(Slot::Name(Named::Kind), device)?);
            }
            Some(Filter::Dev) if show.dev.is_none() => {
                show.dev = Some(c.value(Slot::Device, device)?);
            }
            None if show.dev.is_none() && c.offers(Slot::Device) => {
                c.note("only the device {}");
                show.dev = Some(c.value(Slot::Device, device)?);
            }
            Some(Filter::Dev) => return Err(c.twice()),
            None => break,
        }
    }
    c.finish()?;
    Ok(show)
}
