//! What the real tools say of the rules of a namespace.

use crate::tools::shell;

/// Listings that are laid side by side after each line.
pub const LISTINGS: [&str; 8] = [
    "-S",
    "-L",
    "-L -n",
    "-L -v",
    "-L -n -v --line-numbers",
    "-t nat -S",
    "-t nat -L -n",
    "-t nat -L -v --line-numbers",
];

/// What real iptables lists: each listing, its complaint and its status.
pub fn listed(ns: &str) -> anyhow::Result<String> {
    let each = LISTINGS.map(|line| format!("iptables {line} 2>&1; echo \"{line}: $?\""));
    shell(&format!("ip netns exec {ns} sh -c '{}'", each.join("; ")))
}

/// What nft sees, in the kernel's terms and in its own.
pub fn nft(ns: &str) -> anyhow::Result<String> {
    let nft = format!("ip netns exec {ns} nft");
    shell(&format!(
        "{nft} --debug=netlink list ruleset 2>&1; {nft} list ruleset"
    ))
}
