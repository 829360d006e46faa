//! Names of chains and targets.

use crate::command::kit::Bad;

/// Longest name of a chain in bytes (`XT_EXTENSION_MAXNAMELEN` less the final zero).
const LONGEST: usize = 28;

/// Targets of iptables; a chain cannot have such a name.
pub(super) const TARGETS: &[&str] = &[
    "ACCEPT",
    "DROP",
    "REJECT",
    "RETURN",
    "MASQUERADE",
    "SNAT",
    "DNAT",
    "QUEUE",
    "LOG",
    "MARK",
    "CONNMARK",
    "REDIRECT",
    "NETMAP",
    "TPROXY",
    "TCPMSS",
    "NFLOG",
    "NFQUEUE",
    "TRACE",
    "CT",
    "NOTRACK",
    "SET",
    "TTL",
    "DSCP",
    "TOS",
    "CLASSIFY",
    "CHECKSUM",
    "AUDIT",
    "TEE",
];

/// A name that a chain can have.
pub(super) fn existing(text: &str) -> Result<String, Bad> {
    if text.is_empty() {
        return Err(Bad::new("a chain's name is not empty"));
    }
    if text.len() > LONGEST {
        return Err(
            Bad::new(format!("the chain's name has {} bytes", text.len()))
                .help(format!("it has at most {LONGEST} bytes")),
        );
    }
    if text.starts_with(['-', '!']) {
        return Err(Bad::new(format!(
            "a chain's name cannot begin as `{text}` does"
        )));
    }
    if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(Bad::new("a chain's name holds no blanks"));
    }
    Ok(text.to_owned())
}

/// A name for a new chain.
pub(super) fn new(text: &str) -> Result<String, Bad> {
    if TARGETS.contains(&text) {
        return Err(Bad::new(format!("a chain cannot be called `{text}`"))
            .help("that is the name of a target"));
    }
    existing(text)
}

/// What passes a chain.
pub(super) fn meaning(name: &str) -> &'static str {
    match name {
        "INPUT" => "INPUT: packets for this namespace itself",
        "OUTPUT" => "OUTPUT: packets that this namespace sends",
        "FORWARD" => "FORWARD: packets that only pass through this namespace",
        "PREROUTING" => "PREROUTING: packets that have just come in, before a route is chosen",
        "POSTROUTING" => "POSTROUTING: packets that are about to leave, after a route was chosen",
        _ => "your chain {}",
    }
}
