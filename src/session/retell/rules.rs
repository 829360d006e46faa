//! Chains, policies and rules of `iptables`.

use super::Tale;
use crate::command::Command;
use crate::command::iptables::{Iptables, Op, Rule, Table};
use crate::world::Ns;
use crate::world::ruleset::{Chain, Entry, Ruleset};

/// A chain as far as `iptables` can say it.
#[derive(Clone, Debug, Default)]
struct Plain {
    name: String,
    /// Is what reaches its end dropped? Only a built-in chain has a policy.
    policy: Option<bool>,
    rules: Vec<Rule>,
}

impl Tale {
    /// New chains, then what each holds, then chains that are gone, to which nothing leads any
    /// more.
    pub(super) fn change_rules(&mut self) {
        for ns in self.spaces() {
            for table in [Table::Filter, Table::Nat] {
                let have = self.plain(&ns, table, false);
                let wanted = self.plain(&ns, table, true);
                self.change_table(&ns, table, &have, &wanted);
            }
        }
    }

    fn change_table(&mut self, ns: &Ns, table: Table, have: &[Plain], wanted: &[Plain]) {
        let by_name = |chains: &[Plain], name: &str| {
            let found = chains.iter().find(|chain| chain.name == name);
            found.cloned()
        };
        for chain in wanted {
            if chain.policy.is_none() && by_name(have, &chain.name).is_none() {
                self.iptables(ns, table, Op::NewChain(chain.name.clone()));
            }
        }
        for chain in wanted {
            let old = by_name(have, &chain.name);
            let was = old.clone().unwrap_or_default();
            for op in edits(&chain.name, &was.rules, &chain.rules) {
                self.iptables(ns, table, op);
            }
            let made = old.is_some() || !chain.rules.is_empty();
            let policy = chain.policy.unwrap_or(false);
            if was.policy.unwrap_or(false) != policy || (!made && chain.policy.is_some()) {
                self.iptables(ns, table, Op::Policy(chain.name.clone(), policy));
            }
        }
        let gone: Vec<&Plain> = (have.iter())
            .filter(|chain| by_name(wanted, &chain.name).is_none())
            .collect();
        for chain in &gone {
            if chain.policy == Some(true) {
                self.iptables(ns, table, Op::Policy(chain.name.clone(), false));
            }
            if !chain.rules.is_empty() {
                self.iptables(ns, table, Op::Flush(Some(chain.name.clone())));
            }
        }
        for chain in &gone {
            self.iptables(ns, table, Op::DeleteChain(Some(chain.name.clone())));
        }
    }

    fn iptables(&mut self, ns: &Ns, table: Table, op: Op) {
        self.say(ns, Command::Iptables(Iptables { table, op }));
    }

    /// The chains of a table; of what is to be, what cannot be said is lost.
    fn plain(&mut self, ns: &Ns, table: Table, to_be: bool) -> Vec<Plain> {
        let world = if to_be { &self.aim } else { &self.now };
        let ruleset: &Ruleset = &world.spaces[ns].ruleset;
        let Some(known) = ruleset.ip(table.name()) else {
            return Vec::new();
        };
        let chains: Vec<Chain> = known.ordered().into_iter().cloned().collect();
        let before = self.now.spaces[ns].ruleset.clone();
        let old = |entry: &Entry, chain: &str| {
            let chain = before.ip(table.name()).and_then(|it| it.chain(chain));
            chain.is_some_and(|chain| chain.rules.iter().any(|it| it.handle == entry.handle))
        };
        let mut plain = Vec::new();
        for chain in chains {
            if chain.base.is_some() != table.builtin(&chain.name).is_some() {
                let name = &chain.name;
                if to_be {
                    self.lose(format!(
                        "in {ns}: the chain {name}, which `iptables` cannot make"
                    ));
                }
                continue;
            }
            let mut rules = Vec::new();
            for entry in &chain.rules {
                if entry.other.is_empty() {
                    rules.push(entry.rule.canonical());
                } else if to_be && !old(entry, &chain.name) {
                    self.lose(format!(
                        "in {ns}: the rule `-A {}{entry}` in {}, which cannot be said here in full",
                        chain.name,
                        table.name()
                    ));
                }
            }
            plain.push(Plain {
                policy: chain.base.as_ref().map(|base| base.drop),
                name: chain.name,
                rules,
            });
        }
        plain
    }
}

/// What leads from the rules `old` to the rules `new` of a chain.
fn edits(chain: &str, old: &[Rule], new: &[Rule]) -> Vec<Op> {
    let appended = |rules: &[Rule]| -> Vec<Op> {
        let ops = rules.iter();
        ops.map(|rule| Op::Append(chain.to_owned(), rule.clone()))
            .collect()
    };
    if let Some(more) = new.strip_prefix(old) {
        return appended(more);
    }
    if let Some(places) = missing(old, new) {
        // From the last to the first, so that the numbers of the others stay.
        let gone = places.into_iter().rev();
        return gone.map(|at| deleted(chain, old, at)).collect();
    }
    if let Some(places) = missing(new, old) {
        let inserted = |at: usize| {
            let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
            Op::Insert(chain.to_owned(), number, new[at].clone())
        };
        return places.into_iter().map(inserted).collect();
    }
    let mut ops = vec![Op::Flush(Some(chain.to_owned()))];
    ops.extend(appended(new));
    ops
}

/// Where rules of `long` stand that `short` lacks, if that is all the difference.
fn missing(long: &[Rule], short: &[Rule]) -> Option<Vec<usize>> {
    let mut rest = short.iter().peekable();
    let mut places = Vec::new();
    for (at, rule) in long.iter().enumerate() {
        if rest.next_if(|it| *it == rule).is_none() {
            places.push(at);
        }
    }
    rest.peek().is_none().then_some(places)
}

/// By what it says, where no other says the same.
fn deleted(chain: &str, rules: &[Rule], at: usize) -> Op {
    let rule = &rules[at];
    if rules.iter().filter(|it| *it == rule).count() == 1 {
        return Op::Delete(chain.to_owned(), rule.clone());
    }
    Op::DeleteNumber(chain.to_owned(), u32::try_from(at + 1).unwrap_or(u32::MAX))
}
