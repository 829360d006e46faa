//! What a sandbox could leave behind on the machine that it ran on, looked at from outside.

use std::collections::BTreeSet;
use std::fs;

/// Files that tell of the machine's own network and mounts. Only read.
const FILES: [&str; 6] = [
    "/proc/net/route",
    "/proc/net/if_inet6",
    "/proc/net/fib_trie",
    "/proc/sys/net/ipv4/ip_forward",
    "/proc/sys/net/ipv4/conf/all/rp_filter",
    "/proc/self/mountinfo",
];

/// The machine's own network as it stands, so far as an ordinary user can see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footprint {
    devices: BTreeSet<String>,
    names: BTreeSet<String>,
    files: Vec<Option<String>>,
}

impl Footprint {
    /// Looks, from the namespace that the caller stands in.
    pub fn take() -> Self {
        Self {
            devices: entries("/sys/class/net"),
            names: entries("/run/netns"),
            files: FILES
                .iter()
                .map(|path| fs::read_to_string(path).ok())
                .collect(),
        }
    }

    /// What is different in `after`, in words.
    pub fn differences(&self, after: &Self) -> Vec<String> {
        let mut found = Vec::new();
        if self.devices != after.devices {
            found.push(format!(
                "devices were {:?} and are {:?}",
                self.devices, after.devices
            ));
        }
        if self.names != after.names {
            found.push(format!(
                "/run/netns held {:?} and holds {:?}",
                self.names, after.names
            ));
        }
        let files = FILES.iter().zip(self.files.iter().zip(&after.files));
        found.extend(
            files
                .filter(|(_, (before, after))| before != after)
                .map(|(path, _)| format!("{path} has changed")),
        );
        found
    }
}

fn entries(path: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}
