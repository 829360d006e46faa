//! `iptables …`: what is done, and to which chain. What a rule says stands in [`rule`].

use std::ops::Range;

use super::{Iptables, Op, Table};
use crate::command::ParseError;
use crate::command::kit::{Bad, Cursor, Flag, Given, Key, Slot, exact, flag, number};
use crate::world::ruleset::rule::Rule;

mod chain;
mod rule;

#[derive(Clone, Copy)]
enum Opt {
    Table,
    Do(Verb),
    Numeric,
    Verbose,
    Numbers,
    /// Accepted, and changes nothing.
    Nothing,
    Rule(rule::Part),
}

#[derive(Clone, Copy)]
enum Verb {
    Append,
    Insert,
    Delete,
    Policy,
    Flush,
    NewChain,
    DeleteChain,
    ListRules,
    List,
}

use rule::Part;

const OPTIONS: &[Flag<Opt>] = &[
    flag(&["-t", "--table"], Opt::Table, "in the table {}")
        .value(Slot::Name("a table, `filter` or `nat`")),
    flag(
        &["-A", "--append"],
        Opt::Do(Verb::Append),
        "add a rule at the end of a chain:",
    )
    .value(Slot::Chain),
    flag(
        &["-I", "--insert"],
        Opt::Do(Verb::Insert),
        "add a rule, before the others, to a chain:",
    )
    .value(Slot::Chain),
    flag(
        &["-D", "--delete"],
        Opt::Do(Verb::Delete),
        "delete a rule from a chain:",
    )
    .value(Slot::Chain),
    flag(
        &["-P", "--policy"],
        Opt::Do(Verb::Policy),
        "what becomes of packets for which no rule decides, in the chain",
    )
    .value(Slot::Chain),
    flag(
        &["-F", "--flush"],
        Opt::Do(Verb::Flush),
        "delete all rules of the table, or of one chain",
    )
    .optional(Slot::Chain),
    flag(
        &["-N", "--new-chain"],
        Opt::Do(Verb::NewChain),
        "make a chain of your own:",
    )
    .value(Slot::NewChain),
    flag(
        &["-X", "--delete-chain"],
        Opt::Do(Verb::DeleteChain),
        "delete your own chains, or one of them",
    )
    .optional(Slot::Chain),
    flag(
        &["-S", "--list-rules"],
        Opt::Do(Verb::ListRules),
        "show the rules as the commands that make them",
    )
    .optional(Slot::Chain),
    flag(
        &["-L", "--list"],
        Opt::Do(Verb::List),
        "show the rules as a table",
    )
    .optional(Slot::Chain),
    flag(
        &["-n", "--numeric"],
        Opt::Numeric,
        "addresses and ports as numbers",
    ),
    flag(
        &["-v", "--verbose"],
        Opt::Verbose,
        "with devices, and counters of packets and bytes",
    ),
    flag(&["--line-numbers"], Opt::Numbers, "with each rule's number"),
    flag(
        &["-w", "--wait"],
        Opt::Nothing,
        "wait if another iptables is at work; here none is",
    )
    .optional(Slot::Number("a number of seconds")),
    flag(&["-4", "--ipv4"], Opt::Nothing, "for IPv4, as always"),
    flag(
        &["-s", "--source", "--src"],
        Opt::Rule(Part::Src),
        "the packet comes from {}",
    )
    .value(Slot::Prefix),
    flag(
        &["-d", "--destination", "--dst"],
        Opt::Rule(Part::Dst),
        "the packet goes to {}",
    )
    .value(Slot::Prefix),
    flag(
        &["-i", "--in-interface"],
        Opt::Rule(Part::In),
        "it came in by the device {}",
    )
    .value(Slot::Device),
    flag(
        &["-o", "--out-interface"],
        Opt::Rule(Part::Out),
        "it leaves by the device {}",
    )
    .value(Slot::Device),
    flag(
        &["-p", "--protocol", "--proto"],
        Opt::Rule(Part::Proto),
        "it is of the protocol {}",
    )
    .value(Slot::Name("a protocol, such as tcp")),
    flag(
        &["-m", "--match"],
        Opt::Rule(Part::Match),
        "with the conditions of the extension {}",
    )
    .value(Slot::Name("an extension, such as conntrack")),
    flag(
        &["--ctstate"],
        Opt::Rule(Part::CtState),
        "its connection is {}",
    )
    .value(Slot::Name("states, such as RELATED,ESTABLISHED")),
    flag(
        &["--sport", "--source-port"],
        Opt::Rule(Part::Sport),
        "it comes from port {}",
    )
    .value(Slot::Number("a port, or two with a colon between them")),
    flag(
        &["--dport", "--destination-port"],
        Opt::Rule(Part::Dport),
        "it goes to port {}",
    )
    .value(Slot::Number("a port, or two with a colon between them")),
    flag(&["-j", "--jump"], Opt::Rule(Part::Jump), "then do this:")
        .value(Slot::Name("a target, such as ACCEPT")),
    flag(
        &["--reject-with"],
        Opt::Rule(Part::RejectWith),
        "and answer {}",
    )
    .value(Slot::Name("an answer, such as icmp-port-unreachable")),
    flag(
        &["--to-source"],
        Opt::Rule(Part::ToSource),
        "the new source is {}",
    )
    .value(Slot::Address),
    flag(
        &["--to-destination"],
        Opt::Rule(Part::ToDestination),
        "the new destination is {}",
    )
    .value(Slot::Address),
    flag(&["--to"], Opt::Rule(Part::To), "the new address is {}").value(Slot::Address),
    Flag::without(&["-C", "--check"]),
    Flag::without(&["-E", "--rename-chain"]),
    Flag::without(&["-R", "--replace"]),
    Flag::without(&["-Z", "--zero"]),
    Flag::without(&["-V", "--version"]),
    Flag::without(&["-c", "--set-counters"]),
    Flag::without(&["-f", "--fragment"]),
    Flag::without(&["-g", "--goto"]),
    Flag::without(&["-x", "--exact"]),
    Flag::without(&["-6", "--ipv6"]),
    Flag::without(&["--comment"]),
    Flag::without(&["--icmp-type"]),
    Flag::without(&["--state"]),
    Flag::without(&["--to-ports"]),
    Flag::without(&["--ports"]),
    Flag::without(&["--tcp-flags"]),
];

const NOT: &[Key<()>] = &[exact("!", (), "only if what follows is not so:")];

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
