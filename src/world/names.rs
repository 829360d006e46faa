//! Names for the numbers of routing: tables, protocols and scopes.
//!
//! These are the names that iproute2 has built in (`rt_tables`, `rt_protos` and `rt_scopes` of
//! `/etc/iproute2` may add more on a real machine; the sandbox knows only these). A number without
//! a name is written as a number.

const TABLES: [(u32, &str); 4] = [
    (0, "unspec"),
    (253, "default"),
    (254, "main"),
    (255, "local"),
];

const SCOPES: [(u8, &str); 5] = [
    (0, "global"),
    (200, "site"),
    (253, "link"),
    (254, "host"),
    (255, "nowhere"),
];

const PROTOCOLS: [(u8, &str); 21] = [
    (0, "unspec"),
    (1, "redirect"),
    (2, "kernel"),
    (3, "boot"),
    (4, "static"),
    (8, "gated"),
    (9, "ra"),
    (10, "mrt"),
    (11, "zebra"),
    (12, "bird"),
    (13, "dnrouted"),
    (14, "xorp"),
    (15, "ntk"),
    (16, "dhcp"),
    (18, "keepalived"),
    (42, "babel"),
    (186, "bgp"),
    (187, "isis"),
    (188, "ospf"),
    (189, "rip"),
    (192, "eigrp"),
];

/// A routing table's name (`main`), or its number.
pub fn table(id: u32) -> String {
    name(&TABLES, id)
}

/// A scope's name (`link`), or its number.
pub fn scope(id: u8) -> String {
    name(&SCOPES, id)
}

/// The name of what has put a route or rule there (`kernel`, `static`), or its number.
pub fn protocol(id: u8) -> String {
    name(&PROTOCOLS, id)
}

/// The table that a word means: a name or a number.
pub fn table_id(word: &str) -> Option<u32> {
    number(&TABLES, word)
}

/// The scope that a word means: a name or a number.
pub fn scope_id(word: &str) -> Option<u8> {
    number(&SCOPES, word)
}

/// The protocol that a word means: a name or a number.
pub fn protocol_id(word: &str) -> Option<u8> {
    number(&PROTOCOLS, word)
}

fn name<N: Copy + PartialEq + ToString>(names: &[(N, &str)], id: N) -> String {
    names
        .iter()
        .find(|(number, _)| *number == id)
        .map_or_else(|| id.to_string(), |(_, name)| (*name).to_owned())
}

fn number<N: Copy + std::str::FromStr>(names: &[(N, &str)], word: &str) -> Option<N> {
    names
        .iter()
        .find(|(_, name)| *name == word)
        .map(|(number, _)| *number)
        .or_else(|| word.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_told_both_ways() {
        assert_eq!(table(254), "main");
        assert_eq!(table(100), "100");
        assert_eq!(protocol(2), "kernel");
        assert_eq!(scope(253), "link");
        assert_eq!(table_id("local"), Some(255));
        assert_eq!(table_id("1000"), Some(1000));
        assert_eq!(scope_id("host"), Some(254));
        assert_eq!(scope_id("300"), None);
        assert_eq!(protocol_id("static"), Some(4));
        assert_eq!(protocol_id("nonsense"), None);
    }
}
