//! How iptables 1.8.9 says no: its words and exit statuses.

use super::plan::Edit;
use super::{Iptables, Op, Rule, Table, Target};
use crate::command::request::meaning;
use crate::command::task::Refusal;
use crate::world::ruleset::reject;

/// How it calls itself.
const TOOL: &str = "iptables v1.8.9 (nf_tables)";
/// What ends each complaint about its arguments.
const TRY: &str = "Try `iptables -h' or 'iptables --help' for more information.";
/// Longest name of a chain, in bytes.
const NAME_MAX: usize = 28;
/// Targets that a chain must not be called after (its own, and the extensions it comes with).
const TARGETS: [&str; 42] = [
    "ACCEPT",
    "DROP",
    "QUEUE",
    "RETURN",
    "AUDIT",
    "CHECKSUM",
    "CLASSIFY",
    "CLUSTERIP",
    "CONNMARK",
    "CONNSECMARK",
    "CT",
    "DNAT",
    "DSCP",
    "ECN",
    "HMARK",
    "IDLETIMER",
    "LED",
    "LOG",
    "MARK",
    "MASQUERADE",
    "NETMAP",
    "NFLOG",
    "NFQUEUE",
    "NOTRACK",
    "RATEEST",
    "REDIRECT",
    "REJECT",
    "SECMARK",
    "SET",
    "SNAT",
    "SYNPROXY",
    "TCPMSS",
    "TCPOPTSTRIP",
    "TEE",
    "TOS",
    "TPROXY",
    "TRACE",
    "TTL",
    "ULOG",
    "HL",
    "DNPT",
    "SNPT",
];

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

/// What is wrong with the command whatever the tables hold.
///
/// # Errors
/// That.
pub fn check(command: &Iptables) -> Result<(), Refusal> {
    if let Some(chain) = command.op.chain() {
        name(chain)?;
    }
    match &command.op {
        Op::Append(chain, it) | Op::Insert(chain, _, it) | Op::Delete(chain, it) => rule(chain, it),
        Op::Policy(_, true) if command.table == Table::Nat => Err(misuse(
            "\nThe \"nat\" table is not intended for filtering, the use of DROP is therefore \
             inhibited.\n\n",
        )),
        Op::NewChain(chain) if TARGETS.contains(&chain.as_str()) => {
            Err(misuse("chain name may not clash with target name"))
        }
        Op::NewChain(_)
        | Op::Policy(..)
        | Op::DeleteNumber(..)
        | Op::Flush(_)
        | Op::DeleteChain(_)
        | Op::ListRules(_)
        | Op::List { .. } => Ok(()),
    }
}

fn name(chain: &str) -> Result<(), Refusal> {
    if chain.len() > NAME_MAX {
        let most = NAME_MAX + 1;
        return Err(misuse(&format!(
            "chain name `{chain}' too long (must be under {most} chars)"
        )));
    }
    if let Some(first @ ('-' | '!')) = chain.chars().next() {
        return Err(misuse(&format!(
            "chain name not allowed to start with `{first}'"
        )));
    }
    if chain.chars().any(char::is_whitespace) {
        return Err(misuse(&format!("Invalid chain name `{chain}'")));
    }
    Ok(())
}

fn rule(chain: &str, rule: &Rule) -> Result<(), Refusal> {
    let wrong = match chain {
        "OUTPUT" | "POSTROUTING" if rule.iif.is_some() => Some("-i"),
        "PREROUTING" | "INPUT" if rule.oif.is_some() => Some("-o"),
        _ => None,
    };
    if let Some(option) = wrong {
        return Err(misuse(&format!("Can't use {option} with {chain}\n")));
    }
    match &rule.target {
        Some(Target::Reject { with: Some(with) }) if reject::named(with).is_none() => {
            Err(misuse(&format!("unknown reject type \"{with}\"")))
        }
        Some(Target::Snat(_, Some(_)) | Target::Dnat(_, Some(_))) if !has_ports(rule) => Err(
            misuse("Need TCP, UDP, SCTP or DCCP with port specification"),
        ),
        _ => Ok(()),
    }
}

/// Is it of a protocol with ports (ICMP's id counts)?
fn has_ports(rule: &Rule) -> bool {
    /// ICMP, TCP, UDP, DCCP and SCTP.
    const WITH_PORTS: [u8; 5] = [1, 6, 17, 33, 132];
    rule.proto
        .is_some_and(|proto| !proto.not && WITH_PORTS.contains(&proto.is.number()))
}
