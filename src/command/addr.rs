//! `ip address`

mod canonical;
pub(super) mod grammar;
mod heading;
mod lower;
mod print;

use std::net::Ipv4Addr;

use ipnet::IpNet;

use super::View;

/// `ip address …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Addr {
    /// `add ADDR dev DEV`
    Add(Spec),
    /// `del ADDR dev DEV`
    Del(Spec),
    /// `flush dev DEV`
    Flush(ShowAddrs),
    /// `show`
    Show(ShowAddrs),
}

/// An address to add or delete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    /// Address and prefix length.
    pub net: IpNet,
    /// Was the prefix length written? Without it the address is a /32 (/128), a common slip.
    pub prefix_written: bool,
    /// Device.
    pub dev: String,
    /// `broadcast ADDR|+`
    pub broadcast: Option<Broadcast>,
    /// `peer ADDR`: the other end; its prefix length is then the one that counts
    pub peer: Option<IpNet>,
    /// `scope SCOPE`, as its number
    pub scope: Option<u8>,
    /// `nodad` (2), `noprefixroute` (512) and their like, as `IFA_F_*`
    pub flags: u32,
}

/// `broadcast …`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broadcast {
    /// `+`: the prefix with all host bits set.
    FromPrefix,
    /// This one.
    Address(Ipv4Addr),
}

/// `ip address show …`, `ip address flush …`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShowAddrs {
    /// Only this device.
    pub dev: Option<String>,
    /// Only this scope (`scope SCOPE`), as its number.
    pub scope: Option<u8>,
    /// Only devices that are up.
    pub up: bool,
    /// Options.
    pub view: View,
}
