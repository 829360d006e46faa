//! `arp`, `route`

use super::NetTools;
use crate::command::ParseError;
use crate::command::kit::{Cursor, Flag, Slot, device, flag};

#[derive(Clone, Copy)]
enum Opt {
    Numeric,
    Dev,
}

const ARP: &[Flag<Opt>] = &[
    flag(
        &["-n", "--numeric"],
        Opt::Numeric,
        "addresses rather than names; there are no names here in any case",
    ),
    flag(&["-i", "--device"], Opt::Dev, "only on the device {}").value(Slot::Device),
    Flag::without(&["-a"]),
    Flag::without(&["-d", "--delete"]),
    Flag::without(&["-e"]),
    Flag::without(&["-s", "--set"]),
    Flag::without(&["-v", "--verbose"]),
];

const ROUTE: &[Flag<Opt>] = &[
    flag(
        &["-n", "--numeric"],
        Opt::Numeric,
        "addresses rather than names: the default route is called 0.0.0.0",
    ),
    Flag::without(&["-e", "--extend"]),
    Flag::without(&["-v", "--verbose"]),
    Flag::without(&["-A"]),
    Flag::without(&["-4"]),
    Flag::without(&["-6"]),
];

/// What stands behind `arp`.
pub(in crate::command) fn arp(c: &mut Cursor) -> Result<NetTools, ParseError> {
    let mut dev = None;
    while let Some(given) = c.flag(ARP)? {
        match given.to {
            Opt::Numeric => {}
            Opt::Dev => dev = Some(given.need(device)?),
        }
    }
    only_shown(c, "arp", "ip neigh")?;
    Ok(NetTools::Arp { dev })
}

/// What stands behind `route`.
pub(in crate::command) fn route(c: &mut Cursor) -> Result<NetTools, ParseError> {
    let mut numeric = false;
    while c.flag(ROUTE)?.is_some() {
        numeric = true;
    }
    only_shown(c, "route", "ip route")?;
    Ok(NetTools::Route { numeric })
}

fn only_shown(c: &Cursor, tool: &str, newer: &str) -> Result<(), ParseError> {
    c.finish().map_err(|error| ParseError {
        help: Some(format!(
            "`{tool} -n` shows the table; `{newer}` does the rest"
        )),
        ..error
    })
}
