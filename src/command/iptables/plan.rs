//! What an `iptables` command changes: as edits of tables, worked out from the tables as they are.
//!
//! iptables-nft makes a table and its built-in chains when they are first needed, and only those
//! that are; so do we, or the two would not find each other's.

use super::refuse::{
    chain_exists, check, no_chain, no_policy, no_rule, no_target, not_empty, too_far,
};
use super::{Iptables, Op, Rule, Table, Target};
use crate::command::task::Refusal;
use crate::world::ruleset::{self, Ruleset};

pub use super::refuse::kernel as refused;

/// A chain that iptables knows without being told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Builtin {
    /// Its name.
    pub name: &'static str,
    /// `NF_INET_*`.
    pub hook: u32,
    /// Lower comes first.
    pub priority: i32,
}

const fn builtin(name: &'static str, hook: u32, priority: i32) -> Builtin {
    Builtin {
        name,
        hook,
        priority,
    }
}

/// `filter`: priority 0.
const FILTER: [Builtin; 3] = [
    builtin("INPUT", 1, 0),
    builtin("FORWARD", 2, 0),
    builtin("OUTPUT", 3, 0),
];
/// `nat`: destinations before routing (-100), sources after it (100).
const NAT: [Builtin; 4] = [
    builtin("PREROUTING", 0, -100),
    builtin("INPUT", 1, 100),
    builtin("OUTPUT", 3, -100),
    builtin("POSTROUTING", 4, 100),
];

impl Table {
    /// Its name; its chains are of the kind of the same name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Filter => "filter",
            Self::Nat => "nat",
        }
    }

    /// Its built-in chains, as packets meet them.
    pub fn builtins(self) -> &'static [Builtin] {
        match self {
            Self::Filter => &FILTER,
            Self::Nat => &NAT,
        }
    }

    /// The built-in chain called `name`.
    pub fn builtin(self, name: &str) -> Option<Builtin> {
        self.builtins().iter().find(|it| it.name == name).copied()
    }
}

impl Op {
    /// The chain that it is about, if it names one.
    pub fn chain(&self) -> Option<&str> {
        match self {
            Self::Append(chain, _)
            | Self::Insert(chain, _, _)
            | Self::Delete(chain, _)
            | Self::DeleteNumber(chain, _)
            | Self::Policy(chain, _)
            | Self::NewChain(chain) => Some(chain),
            Self::Flush(chain)
            | Self::DeleteChain(chain)
            | Self::ListRules(chain)
            | Self::List { chain, .. } => chain.as_deref(),
        }
    }
}

/// One change of a table. All of a command's are made at once, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// The table comes into being.
    Table,
    /// A built-in chain comes into being, with policy ACCEPT.
    Base(Builtin),
    /// A user's chain comes into being.
    Chain(String),
    /// A chain goes.
    DropChain(String),
    /// What becomes of packets at the end of a built-in chain.
    Policy {
        /// Which.
        chain: Builtin,
        /// Dropped?
        drop: bool,
    },
    /// A rule comes last.
    Append {
        /// Where.
        chain: String,
        /// What.
        rule: Rule,
    },
    /// A rule comes before another one, or first.
    Insert {
        /// Where.
        chain: String,
        /// Before the rule with this handle.
        before: Option<u64>,
        /// What.
        rule: Rule,
    },
    /// A rule goes.
    Remove {
        /// From where.
        chain: String,
        /// Its handle.
        handle: u64,
    },
    /// All rules of a chain go, or of the table.
    Flush(Option<String>),
}

/// The edits of `command`, in order; none when it only lists.
///
/// # Errors
/// What iptables finds out before it asks the kernel.
pub fn plan(command: &Iptables, ruleset: &Ruleset) -> Result<Vec<Edit>, Refusal> {
    check(command)?;
    let known = Known {
        table: command.table,
        now: ruleset.ip(command.table.name()),
    };
    match &command.op {
        Op::Append(chain, rule) => known.append(chain, rule),
        Op::Insert(chain, number, rule) => known.insert(chain, *number, rule),
        Op::Delete(chain, rule) => known.delete(chain, rule),
        Op::DeleteNumber(chain, number) => known.delete_number(chain, *number),
        Op::Policy(chain, drop) => known.policy(chain, *drop),
        Op::Flush(chain) => known.flush(chain.as_deref()),
        Op::NewChain(chain) => known.new_chain(chain),
        Op::DeleteChain(Some(chain)) => known.delete_chain(chain),
        Op::DeleteChain(None) => Ok(known.delete_all()),
        Op::ListRules(_) | Op::List { .. } => Ok(Vec::new()),
    }
}

/// A table, and how it stands now.
struct Known<'a> {
    table: Table,
    now: Option<&'a ruleset::Table>,
}

impl<'a> Known<'a> {
    fn chain(&self, name: &str) -> Option<&'a ruleset::Chain> {
        self.now?.chain(name)
    }

    fn make_table(&self) -> Vec<Edit> {
        match self.now {
            Some(_) => Vec::new(),
            None => vec![Edit::Table],
        }
    }

    /// What has to be made so that there is a chain `name`; only built-in ones are made.
    fn make(&self, name: &str) -> Result<Vec<Edit>, Refusal> {
        if self.chain(name).is_some() {
            return Ok(Vec::new());
        }
        let chain = self.table.builtin(name).ok_or_else(no_chain)?;
        let mut edits = self.make_table();
        edits.push(Edit::Base(chain));
        Ok(edits)
    }

    /// A jump must lead to a chain that is there, or that could be.
    fn target(&self, rule: &Rule) -> Result<(), Refusal> {
        match &rule.target {
            Some(Target::Chain(name))
                if self.chain(name).is_none() && self.table.builtin(name).is_none() =>
            {
                Err(no_target(name))
            }
            _ => Ok(()),
        }
    }

    fn append(&self, chain: &str, rule: &Rule) -> Result<Vec<Edit>, Refusal> {
        self.target(rule)?;
        let mut edits = self.make(chain)?;
        edits.push(Edit::Append {
            chain: chain.to_owned(),
            rule: rule.clone(),
        });
        Ok(edits)
    }

    fn insert(&self, chain: &str, number: u32, rule: &Rule) -> Result<Vec<Edit>, Refusal> {
        self.target(rule)?;
        let mut edits = self.make(chain)?;
        let rules = self.chain(chain).map_or(&[][..], |it| &it.rules);
        let index = usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
        if index > rules.len() {
            return Err(too_far("insertion"));
        }
        if index > 0 && index == rules.len() {
            return self.append(chain, rule);
        }
        let before = (index > 0).then(|| rules[index].handle);
        edits.push(Edit::Insert {
            chain: chain.to_owned(),
            before,
            rule: rule.clone(),
        });
        Ok(edits)
    }

    fn delete(&self, chain: &str, rule: &Rule) -> Result<Vec<Edit>, Refusal> {
        self.target(rule)?;
        let wanted = rule.canonical();
        self.chain(chain)
            .into_iter()
            .flat_map(|it| &it.rules)
            .find(|entry| entry.other.is_empty() && entry.rule.canonical() == wanted)
            .map(|entry| remove(chain, entry.handle))
            .ok_or_else(no_rule)
    }

    fn delete_number(&self, chain: &str, number: u32) -> Result<Vec<Edit>, Refusal> {
        let rules = &self.chain(chain).ok_or_else(no_chain)?.rules;
        usize::try_from(number)
            .ok()
            .and_then(|number| rules.get(number.checked_sub(1)?))
            .map(|entry| remove(chain, entry.handle))
            .ok_or_else(|| too_far("deletion"))
    }

    fn policy(&self, name: &str, drop: bool) -> Result<Vec<Edit>, Refusal> {
        let chain = self.table.builtin(name).ok_or_else(no_policy)?;
        let mut edits = self.make(name)?;
        edits.push(Edit::Policy { chain, drop });
        Ok(edits)
    }

    fn flush(&self, chain: Option<&str>) -> Result<Vec<Edit>, Refusal> {
        let Some(chain) = chain else {
            return Ok(self.now.map(|_| Edit::Flush(None)).into_iter().collect());
        };
        let mut edits = self.make(chain)?;
        edits.push(Edit::Flush(Some(chain.to_owned())));
        Ok(edits)
    }

    fn new_chain(&self, chain: &str) -> Result<Vec<Edit>, Refusal> {
        if self.chain(chain).is_some() || self.table.builtin(chain).is_some() {
            return Err(chain_exists());
        }
        let mut edits = self.make_table();
        edits.push(Edit::Chain(chain.to_owned()));
        Ok(edits)
    }

    fn delete_chain(&self, name: &str) -> Result<Vec<Edit>, Refusal> {
        let chain = self.chain(name).ok_or_else(no_chain)?;
        if chain.base.as_ref().is_some_and(|base| base.drop) {
            return Err(not_empty());
        }
        Ok(vec![Edit::DropChain(name.to_owned())])
    }

    /// The built-in chains that are as if they had not been made, and every user's chain, the
    /// oldest first: that is the one that is complained of.
    fn delete_all(&self) -> Vec<Edit> {
        let mut chains: Vec<_> = self.now.iter().flat_map(|now| &now.chains).collect();
        chains.sort_by_key(|chain| chain.base.is_none());
        chains
            .into_iter()
            .filter(|chain| match &chain.base {
                Some(base) => !base.drop && chain.rules.is_empty(),
                None => true,
            })
            .map(|chain| Edit::DropChain(chain.name.clone()))
            .collect()
    }
}

fn remove(chain: &str, handle: u64) -> Vec<Edit> {
    vec![Edit::Remove {
        chain: chain.to_owned(),
        handle,
    }]
}
