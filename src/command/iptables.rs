//! `iptables`

mod canonical;
pub(super) mod grammar;
pub mod plan;
pub mod print;
mod refuse;
mod services;

pub use crate::world::ruleset::rule::{CtStates, Not, Ports, Proto, Rule, Target};

/// `iptables …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Iptables {
    /// `-t`
    pub table: Table,
    /// What is done.
    pub op: Op,
}

/// `-t TABLE`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Table {
    /// Which packets pass.
    #[default]
    Filter,
    /// Which addresses they carry.
    Nat,
}

/// What is done to the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// `-A CHAIN RULE`
    Append(String, Rule),
    /// `-I CHAIN [N] RULE`, N from 1
    Insert(String, u32, Rule),
    /// `-D CHAIN RULE`
    Delete(String, Rule),
    /// `-D CHAIN N`, N from 1
    DeleteNumber(String, u32),
    /// `-P CHAIN ACCEPT|DROP`; true is DROP
    Policy(String, bool),
    /// `-F [CHAIN]`
    Flush(Option<String>),
    /// `-N CHAIN`
    NewChain(String),
    /// `-X [CHAIN]`
    DeleteChain(Option<String>),
    /// `-S [CHAIN]`
    ListRules(Option<String>),
    /// `-L [CHAIN]`
    List {
        /// Only this chain.
        chain: Option<String>,
        /// `-n`; without it names would be looked up, which a sandbox cannot, so it is always so.
        numeric: bool,
        /// `-v`: counters and devices.
        verbose: bool,
        /// `--line-numbers`
        numbers: bool,
    },
}
