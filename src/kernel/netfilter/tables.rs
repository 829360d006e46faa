//! nf_tables' dumps read as a [`Ruleset`].

use std::io;

use netlink_sys::Socket;

use super::attr::{Attrs, Fields};
use super::expr::Expr;
use super::raise::raise;
use super::socket::{Draft, Message, ask, dump};
use crate::world::ruleset::{Base, Chain, Counters, Entry, Family, Ruleset, Table};

/// `NFNL_SUBSYS_NFTABLES`, as the high byte of a message's kind.
const NF_TABLES: u16 = 10 << 8;
/// `NFT_MSG_*` that are used here.
const GET_TABLE: u16 = NF_TABLES | 1;
const GET_CHAIN: u16 = NF_TABLES | 4;
const GET_RULE: u16 = NF_TABLES | 7;
const GET_GENERATION: u16 = NF_TABLES | 16;
/// `NFPROTO_UNSPEC`: of every family.
const EVERY: u8 = 0;

/// The number of changes so far; it comes back in a batch that is based on what was read.
pub fn generation(socket: &Socket) -> io::Result<Option<u32>> {
    let answer = ask(socket, &question(GET_GENERATION))?;
    Ok(Fields::read(&answer.payload).number(1))
}

/// Everything that nf_tables holds in this namespace.
pub fn read(socket: &Socket) -> io::Result<Ruleset> {
    let mut ruleset = Ruleset::default();
    for message in dump(socket, &question(GET_TABLE))? {
        let fields = Fields::read(&message.payload);
        ruleset.tables.extend(fields.text(1).map(|name| Table {
            family: family(message.family),
            name,
            chains: Vec::new(),
        }));
    }
    if ruleset.tables.is_empty() {
        return Ok(ruleset);
    }
    for message in dump(socket, &question(GET_CHAIN))? {
        let fields = Fields::read(&message.payload);
        if let (Some(table), Some(chain)) = (table(&mut ruleset, &message, &fields), chain(&fields))
        {
            table.chains.push(chain);
        }
    }
    for message in dump(socket, &question(GET_RULE))? {
        let fields = Fields::read(&message.payload);
        let name = fields.text(2);
        let table = table(&mut ruleset, &message, &fields);
        let chain = table.and_then(|table| {
            let mut chains = table.chains.iter_mut();
            chains.find(|chain| Some(&chain.name) == name.as_ref())
        });
        if let Some(chain) = chain {
            chain.rules.push(rule(&fields));
        }
    }
    Ok(ruleset)
}

fn question(kind: u16) -> Draft {
    Draft {
        kind,
        flags: 0,
        family: EVERY,
        attrs: Attrs::default(),
    }
}

/// The table that a chain or rule says it belongs to (attribute 1 of both).
fn table<'a>(
    ruleset: &'a mut Ruleset,
    message: &Message,
    fields: &Fields<'_>,
) -> Option<&'a mut Table> {
    let (family, name) = (family(message.family), fields.text(1)?);
    let mut tables = ruleset.tables.iter_mut();
    tables.find(|table| table.family == family && table.name == name)
}

/// `NFTA_CHAIN_*`
fn chain(fields: &Fields<'_>) -> Option<Chain> {
    Some(Chain {
        name: fields.text(3)?,
        handle: fields.long(2).unwrap_or_default(),
        base: base(fields),
        rules: Vec::new(),
    })
}

fn base(fields: &Fields<'_>) -> Option<Base> {
    /// `NF_DROP`.
    const DROP: u32 = 0;
    let hook = fields.nest(4);
    let counters = fields.nest(8);
    Some(Base {
        kind: fields.text(7)?,
        hook: hook.number(1)?,
        priority: hook.number(2)?.cast_signed(),
        drop: fields.number(5) == Some(DROP),
        counters: counters.long(2).zip(counters.long(1)).map(pair),
    })
}

fn pair((packets, bytes): (u64, u64)) -> Counters {
    Counters { packets, bytes }
}

/// `NFTA_RULE_*`
fn rule(fields: &Fields<'_>) -> Entry {
    Entry {
        handle: fields.long(3).unwrap_or_default(),
        ..raise(&Expr::read_list(&fields.nest(4)))
    }
}

/// `NFPROTO_*` of `linux/netfilter.h`.
fn family(number: u8) -> Family {
    match number {
        1 => Family::Inet,
        2 => Family::Ip,
        3 => Family::Arp,
        5 => Family::Netdev,
        7 => Family::Bridge,
        10 => Family::Ip6,
        other => Family::Other(other),
    }
}
