//! `ip neighbour`

mod canonical;
pub(super) mod grammar;
mod lower;
mod print;

use std::net::IpAddr;

use ipnet::IpNet;

use super::View;
use crate::world::link::Mac;

/// `ip neighbour …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Neigh {
    /// `add`, `replace`
    Set {
        /// `replace` rather than `add`.
        replace: bool,
        /// Address.
        to: IpAddr,
        /// `lladdr MAC`
        mac: Option<Mac>,
        /// `dev DEV`
        dev: String,
        /// `nud STATE`, as `NUD_*`; permanent unless said
        state: Option<u16>,
    },
    /// `del`
    Del {
        /// Address.
        to: IpAddr,
        /// `dev DEV`
        dev: String,
    },
    /// `flush`
    Flush(ShowNeighs),
    /// `show`
    Show(ShowNeighs),
}

/// `ip neighbour show …`, `ip neighbour flush …`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShowNeighs {
    /// Only addresses within this prefix (a bare address is one of full length).
    pub to: Option<IpNet>,
    /// Only on this device.
    pub dev: Option<String>,
    /// `nud STATE`, as `NUD_*`; `all` is `u16::MAX`, `none` is 0.
    pub state: Option<u16>,
    /// Options.
    pub view: View,
}
