//! `ip route`

mod canonical;
pub(super) mod grammar;
mod lower;
mod print;
mod select;

use std::net::IpAddr;

use ipnet::IpNet;

pub use print::{print_get, route as row};

use super::{Family, View};
use crate::world::route::RouteKind;

/// `ip route …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// `add`, `del`, `replace`, `change`
    Change(Edit, Spec),
    /// `flush`
    Flush(ShowRoutes),
    /// `show`
    Show(ShowRoutes),
    /// `get`
    Get(Get),
}

/// What is done to a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// `add`
    Add,
    /// `del`
    Del,
    /// `replace`
    Replace,
    /// `change`
    Change,
}

/// A route as a line describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    /// Destination; `None` is `default` where the family is told by `via` or `view`.
    pub dst: Option<IpNet>,
    /// `-4`, `-6`
    pub view: View,
    /// `unreachable`, `blackhole`, `prohibit`, …; unicast unless said
    pub kind: RouteKind,
    /// `via ADDR`
    pub via: Option<IpAddr>,
    /// `dev DEV`
    pub dev: Option<String>,
    /// `src ADDR`
    pub src: Option<IpAddr>,
    /// `metric N`
    pub metric: Option<u32>,
    /// `table N`
    pub table: Option<u32>,
    /// `proto P`, as its number
    pub proto: Option<u8>,
    /// `scope S`, as its number
    pub scope: Option<u8>,
    /// `onlink`
    pub onlink: bool,
    /// `mtu N`
    pub mtu: Option<u32>,
}

/// `ip route show …`, `ip route flush …`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShowRoutes {
    /// Only this prefix and what lies within (`PREFIX`, `root PREFIX`); `default` is `0.0.0.0/0`.
    pub dst: Option<IpNet>,
    /// `match PREFIX`, `exact PREFIX` or neither.
    pub select: Select,
    /// Only through this device.
    pub dev: Option<String>,
    /// `table N|all`
    pub table: Option<Table>,
    /// `via ADDR`
    pub via: Option<IpAddr>,
    /// `proto P`, as its number
    pub proto: Option<u8>,
    /// `scope S`, as its number
    pub scope: Option<u8>,
    /// Options.
    pub view: View,
}

/// How the destinations shown are chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Select {
    /// A bare prefix is exact for `show`, as in ip-route(8).
    #[default]
    Exact,
    /// `root PREFIX`: within it.
    Root,
    /// `match PREFIX`: containing it.
    Match,
}

/// `table …`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// All tables.
    All,
    /// One.
    Id(u32),
}

/// `ip route get ADDR …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Get {
    /// Destination.
    pub to: IpAddr,
    /// `from ADDR`
    pub from: Option<IpAddr>,
    /// `iif DEV`
    pub iif: Option<String>,
    /// `oif DEV`
    pub oif: Option<String>,
    /// Options.
    pub view: View,
}

fn family_of(ip: IpAddr) -> Family {
    match ip {
        IpAddr::V4(_) => Family::V4,
        IpAddr::V6(_) => Family::V6,
    }
}
