//! The edge: effects become work on the real kernel, and what it says becomes events.
//!
//! The only floor with sockets, namespaces, clocks and `unsafe`.

pub mod aside;
pub mod capture;
pub mod doctor;
pub mod driver;
pub mod execute;
pub mod follow;
pub mod icmp;
pub mod look_up;
pub mod machine;
pub mod netfilter;
pub mod netlink;
pub mod ready;
pub mod rendezvous;
pub mod replay;
pub mod sandbox;
pub mod stdin;
pub mod sysctl;
pub mod tcp;
pub mod terminal;
mod watch;
pub mod watchers;

/// What a command prints while it is carried out: whole lines, with their line ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// To standard output.
    Out(String),
    /// To standard error.
    Err(String),
}
