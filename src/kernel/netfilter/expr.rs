//! Expressions of nf_tables: the small steps that a rule is made of.
//!
//! Numbers are those of `linux/netfilter/nf_tables.h`.

use super::attr::{Attrs, Fields};
use crate::world::ruleset::Counters;

/// One expression. A load puts a value into a register, what follows looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// Load of a packet's circumstances: `NFT_META_*`.
    Meta(u32),
    /// Load of a piece of the packet.
    Payload(Piece),
    /// Load of a connection's property: `NFT_CT_*`.
    Ct(u32),
    /// The loaded value is masked.
    Bitwise {
        /// What is kept.
        mask: Vec<u8>,
        /// What is flipped then.
        xor: Vec<u8>,
    },
    /// The rule goes on if the loaded value compares so: `NFT_CMP_*`.
    Cmp(u32, Vec<u8>),
    /// The rule goes on if the loaded value lies between, or (if told) not.
    Range {
        /// Turned round?
        not: bool,
        /// First value.
        from: Vec<u8>,
        /// Last value.
        to: Vec<u8>,
    },
    /// Packets that come here are counted.
    Counter(Counters),
    /// The rule ends so.
    Verdict(Verdict),
    /// A value put into a register.
    Value(u32, Vec<u8>),
    /// A match of xtables, with its own structure.
    Match(Extension),
    /// A target of xtables, with its own structure.
    Target(Extension),
    /// Native masquerade, with its flags.
    Masquerade(u32),
    /// Native address translation.
    Nat(Nat),
    /// Native refusal: `NFT_REJECT_*` and the ICMP code.
    Reject(u32, u8),
    /// Another one, by name.
    Other(String),
}

/// Where a payload load takes its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// 1 network header, 2 transport header.
    pub base: u32,
    /// From this byte.
    pub offset: u32,
    /// This many bytes.
    pub len: u32,
}

/// How a rule ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// `NF_DROP`.
    Drop,
    /// `NF_ACCEPT`.
    Accept,
    /// `NFT_RETURN`.
    Return,
    /// `NFT_JUMP`.
    Jump(String),
    /// Another, by number (goto, queue, continue).
    Other(i32),
}

/// An extension of xtables (`linux/netfilter/nf_tables_compat.h`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// `conntrack`, `MASQUERADE`.
    pub name: String,
    /// Which form of its structure.
    pub revision: u32,
    /// Its structure, padded to eight bytes.
    pub info: Vec<u8>,
}

/// Native address translation; addresses and ports stand in registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nat {
    /// Destination rather than source?
    pub dst: bool,
    /// Registers of the first and last address.
    pub addrs: [Option<u32>; 2],
    /// Registers of the first and last port.
    pub ports: [Option<u32>; 2],
    /// `NF_NAT_RANGE_*`.
    pub flags: u32,
}

/// `NFT_REG_1`: the register that iptables uses for everything.
pub const REG_1: u32 = 1;
const REG_VERDICT: u32 = 0;
const NFPROTO_IPV4: u32 = 2;
const JUMP: i32 = -3;
const RETURN: i32 = -5;

/// `NFTA_EXPR_NAME` and `NFTA_EXPR_DATA`; a list's elements are of kind 1.
const NAME: u16 = 1;
const DATA: u16 = 2;
const ELEMENT: u16 = 1;

impl Expr {
    /// Writes it as an element of a rule's list.
    pub fn write(&self, list: &mut Attrs) {
        list.nest(ELEMENT, |it| {
            it.text(NAME, self.name());
            it.nest(DATA, |data| self.fill(data));
        });
    }

    /// Its name in the kernel.
    pub fn name(&self) -> &str {
        match self {
            Self::Meta(_) => "meta",
            Self::Payload(_) => "payload",
            Self::Ct(_) => "ct",
            Self::Bitwise { .. } => "bitwise",
            Self::Cmp(..) => "cmp",
            Self::Range { .. } => "range",
            Self::Counter(_) => "counter",
            Self::Verdict(_) | Self::Value(..) => "immediate",
            Self::Match(_) => "match",
            Self::Target(_) => "target",
            Self::Masquerade(_) => "masq",
            Self::Nat(_) => "nat",
            Self::Reject(..) => "reject",
            Self::Other(name) => name,
        }
    }

    /// Attributes in the order in which libnftnl writes them.
    fn fill(&self, data: &mut Attrs) {
        match self {
            Self::Meta(key) | Self::Ct(key) => {
                // NFTA_META_KEY is 2 and NFTA_META_DREG 1; for ct they are the same.
                data.number(2, *key).number(1, REG_1);
            }
            Self::Payload(piece) => {
                data.number(1, REG_1).number(2, piece.base);
                data.number(3, piece.offset).number(4, piece.len);
            }
            Self::Bitwise { mask, xor } => {
                let len = u32::try_from(mask.len()).unwrap_or(u32::MAX);
                data.number(1, REG_1).number(2, REG_1).number(3, len);
                value(data, 4, mask);
                value(data, 5, xor);
            }
            Self::Cmp(op, is) => {
                data.number(1, REG_1).number(2, *op);
                value(data, 3, is);
            }
            Self::Range { not, from, to } => {
                data.number(1, REG_1).number(2, u32::from(*not));
                value(data, 3, from);
                value(data, 4, to);
            }
            Self::Counter(counters) => {
                data.long(1, counters.bytes).long(2, counters.packets);
            }
            Self::Verdict(verdict) => {
                data.number(1, REG_VERDICT);
                data.nest(2, |it| verdict.fill(it));
            }
            Self::Value(register, is) => {
                data.number(1, *register);
                value(data, 2, is);
            }
            Self::Match(it) | Self::Target(it) => {
                data.text(1, &it.name).number(2, it.revision);
                data.bytes(3, &it.info);
            }
            Self::Masquerade(flags) => {
                if *flags != 0 {
                    data.number(1, *flags);
                }
            }
            Self::Nat(nat) => nat.fill(data),
            Self::Reject(kind, code) => {
                data.number(1, *kind).bytes(2, &[*code]);
            }
            Self::Other(_) => {}
        }
    }

    /// All of a rule's list.
    pub fn read_list(list: &Fields<'_>) -> Vec<Self> {
        list.all()
            .map(|(_, element)| Self::read(&Fields::read(element)))
            .collect()
    }

    fn read(element: &Fields<'_>) -> Self {
        let name = element.text(NAME).unwrap_or_default();
        Self::known(&name, &element.nest(DATA)).unwrap_or(Self::Other(name))
    }

    /// Nothing when it is of a kind, or in a use, that is not known here.
    fn known(name: &str, data: &Fields<'_>) -> Option<Self> {
        Some(match name {
            // Without a destination register it would set something.
            "meta" => data.number(1).and(data.number(2)).map(Self::Meta)?,
            "ct" => data.number(1).and(data.number(2)).map(Self::Ct)?,
            "payload" => Self::Payload(Piece {
                base: data.number(1).and(data.number(2))?,
                offset: data.number(3)?,
                len: data.number(4)?,
            }),
            "bitwise" => Self::Bitwise {
                mask: read_value(data, 4)?,
                xor: read_value(data, 5)?,
            },
            "cmp" => Self::Cmp(data.number(2)?, read_value(data, 3)?),
            "range" => Self::Range {
                not: data.number(2)? == 1,
                from: read_value(data, 3)?,
                to: read_value(data, 4)?,
            },
            "counter" => Self::Counter(Counters {
                bytes: data.long(1)?,
                packets: data.long(2)?,
            }),
            "immediate" => match data.number(1)? {
                REG_VERDICT => Self::Verdict(Verdict::read(&data.nest(2).nest(2))?),
                register => Self::Value(register, read_value(data, 2)?),
            },
            "match" => Self::Match(Extension::read(data)?),
            "target" => Self::Target(Extension::read(data)?),
            // Ports of a masquerade (attributes 2 and 3) are not known here.
            "masq" if data.bytes(2).is_none() => {
                Self::Masquerade(data.number(1).unwrap_or_default())
            }
            "nat" => Self::Nat(Nat::read(data)?),
            "reject" => Self::Reject(data.number(1)?, data.byte(2).unwrap_or_default()),
            _ => return None,
        })
    }
}

/// `NFTA_DATA_VALUE` within attribute `kind`.
fn value(data: &mut Attrs, kind: u16, bytes: &[u8]) {
    data.nest(kind, |it| {
        it.bytes(1, bytes);
    });
}

fn read_value(data: &Fields<'_>, kind: u16) -> Option<Vec<u8>> {
    data.nest(kind).bytes(1).map(<[u8]>::to_vec)
}

impl Verdict {
    /// `NFTA_DATA_VERDICT`, with its code and chain.
    fn fill(&self, data: &mut Attrs) {
        let (code, chain) = match self {
            Self::Drop => (0, None),
            Self::Accept => (1, None),
            Self::Return => (RETURN, None),
            Self::Jump(chain) => (JUMP, Some(chain)),
            Self::Other(code) => (*code, None),
        };
        data.nest(2, |it| {
            it.bytes(1, &code.to_be_bytes());
            if let Some(chain) = chain {
                it.text(2, chain);
            }
        });
    }

    fn read(data: &Fields<'_>) -> Option<Self> {
        let code = i32::from_be_bytes(data.bytes(1)?.try_into().ok()?);
        Some(match code {
            0 => Self::Drop,
            1 => Self::Accept,
            RETURN => Self::Return,
            JUMP => Self::Jump(data.text(2)?),
            other => Self::Other(other),
        })
    }
}

impl Extension {
    fn read(data: &Fields<'_>) -> Option<Self> {
        Some(Self {
            name: data.text(1)?,
            revision: data.number(2)?,
            info: data.bytes(3)?.to_vec(),
        })
    }
}

impl Nat {
    fn fill(self, data: &mut Attrs) {
        data.number(1, u32::from(self.dst)).number(2, NFPROTO_IPV4);
        for (kind, register) in (3..).zip(self.addrs.into_iter().chain(self.ports)) {
            if let Some(register) = register {
                data.number(kind, register);
            }
        }
        if self.flags != 0 {
            data.number(7, self.flags);
        }
    }

    fn read(data: &Fields<'_>) -> Option<Self> {
        Some(Self {
            dst: data.number(1)? == 1,
            addrs: [data.number(3), data.number(4)],
            ports: [data.number(5), data.number(6)],
            flags: data.number(7).unwrap_or_default(),
        })
    }
}
