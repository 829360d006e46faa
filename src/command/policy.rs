//! `ip rule`

pub(super) mod grammar;
mod print;

use super::View;

/// `ip rule show`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Options.
    pub view: View,
}
