//! A rule as iptables-nft 1.8.9 writes it, expression by expression.
//!
//! Real `iptables` refuses a whole table in which it meets an expression that it would not have
//! written, so this is the form wherever the kernel has `nft_compat`; else see [`super::native`].

use super::expr::{Expr, Extension, Piece, Verdict};
use super::xt;
use crate::world::ruleset::Counters;
use crate::world::ruleset::rule::{Not, Ports, Proto, Rule, Target};
use ipnet::Ipv4Net;

/// `NFT_META_IIFNAME`, `NFT_META_OIFNAME`, `NFT_META_L4PROTO`.
pub const META_IIFNAME: u32 = 6;
/// See [`META_IIFNAME`].
pub const META_OIFNAME: u32 = 7;
/// See [`META_IIFNAME`].
pub const META_L4PROTO: u32 = 16;
/// `NFT_CMP_*`.
pub const CMP_EQ: u32 = 0;
/// See [`CMP_EQ`].
pub const CMP_NEQ: u32 = 1;
/// See [`CMP_EQ`].
pub const CMP_LTE: u32 = 3;
/// See [`CMP_EQ`].
pub const CMP_GT: u32 = 4;
/// `NFT_PAYLOAD_NETWORK_HEADER`.
pub const NETWORK: u32 = 1;
/// `NFT_PAYLOAD_TRANSPORT_HEADER`.
pub const TRANSPORT: u32 = 2;
/// Where an IPv4 header has its source address.
pub const SRC: u32 = 12;
/// Where an IPv4 header has its destination address.
pub const DST: u32 = 16;
/// A device's name that no device can have: iptables' way of saying "none".
pub const NO_DEVICE: &str = "INVAL/D";

/// The expressions of `rule`, as it was given: what iptables writes of it depends on that, even
/// where the meaning is the same.
pub fn lower(rule: &Rule) -> Vec<Expr> {
    let mut list = header(rule);
    let states = rule.ctstate.map(|it| Expr::Match(xt::conntrack(it)));
    let mut ports = every_port(rule).map_or_else(|| ports(rule), |it| vec![it]);
    if rule.ctstate_first {
        list.extend(states);
        list.append(&mut ports);
    } else {
        list.append(&mut ports);
        list.extend(states);
    }
    list.push(Expr::Counter(Counters::default()));
    list.extend(rule.target.as_ref().map(target));
    list
}

/// `NFTA_RULE_COMPAT`: the protocol that extensions are told to expect, and whether it is negated.
pub fn compat(rule: &Rule) -> (u32, u32) {
    /// `NFT_RULE_COMPAT_F_INV`.
    const INVERTED: u32 = 2;
    rule.proto.map_or((0, 0), |proto| {
        let flags = if proto.not { INVERTED } else { 0 };
        (u32::from(proto.is.number()), flags)
    })
}

/// Devices, protocol and addresses.
pub fn header(rule: &Rule) -> Vec<Expr> {
    let mut list = Vec::new();
    list.extend(device(META_IIFNAME, rule.iif.as_ref()));
    list.extend(device(META_OIFNAME, rule.oif.as_ref()));
    list.extend(rule.proto.into_iter().flat_map(protocol));
    let rule = rule.canonical();
    list.extend(rule.src.into_iter().flat_map(|it| prefix(SRC, it)));
    list.extend(rule.dst.into_iter().flat_map(|it| prefix(DST, it)));
    list
}

fn device(key: u32, name: Option<&Not<String>>) -> Vec<Expr> {
    let Some(Not { not, is }) = name else {
        return Vec::new();
    };
    let test = match is.strip_suffix('+') {
        Some("") if *not => Expr::Cmp(CMP_EQ, nul_ended(NO_DEVICE)),
        Some("") => return vec![Expr::Meta(key)],
        // Without its NUL only the beginning is compared.
        Some(start) => Expr::Cmp(u32::from(*not), start.as_bytes().to_vec()),
        None => Expr::Cmp(u32::from(*not), nul_ended(is)),
    };
    vec![Expr::Meta(key), test]
}

fn nul_ended(text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    bytes.push(0);
    bytes
}

fn protocol(proto: Not<Proto>) -> [Expr; 2] {
    [
        Expr::Meta(META_L4PROTO),
        Expr::Cmp(u32::from(proto.not), vec![proto.is.number()]),
    ]
}

/// Whole bytes of a prefix are loaded and compared alone; any other is masked.
fn prefix(offset: u32, net: Not<Ipv4Net>) -> Vec<Expr> {
    let bits = net.is.prefix_len();
    let whole = bits.is_multiple_of(8);
    let len = if whole { bits / 8 } else { 4 };
    let piece = Piece {
        base: NETWORK,
        offset,
        len: u32::from(len),
    };
    let mut list = vec![Expr::Payload(piece)];
    if !whole {
        list.push(Expr::Bitwise {
            mask: net.is.netmask().octets().to_vec(),
            xor: vec![0; 4],
        });
    }
    let addr = net.is.network().octets();
    let is = addr[..usize::from(len)].to_vec();
    list.push(Expr::Cmp(u32::from(net.not), is));
    list
}

/// The match that stands for ports when none is excluded.
fn every_port(rule: &Rule) -> Option<Expr> {
    let all = |ports: Option<Not<Ports>>| ports.is_none_or(|it| !it.not && it.is == Ports::ALL);
    let asked = rule.sport.is_some() || rule.dport.is_some();
    (asked && all(rule.sport) && all(rule.dport))
        .then(|| rule.proto.and_then(|proto| xt::every_port(proto.is)))
        .flatten()
        .map(Expr::Match)
}

/// Ports: both in one load when each is a single one and not negated.
pub fn ports(rule: &Rule) -> Vec<Expr> {
    let single = |ports: Option<Not<Ports>>| {
        ports
            .filter(|it| !it.not && it.is.first == it.is.last && it.is.first != 0)
            .map(|it| it.is.first)
    };
    if let (Some(src), Some(dst)) = (single(rule.sport), single(rule.dport)) {
        let is = [src.to_be_bytes(), dst.to_be_bytes()].concat();
        return vec![transport(0, 4), Expr::Cmp(CMP_EQ, is)];
    }
    let one = |offset, ports: Option<Not<Ports>>| {
        let test = ports.and_then(port_test);
        test.map(|test| [transport(offset, 2), test])
    };
    let both = [one(0, rule.sport), one(2, rule.dport)];
    both.into_iter().flatten().flatten().collect()
}

/// Nothing when every port passes.
fn port_test(Not { not, is }: Not<Ports>) -> Option<Expr> {
    let bytes = |port: u16| port.to_be_bytes().to_vec();
    Some(match (is.first, is.last) {
        (0, u16::MAX) => return None,
        (first, last) if first == last => Expr::Cmp(u32::from(not), bytes(first)),
        (0, last) => Expr::Cmp(if not { CMP_GT } else { CMP_LTE }, bytes(last)),
        (first, last) => Expr::Range {
            not,
            from: bytes(first),
            to: bytes(last),
        },
    })
}

fn transport(offset: u32, len: u32) -> Expr {
    Expr::Payload(Piece {
        base: TRANSPORT,
        offset,
        len,
    })
}

fn target(target: &Target) -> Expr {
    verdict(target)
        .map(Expr::Verdict)
        .or_else(|| xt::target(target).map(Expr::Target))
        .unwrap_or_else(|| Expr::Other(target.name().to_owned()))
}

/// Of a target that nf_tables has itself.
pub fn verdict(target: &Target) -> Option<Verdict> {
    Some(match target {
        Target::Accept => Verdict::Accept,
        Target::Drop => Verdict::Drop,
        Target::Return => Verdict::Return,
        Target::Chain(name) => Verdict::Jump(name.clone()),
        Target::Reject { .. } | Target::Masquerade | Target::Snat(..) | Target::Dnat(..) => {
            return None;
        }
    })
}

/// The extensions that these expressions need, and whether each is a target.
pub fn extensions(list: &[Expr]) -> impl Iterator<Item = (&Extension, bool)> {
    list.iter().filter_map(|expr| match expr {
        Expr::Match(it) => Some((it, false)),
        Expr::Target(it) => Some((it, true)),
        _ => None,
    })
}
