//! `bridge …`

use super::Bridge;
use crate::command::kit::{Cursor, Key, Seen, Slot, device, exact, foreign, foreign_exact, prefix};
use crate::command::{Command, ParseError, View, ip};

#[derive(Clone, Copy)]
enum Object {
    Link,
    Fdb,
}

// The order of bridge.c.
const OBJECTS: &[Key<Object>] = &[
    prefix("link", Object::Link, "the ports of bridges"),
    prefix(
        "fdb",
        Object::Fdb,
        "the forwarding table: behind which port each hardware address was seen",
    ),
    foreign("mdb"),
    foreign("vlan"),
    foreign("vni"),
    foreign("monitor"),
];

const LINK: &[Key<()>] = &[
    foreign("set"),
    foreign("change"),
    prefix("show", (), "show them"),
    prefix("lst", (), "show them"),
    prefix("list", (), "show them"),
];

const FDB: &[Key<()>] = &[
    foreign("add"),
    foreign("append"),
    foreign("replace"),
    foreign("delete"),
    foreign("get"),
    prefix("show", (), "show it"),
    prefix("lst", (), "show it"),
    prefix("list", (), "show it"),
    foreign_exact("flush"),
];

/// What stands behind `bridge`.
pub(in crate::command) fn bridge(c: &mut Cursor) -> Result<Command, ParseError> {
    let (view, spaces) = ip::bridge_options(c)?;
    let bridge = match c.require(OBJECTS)? {
        Object::Link => ports(c, view)?,
        Object::Fdb => fdb(c, view)?,
    };
    Ok(ip::within(spaces, Command::Bridge(bridge)))
}

const DEV: &[Key<()>] = &[exact("dev", (), "only the port {}")];

fn ports(c: &mut Cursor, view: View) -> Result<Bridge, ParseError> {
    let mut dev = None;
    if c.choose(LINK)?.is_some() {
        if c.choose(DEV)?.is_some() {
            dev = Some(c.value(Slot::Device, device)?);
        } else if c.offers(Slot::Device) {
            c.note("only the port {}");
            dev = Some(c.value(Slot::Device, device)?);
        }
    }
    c.finish()?;
    Ok(Bridge::Link { dev, view })
}

#[derive(Clone, Copy)]
enum Filter {
    Bridge,
    Port,
}

const FILTERS: &[Key<Filter>] = &[
    exact(
        "brport",
        Filter::Port,
        "only what was seen behind the port {}",
    ),
    exact("dev", Filter::Port, "only what was seen behind the port {}"),
    exact("br", Filter::Bridge, "only the table of the bridge {}"),
    foreign_exact("vlan"),
    foreign_exact("state"),
    foreign_exact("dynamic"),
];

fn fdb(c: &mut Cursor, view: View) -> Result<Bridge, ParseError> {
    let (mut bridge, mut port) = (None, None);
    if c.choose(FDB)?.is_some() {
        let mut seen = Seen::default();
        loop {
            match c.choose_once(FILTERS, &mut seen)? {
                Some(Filter::Bridge) => bridge = Some(c.value(Slot::Device, device)?),
                Some(Filter::Port) if port.is_some() => return Err(c.twice()),
                Some(Filter::Port) => port = Some(c.value(Slot::Device, device)?),
                None if port.is_none() && c.offers(Slot::Device) => {
                    c.note("only what was seen behind the port {}");
                    port = Some(c.value(Slot::Device, device)?);
                }
                None => break,
            }
        }
    }
    c.finish()?;
    Ok(Bridge::Fdb { bridge, port, view })
}
