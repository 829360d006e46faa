//! Settings that are not there, or cannot be set.

use super::Case;
use crate::command::sysctl::Sysctl;
use crate::lesson::report::meant;

/// Settings that lessons on networks speak of (ip-sysctl.rst of the kernel's documentation).
const KNOWN: [&str; 8] = [
    "net.ipv4.ip_forward",
    "net.ipv4.conf.all.forwarding",
    "net.ipv4.conf.all.rp_filter",
    "net.ipv4.conf.all.proxy_arp",
    "net.ipv4.icmp_echo_ignore_all",
    "net.ipv4.ping_group_range",
    "net.ipv6.conf.all.forwarding",
    "net.bridge.bridge-nf-call-iptables",
];

pub(super) fn refused(case: Case<'_>, command: &Sysctl) -> Option<String> {
    if !case.says("No such file") {
        return None;
    }
    let name = &command.name;
    let missing = device_of(name).filter(|dev| case.space.is_some_and(|it| it.link(dev).is_none()));
    let near = meant(name, KNOWN).filter(|near| near != name);
    Some(match (missing, near) {
        (Some(dev), _) => format!("There is no such setting: {} has no device {dev}.", case.ns),
        (None, Some(near)) => format!("There is no setting {name}. Did you mean {near}?"),
        (None, None) => format!("{} has no setting {name}.", case.ns),
    })
}

/// The device in `net.ipv4.conf.DEVICE.…`.
fn device_of(name: &str) -> Option<&str> {
    let (_, rest) = name.split_once(".conf.")?;
    let dev = rest.split('.').next()?;
    (!matches!(dev, "all" | "default")).then_some(dev)
}
