//! Echo requests from inside a namespace: the `ping` command, and the probes of checks.
//!
//! Raw ICMP sockets need no setting of the namespace (ICMP datagram sockets need its
//! `ping_group_range`), only `CAP_NET_RAW` there, which a user namespace gives. They see every
//! ICMP message that arrives, so both replies and the errors of routers are told from strangers'
//! by the identifier of the request that they quote.

mod echo;
mod ping;
mod probe;
mod refused;
mod socket;

pub use ping::{Pinged, ping};
pub use probe::{Prober, probe};

pub(crate) use probe::{PASSING, PATIENCE, STEADY, refused};
pub(crate) use refused::{Refused, reason};
