//! `RTM_NEWRULE` -> a row of policy rules.

use ipnet::IpNet;
use netlink_packet_route::AddressFamily;
use netlink_packet_route::rule::{RuleAction, RuleAttribute, RuleMessage};

use crate::world::policy::{PolicyAction, PolicyRule};

/// The row that a message tells of; `None` for other families than IPv4 and IPv6.
pub fn row(message: &RuleMessage) -> Option<PolicyRule> {
    let header = &message.header;
    let v6 = match header.family {
        AddressFamily::Inet => false,
        AddressFamily::Inet6 => true,
        _ => return None,
    };
    let mut row = PolicyRule {
        v6,
        table: u32::from(header.table),
        flags: header.flags.bits(),
        action: action(header.action, &message.attributes),
        ..PolicyRule::default()
    };
    for attribute in &message.attributes {
        match attribute {
            RuleAttribute::Priority(priority) => row.priority = *priority,
            RuleAttribute::Source(ip) => row.src = IpNet::new(*ip, header.src_len).ok(),
            RuleAttribute::Destination(ip) => row.dst = IpNet::new(*ip, header.dst_len).ok(),
            RuleAttribute::Iifname(name) => row.iif = Some(name.clone()),
            RuleAttribute::Oifname(name) => row.oif = Some(name.clone()),
            RuleAttribute::FwMark(mark) => {
                row.mark = Some((*mark, row.mark.map_or(u32::MAX, |(_, mask)| mask)));
            }
            RuleAttribute::FwMask(mask) => {
                row.mark = Some((row.mark.map_or(0, |(mark, _)| mark), *mask));
            }
            RuleAttribute::Table(table) => row.table = *table,
            RuleAttribute::Protocol(proto) => row.proto = (*proto).into(),
            _ => {}
        }
    }
    Some(row)
}

fn action(action: RuleAction, attributes: &[RuleAttribute]) -> PolicyAction {
    match action {
        RuleAction::Goto => {
            PolicyAction::Goto(attributes.iter().find_map(goto_target).unwrap_or(0))
        }
        RuleAction::Nop => PolicyAction::Nop,
        RuleAction::Blackhole => PolicyAction::Blackhole,
        RuleAction::Unreachable => PolicyAction::Unreachable,
        RuleAction::Prohibit => PolicyAction::Prohibit,
        _ => PolicyAction::Lookup,
    }
}

fn goto_target(attribute: &RuleAttribute) -> Option<u32> {
    match attribute {
        RuleAttribute::Goto(priority) => Some(*priority),
        _ => None,
    }
}
