//! News of nf_tables and conntrack: everything once, then what changes.

use std::collections::VecDeque;
use std::io;
use std::os::fd::BorrowedFd;

use anyhow::{Context as _, Result};
use netlink_sys::Socket;
use nix::libc::ENOBUFS;
use nix::sys::socket::MsgFlags;
use tokio::io::unix::AsyncFd;

use super::socket::{Message, message, messages, receive};
use super::{Netfilter, flows, socket};
use crate::world::Change;
use crate::world::conntrack::Flow;
use crate::world::ruleset::Ruleset;

/// `NFNLGRP_*` of `linux/netfilter/nfnetlink.h`: conntrack new, update and destroy, nf_tables.
const GROUPS: [u32; 4] = [1, 2, 3, 7];
/// `NFT_MSG_NEWGEN` of `NFNL_SUBSYS_NFTABLES`: a batch has been done.
const NEW_GENERATION: u16 = (10 << 8) | 15;
/// Bytes of receive buffer asked for; the kernel gives what `net.core.rmem_max` allows.
const RECEIVE_BUFFER: u32 = 1 << 20;

/// What changes in one namespace's packet filter and in its connections.
pub struct News {
    netfilter: Netfilter,
    socket: AsyncFd<Socket>,
    changes: VecDeque<Change>,
    /// Have rules changed since they were last told?
    rules: bool,
    /// Must all connections be told anew (at the start, and when messages were lost)?
    flows: bool,
}

/// The sockets that tell what changes. May go to another thread.
pub struct Listening {
    netfilter: Netfilter,
    socket: Socket,
    /// Were all rules and connections read since the groups were joined?
    known: bool,
}

impl Listening {
    /// Listens to namespace `ns`.
    ///
    /// # Errors
    /// The namespace cannot be entered, or the groups cannot be joined.
    pub fn open(ns: BorrowedFd<'_>) -> Result<Self> {
        let groups = GROUPS.iter().map(|group| 1 << (group - 1)).sum();
        let socket = socket::bound(ns, groups).context("joining nfnetlink's groups")?;
        socket.set_non_blocking(true)?;
        socket.set_rx_buf_sz(RECEIVE_BUFFER)?;
        Ok(Self {
            netfilter: Netfilter::open(ns)?,
            socket,
            known: false,
        })
    }

    /// All rules and all connections, which [`News`] then does not tell again.
    ///
    /// # Errors
    /// A kernel without nf_tables.
    pub fn read(&mut self) -> Result<(Ruleset, Vec<Flow>)> {
        self.known = true;
        // A kernel without ctnetlink follows nothing.
        let flows = self.netfilter.flows().unwrap_or_default();
        Ok((self.netfilter.ruleset()?, flows))
    }

    /// What changes from now on, within the current Tokio runtime.
    ///
    /// # Errors
    /// The runtime cannot watch the socket.
    pub fn go_on(self) -> Result<News> {
        let Self {
            netfilter,
            socket,
            known,
        } = self;
        // SAFETY: a `Socket` owns its descriptor, which stays the same and open until it is
        // dropped, and `AsyncFd` deregisters it before that.
        let socket = unsafe { AsyncFd::register(socket) }.map_err(io::Error::from)?;
        Ok(News {
            netfilter,
            socket,
            changes: VecDeque::new(),
            rules: !known,
            flows: !known,
        })
    }
}

impl News {
    /// The next changes, at least one: first all rules and all connections, read after joining the
    /// groups; after lost messages all of them again. May be dropped and called again without
    /// losing anything.
    ///
    /// # Errors
    /// A lost socket.
    pub async fn next(&mut self) -> Result<Vec<Change>> {
        loop {
            self.now()?;
            if !self.changes.is_empty() {
                return Ok(self.changes.drain(..).collect());
            }
            // Readiness is forgotten here and asked for again by reading until nothing is left.
            self.socket.readable().await?.clear_ready();
        }
    }

    /// What the kernel has told so far and has not been handed out, without waiting. After a
    /// command its effects are among this.
    ///
    /// # Errors
    /// A lost socket.
    pub fn take(&mut self) -> Result<Vec<Change>> {
        self.now()?;
        Ok(self.changes.drain(..).collect())
    }

    /// Reads until nothing is left, and then what has to be read whole: once, however many
    /// messages have asked for it.
    fn now(&mut self) -> Result<()> {
        loop {
            match receive(self.socket.get_ref(), MsgFlags::MSG_DONTWAIT) {
                Ok(bytes) => messages(&bytes)
                    .filter_map(|(header, payload)| message(header, payload))
                    .for_each(|message| self.hear(&message)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.raw_os_error() == Some(ENOBUFS) => {
                    self.rules = true;
                    self.flows = true;
                }
                Err(error) => return Err(error).context("listening to nfnetlink"),
            }
        }
        if std::mem::take(&mut self.flows) {
            // What was told before is older than what is read now.
            self.changes.clear();
            // A kernel without ctnetlink follows nothing.
            let flows = self.netfilter.flows().unwrap_or_default();
            self.changes.push_back(Change::Flows(flows));
        }
        if std::mem::take(&mut self.rules) {
            let ruleset = Box::new(self.netfilter.ruleset()?);
            self.changes.push_back(Change::Ruleset(ruleset));
        }
        Ok(())
    }

    fn hear(&mut self, message: &Message) {
        match message.kind {
            NEW_GENERATION => self.rules = true,
            flows::NEW => self.changes.extend(flows::flow(message).map(Change::Flow)),
            flows::DELETE => self
                .changes
                .extend(flows::flow(message).map(Change::FlowGone)),
            // Single rules, chains and tables: the generation that ends them is enough.
            _ => {}
        }
    }
}
