//! Edits of iptables' tables as messages of nf_tables.

use netlink_packet_core::{NLM_F_APPEND, NLM_F_CREATE, NLM_F_EXCL, NLM_F_NONREC};

use super::attr::Attrs;
use super::expr::Expr;
use super::lower::compat;
use super::socket::Draft;
use crate::command::iptables::plan::{Builtin, Edit};
use crate::command::iptables::{Rule, Table};

/// `NFNL_SUBSYS_NFTABLES`, as the high byte of a message's kind.
const NF_TABLES: u16 = 10 << 8;
/// `NFT_MSG_*` that are used here.
const NEW_TABLE: u16 = NF_TABLES;
const NEW_CHAIN: u16 = NF_TABLES | 3;
const DEL_CHAIN: u16 = NF_TABLES | 5;
const NEW_RULE: u16 = NF_TABLES | 6;
const DEL_RULE: u16 = NF_TABLES | 8;
/// `NFPROTO_IPV4`.
const IPV4: u8 = 2;

/// The message that makes `edit` in `table`; `lower` says a rule in expressions.
pub fn draft(table: Table, edit: &Edit, lower: impl FnOnce(&Rule) -> Vec<Expr>) -> Draft {
    let mut attrs = Attrs::default();
    // Of a table its name, of a chain and a rule the name of their table.
    attrs.text(1, table.name());
    let (kind, flags) = match edit {
        Edit::Table => (NEW_TABLE, NLM_F_CREATE),
        Edit::Base(chain) => {
            base(&mut attrs, table, *chain, false);
            (NEW_CHAIN, NLM_F_CREATE)
        }
        Edit::Chain(name) => {
            attrs.text(3, name);
            (NEW_CHAIN, NLM_F_CREATE | NLM_F_EXCL)
        }
        // Only an empty chain goes (NONREC).
        Edit::DropChain(name) => {
            attrs.text(3, name);
            (DEL_CHAIN, NLM_F_NONREC)
        }
        Edit::Policy { chain, drop } => {
            policy(&mut attrs, table, *chain, *drop);
            (NEW_CHAIN, 0)
        }
        Edit::Append { chain, rule } => {
            attrs.text(2, chain);
            fill(&mut attrs, rule, lower);
            (NEW_RULE, NLM_F_CREATE | NLM_F_APPEND)
        }
        Edit::Insert {
            chain,
            before,
            rule,
        } => {
            attrs.text(2, chain);
            if let Some(before) = before {
                attrs.long(6, *before);
            }
            fill(&mut attrs, rule, lower);
            (NEW_RULE, NLM_F_CREATE)
        }
        Edit::Remove { chain, handle } => {
            attrs.text(2, chain).long(3, *handle);
            (DEL_RULE, 0)
        }
        Edit::Flush(chain) => {
            if let Some(chain) = chain {
                attrs.text(2, chain);
            }
            (DEL_RULE, 0)
        }
    };
    Draft {
        kind,
        flags,
        family: IPV4,
        attrs,
    }
}

/// `NFTA_CHAIN_*` of a built-in chain: its hook, its policy, its kind.
fn base(attrs: &mut Attrs, table: Table, chain: Builtin, drop: bool) {
    hook(attrs, chain, drop);
    attrs.text(7, table.name());
}

/// As [`base`], with counters at zero: a chain whose policy was set counts what reaches its end.
fn policy(attrs: &mut Attrs, table: Table, chain: Builtin, drop: bool) {
    hook(attrs, chain, drop);
    attrs.nest(8, |it| {
        it.long(2, 0).long(1, 0);
    });
    attrs.text(7, table.name());
}

fn hook(attrs: &mut Attrs, chain: Builtin, drop: bool) {
    attrs.text(3, chain.name);
    attrs.nest(4, |it| {
        it.number(1, chain.hook);
        it.number(2, chain.priority.cast_unsigned());
    });
    attrs.number(5, u32::from(!drop));
}

/// `NFTA_RULE_*` of what a rule says.
fn fill(attrs: &mut Attrs, rule: &Rule, lower: impl FnOnce(&Rule) -> Vec<Expr>) {
    let list = lower(rule);
    attrs.nest(4, |it| list.iter().for_each(|expr| expr.write(it)));
    let (proto, flags) = compat(rule);
    attrs.nest(5, |it| {
        it.number(1, proto).number(2, flags);
    });
}
