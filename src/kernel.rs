//! The edge: effects become work on the real kernel, and what it says becomes events.
//!
//! The only floor with sockets, namespaces, clocks and `unsafe`.

pub mod capture;
pub mod doctor;
pub mod watchers;
pub mod ready;
pub mod machine;
pub mod execute;
pub mod driver;
pub mod icmp;
pub mod netfilter;
pub mod netlink;
pub mod sandbox;
pub mod sysctl;
pub mod tcp;
mod watch;

/// What a command prints while it is carried out: whole lines, with their line ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// To standard output.
    Out(String),
    /// To standard error.
    Err(String),
}
