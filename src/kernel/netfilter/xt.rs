//! Structures of xtables extensions, byte for byte as iptables fills them.
//!
//! They are C structures: numbers in the machine's order unless a field is a port or an address,
//! padded to eight bytes. Sources: `linux/netfilter/xt_conntrack.h`, `nf_nat.h`, `xt_tcpudp.h`,
//! `linux/netfilter_ipv4/ipt_REJECT.h`.

use std::net::Ipv4Addr;

use super::expr::Extension;
use crate::world::ruleset::reject::{self, REJECTS, Reject};
use crate::world::ruleset::rule::{CtStates, Not, Ports, Proto, Target};

/// `XT_CONNTRACK_STATE` of `match_flags` and `invert_flags`.
const BY_STATE: u16 = 1;
/// Where `struct xt_conntrack_mtinfo3` has its flags, and its length.
const MATCH_FLAGS: usize = 146;
const INVERT_FLAGS: usize = 148;
const STATE_MASK: usize = 150;
const CONNTRACK_LEN: usize = 168;
/// `NF_NAT_RANGE_MAP_IPS` and `NF_NAT_RANGE_PROTO_SPECIFIED`.
const MAP_IPS: u32 = 1;
const MAP_PORTS: u32 = 2;

/// Bits of `state_mask`: `1 << (ctinfo + 1)`, then those beyond `IP_CT_NUMBER` (5).
const STATE_BITS: [(CtStates, u16); 7] = [
    (CtStates::INVALID, 1),
    (CtStates::ESTABLISHED, 1 << 1),
    (CtStates::RELATED, 1 << 2),
    (CtStates::NEW, 1 << 3),
    (CtStates::SNAT, 1 << 6),
    (CtStates::DNAT, 1 << 7),
    (CtStates::UNTRACKED, 1 << 8),
];

/// `-m conntrack --ctstate`, revision 3.
pub fn conntrack(states: Not<CtStates>) -> Extension {
    let mask = STATE_BITS
        .into_iter()
        .filter(|(state, _)| states.is.contains(*state))
        .fold(0, |mask, (_, bit)| mask | bit);
    let mut info = vec![0; CONNTRACK_LEN];
    put(&mut info, MATCH_FLAGS, BY_STATE);
    put(&mut info, INVERT_FLAGS, u16::from(states.not));
    put(&mut info, STATE_MASK, mask);
    extension("conntrack", 3, info)
}

/// Nothing when it compares something other than the state.
pub fn read_conntrack(it: &Extension) -> Option<Not<CtStates>> {
    if it.name != "conntrack" || it.revision != 3 || short(&it.info, MATCH_FLAGS)? != BY_STATE {
        return None;
    }
    let mut mask = short(&it.info, STATE_MASK)?;
    let mut states = CtStates::empty();
    for (state, bit) in STATE_BITS {
        if mask & bit != 0 {
            states |= state;
            mask &= !bit;
        }
    }
    (mask == 0).then_some(Not {
        not: short(&it.info, INVERT_FLAGS)? & BY_STATE != 0,
        is: states,
    })
}

/// `-m tcp` or `-m udp` with every port: what iptables writes when a range leaves nothing out.
pub fn every_port(proto: Proto) -> Option<Extension> {
    let name = match proto {
        Proto::Tcp => "tcp",
        Proto::Udp => "udp",
        Proto::Icmp | Proto::Other(_) => return None,
    };
    let mut info = vec![0; 16];
    put(&mut info, 2, u16::MAX);
    put(&mut info, 6, u16::MAX);
    Some(extension(name, 0, info))
}

/// The structure of a target that has one.
pub fn target(target: &Target) -> Option<Extension> {
    match target {
        Target::Reject { with } => {
            let way = with.as_deref().map_or(Some(reject::DEFAULT), reject::named);
            let number = way.unwrap_or(reject::DEFAULT).number;
            Some(extension("REJECT", 0, long(number, 8)))
        }
        Target::Masquerade => Some(extension("MASQUERADE", 0, long(1, 24))),
        Target::Snat(addr, ports) => Some(extension("SNAT", 0, range(*addr, *ports))),
        Target::Dnat(addr, ports) => Some(extension("DNAT", 2, range2(*addr, *ports))),
        Target::Accept | Target::Drop | Target::Return | Target::Chain(_) => None,
    }
}

/// Nothing when it is another target, or does more than we can say.
pub fn read_target(it: &Extension) -> Option<Target> {
    match (it.name.as_str(), it.revision) {
        ("REJECT", 0) => {
            let number = u32::from_ne_bytes(*it.info.first_chunk()?);
            let way: Reject = REJECTS.into_iter().find(|way| way.number == number)?;
            Some(Target::Reject {
                with: Some(way.name.to_owned()),
            })
        }
        ("MASQUERADE", 0) if it.info.get(4..20)?.iter().all(|byte| *byte == 0) => {
            Some(Target::Masquerade)
        }
        ("SNAT", 0) => read_range(&it.info).map(|(addr, ports)| Target::Snat(addr, ports)),
        ("DNAT", 2) => read_range2(&it.info).map(|(addr, ports)| Target::Dnat(addr, ports)),
        _ => None,
    }
}

/// `struct nf_nat_ipv4_multi_range_compat` with one range.
fn range(addr: Ipv4Addr, ports: Option<Ports>) -> Vec<u8> {
    let mut info = long(1, 24);
    info[4..8].copy_from_slice(&range_flags(ports).to_ne_bytes());
    info[8..12].copy_from_slice(&addr.octets());
    info[12..16].copy_from_slice(&addr.octets());
    put_ports(&mut info, 16, ports);
    info
}

fn read_range(info: &[u8]) -> Option<(Ipv4Addr, Option<Ports>)> {
    let flags = u32::from_ne_bytes(*info.get(4..)?.first_chunk()?);
    let addrs = [address(info, 8)?, address(info, 12)?];
    one_mapping(flags, addrs, read_ports(info, 16)?)
}

/// `struct nf_nat_range2`.
fn range2(addr: Ipv4Addr, ports: Option<Ports>) -> Vec<u8> {
    let mut info = long(range_flags(ports), 48);
    info[4..8].copy_from_slice(&addr.octets());
    info[20..24].copy_from_slice(&addr.octets());
    put_ports(&mut info, 36, ports);
    info
}

fn read_range2(info: &[u8]) -> Option<(Ipv4Addr, Option<Ports>)> {
    let flags = u32::from_ne_bytes(*info.first_chunk()?);
    let addrs = [address(info, 4)?, address(info, 20)?];
    one_mapping(flags, addrs, read_ports(info, 36)?)
}

/// What can be said in a [`Target`]: one address, with or without ports, no other flag.
fn one_mapping(
    flags: u32,
    [first, last]: [Ipv4Addr; 2],
    ports: Ports,
) -> Option<(Ipv4Addr, Option<Ports>)> {
    let ports = match flags {
        MAP_IPS => None,
        flags if flags == MAP_IPS | MAP_PORTS => Some(ports),
        _ => return None,
    };
    (first == last).then_some((first, ports))
}

fn range_flags(ports: Option<Ports>) -> u32 {
    if ports.is_some() {
        MAP_IPS | MAP_PORTS
    } else {
        MAP_IPS
    }
}

fn put_ports(info: &mut [u8], at: usize, ports: Option<Ports>) {
    if let Some(ports) = ports {
        info[at..at + 2].copy_from_slice(&ports.first.to_be_bytes());
        info[at + 2..at + 4].copy_from_slice(&ports.last.to_be_bytes());
    }
}

fn read_ports(info: &[u8], at: usize) -> Option<Ports> {
    let port = |at| Some(u16::from_be(short(info, at)?));
    Some(Ports {
        first: port(at)?,
        last: port(at + 2)?,
    })
}

fn address(info: &[u8], at: usize) -> Option<Ipv4Addr> {
    let octets: [u8; 4] = *info.get(at..)?.first_chunk()?;
    Some(octets.into())
}

fn extension(name: &str, revision: u32, info: Vec<u8>) -> Extension {
    Extension {
        name: name.to_owned(),
        revision,
        info,
    }
}

/// `len` bytes that begin with a number.
fn long(first: u32, len: usize) -> Vec<u8> {
    let mut info = first.to_ne_bytes().to_vec();
    info.resize(len, 0);
    info
}

fn put(info: &mut [u8], at: usize, value: u16) {
    info[at..at + 2].copy_from_slice(&value.to_ne_bytes());
}

fn short(info: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_ne_bytes(*info.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_structure_reads_back() {
        let ports = |first, last| Some(Ports { first, last });
        let addr = Ipv4Addr::new(1, 2, 3, 4);
        let mut targets = vec![
            Target::Masquerade,
            Target::Snat(addr, None),
            Target::Snat(addr, ports(10, 20)),
            Target::Dnat(addr, None),
            Target::Dnat(addr, ports(8080, 8080)),
        ];
        targets.extend(REJECTS.map(|way| Target::Reject {
            with: Some(way.name.to_owned()),
        }));
        for wanted in targets {
            let written = target(&wanted).expect("has a structure");
            assert_eq!(written.info.len() % 8, 0, "{wanted:?}");
            assert_eq!(read_target(&written), Some(wanted));
        }
        for is in CtStates::all().iter() {
            let states = Not { not: true, is };
            assert_eq!(read_conntrack(&conntrack(states)), Some(states));
        }
    }

    #[test]
    fn what_cannot_be_said_is_not_guessed() {
        let mut random = target(&Target::Masquerade).expect("has a structure");
        random.info[4] = 4;
        assert_eq!(read_target(&random), None);
        let mut by_address = conntrack(Not {
            not: false,
            is: CtStates::NEW,
        });
        by_address.info[MATCH_FLAGS] = 3;
        assert_eq!(read_conntrack(&by_address), None);
        by_address.info.truncate(100);
        assert_eq!(read_conntrack(&by_address), None);
    }
}
