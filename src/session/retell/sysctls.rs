//! Settings: those of which something is known, which is little more than forwarding and
//! `rp_filter`.

use super::Tale;
use super::devices::dotless;
use crate::command::Command;
use crate::command::sysctl::{Action, Form, Sysctl};
use crate::world::Ns;
use crate::world::link::LinkFlags;

impl Tale {
    /// Those of a namespace, before its devices are made: a new device begins with `default`.
    pub(super) fn set_spaces(&mut self) {
        for ns in self.spaces() {
            let keys: Vec<String> = self.aim.spaces[&ns].sysctls.keys().cloned().collect();
            let rank = |key: &String| match part(key) {
                None => 0,
                Some("all") => 1,
                Some(_) => 2,
            };
            let mut own: Vec<String> = keys
                .into_iter()
                .filter(|key| matches!(part(key), None | Some("all" | "default")))
                .collect();
            own.sort_by_key(|key| (rank(key), key.clone()));
            for key in own {
                self.change_setting(&ns, &key);
            }
        }
    }

    /// Those of devices.
    pub(super) fn set_devices(&mut self) {
        for ns in self.spaces() {
            let aim = &self.aim.spaces[&ns];
            let names: Vec<String> = (aim.links.values())
                .map(|link| dotless(&link.name))
                .collect();
            let of_devices: Vec<String> = (aim.sysctls.keys())
                .filter(|key| part(key).is_some_and(|part| names.iter().any(|name| name == part)))
                .cloned()
                .collect();
            for key in of_devices {
                self.change_setting(&ns, &key);
            }
        }
    }

    fn change_setting(&mut self, ns: &Ns, key: &str) {
        let Some(value) = self.aim.spaces[ns].sysctls.get(key).cloned() else {
            return;
        };
        let known = self.expected(ns, key);
        if known.is_none_or(|known| known == value) {
            return;
        }
        let words: Vec<&str> = value.split_whitespace().collect();
        let command = Command::Sysctl(Sysctl {
            name: key.to_owned(),
            action: Action::Write(words.join(" ")),
            form: Form::Sysctl,
        });
        self.say(ns, command);
        let sysctls = &mut self.space(ns).sysctls;
        sysctls.insert(key.to_owned(), value.clone());
        // One switch turns all that hang on it (`inet_forward_change` of `net/ipv4/devinet.c`).
        if let Some(family) = turns_all(key) {
            let same = format!("net.{family}.conf.");
            sysctls.retain(|name, _| !(name.starts_with(&same) && name.ends_with(".forwarding")));
            sysctls.insert(format!("net.{family}.conf.all.forwarding"), value.clone());
            sysctls.insert(
                format!("net.{family}.conf.default.forwarding"),
                value.clone(),
            );
            if family == "ipv4" {
                sysctls.insert("net.ipv4.ip_forward".to_owned(), value);
            }
        }
    }

    /// What a setting is by now, as far as that is known. One that was read for the first time may
    /// have been so all along.
    fn expected(&self, ns: &Ns, key: &str) -> Option<String> {
        let now = self.now.spaces.get(ns)?;
        if let Some(value) = now.sysctls.get(key) {
            return Some(value.clone());
        }
        let told = [".forwarding", ".rp_filter", ".ip_forward"];
        let suffix = told.iter().find(|suffix| key.ends_with(**suffix))?;
        let part = part(key)?;
        // `lo` is older than any default.
        let own = |link: &crate::world::link::Link| dotless(&link.name) == part;
        let old = |flags: LinkFlags| flags.contains(LinkFlags::LOOPBACK);
        let is_lo = now.links.values().any(|link| own(link) && old(link.flags));
        let family = key.split('.').nth(1)?;
        let default = now
            .sysctls
            .get(&format!("net.{family}.conf.default{suffix}"));
        let all = now.sysctls.get(&format!("net.{family}.conf.all{suffix}"));
        let forwarding = *suffix == ".forwarding";
        let inherited = if part == "all" {
            None
        } else if forwarding {
            default.or(all)
        } else if part == "default" || is_lo {
            None
        } else {
            default
        };
        Some(inherited.map_or_else(|| "0".to_owned(), Clone::clone))
    }
}

/// The device of `net.ipv4.conf.DEV.…`.
fn part(key: &str) -> Option<&str> {
    let mut parts = key.split('.');
    parts.find(|part| *part == "conf")?;
    parts.next()
}

/// The family of which this switches all forwarding.
fn turns_all(key: &str) -> Option<&'static str> {
    let switches = [
        ("net.ipv4.ip_forward", "ipv4"),
        ("net.ipv4.conf.all.forwarding", "ipv4"),
        ("net.ipv6.conf.all.forwarding", "ipv6"),
    ];
    let found = switches.iter().find(|(name, _)| *name == key);
    found.map(|(_, family)| *family)
}
