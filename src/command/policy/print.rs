//! `ip rule show`, as iproute2 prints it.

use std::fmt::Write;

use ipnet::IpNet;

use super::Policy;
use crate::command::task::{Printed, Show, Tables};
use crate::command::{Family, View};
use crate::world::policy::{PolicyAction, PolicyRule};
use crate::world::{Space, names};

/// `FIB_RULE_*` of `linux/fib_rules.h`.
const INVERT: u32 = 2;
const UNRESOLVED: u32 = 4;
const IIF_DETACHED: u32 = 8;
const OIF_DETACHED: u32 = 16;
/// `RTPROT_UNSPEC`, `RTPROT_KERNEL`: who put it there is not worth a word.
const QUIET: [u8; 2] = [0, 2];

impl Show for Policy {
    fn tables(&self) -> Tables {
        Tables::POLICY
    }

    /// Without `-6` these are the IPv4 rules.
    fn print(&self, known: &Space) -> Printed {
        let v6 = self.view.family == Some(Family::V6);
        Printed::table(
            known
                .policy
                .iter()
                .filter(|rule| rule.v6 == v6)
                .map(|rule| line(rule, self.view))
                .collect(),
        )
    }
}

fn line(rule: &PolicyRule, view: View) -> String {
    let mut text = format!("{}:\t", rule.priority);
    if rule.flags & INVERT != 0 {
        text.push_str("not ");
    }
    let _ = write!(text, "from {}", rule.src.map_or("all".to_owned(), prefix));
    if let Some(dst) = rule.dst {
        let _ = write!(text, " to {}", prefix(dst));
    }
    match rule.mark {
        Some((mark, u32::MAX)) => _ = write!(text, " fwmark {}", hex(mark)),
        Some((mark, bits)) => _ = write!(text, " fwmark {}/{}", hex(mark), hex(bits)),
        None => {}
    }
    for (word, name, detached) in [
        ("iif", &rule.iif, IIF_DETACHED),
        ("oif", &rule.oif, OIF_DETACHED),
    ] {
        if let Some(name) = name {
            let _ = write!(text, " {word} {name}");
            if rule.flags & detached != 0 {
                text.push_str(" [detached]");
            }
        }
    }
    if rule.table != 0 {
        let _ = write!(text, " lookup {}", names::table(rule.table));
    }
    text.push_str(&action(rule));
    if view.details || !QUIET.contains(&rule.proto) {
        let _ = write!(text, " proto {}", names::protocol(rule.proto));
    }
    text.push('\n');
    text
}

fn action(rule: &PolicyRule) -> String {
    match rule.action {
        PolicyAction::Lookup => String::new(),
        PolicyAction::Goto(priority) if rule.flags & UNRESOLVED != 0 => {
            format!(" goto {priority} [unresolved]")
        }
        PolicyAction::Goto(priority) => format!(" goto {priority}"),
        PolicyAction::Nop => " nop".to_owned(),
        PolicyAction::Blackhole => " blackhole".to_owned(),
        PolicyAction::Unreachable => " unreachable".to_owned(),
        PolicyAction::Prohibit => " prohibit".to_owned(),
    }
}

fn prefix(net: IpNet) -> String {
    if net.prefix_len() == net.max_prefix_len() {
        net.addr().to_string()
    } else {
        net.to_string()
    }
}

/// As C's `%#x`: zero has no prefix.
fn hex(number: u32) -> String {
    match number {
        0 => "0".to_owned(),
        number => format!("{number:#x}"),
    }
}
