//! Routing policy: the row behind `ip rule show`.

use ipnet::IpNet;

/// What a packet that matches meets (`FR_ACT_*` of `linux/fib_rules.h`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PolicyAction {
    /// The routes of the rule's table.
    #[default]
    Lookup,
    /// The rule with this priority.
    Goto(u32),
    /// Nothing: the next rule.
    Nop,
    /// Dropped silently.
    Blackhole,
    /// Refused: network unreachable.
    Unreachable,
    /// Refused: administratively prohibited.
    Prohibit,
}

/// One policy rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    /// Matched outgoing device.
    pub oif: Option<String>,
    /// Matched packet mark and its mask.
    pub mark: Option<(u32, u32)>,
    /// Table to look in: 253 default, 254 main, 255 local; 0 where there is none.
    pub table: u32,
    /// What then happens.
    pub action: PolicyAction,
    /// `FIB_RULE_*`: 2 invert, 4 unresolved, 8 and 16 devices that are not there.
    pub flags: u32,
    /// `RTPROT_*` of who has put it there.
    pub proto: u8,
}
