//! Settings of a new namespace, the same on every machine.
//!
//! A new network namespace copies the IPv4 settings of the machine's first one (and, if the
//! machine is told so, the IPv6 ones: `net.core.devconf_inherit_init_net`, `sysctl/net.rst` of the
//! kernel's documentation). A host of containers forwards, a distribution filters by reverse path;
//! a lesson must find what the kernel itself starts with.

use std::fs;
use std::io;
use std::sync::OnceLock;

/// Settings and the kernel's own first value, in the order of writing: the first overwrites
/// others (`devconf_ipv4` of `net/ipv4/devinet.c`, `ipv6_devconf` of `net/ipv6/addrconf.c`).
const FIRST_VALUES: &[(&str, &str)] = &[
    ("ipv4/conf/{}/forwarding", "0"),
    ("ipv4/conf/{}/rp_filter", "0"),
    ("ipv4/conf/{}/accept_local", "0"),
    ("ipv4/conf/{}/accept_redirects", "1"),
    ("ipv4/conf/{}/send_redirects", "1"),
    ("ipv4/conf/{}/secure_redirects", "1"),
    ("ipv4/conf/{}/shared_media", "1"),
    ("ipv4/conf/{}/arp_accept", "0"),
    ("ipv4/conf/{}/arp_announce", "0"),
    ("ipv4/conf/{}/arp_evict_nocarrier", "1"),
    ("ipv4/conf/{}/arp_filter", "0"),
    ("ipv4/conf/{}/arp_ignore", "0"),
    ("ipv4/conf/{}/arp_notify", "0"),
    ("ipv4/conf/{}/drop_gratuitous_arp", "0"),
    ("ipv4/conf/{}/drop_unicast_in_l2_multicast", "0"),
    ("ipv4/conf/{}/ignore_routes_with_linkdown", "0"),
    ("ipv4/conf/{}/log_martians", "0"),
    ("ipv4/conf/{}/promote_secondaries", "0"),
    ("ipv4/conf/{}/proxy_arp", "0"),
    ("ipv4/conf/{}/proxy_arp_pvlan", "0"),
    ("ipv4/conf/{}/route_localnet", "0"),
    ("ipv4/conf/{}/src_valid_mark", "0"),
    ("ipv6/conf/{}/forwarding", "0"),
    ("ipv6/conf/{}/accept_dad", "{dad}"),
    ("ipv6/conf/{}/accept_ra", "1"),
    ("ipv6/conf/{}/accept_redirects", "1"),
    ("ipv6/conf/{}/addr_gen_mode", "0"),
    ("ipv6/conf/{}/autoconf", "1"),
    ("ipv6/conf/{}/disable_ipv6", "0"),
    ("ipv6/conf/{}/use_tempaddr", "0"),
];

/// What a new namespace of this machine has otherwise, found out once.
static DIFFERENT: OnceLock<Vec<(String, &'static str)>> = OnceLock::new();

/// Gives the namespace that this thread stands in the kernel's own first values.
///
/// # Errors
/// When a setting that differs cannot be written.
pub fn pin() -> io::Result<()> {
    write(&different())
}

/// The same for a namespace made just now, which has what every new one has.
pub(super) fn pin_new() -> io::Result<()> {
    // Told to copy its maker's namespace, each new one may differ.
    let inherits = fs::read_to_string("/proc/sys/net/core/devconf_inherit_init_net");
    if inherits.is_ok_and(|mode| mode.trim() == "3") {
        return pin();
    }
    write(DIFFERENT.get_or_init(different))
}

fn write(values: &[(String, &'static str)]) -> io::Result<()> {
    for (path, value) in values {
        fs::write(path, value)
            .map_err(|error| io::Error::new(error.kind(), format!("{path}: {error}")))?;
    }
    Ok(())
}

/// Settings of this thread's namespace that have another value; a kernel that lacks one has none.
fn different() -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    for (path, value) in FIRST_VALUES {
        for scope in ["all", "default"] {
            let value = match (*value, scope) {
                ("{dad}", "all") => "0",
                ("{dad}", _) => "1",
                (value, _) => value,
            };
            let path = format!("/proc/sys/net/{}", path.replace("{}", scope));
            if fs::read_to_string(&path).is_ok_and(|now| now.trim() != value) {
                found.push((path, value));
            }
        }
    }
    found
}
