//! What the kernel floor has to do for a command, as data and pure functions.
//!
//! A verb that changes something says what it must know ([`Change::needs`]), is handed exactly
//! that, read from the kernel, and lowers to requests. A verb that shows something is handed its
//! tables and prints. So each verb's meaning can be tested without a socket.

use netlink_packet_core::NetlinkMessage;
use netlink_packet_route::RouteNetlinkMessage;

use super::addr::Addr;
use super::link::Link;
use super::neigh::Neigh;
use super::route::Route;
use super::{Command, iptables, netns, ping, route, sysctl, tcpdump};
use crate::world::{Ns, Space};

bitflags::bitflags! {
    /// Tables of a namespace that a command wants read.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct Tables: u16 {
        /// All devices, and the names of the namespaces that their peers stand in.
        const LINKS = 1;
        /// Addresses.
        const ADDRS = 1 << 1;
        /// Routes.
        const ROUTES = 1 << 2;
        /// Neighbours.
        const NEIGHS = 1 << 3;
        /// Forwarding entries.
        const FDB = 1 << 4;
        /// Policy rules.
        const POLICY = 1 << 5;
        /// nf_tables.
        const RULESET = 1 << 6;
        /// Connections.
        const FLOWS = 1 << 7;
    }
}

/// What a change must know of the namespace before it can be said in ifindexes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// These devices only (each one look-up), by name.
    pub devices: Vec<String>,
    /// These tables whole.
    pub tables: Tables,
}

/// One request to rtnetlink: flags included, sequence number not.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The message. An attribute that takes a namespace's file descriptor (`IFLA_NET_NS_FD`) holds 0
    /// and is filled in from `into`, within a veth's peer from `peer_into`.
    pub message: NetlinkMessage<RouteNetlinkMessage>,
    /// The namespace that a device is moved to or born in. Where there is none of that name, the
    /// command ends with [`Refusal::no_netns`] before anything is sent.
    pub into: Option<Ns>,
    /// The namespace that a veth's peer is born in; the same holds.
    pub peer_into: Option<Ns>,
}

/// A command refused before the kernel was asked, as the real tool refuses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What the tool writes to standard error, without the last line end (`Cannot find device "x"`).
    pub text: String,
    /// Its exit status.
    pub status: u8,
}

/// What a command has printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Printed {
    /// Standard output, with line ends.
    pub out: String,
    /// Standard error, with line ends.
    pub err: String,
    /// Exit status.
    pub status: u8,
}

/// A verb that changes links, addresses, routes, neighbours or forwarding entries.
pub trait Change {
    /// What must be known first.
    fn needs(&self) -> Needs;

    /// The requests, in order; the first one that the kernel refuses ends the command.
    ///
    /// # Errors
    /// What the real tool finds out by itself, such as a device that does not exist.
    fn lower(&self, known: &Space) -> Result<Vec<Request>, Refusal>;

    /// What the real tool prints, and exits with, when the kernel answers `errno` (positive), with
    /// the extended-ACK text if there was one.
    fn refused(&self, errno: i32, text: Option<&str>) -> Refusal;

    /// What the real tool prints although all went well, such as a warning; mostly nothing.
    fn accepted(&self) -> Printed {
        Printed::default()
    }
}

/// A verb that prints tables.
pub trait Show {
    /// The tables that it prints from.
    fn tables(&self) -> Tables;

    /// Its output, byte for byte the real tool's.
    fn print(&self, known: &Space) -> Printed;
}

/// Who does it, and what.
pub enum Task<'a> {
    /// rtnetlink requests.
    Change(&'a dyn Change),
    /// Tables, printed.
    Show(&'a dyn Show),
    /// `ip route get`: a question to the kernel.
    RouteGet(&'a route::Get),
    /// Namespaces made, deleted, listed.
    Netns(&'a netns::Netns),
    /// A setting read or written.
    Sysctl(&'a sysctl::Sysctl),
    /// Rules.
    Iptables(&'a iptables::Iptables),
    /// Echo requests.
    Ping(&'a ping::Ping),
    /// A capture.
    Tcpdump(&'a tcpdump::Tcpdump),
    /// Into another namespace, which the prompt then stands in or which the rest is done in.
    Enter(Ns),
    /// Back out of it.
    Exit,
}

impl Command {
    /// Who does it. The one place that lists every verb.
    pub fn task(&self) -> Task<'_> {
        match self {
            Self::In { command, .. } => command.task(),
            Self::Enter { ns, .. } => Task::Enter(ns.resolve()),
            Self::Exit => Task::Exit,
            Self::Netns(verb) => Task::Netns(verb),
            Self::Link(Link::Show(verb)) => Task::Show(verb),
            Self::Link(verb) => Task::Change(verb),
            Self::Addr(Addr::Show(verb)) => Task::Show(verb),
            Self::Addr(verb) => Task::Change(verb),
            Self::Route(Route::Show(verb)) => Task::Show(verb),
            Self::Route(Route::Get(verb)) => Task::RouteGet(verb),
            Self::Route(verb) => Task::Change(verb),
            Self::Neigh(Neigh::Show(verb)) => Task::Show(verb),
            Self::Neigh(verb) => Task::Change(verb),
            Self::Policy(verb) => Task::Show(verb),
            Self::Bridge(verb) => Task::Show(verb),
            Self::NetTools(verb) => Task::Show(verb),
            Self::Sysctl(verb) => Task::Sysctl(verb),
            Self::Iptables(verb) => Task::Iptables(verb),
            Self::Ping(verb) => Task::Ping(verb),
            Self::Tcpdump(verb) => Task::Tcpdump(verb),
        }
    }
}
