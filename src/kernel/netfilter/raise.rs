//! Expressions read back as a rule, in either form; what is not understood is kept by name.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::expr::{Expr, Nat, Piece, Verdict};
use super::lower::{
    CMP_EQ, CMP_GT, CMP_LTE, CMP_NEQ, DST, META_IIFNAME, META_L4PROTO, META_OIFNAME, NETWORK,
    NO_DEVICE, SRC, TRANSPORT,
};
use super::native::{CT_STATE, CT_STATUS, STATE_BITS, STATUS_BITS};
use super::{attr, xt};
use crate::world::ruleset::reject::REJECTS;
use crate::world::ruleset::rule::{CtStates, Not, Ports, Proto, Target};
use crate::world::ruleset::{Counters, Entry, Opaque};

/// Where an IPv4 header has its protocol.
const PROTOCOL: u32 = 9;
/// Longest device name that is compared whole, NUL included (`IFNAMSIZ`).
const DEVICE_LEN: usize = 16;

/// The rule that these expressions are.
pub fn raise(list: &[Expr]) -> Entry {
    let mut raised = Raised::default();
    for expr in list {
        raised.take(expr);
    }
    raised.forget();
    let rule = raised.entry.rule.canonical();
    let native = list.iter().any(|expr| {
        matches!(
            expr,
            Expr::Ct(_) | Expr::Masquerade(_) | Expr::Nat(_) | Expr::Reject(..)
        )
    });
    Entry {
        rule,
        native,
        ..raised.entry
    }
}

/// What has been understood so far.
#[derive(Default)]
struct Raised {
    entry: Entry,
    /// What was loaded and not yet looked at.
    loaded: Option<Loaded>,
    /// Values put into registers.
    registers: BTreeMap<u32, Vec<u8>>,
}

/// A loaded value, and the mask that was laid over it.
#[derive(Clone)]
struct Loaded {
    load: Expr,
    mask: Option<Vec<u8>>,
}

/// What a loaded value is compared with.
enum Test<'a> {
    Cmp(u32, &'a [u8]),
    Range(bool, &'a [u8], &'a [u8]),
}

impl Raised {
    fn take(&mut self, expr: &Expr) {
        match expr {
            Expr::Meta(_) | Expr::Payload(_) | Expr::Ct(_) => {
                self.forget();
                self.loaded = Some(Loaded {
                    load: expr.clone(),
                    mask: None,
                });
            }
            Expr::Bitwise { mask, xor } => match &mut self.loaded {
                Some(loaded) if loaded.mask.is_none() && xor.iter().all(|byte| *byte == 0) => {
                    loaded.mask = Some(mask.clone());
                }
                _ => self.opaque(expr),
            },
            Expr::Cmp(op, is) => self.test(expr, &Test::Cmp(*op, is)),
            Expr::Range { not, from, to } => self.test(expr, &Test::Range(*not, from, to)),
            Expr::Counter(counters) => self.count(*counters),
            Expr::Verdict(verdict) => self.end(expr, verdict_target(verdict)),
            Expr::Value(register, is) => {
                self.registers.insert(*register, is.clone());
            }
            Expr::Match(it) => self.extension(it),
            Expr::Target(it) => match xt::read_target(it) {
                Some(target) => self.entry.rule.target = Some(target),
                None => self.entry.other.push(Opaque::Target(it.name.clone())),
            },
            Expr::Masquerade(flags) => {
                self.end(expr, (*flags == 0).then_some(Target::Masquerade));
            }
            Expr::Nat(nat) => self.end(expr, self.nat(*nat)),
            Expr::Reject(kind, code) => self.end(expr, reject(*kind, *code)),
            Expr::Other(_) => {
                self.forget();
                self.opaque(expr);
            }
        }
    }

    fn opaque(&mut self, expr: &Expr) {
        let name = expr.name().to_owned();
        self.entry.other.push(Opaque::Expression(name));
    }

    /// A load that nothing looked at: nothing when it is iptables' `-i +`, else not understood.
    fn forget(&mut self) {
        if let Some(loaded) = self.loaded.take()
            && !matches!(loaded.load, Expr::Meta(META_IIFNAME | META_OIFNAME))
        {
            self.opaque(&loaded.load);
        }
    }

    fn count(&mut self, counters: Counters) {
        self.entry.counters = Some(counters);
    }

    fn end(&mut self, expr: &Expr, target: Option<Target>) {
        match target {
            Some(target) => self.entry.rule.target = Some(target),
            None => self.opaque(expr),
        }
    }

    fn test(&mut self, expr: &Expr, test: &Test<'_>) {
        let Some(loaded) = self.loaded.take() else {
            return self.opaque(expr);
        };
        if self.understand(&loaded, test).is_none() {
            self.opaque(&loaded.load);
        }
    }

    /// Nothing when it says what a rule cannot.
    fn understand(&mut self, loaded: &Loaded, test: &Test<'_>) -> Option<()> {
        let rule = &mut self.entry.rule;
        match (&loaded.load, &loaded.mask) {
            (Expr::Meta(META_IIFNAME), None) => fill(&mut rule.iif, device(test)?),
            (Expr::Meta(META_OIFNAME), None) => fill(&mut rule.oif, device(test)?),
            (Expr::Meta(META_L4PROTO), None) => fill(&mut rule.proto, protocol(test)?),
            (Expr::Payload(piece), mask) if piece.base == NETWORK => match piece.offset {
                PROTOCOL if mask.is_none() => fill(&mut rule.proto, protocol(test)?),
                SRC => fill(&mut rule.src, prefix(*piece, mask.as_deref(), test)?),
                DST => fill(&mut rule.dst, prefix(*piece, mask.as_deref(), test)?),
                _ => None,
            },
            (Expr::Payload(piece), None) if piece.base == TRANSPORT => {
                rule.proto?;
                match (piece.offset, piece.len, test) {
                    (0, 4, Test::Cmp(CMP_EQ, [a, b, c, d])) => {
                        fill(&mut rule.sport, one_port([*a, *b]))?;
                        fill(&mut rule.dport, one_port([*c, *d]))
                    }
                    (0, 2, _) => fill(&mut rule.sport, ports(test)?),
                    (2, 2, _) => fill(&mut rule.dport, ports(test)?),
                    _ => None,
                }
            }
            (Expr::Ct(key), Some(mask)) => self.state(*key, mask, test),
            _ => None,
        }
    }

    fn state(&mut self, key: u32, mask: &[u8], test: &Test<'_>) -> Option<()> {
        let table: &[(CtStates, u32)] = match key {
            CT_STATE => &STATE_BITS,
            CT_STATUS => &STATUS_BITS,
            _ => return None,
        };
        let not = match test {
            Test::Cmp(CMP_NEQ, [0, 0, 0, 0]) => false,
            Test::Cmp(CMP_EQ, [0, 0, 0, 0]) => true,
            Test::Cmp(..) | Test::Range(..) => return None,
        };
        let mut mask = u32::from_ne_bytes(mask.try_into().ok()?);
        let mut is = CtStates::empty();
        for (state, bit) in table {
            if mask & bit != 0 {
                is |= *state;
                mask &= !bit;
            }
        }
        if mask != 0 {
            return None;
        }
        self.states_come();
        match &mut self.entry.rule.ctstate {
            // Neither of these nor of those.
            Some(before) if before.not && not => before.is |= is,
            Some(_) => return None,
            empty => *empty = Some(Not { not, is }),
        }
        Some(())
    }

    /// Do they stand before the ports?
    fn states_come(&mut self) {
        let rule = &mut self.entry.rule;
        rule.ctstate_first = rule.sport.is_none() && rule.dport.is_none();
    }

    fn extension(&mut self, it: &super::expr::Extension) {
        let rule = &mut self.entry.rule;
        if let Some(states) = xt::read_conntrack(it)
            && rule.ctstate.is_none()
        {
            rule.ctstate = Some(states);
            self.states_come();
        } else if rule
            .proto
            .and_then(|proto| xt::every_port(proto.is))
            .as_ref()
            == Some(it)
            && rule.sport.is_none()
        {
            rule.sport = Some(Not {
                not: false,
                is: Ports::ALL,
            });
        } else {
            self.entry.other.push(Opaque::Match(it.name.clone()));
        }
    }

    fn nat(&self, nat: Nat) -> Option<Target> {
        /// `NF_NAT_RANGE_MAP_IPS` and `NF_NAT_RANGE_PROTO_SPECIFIED`, which the kernel adds.
        const IMPLIED: u32 = 3;
        if nat.flags & !IMPLIED != 0 {
            return None;
        }
        let value = |register: Option<u32>| self.registers.get(&register?);
        let port = |register| -> Option<u16> {
            Some(u16::from_be_bytes(*value(register)?.first_chunk()?))
        };
        let [first, last] = nat.addrs;
        let addr: [u8; 4] = value(first)?.as_slice().try_into().ok()?;
        if last.is_some() && value(last)? != &addr {
            return None;
        }
        let ports = match nat.ports {
            [None, _] => None,
            [first, None] => port(first).map(|it| Ports {
                first: it,
                last: it,
            }),
            [first, last] => Some(Ports {
                first: port(first)?,
                last: port(last)?,
            }),
        };
        let addr = Ipv4Addr::from(addr);
        Some(if nat.dst {
            Target::Dnat(addr, ports)
        } else {
            Target::Snat(addr, ports)
        })
    }
}

/// A second test of the same thing cannot be said.
fn fill<T>(place: &mut Option<T>, value: T) -> Option<()> {
    if place.is_some() {
        return None;
    }
    *place = Some(value);
    Some(())
}

/// The value of a plain comparison, and whether it is negated.
fn equal<'a>(test: &Test<'a>) -> Option<(bool, &'a [u8])> {
    match test {
        Test::Cmp(CMP_EQ, is) => Some((false, is)),
        Test::Cmp(CMP_NEQ, is) => Some((true, is)),
        Test::Cmp(..) | Test::Range(..) => None,
    }
}

fn device(test: &Test<'_>) -> Option<Not<String>> {
    let (not, is) = equal(test)?;
    let name = attr::text(is);
    if name == NO_DEVICE && !not {
        return Some(Not {
            not: true,
            is: "+".to_owned(),
        });
    }
    let whole = is.contains(&0) || is.len() >= DEVICE_LEN;
    Some(Not {
        not,
        is: if whole { name } else { name + "+" },
    })
}

fn protocol(test: &Test<'_>) -> Option<Not<Proto>> {
    let (not, is) = equal(test)?;
    let [number] = is else { return None };
    Some(Not {
        not,
        is: Proto::from_number(*number),
    })
}

fn prefix(piece: Piece, mask: Option<&[u8]>, test: &Test<'_>) -> Option<Not<Ipv4Net>> {
    let (not, is) = equal(test)?;
    let mut addr = [0; 4];
    addr.get_mut(..is.len())?.copy_from_slice(is);
    let net = match mask {
        Some(mask) => {
            let mask: [u8; 4] = mask.try_into().ok()?;
            Ipv4Net::with_netmask(addr.into(), mask.into()).ok()?
        }
        None => Ipv4Net::new(addr.into(), u8::try_from(piece.len.checked_mul(8)?).ok()?).ok()?,
    };
    Some(Not { not, is: net })
}

fn one_port(bytes: [u8; 2]) -> Not<Ports> {
    let port = u16::from_be_bytes(bytes);
    Not {
        not: false,
        is: Ports {
            first: port,
            last: port,
        },
    }
}

/// As iptables reads them: "not up to 7" comes back as "8 and up".
fn ports(test: &Test<'_>) -> Option<Not<Ports>> {
    let port = |bytes: &[u8]| Some(u16::from_be_bytes(bytes.try_into().ok()?));
    let (not, first, last) = match test {
        Test::Cmp(CMP_EQ, is) => (false, port(is)?, port(is)?),
        Test::Cmp(CMP_NEQ, is) => (true, port(is)?, port(is)?),
        Test::Cmp(CMP_LTE, is) => (false, 0, port(is)?),
        Test::Cmp(CMP_GT, is) => (false, port(is)?.checked_add(1)?, u16::MAX),
        Test::Cmp(..) => return None,
        Test::Range(not, from, to) => (*not, port(from)?, port(to)?),
    };
    Some(Not {
        not,
        is: Ports { first, last },
    })
}

fn verdict_target(verdict: &Verdict) -> Option<Target> {
    Some(match verdict {
        Verdict::Accept => Target::Accept,
        Verdict::Drop => Target::Drop,
        Verdict::Return => Target::Return,
        Verdict::Jump(chain) => Target::Chain(chain.clone()),
        Verdict::Other(_) => return None,
    })
}

fn reject(kind: u32, code: u8) -> Option<Target> {
    let icmp = match kind {
        0 => Some(code),
        1 => None,
        _ => return None,
    };
    let way = REJECTS.into_iter().find(|way| way.icmp == icmp)?;
    Some(Target::Reject {
        with: Some(way.name.to_owned()),
    })
}
