//! What `iptables -S` and `iptables -L` print.

mod listing;

use super::refuse::foreign;
use super::{Iptables, Op, Table};
use crate::command::task::{Printed, Refusal};
use crate::world::ruleset::{self, Entry, Opaque, Ruleset};

/// The output of a listing; nothing of a command that changes something.
pub fn print(command: &Iptables, ruleset: &Ruleset) -> Printed {
    match try_print(command, ruleset) {
        Ok(out) => Printed::table(out),
        Err(refusal) => refusal.into(),
    }
}

fn try_print(command: &Iptables, ruleset: &Ruleset) -> Result<String, Refusal> {
    let name = command.table.name();
    let mut all = ruleset.ip(name).into_iter().flat_map(|now| &now.chains);
    let note = if all.any(|chain| is_misplaced(command.table, chain)) {
        format!(
            "# Table `{name}' contains incompatible base-chains, use 'nft' tool to list them.\n"
        )
    } else {
        String::new()
    };
    Ok(note + &listing(command, ruleset)?)
}

fn listing(command: &Iptables, ruleset: &Ruleset) -> Result<String, Refusal> {
    match &command.op {
        Op::ListRules(only) => Ok(rules(&chains(command.table, ruleset, only.as_deref())?)),
        Op::List {
            chain,
            numeric,
            verbose,
            numbers,
        } => {
            let columns = listing::Columns {
                numeric: *numeric,
                verbose: *verbose,
                numbers: *numbers,
            };
            Ok(columns.list(&chains(command.table, ruleset, chain.as_deref())?))
        }
        Op::Append(..)
        | Op::Insert(..)
        | Op::Delete(..)
        | Op::DeleteNumber(..)
        | Op::Policy(..)
        | Op::Flush(_)
        | Op::NewChain(_)
        | Op::DeleteChain(_) => Ok(String::new()),
    }
}

/// A chain as a listing sees it: a built-in one is there even before it is made.
struct Shown<'a> {
    name: &'a str,
    base: Option<Policy>,
    /// How many rules jump to it.
    references: usize,
    rules: &'a [Entry],
}

/// A built-in chain's end.
#[derive(Clone, Copy, Default)]
struct Policy {
    drop: bool,
    counters: ruleset::Counters,
}

impl Policy {
    fn name(self) -> &'static str {
        if self.drop { "DROP" } else { "ACCEPT" }
    }
}

/// All chains of a table, or one.
fn chains<'a>(
    table: Table,
    ruleset: &'a Ruleset,
    only: Option<&'a str>,
) -> Result<Vec<Shown<'a>>, Refusal> {
    let now = ruleset.ip(table.name());
    let mut all = now.into_iter().flat_map(|now| &now.chains);
    if all.any(is_foreign) {
        return Err(foreign(table.name(), None));
    }
    let mut shown: Vec<Shown<'a>> = Vec::new();
    for builtin in table.builtins() {
        let chain = now.and_then(|now| now.chain(builtin.name));
        let chain = chain.filter(|chain| !is_misplaced(table, chain));
        let base = chain.and_then(|chain| chain.base.as_ref());
        shown.push(Shown {
            name: builtin.name,
            base: Some(base.map_or_else(Policy::default, |base| Policy {
                drop: base.drop,
                counters: base.counters.unwrap_or_default(),
            })),
            references: 0,
            rules: chain.map_or(&[], |chain| &chain.rules),
        });
    }
    for (table_now, chain) in now
        .into_iter()
        .flat_map(|now| now.ordered().into_iter().map(move |chain| (now, chain)))
        .filter(|(_, chain)| chain.base.is_none())
    {
        shown.push(Shown {
            name: &chain.name,
            base: None,
            references: table_now.references(&chain.name),
            rules: &chain.rules,
        });
    }
    if let Some(only) = only {
        shown.retain(|chain| chain.name == only);
        if shown.is_empty() {
            return Err(foreign(table.name(), Some(only)));
        }
    }
    Ok(shown)
}

/// Expressions that iptables itself writes in some rule; any other makes a table foreign to it.
const ITS_OWN: [&str; 9] = [
    "bitwise",
    "cmp",
    "counter",
    "immediate",
    "limit",
    "lookup",
    "meta",
    "payload",
    "range",
];

/// Is it a base chain at a place that is not iptables', which only nft could have made? Such a
/// chain is left out.
fn is_misplaced(table: Table, chain: &ruleset::Chain) -> bool {
    chain.base.as_ref().is_some_and(|base| {
        table.builtin(&chain.name).is_none_or(|builtin| {
            base.kind != table.name()
                || (base.hook, base.priority) != (builtin.hook, builtin.priority)
        })
    })
}

/// Does it hold an expression that only nft could have written there?
fn is_foreign(chain: &ruleset::Chain) -> bool {
    let mut other = chain.rules.iter().flat_map(|entry| &entry.other);
    other.any(|it| match it {
        Opaque::Expression(name) => !ITS_OWN.contains(&name.as_str()),
        Opaque::Match(_) | Opaque::Target(_) => false,
    })
}

/// `-S`: chains first, then their rules.
fn rules(chains: &[Shown<'_>]) -> String {
    let heads = chains.iter().map(|chain| match chain.base {
        Some(policy) => format!("-P {} {}\n", chain.name, policy.name()),
        None => format!("-N {}\n", chain.name),
    });
    let bodies = chains.iter().flat_map(|chain| {
        let line = |entry| format!("-A {}{entry}\n", chain.name);
        chain.rules.iter().map(line)
    });
    heads.chain(bodies).collect()
}
