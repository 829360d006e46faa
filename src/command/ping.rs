//! `ping`

mod canonical;
pub(super) mod grammar;
pub mod print;

use std::net::IpAddr;
use std::time::Duration;

/// `ping …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ping {
    /// Destination; an address, for there are no names here.
    pub to: IpAddr,
    /// `-c N`; until it is cancelled where there is none
    pub count: Option<u32>,
    /// `-W SECONDS`: wait this long for each answer
    pub timeout: Option<Duration>,
    /// `-i SECONDS`: between requests
    pub interval: Option<Duration>,
    /// `-I ADDR|DEV`
    pub source: Option<Source>,
    /// `-s BYTES` of payload; 56 unless said
    pub size: Option<u16>,
    /// `-t TTL`
    pub ttl: Option<u8>,
    /// `-q`: only the summary
    pub quiet: bool,
}

/// `-I …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// From this address.
    Address(IpAddr),
    /// By this device.
    Device(String),
}
