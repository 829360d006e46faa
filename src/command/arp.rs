//! `arp -n` and `route -n`: neighbours and routes as net-tools print them.

pub(super) mod grammar;
mod print;

/// A table in net-tools' words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NetTools {
    /// `arp [-n] [-i DEV]`
    Arp {
        /// Only on this device.
        dev: Option<String>,
    },
    /// `route [-n]`
    Route {
        /// `-n`: the default route is called `0.0.0.0`.
        numeric: bool,
    },
}
