//! `ip route …`

use ipnet::IpNet;

use super::{Edit, Get, Route};
use crate::command::kit::{
    Cursor, Key, Seen, Slot, bits, device, exact, family, foreign, foreign_exact, prefix,
};
use crate::command::{ParseError, View};

mod select;
mod spec;

#[derive(Clone, Copy)]
enum Verb {
    Change(Edit),
    Flush,
    Get,
    Show,
}

// The order of iproute.c.
const VERBS: &[Key<Verb>] = &[
    prefix("add", Verb::Change(Edit::Add), "add a route"),
    prefix(
        "change",
        Verb::Change(Edit::Change),
        "change a route that is there",
    ),
    exact(
        "chg",
        Verb::Change(Edit::Change),
        "change a route that is there",
    ),
    prefix(
        "replace",
        Verb::Change(Edit::Replace),
        "change a route, or add it if it is not there",
    ),
    foreign("prepend"),
    foreign("append"),
    foreign("test"),
    prefix("delete", Verb::Change(Edit::Del), "delete a route"),
    prefix("list", Verb::Show, "show them"),
    prefix("show", Verb::Show, "show them"),
    prefix("lst", Verb::Show, "show them"),
    prefix(
        "get",
        Verb::Get,
        "ask the kernel which route a packet would take",
    ),
    prefix("flush", Verb::Flush, "delete all these routes"),
    foreign("save"),
    foreign("restore"),
    foreign("showdump"),
];

/// What stands behind `ip route`.
pub(in crate::command) fn route(c: &mut Cursor, view: View) -> Result<Route, ParseError> {
    let verb = c.choose(VERBS)?;
    if verb.is_none() && !c.at_end() {
        return Err(c.unexpected());
    }
    Ok(match verb {
        Some(Verb::Change(edit)) => Route::Change(edit, spec::spec(c, view)?),
        Some(Verb::Flush) => {
            if c.at_end() {
                select::show(c, view)?;
                return Err(c.unexpected());
            }
            Route::Flush(select::show(c, view)?)
        }
        Some(Verb::Get) => Route::Get(get(c, view)?),
        None | Some(Verb::Show) => Route::Show(select::show(c, view)?),
    })
}

#[derive(Clone, Copy)]
enum Ask {
    From,
    Iif,
    Oif,
    To,
}

// The order of iproute_get().
const ASK: &[Key<Ask>] = &[
    foreign_exact("tos"),
    foreign("dsfield"),
    prefix(
        "from",
        Ask::From,
        "for a packet that comes from the address {}",
    ),
    prefix(
        "iif",
        Ask::Iif,
        "for a packet that came in by the device {}",
    ),
    foreign("mark"),
    prefix(
        "oif",
        Ask::Oif,
        "for a packet that must leave by the device {}",
    ),
    exact(
        "dev",
        Ask::Oif,
        "for a packet that must leave by the device {}",
    ),
    foreign("notify"),
    foreign("connected"),
    foreign("vrf"),
    foreign("uid"),
    foreign("fibmatch"),
    foreign_exact("as"),
    foreign("sport"),
    foreign("dport"),
    foreign("ipproto"),
    exact("to", Ask::To, "for a packet to {}"),
];

fn get(c: &mut Cursor, view: View) -> Result<Get, ParseError> {
    let mut seen = Seen::default();
    let (mut to, mut from, mut iif, mut oif) = (None, None, None, None);
    loop {
        let of = view.family.or_else(|| to.or(from).map(family));
        match c.choose_once(ASK, &mut seen)? {
            Some(Ask::From) => from = Some(c.address(of)?),
            Some(Ask::Iif) => iif = Some(c.value(Slot::Device, device)?),
            Some(Ask::Oif) => oif = Some(c.value(Slot::Device, device)?),
            Some(Ask::To) if to.is_none() => to = Some(c.address(of)?),
            None if to.is_none() && c.offers(Slot::Address) => {
                c.note("for a packet to {}");
                to = Some(c.address(of)?);
            }
            Some(Ask::To) => return Err(c.twice()),
            None => break,
        }
    }
    c.finish()?;
    match to {
        Some(to) => Ok(Get {
            to,
            from,
            iif,
            oif,
            view,
        }),
        None => Err(c.missing(Slot::Address)),
    }
}

/// What a prefix length says of a destination.
fn length(net: IpNet) -> String {
    match (net.prefix_len(), bits(net.addr())) {
        (0, _) => "no bit is compared, so it fits every address".to_owned(),
        (length, all) if length == all => "every bit must agree: this one address".to_owned(),
        (length, _) => format!("the first {length} bits must agree; the rest may be anything"),
    }
}
