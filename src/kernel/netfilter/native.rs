//! A rule in nf_tables' own expressions, for kernels without `nft_compat`.
//!
//! It does the same, and is read back the same, but real `iptables` will not look at its table.

use super::expr::{Expr, Nat, REG_1};
use super::lower::{CMP_EQ, CMP_NEQ, header, ports, verdict};
use crate::world::ruleset::Counters;
use crate::world::ruleset::reject;
use crate::world::ruleset::rule::{CtStates, Not, Ports, Rule, Target};

/// `NFT_CT_STATE` and `NFT_CT_STATUS`.
pub const CT_STATE: u32 = 0;
/// See [`CT_STATE`].
pub const CT_STATUS: u32 = 2;
/// `NFT_REG_2`; the address of a translation stands in the first register, its ports in the next two.
const REG_2: u32 = 2;
/// `NFT_REG_3`.
const REG_3: u32 = 3;

/// Bits of `ct state` (`linux/netfilter/nf_conntrack_common.h`).
pub const STATE_BITS: [(CtStates, u32); 5] = [
    (CtStates::INVALID, 1),
    (CtStates::ESTABLISHED, 1 << 1),
    (CtStates::RELATED, 1 << 2),
    (CtStates::NEW, 1 << 3),
    (CtStates::UNTRACKED, 1 << 6),
];
/// Bits of `ct status`: `IPS_SRC_NAT` and `IPS_DST_NAT`.
pub const STATUS_BITS: [(CtStates, u32); 2] = [(CtStates::SNAT, 1 << 4), (CtStates::DNAT, 1 << 5)];

/// The expressions of `rule`; nothing when they cannot say it (a state and a kind of NAT, either
/// of which would do).
pub fn lower(rule: &Rule) -> Option<Vec<Expr>> {
    let mut list = header(rule);
    let states = rule.ctstate.map_or(Some(Vec::new()), states)?;
    let tests = if rule.ctstate_first {
        [states, ports(rule)]
    } else {
        [ports(rule), states]
    };
    list.extend(tests.concat());
    list.push(Expr::Counter(Counters::default()));
    list.extend(rule.target.iter().flat_map(target));
    Some(list)
}

fn states(Not { not, is }: Not<CtStates>) -> Option<Vec<Expr>> {
    let bits = |table: &[(CtStates, u32)]| {
        let set = table.iter().filter(|(state, _)| is.contains(*state));
        set.fold(0, |mask, (_, bit)| mask | bit)
    };
    let (state, status) = (bits(&STATE_BITS), bits(&STATUS_BITS));
    let any = |key, mask: u32| {
        [
            Expr::Ct(key),
            Expr::Bitwise {
                mask: mask.to_ne_bytes().to_vec(),
                xor: vec![0; 4],
            },
            Expr::Cmp(if not { CMP_EQ } else { CMP_NEQ }, vec![0; 4]),
        ]
    };
    let mut list = Vec::new();
    if state != 0 {
        list.extend(any(CT_STATE, state));
    }
    if status != 0 {
        list.extend(any(CT_STATUS, status));
    }
    // Neither of two is both tests in a row; one of two would be two rules.
    (not || state == 0 || status == 0).then_some(list)
}

fn target(target: &Target) -> Vec<Expr> {
    match target {
        Target::Masquerade => vec![Expr::Masquerade(0)],
        Target::Snat(addr, ports) => nat(false, addr.octets(), *ports),
        Target::Dnat(addr, ports) => nat(true, addr.octets(), *ports),
        Target::Reject { with } => vec![refusal(with.as_deref())],
        Target::Accept | Target::Drop | Target::Return | Target::Chain(_) => {
            verdict(target).map(Expr::Verdict).into_iter().collect()
        }
    }
}

fn nat(dst: bool, addr: [u8; 4], ports: Option<Ports>) -> Vec<Expr> {
    let mut list = vec![Expr::Value(REG_1, addr.to_vec())];
    let mut nat = Nat {
        dst,
        addrs: [Some(REG_1), None],
        ports: [None; 2],
        flags: 0,
    };
    if let Some(ports) = ports {
        list.push(Expr::Value(REG_2, ports.first.to_be_bytes().to_vec()));
        nat.ports[0] = Some(REG_2);
        if ports.first != ports.last {
            list.push(Expr::Value(REG_3, ports.last.to_be_bytes().to_vec()));
            nat.ports[1] = Some(REG_3);
        }
    }
    list.push(Expr::Nat(nat));
    list
}

fn refusal(with: Option<&str>) -> Expr {
    /// `NFT_REJECT_ICMP_UNREACH` and `NFT_REJECT_TCP_RST`.
    const KINDS: [u32; 2] = [0, 1];
    let way = with.and_then(reject::named).unwrap_or(reject::DEFAULT);
    way.icmp.map_or(Expr::Reject(KINDS[1], 0), |code| {
        Expr::Reject(KINDS[0], code)
    })
}
