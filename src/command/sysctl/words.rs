//! Settings that lessons meet, in plain words.

/// What the setting called `name` decides.
pub fn meaning(name: &str) -> Option<&'static str> {
    let own = name.rsplit('.').next()?;
    Some(match own {
        "ip_forward" => {
            "whether this namespace passes packets on from one device to another, as a router does (1) or not (0)"
        }
        "forwarding" => "whether packets that come in by this device are passed on (1) or not (0)",
        "rp_filter" => {
            "whether packets are dropped whose source would be answered by another device: never (0), strictly (1), loosely (2)"
        }
        "proxy_arp" => "whether this machine answers ARP for addresses behind it (1) or not (0)",
        "arp_ignore" => "which ARP questions are answered",
        "arp_announce" => "which of its addresses a machine tells when it asks by ARP",
        "accept_local" => {
            "whether packets are taken that claim to come from this machine itself (1) or not (0)"
        }
        "route_localnet" => "whether 127.0.0.0/8 may be routed (1) or not (0)",
        "send_redirects" => "whether a sender is told of a shorter way (1) or not (0)",
        "accept_redirects" => "whether to believe who tells of a shorter way (1) or not (0)",
        "disable_ipv6" => "whether IPv6 is switched off (1) or on (0)",
        "bridge-nf-call-iptables" => {
            "whether what a bridge passes meets the rules of iptables (1) or not (0)"
        }
        "ping_group_range" => {
            "which groups of users may ping without further rights: the first and the last"
        }
        "icmp_echo_ignore_all" => "whether pings stay without an answer (1) or not (0)",
        "ip_default_ttl" => "how many routers a packet from here may pass",
        _ => return None,
    })
}
