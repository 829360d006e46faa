//! Packet filter and connection tracking: nf_tables and conntrack over nfnetlink.
//!
//! Commands come as `iptables` lines; what is written is what iptables-nft 1.8.9 writes, so that
//! the real tool, beside ours, finds its own tables (`netfilter/lower.rs`).

mod attr;
mod edits;
mod expr;
mod flows;
mod lower;
mod native;
mod news;
mod raise;
mod socket;
mod tables;
mod xt;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::os::fd::BorrowedFd;

use anyhow::Context as _;
use netlink_sys::Socket;

use crate::command::iptables::plan::{Edit, plan, refused};
use crate::command::iptables::print::print;
use crate::command::iptables::{Iptables, Op, Rule};
use crate::command::task::Printed;
use crate::kernel::sandbox;
use crate::world::conntrack::Flow;
use crate::world::ruleset::Ruleset;

pub use news::{Listening, News};

use attr::Attrs;
use expr::{Expr, Extension};
use socket::Draft;

/// How often a command is worked out anew because the tables changed under it.
const TRIES: u32 = 8;
/// `ERESTART` of `linux/errno.h`: the generation that a batch was based on is gone.
const ERESTART: i32 = 85;

/// nf_tables and conntrack of one namespace.
///
/// The kernel answers within the call, so nothing here is awaited; a change of rules takes it some
/// milliseconds at most.
pub struct Netfilter {
    socket: Socket,
    /// Never use xtables extensions, as on a kernel that has none.
    native: bool,
    /// Whether the kernel has an xtables extension, by name, revision and whether it is a target.
    extensions: RefCell<BTreeMap<(String, u32, bool), bool>>,
}

impl Netfilter {
    /// Opens its socket inside `ns`, which must be one of the sandbox's.
    ///
    /// # Errors
    /// When the namespace cannot be entered or is the machine's own, or the kernel has no
    /// nfnetlink.
    pub fn open(ns: BorrowedFd<'_>) -> anyhow::Result<Self> {
        sandbox::fence(ns).context("rules are changed in a sandbox only")?;
        Ok(Self {
            socket: socket::open(ns)?,
            native: false,
            extensions: RefCell::default(),
        })
    }

    /// The same, writing as on a kernel without `nft_compat`.
    #[must_use]
    pub fn natively(self) -> Self {
        Self {
            native: true,
            ..self
        }
    }

    /// Carries an `iptables` command out; what the kernel or iptables itself refuses is printed as
    /// the real tool prints it.
    ///
    /// # Errors
    /// When the kernel cannot be asked at all.
    pub fn perform(&self, command: &Iptables) -> anyhow::Result<Printed> {
        for _ in 0..TRIES {
            let generation = tables::generation(&self.socket).context(NO_NF_TABLES)?;
            let ruleset = self.ruleset()?;
            if matches!(command.op, Op::ListRules(_) | Op::List { .. }) {
                return Ok(print(command, &ruleset));
            }
            let edits = match plan(command, &ruleset) {
                Ok(edits) => edits,
                Err(refusal) => return Ok(refusal.into()),
            };
            if edits.is_empty() {
                return Ok(Printed::default());
            }
            let drafts: Vec<Draft> = edits
                .iter()
                .map(|edit| edits::draft(command.table, edit, |rule| self.lower(rule)))
                .collect();
            let answer = socket::batch(&self.socket, generation, &drafts)
                .context("cannot send a batch to nf_tables")?;
            let Err(refusal) = answer else {
                return Ok(Printed::default());
            };
            if refusal.errno == ERESTART {
                continue;
            }
            let edit = refusal.index.and_then(|index| edits.get(index));
            let edit = edit.unwrap_or(&Edit::Table);
            return Ok(refused(command.table, edit, refusal.errno).into());
        }
        anyhow::bail!("somebody else keeps changing nf_tables; try again")
    }

    /// Everything that nf_tables holds.
    ///
    /// # Errors
    /// When the kernel has no nf_tables, or may not be asked.
    pub fn ruleset(&self) -> anyhow::Result<Ruleset> {
        tables::read(&self.socket).context(NO_NF_TABLES)
    }

    /// Every connection that is followed now.
    ///
    /// # Errors
    /// When the kernel has no ctnetlink, or may not be asked.
    pub fn flows(&self) -> anyhow::Result<Vec<Flow>> {
        flows::read(&self.socket)
            .context("cannot read conntrack: the kernel needs CONFIG_NF_CT_NETLINK")
    }

    /// Listens to `ns`: all rules and connections once, then what changes in them.
    ///
    /// # Errors
    /// The namespace cannot be entered, or the groups cannot be joined.
    pub fn watch(ns: BorrowedFd<'_>) -> anyhow::Result<News> {
        Listening::open(ns)?.go_on()
    }

    /// As iptables writes it where the kernel has the extensions for that, natively where not.
    fn lower(&self, rule: &Rule) -> Vec<Expr> {
        let list = lower::lower(rule);
        if self.has_all(&list) {
            return list;
        }
        native::lower(rule).unwrap_or(list)
    }

    /// Will real `iptables` read what this command writes? It takes native expressions for none of
    /// its own and refuses their table.
    pub fn writes_as_iptables(&self, command: &Iptables) -> bool {
        match &command.op {
            Op::Append(_, rule) | Op::Insert(_, _, rule) | Op::Delete(_, rule) => {
                self.has_all(&lower::lower(rule))
            }
            Op::DeleteNumber(..)
            | Op::Policy(..)
            | Op::Flush(_)
            | Op::NewChain(_)
            | Op::DeleteChain(_)
            | Op::ListRules(_)
            | Op::List { .. } => true,
        }
    }

    /// Does the kernel have every extension that is used here?
    fn has_all(&self, list: &[Expr]) -> bool {
        lower::extensions(list).all(|(it, target)| self.has(it, target))
    }

    /// Does the kernel have this extension, in this revision?
    fn has(&self, it: &Extension, target: bool) -> bool {
        /// `NFNL_MSG_COMPAT_GET` of `NFNL_SUBSYS_NFT_COMPAT`.
        const COMPAT_GET: u16 = 11 << 8;
        /// `NFPROTO_IPV4`.
        const IPV4: u8 = 2;
        if self.native {
            return false;
        }
        let key = (it.name.clone(), it.revision, target);
        *self.extensions.borrow_mut().entry(key).or_insert_with(|| {
            let mut attrs = Attrs::default();
            attrs.text(1, &it.name).number(2, it.revision);
            attrs.number(3, u32::from(target));
            let question = Draft {
                kind: COMPAT_GET,
                flags: 0,
                family: IPV4,
                attrs,
            };
            socket::ask(&self.socket, &question).is_ok()
        })
    }
}

/// Why nothing can be read.
const NO_NF_TABLES: &str =
    "cannot read nf_tables: the kernel needs CONFIG_NF_TABLES and the right to use it here";
