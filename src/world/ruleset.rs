//! Packet filter rules: the tables behind `iptables -S` and `nft list ruleset`.

/// nf_tables of one namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ruleset {}
