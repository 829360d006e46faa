//! `iptables …`: what is done, and to which chain. What a rule says stands in [`rule`].

use std::ops::Range;

use super::{Iptables, Op, Table};
use crate::command::ParseError;
use crate::command::kit::{Bad, Cursor, Given, Key, Slot, exact, number};
use crate::world::ruleset::rule::Rule;

mod chain;
mod options;
mod rule;

use options::{NOT, OPTIONS, Opt, Verb};

/// What has been read.
#[derive(Default)]
struct Read {
    table: Table,
    op: Option<Op>,
    rule: rule::Read,
    numeric: bool,
    verbose: bool,
    numbers: bool,
    /// Where an option stands that only `-L` takes.
    listing: Option<Range<usize>>,
}

/// What stands behind `iptables`.
pub(in crate::command) fn iptables(c: &mut Cursor) -> Result<Iptables, ParseError> {
    let mut read = Read::default();
    loop {
        let before = c.place();
        let not = if c.within_flags() {
            None
        } else {
            c.choose(NOT)?
        };
        let Some(given) = c.flag(OPTIONS)? else {
            if not.is_some() {
                return Err(c.unexpected());
            }
            break;
        };
        if not.is_some() && !matches!(given.to, Opt::Rule(part) if part.negatable()) {
            return Err(ParseError {
                at: before,
                message: "`!` cannot stand before this option".to_owned(),
                help: Some(
                    "it turns a condition into its opposite: `! -s 172.16.0.0/16`".to_owned(),
                ),
            });
        }
        option(c, &mut read, &given, not.is_some())?;
    }
    c.finish()?;
    finish(c, read)
}

fn option(
    c: &mut Cursor,
    read: &mut Read,
    given: &Given<Opt>,
    not: bool,
) -> Result<(), ParseError> {
    match given.to {
        Opt::Table => {
            read.table = given.need(table)?;
            c.renote(match read.table {
                Table::Filter => "in the table `filter`: which packets pass",
                Table::Nat => "in the table `nat`: with which addresses packets pass",
            });
        }
        Opt::Do(_) if read.op.is_some() => {
            return Err(ParseError {
                at: given.at.clone(),
                message: "one command does one thing".to_owned(),
                help: Some("write the second one on a line of its own".to_owned()),
            });
        }
        Opt::Do(verb) => read.op = Some(op(c, verb, given)?),
        Opt::Numeric => {
            read.numeric = true;
            read.listing = Some(given.at.clone());
        }
        Opt::Verbose => {
            read.verbose = true;
            read.listing = Some(given.at.clone());
        }
        Opt::Numbers => {
            read.numbers = true;
            read.listing = Some(given.at.clone());
        }
        Opt::Nothing => {}
        Opt::Rule(part) => read.rule.take(c, part, given, not)?,
    }
    Ok(())
}

fn table(text: &str) -> Result<Table, Bad> {
    match text {
        "filter" => Ok(Table::Filter),
        "nat" => Ok(Table::Nat),
        "mangle" | "raw" | "security" => Err(Bad::new(format!(
            "the table `{text}` is not part of the lessons"
        ))
        .help("`filter` or `nat`")),
        _ => Err(Bad::new(format!("there is no table `{text}`")).help("`filter` or `nat`")),
    }
}

/// The verb with its chain; a rule is filled in at the end.
fn op(c: &mut Cursor, verb: Verb, given: &Given<Opt>) -> Result<Op, ParseError> {
    let name = match verb {
        Verb::NewChain => given.read(chain::new)?,
        Verb::Append
        | Verb::Insert
        | Verb::Delete
        | Verb::Policy
        | Verb::Flush
        | Verb::DeleteChain
        | Verb::ListRules
        | Verb::List => given.read(chain::existing)?,
    };
    if let (Some(word), Some(name)) = (&given.value, &name) {
        c.note_at(word.at.start, word.at.start, chain::meaning(name));
    }
    let needed = || given.need(chain::existing);
    Ok(match verb {
        Verb::Append => Op::Append(needed()?, Rule::default()),
        Verb::Insert => {
            let place = rule_number(c, "as its rule number {}")?.unwrap_or(1);
            Op::Insert(needed()?, place, Rule::default())
        }
        Verb::Delete => match rule_number(c, "its rule number {}")? {
            Some(place) => Op::DeleteNumber(needed()?, place),
            None => Op::Delete(needed()?, Rule::default()),
        },
        Verb::Policy => Op::Policy(needed()?, policy(c)?),
        Verb::Flush => Op::Flush(name),
        Verb::NewChain => Op::NewChain(needed()?),
        Verb::DeleteChain => Op::DeleteChain(name),
        Verb::ListRules => Op::ListRules(name),
        Verb::List => Op::List {
            chain: name,
            numeric: false,
            verbose: false,
            numbers: false,
        },
    })
}

fn rule_number(c: &mut Cursor, meaning: &'static str) -> Result<Option<u32>, ParseError> {
    if c.word()
        .is_none_or(|word| word.text.starts_with(['-', '!']))
    {
        return Ok(None);
    }
    c.note(meaning);
    c.value(Slot::Number("a rule's number"), |text| {
        number(text, 1, u32::MAX)
    })
    .map(Some)
}

const POLICIES: &[Key<bool>] = &[
    exact("ACCEPT", false, "they pass"),
    exact("DROP", true, "they are dropped, and nobody is told"),
];

fn policy(c: &mut Cursor) -> Result<bool, ParseError> {
    c.require(POLICIES)
}

/// Puts the parts together, and refuses those that do not go with the verb.
fn finish(c: &Cursor, read: Read) -> Result<Iptables, ParseError> {
    let Some(mut op) = read.op else {
        return Err(ParseError {
            at: c.place(),
            message: "what is to be done is not said".to_owned(),
            help: Some("such as `-A CHAIN` (add a rule), `-S` or `-L` (show the rules)".to_owned()),
        });
    };
    let stray = |at: Range<usize>| ParseError {
        at,
        message: "this option does not go with the command".to_owned(),
        help: None,
    };
    match &mut op {
        Op::Append(chain, rule) | Op::Insert(chain, _, rule) | Op::Delete(chain, rule) => {
            *rule = read.rule.finish(chain)?;
        }
        Op::DeleteNumber(..)
        | Op::Policy(..)
        | Op::Flush(_)
        | Op::NewChain(_)
        | Op::DeleteChain(_)
        | Op::ListRules(_)
        | Op::List { .. } => {
            if let Some(at) = read.rule.first {
                return Err(stray(at));
            }
        }
    }
    if let Op::List {
        numeric,
        verbose,
        numbers,
        ..
    } = &mut op
    {
        (*numeric, *verbose, *numbers) = (read.numeric, read.verbose, read.numbers);
    } else if let Some(at) = read.listing {
        return Err(ParseError {
            help: Some("it stands with `-L`".to_owned()),
            ..stray(at)
        });
    }
    Ok(Iptables {
        table: read.table,
        op,
    })
}
