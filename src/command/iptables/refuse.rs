//! How iptables 1.8.9 says no: its words and exit statuses.

use super::plan::Edit;
use super::{Iptables, Op, Table};
use crate::command::request::meaning;
use crate::command::task::Refusal;

/// How it calls itself.
const TOOL: &str = "iptables v1.8.9 (nf_tables)";
/// What ends each complaint about its arguments.
const TRY: &str = "Try `iptables -h' or 'iptables --help' for more information.";
/// Arguments that do not go together: status 2, and where to look.
fn misuse(text: &str) -> Refusal {
    Refusal {
        text: format!("{TOOL}: {text}\n{TRY}"),
        status: 2,
    }
}

/// Something that is not as it would have to be: status 1.
fn plain(text: &str) -> Refusal {
    Refusal {
        text: format!("iptables: {text}"),
        status: 1,
    }
}

/// There is no such chain.
pub fn no_chain() -> Refusal {
    plain("No chain/target/match by that name.")
}

/// There is such a chain already.
pub fn chain_exists() -> Refusal {
    plain("Chain already exists.")
}

/// A built-in chain still does something: it drops.
pub fn not_empty() -> Refusal {
    plain("Directory not empty.")
}

/// There is no such rule.
pub fn no_rule() -> Refusal {
    plain("Bad rule (does a matching rule exist in that chain?).")
}

/// There are not that many rules.
pub fn too_far(what: &str) -> Refusal {
    plain(&format!("Index of {what} too big."))
}

/// A policy is for built-in chains.
pub fn no_policy() -> Refusal {
    plain("Bad built-in chain name.")
}

/// Another tool made something here that iptables does not understand, or nobody made it.
pub fn foreign(table: &str, chain: Option<&str>) -> Refusal {
    let what = match chain {
        Some(chain) => format!("chain `{chain}' in table `{table}'"),
        None => format!("table `{table}'"),
    };
    Refusal {
        text: format!("{TOOL}: {what} is incompatible, use 'nft' tool."),
        status: 1,
    }
}

/// A jump to a chain that does not exist.
pub fn no_target(name: &str) -> Refusal {
    misuse(&format!("Chain '{name}' does not exist"))
}

/// The kernel refused `edit` with `errno` (positive).
pub fn kernel(table: Table, edit: &Edit, errno: i32) -> Refusal {
    let (verb, object) = match edit {
        Edit::Table => ("TABLE_ADD", format!("table {}", table.name())),
        Edit::Base(chain) => ("CHAIN_ADD", format!("chain {}", chain.name)),
        Edit::Chain(name) => ("CHAIN_USER_ADD", format!("chain {name}")),
        Edit::DropChain(name) => ("CHAIN_DEL", format!("chain {name}")),
        Edit::Policy { chain, .. } => ("CHAIN_UPDATE", format!("chain {}", chain.name)),
        Edit::Append { chain, .. } => ("RULE_APPEND", format!("rule in chain {chain}")),
        Edit::Insert { chain, .. } => ("RULE_INSERT", format!("rule in chain {chain}")),
        Edit::Remove { chain, .. } => ("RULE_DELETE", format!("rule in chain {chain}")),
        Edit::Flush(Some(chain)) => ("RULE_FLUSH", format!("rule in chain {chain}")),
        Edit::Flush(None) => ("RULE_FLUSH", "rule in chain (null)".to_owned()),
    };
    let meaning = meaning(errno);
    Refusal {
        text: format!("{TOOL}:  {verb} failed ({meaning}): {object}"),
        status: 4,
    }
}

/// What is wrong with the command whatever the tables hold; the grammar has seen to the rest.
///
/// # Errors
/// That.
pub fn check(command: &Iptables) -> Result<(), Refusal> {
    match (command.table, &command.op) {
        (Table::Nat, Op::Policy(_, true)) => Err(misuse(
            "\nThe \"nat\" table is not intended for filtering, the use of DROP is therefore \
             inhibited.\n\n",
        )),
        _ => Ok(()),
    }
}
