//! `bridge`

mod canonical;
pub(super) mod grammar;
mod print;

use super::View;

/// `bridge …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bridge {
    /// `link [show] [dev DEV]`
    Link {
        /// Only this port.
        dev: Option<String>,
        /// Options.
        view: View,
    },
    /// `fdb [show] [br BR] [brport DEV] [dev DEV]`
    Fdb {
        /// Only this bridge (`br BR`).
        bridge: Option<String>,
        /// Only this port (`brport DEV`, `dev DEV`).
        port: Option<String>,
        /// Options.
        view: View,
    },
}
