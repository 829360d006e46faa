//! `ip route show|flush …`

use super::spec::{prefix_or_all, read_proto, read_table};
use crate::command::kit::{
    Bad, Cursor, Key, Named, Seen, Slot, device, exact, foreign, foreign_exact, prefix,
};
use crate::command::route::{Select, ShowRoutes, Table};
use crate::command::{ParseError, View, addr};

#[derive(Clone, Copy)]
enum Filter {
    Table,
    Proto,
    Scope,
    Dev,
    Via,
    To,
}

// The order of iproute_list_flush_or_save().
const FILTERS: &[Key<Filter>] = &[
    prefix("table", Filter::Table, "only in the routing table {}"),
    foreign("vrf"),
    foreign("cached"),
    foreign("cloned"),
    foreign_exact("tos"),
    foreign("dsfield"),
    prefix("protocol", Filter::Proto, "only those made by {}"),
    prefix(
        "scope",
        Filter::Scope,
        "only those whose destination is so far away: {}",
    ),
    foreign("type"),
    exact("dev", Filter::Dev, "only those by the device {}"),
    exact("oif", Filter::Dev, "only those by the device {}"),
    foreign_exact("iif"),
    foreign_exact("mark"),
    foreign("metric"),
    foreign("priority"),
    foreign_exact("preference"),
    exact("via", Filter::Via, "only those by the router {}"),
    foreign_exact("src"),
    foreign("realms"),
    foreign("from"),
    prefix("to", Filter::To, "only to {}"),
];

const SELECT: &[Key<Select>] = &[
    prefix("root", Select::Root, "only to destinations within {}"),
    prefix(
        "match",
        Select::Match,
        "only to destinations that contain {}",
    ),
    prefix("exact", Select::Exact, "only to exactly {}"),
];

/// What stands behind `ip route show`.
pub(super) fn show(c: &mut Cursor, view: View) -> Result<ShowRoutes, ParseError> {
    let mut show = ShowRoutes {
        view,
        ..ShowRoutes::default()
    };
    let mut seen = Seen::default();
    loop {
        match c.choose_once(FILTERS, &mut seen)? {
            Some(Filter::Table) => {
                show.table = Some(c.value(Slot::Name(Named::RoutingTable), table)?);
            }
            Some(Filter::Proto) => {
                show.proto = Some(c.value(Slot::Name(Named::RoutingProtocol), read_proto)?);
            }
            Some(Filter::Scope) => {
                show.scope = Some(c.value(Slot::Name(Named::Scope), addr::grammar::read_scope)?);
            }
            Some(Filter::Dev) => show.dev = Some(c.value(Slot::Device, device)?),
            Some(Filter::Via) => show.via = Some(c.address(view.family)?),
            Some(Filter::To) if show.dst.is_none() => {
                select(c, &mut show)?;
            }
            None if show.dst.is_none() && c.offers(Slot::Prefix) => {
                c.note("only to {}");
                select(c, &mut show)?;
            }
            Some(Filter::To) => return Err(c.twice()),
            None => break,
        }
    }
    c.finish()?;
    Ok(show)
}

fn select(c: &mut Cursor, show: &mut ShowRoutes) -> Result<(), ParseError> {
    if let Some(select) = c.choose(SELECT)? {
        show.select = select;
    }
    let family = show.view.family;
    show.dst = Some(c.value(Slot::Prefix, |text| prefix_or_all(text, family))?);
    Ok(())
}

fn table(text: &str) -> Result<Table, Bad> {
    if text == "all" {
        Ok(Table::All)
    } else {
        read_table(text).map(Table::Id)
    }
}
