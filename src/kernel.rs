//! The edge: effects become work on the real kernel, and what it says becomes events.
//!
//! The only floor with sockets, namespaces, clocks and `unsafe`.

pub mod capture;
pub mod icmp;
pub mod netfilter;
pub mod netlink;
pub mod sandbox;
pub mod sysctl;
