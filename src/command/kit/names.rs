//! Numbers that iproute2 knows by name (`/etc/iproute2/rt_*`, `linux/rtnetlink.h`).

/// `RT_SCOPE_*`
pub(crate) const SCOPES: &[(&str, u32)] = &[
    ("global", 0),
    ("site", 200),
    ("link", 253),
    ("host", 254),
    ("nowhere", 255),
];

/// `RTPROT_*`
pub(crate) const PROTOS: &[(&str, u32)] = &[
    ("unspec", 0),
    ("redirect", 1),
    ("kernel", 2),
    ("boot", 3),
    ("static", 4),
    ("ra", 9),
    ("dhcp", 16),
];

/// `RT_TABLE_*`
pub(crate) const TABLES: &[(&str, u32)] = &[("default", 253), ("main", 254), ("local", 255)];

/// The number that `text` names or writes.
pub(crate) fn named_number(names: &[(&str, u32)], text: &str) -> Option<u32> {
    let named = names
        .iter()
        .find(|(name, _)| *name == text)
        .map(|(_, number)| *number);
    named.or_else(|| super::value::parse_number(text))
}
