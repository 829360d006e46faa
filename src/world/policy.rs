//! Routing policy: the row behind `ip rule show`.

use ipnet::IpNet;

/// One policy rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyRule {
    /// Is it one of the IPv6 rules?
    pub v6: bool,
    /// Lower comes first.
    pub priority: u32,
    /// Matched source; absent is `all`.
    pub src: Option<IpNet>,
    /// Matched destination; absent is any.
    pub dst: Option<IpNet>,
    /// Matched incoming device.
    pub iif: Option<String>,
    /// Table to look in: 253 default, 254 main, 255 local.
    pub table: u32,
}
