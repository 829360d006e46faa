//! `ip netns`, and the ways of standing in another namespace.

mod canonical;
pub(super) mod grammar;
mod print;

use crate::world::Ns;

/// A namespace as a line names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NsRef {
    /// By its name in `/run/netns`.
    Name(String),
    /// By a process; only pid 1, which stands in `host`.
    Pid(u32),
}

impl NsRef {
    /// The namespace that is meant.
    pub fn resolve(&self) -> Ns {
        match self {
            Self::Name(name) => Ns::Named(name.clone()),
            Self::Pid(_) => Ns::Host,
        }
    }
}

/// How a line says in which namespace it is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InForm {
    /// `ip -n NS …`
    IpOption,
    /// `ip netns exec NS …`
    NetnsExec,
    /// `nsenter --net=/run/netns/NS …`
    Nsenter,
}

/// `ip netns …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Netns {
    /// `add NS`
    Add(String),
    /// `del NS`
    Del(String),
    /// `list`
    List,
}
