//! The language of lessons, which is the language being taught: one line -> [`Command`].
//!
//! A line is parsed into a typed command, explained word by word, lowered to netlink requests and
//! printed as the real tool prints. Nothing happens while parsing, and no line can run a program.
//! One file (with its folder) a verb; [`Command::task`] is the one place that lists them all.

pub mod addr;
pub mod arp;
mod begun;
pub mod bridge;
mod canonical;
mod grammar;
mod ip;
pub mod iptables;
mod kit;
mod lex;
pub mod link;
pub mod mention;
pub mod neigh;
pub mod netns;
pub mod ping;
pub mod policy;
pub mod request;
pub mod route;
pub mod sysctl;
pub mod task;
pub mod tcpdump;
pub mod words;

pub use begun::{Begun, begun, expected, explain_begun, mistake};
pub use grammar::{explain, parse};
pub use kit::{Candidate, Named, Slot};
pub use lex::{LONGEST_LINE, quote, steers_terminal};
pub use task::{Change, Needs, Printed, Refusal, Request, Show, Tables, Task};
pub use words::{Explained, ParseError, Word};

use crate::world::Ns;

/// A line of a lesson, a script or a prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What is to be done; absent for a blank line or a lone comment.
    pub command: Option<Command>,
    /// It ends in `&`: go on without waiting for it.
    pub background: bool,
    /// Text behind `#`, trimmed.
    pub comment: Option<String>,
}

/// One command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A command carried out in another namespace.
    In {
        /// That namespace, as it was written.
        ns: netns::NsRef,
        /// How it was written.
        form: netns::InForm,
        /// What is done there.
        command: Box<Command>,
    },
    /// Moves the prompt into a namespace (`nsenter --net=… bash`, `ip netns exec NS bash`).
    Enter {
        /// That namespace, as it was written.
        ns: netns::NsRef,
        /// How it was written.
        form: netns::InForm,
    },
    /// Moves the prompt back to where it was (`exit`).
    Exit,
    /// `ip netns`
    Netns(netns::Netns),
    /// `ip link`
    Link(link::Link),
    /// `ip address`
    Addr(addr::Addr),
    /// `ip route`
    Route(route::Route),
    /// `ip neighbour`
    Neigh(neigh::Neigh),
    /// `ip rule`
    Policy(policy::Policy),
    /// `bridge link`, `bridge fdb`
    Bridge(bridge::Bridge),
    /// `arp -n`, `route -n`: the tables as net-tools print them
    NetTools(arp::NetTools),
    /// `sysctl`, and reading and writing below `/proc/sys`
    Sysctl(sysctl::Sysctl),
    /// `iptables`
    Iptables(iptables::Iptables),
    /// `ping`
    Ping(ping::Ping),
    /// `tcpdump`
    Tcpdump(tcpdump::Tcpdump),
}

/// Which address family a command was told (`-4`, `-6`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

/// Options of `ip` and `bridge` that change what a table looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// `-4`, `-6`.
    pub family: Option<Family>,
    /// `-br`.
    pub brief: bool,
    /// `-d`.
    pub details: bool,
    /// `-s`.
    pub stats: bool,
}

impl Command {
    /// The command itself and the namespace that it is carried out in, `at` being the prompt's.
    pub fn place<'a>(&'a self, at: &Ns) -> (Ns, &'a Command) {
        match self {
            Self::In { ns, command, .. } => command.place(&ns.resolve()),
            other => (at.clone(), other),
        }
    }

    /// The command itself, wherever it is carried out: what stands behind every `ip netns exec NS`
    /// and `-n NS`. Never [`Command::In`].
    pub fn act(&self) -> &Command {
        match self {
            Self::In { command, .. } => command.act(),
            other => other,
        }
    }
}

impl Command {
    /// One line that [`parse`] reads back as this command.
    pub fn canonical(&self) -> String {
        self.to_string()
    }
}

impl Line {
    /// Does it change the namespace, rather than look at it or send something?
    pub fn changes(&self) -> bool {
        self.command.as_ref().is_some_and(Command::changes)
    }
}

impl Command {
    /// Does it change the namespace, rather than look at it or send something?
    pub fn changes(&self) -> bool {
        match self {
            Self::In { command, .. } => command.changes(),
            Self::Netns(netns) => !matches!(netns, netns::Netns::List),
            Self::Link(link) => !matches!(link, link::Link::Show(_)),
            Self::Addr(addr) => !matches!(addr, addr::Addr::Show(_)),
            Self::Route(route) => !matches!(route, route::Route::Show(_) | route::Route::Get(_)),
            Self::Neigh(neigh) => !matches!(neigh, neigh::Neigh::Show(_)),
            Self::Sysctl(sysctl) => matches!(sysctl.action, sysctl::Action::Write(_)),
            Self::Iptables(iptables) => !matches!(
                iptables.op,
                iptables::Op::ListRules(_) | iptables::Op::List { .. }
            ),
            Self::Enter { .. }
            | Self::Exit
            | Self::Policy(_)
            | Self::Bridge(_)
            | Self::NetTools(_)
            | Self::Ping(_)
            | Self::Tcpdump(_) => false,
        }
    }
}
