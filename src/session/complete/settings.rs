//! Kernel settings by name, one part of the name at a time.

use super::Item;
use crate::command::sysctl::words::meaning;
use crate::world::{Ns, Space};

/// Where settings stand as files.
const FILES: &str = "/proc/sys/";

/// Settings of the whole namespace.
const WHOLE: &[&str] = &[
    "net.ipv4.ip_forward",
    "net.ipv4.ip_default_ttl",
    "net.ipv4.icmp_echo_ignore_all",
    "net.ipv4.ping_group_range",
];

/// What the module `br_netfilter` adds, and only in the machine's own namespace.
const BRIDGED: &[&str] = &["net.bridge.bridge-nf-call-iptables"];

/// Families, and what each device has of them.
const OF_DEVICES: [(&str, &[&str]); 2] = [
    (
        "net.ipv4.conf",
        &[
            "forwarding",
            "rp_filter",
            "proxy_arp",
            "arp_ignore",
            "arp_announce",
            "accept_local",
            "route_localnet",
            "send_redirects",
            "accept_redirects",
        ],
    ),
    (
        "net.ipv6.conf",
        &["disable_ipv6", "forwarding", "accept_redirects"],
    ),
];

/// Settings whose dotted names begin with `begun`, up to the next dot.
pub(super) fn dotted(here: &Space, at: &Ns, begun: &str) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    for name in names(here, at, begun) {
        let Some(rest) = name.strip_prefix(begun) else {
            continue;
        };
        let item = match rest.find('.') {
            Some(dot) => Item {
                word: name[..=begun.len() + dot].to_owned(),
                meaning: String::new(),
                open: true,
            },
            None => Item::new(name.clone(), said(here, &name)),
        };
        if items.last() != Some(&item) {
            items.push(item);
        }
    }
    items
}

/// The same as files below `/proc/sys`.
pub(super) fn paths(here: &Space, at: &Ns, begun: &str) -> Vec<Item> {
    let Some(begun) = begun.strip_prefix(FILES) else {
        return vec![Item {
            word: format!("{FILES}net/"),
            meaning: "settings of the network".to_owned(),
            open: true,
        }];
    };
    let turned = |name: &str| -> String {
        let turn = |c| match c {
            '.' => '/',
            '/' => '.',
            c => c,
        };
        name.chars().map(turn).collect()
    };
    let items = dotted(here, at, &turned(begun)).into_iter();
    items
        .map(|item| Item {
            word: format!("{FILES}{}", turned(&item.word)),
            ..item
        })
        .collect()
}

/// Every setting that is worth naming; those of devices only once a name leads there.
fn names(here: &Space, at: &Ns, begun: &str) -> Vec<String> {
    let mut names: Vec<String> = WHOLE.iter().map(|name| (*name).to_owned()).collect();
    for (family, own) in OF_DEVICES {
        let Some(rest) = begun
            .strip_prefix(family)
            .and_then(|rest| rest.strip_prefix('.'))
        else {
            names.push(format!("{family}.all.{}", own[0]));
            continue;
        };
        let every = ["all", "default"].into_iter().map(str::to_owned);
        // A dot within a device's name is written as a slash.
        let devices = here.links.values().map(|link| link.name.replace('.', "/"));
        for device in every.chain(devices) {
            let this = rest
                .strip_prefix(device.as_str())
                .is_some_and(|rest| rest.starts_with('.'));
            let own = if this { own } else { &own[..1] };
            names.extend(
                own.iter()
                    .map(|setting| format!("{family}.{device}.{setting}")),
            );
        }
    }
    if *at == Ns::Host {
        names.extend(BRIDGED.iter().map(|name| (*name).to_owned()));
    }
    let read = here.sysctls.keys().filter(|name| !names.contains(name));
    let read: Vec<String> = read.cloned().collect();
    names.extend(read);
    names.sort();
    names
}

/// Its value, if that is known, and what it decides.
fn said(here: &Space, name: &str) -> String {
    let value = here.sysctls.get(name).map(|value| format!("now {value}"));
    let meaning = meaning(name).map(str::to_owned);
    let parts: Vec<String> = [value, meaning].into_iter().flatten().collect();
    parts.join(": ")
}
