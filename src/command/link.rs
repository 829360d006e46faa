//! `ip link`

mod canonical;
pub(super) mod grammar;
mod lower;
pub(in crate::command) mod print;

use std::net::IpAddr;

use super::View;
use super::netns::NsRef;
use crate::world::link::Mac;

/// `ip link …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// `add`
    Add(Add),
    /// `set`
    Set(Set),
    /// `del DEV`
    Del {
        /// Device.
        dev: String,
    },
    /// `show`
    Show(ShowLinks),
}

/// `ip link add …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Add {
    /// Name of the new device; the kernel chooses where there is none.
    pub name: Option<String>,
    /// Device below (`link DEV`), for macvlan.
    pub below: Option<String>,
    /// Settings from its birth (`up`, `mtu`, `address`, `netns`, `master`).
    pub with: Vec<Setting>,
    /// What is made.
    pub kind: AddKind,
}

/// `type …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddKind {
    /// `veth [peer [name NAME] [netns NS] …]`
    Veth {
        /// Name of the other end.
        peer: Option<String>,
        /// Its settings.
        with: Vec<Setting>,
    },
    /// `bridge`
    Bridge,
    /// `macvlan [mode MODE]`
    Macvlan {
        /// Mode.
        mode: Option<MacvlanMode>,
    },
    /// `vxlan id VNI …`
    Vxlan {
        /// Network identifier.
        id: u32,
        /// `local ADDR`
        local: Option<IpAddr>,
        /// `remote ADDR` or `group ADDR`
        remote: Option<IpAddr>,
        /// `dstport PORT`
        port: Option<u16>,
        /// `dev DEV`
        dev: Option<String>,
        /// `nolearning` / `learning`
        learning: Option<bool>,
    },
}

/// `mode` of a macvlan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MacvlanMode {
    /// Talks to nobody on the same device below.
    Private,
    /// By way of the switch outside.
    Vepa,
    /// To each other directly.
    Bridge,
    /// One only, all of the device below.
    Passthru,
}

/// `ip link set [dev] DEV …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    /// Device.
    pub dev: String,
    /// At least one, in the order written.
    pub settings: Vec<Setting>,
}

/// One setting of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// `up`
    Up,
    /// `down`
    Down,
    /// `master DEV`
    Master(String),
    /// `nomaster`
    NoMaster,
    /// `netns NS`
    Netns(NsRef),
    /// `name NAME`
    Name(String),
    /// `address MAC`
    Address(Mac),
    /// `mtu BYTES`
    Mtu(u32),
    /// `promisc on|off`
    Promisc(bool),
}

/// `ip link show …`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShowLinks {
    /// Only this device.
    pub dev: Option<String>,
    /// Only what is plugged into this one (`master DEV`).
    pub master: Option<String>,
    /// Only this kind (`type KIND`).
    pub kind: Option<String>,
    /// Only those that are up (`up`).
    pub up: bool,
    /// Options.
    pub view: View,
}
