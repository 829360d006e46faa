//! What a rule compares, and what it then does.

use std::net::{IpAddr, Ipv4Addr};
use std::ops::Range;

use ipnet::{IpNet, Ipv4Net};

use super::Opt;
use super::chain::{self, TARGETS};
use crate::command::kit::{Bad, Cursor, Given, device, host_address, net, number};
use crate::command::{Family, ParseError, kit};
use crate::world::ruleset::rule::{CtStates, Not, Ports, Proto, Rule, Target};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Src,
    Dst,
    In,
    Out,
    Proto,
    Match,
    CtState,
    Sport,
    Dport,
    Jump,
    RejectWith,
    ToSource,
    ToDestination,
    /// `--to`, short for either.
    To,
}

impl Part {
    /// May `!` stand before it?
    pub(super) fn negatable(self) -> bool {
        match self {
            Self::Src
            | Self::Dst
            | Self::In
            | Self::Out
            | Self::Proto
            | Self::CtState
            | Self::Sport
            | Self::Dport => true,
            Self::Match
            | Self::Jump
            | Self::RejectWith
            | Self::ToSource
            | Self::ToDestination
            | Self::To => false,
        }
    }
}

/// An extension, in the order in which iptables loads them, which is their order in the rule.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extension {
    Conntrack,
    Ports,
}

/// What of a rule has been read.
#[derive(Default)]
pub(super) struct Read {
    rule: Rule,
    seen: Vec<Part>,
    loaded: Vec<Extension>,
    /// `-m tcp`, `-m udp`, and where.
    matched: Option<(Proto, Range<usize>)>,
    in_at: Range<usize>,
    out_at: Range<usize>,
    jump_at: Range<usize>,
    /// Where the first part stands.
    pub(super) first: Option<Range<usize>>,
}

impl Read {
    /// Takes in one option.
    pub(super) fn take(
        &mut self,
        c: &mut Cursor,
        part: Part,
        given: &Given<Opt>,
        not: bool,
    ) -> Result<(), ParseError> {
        self.first.get_or_insert_with(|| given.at.clone());
        if let Some(word) = given
            .value
            .as_ref()
            .filter(|word| word.text == "!" && part.negatable())
        {
            return Err(ParseError {
                at: word.at.clone(),
                message: "`!` stands before the option".to_owned(),
                help: Some(
                    "`! -s 172.16.0.0/16`, say; behind the option it stood in old versions"
                        .to_owned(),
                ),
            });
        }
        if part != Part::Match && self.seen.contains(&part) {
            return Err(refuse(given, "this condition is there already", None));
        }
        self.seen.push(part);
        match part {
            Part::Src => self.rule.src = prefix(c, given, not)?,
            Part::Dst => self.rule.dst = prefix(c, given, not)?,
            Part::In => {
                self.in_at = given.at.clone();
                self.rule.iif = dev(given, not)?;
            }
            Part::Out => {
                self.out_at = given.at.clone();
                self.rule.oif = dev(given, not)?;
            }
            Part::Proto => self.rule.proto = given.need(proto)?.map(|is| Not { not, is }),
            Part::Match => self.extension(given)?,
            Part::CtState => {
                if !self.loaded.contains(&Extension::Conntrack) {
                    return Err(refuse(
                        given,
                        "`--ctstate` needs `-m conntrack` before it",
                        None,
                    ));
                }
                let is = given.need(states)?;
                c.renote(format!("its connection is {}", described(is)));
                self.rule.ctstate = Some(Not { not, is });
            }
            Part::Sport => {
                self.need_ports(given)?;
                self.rule.sport = Some(Not {
                    not,
                    is: given.need(|text| ports(text, ':'))?,
                });
            }
            Part::Dport => {
                self.need_ports(given)?;
                self.rule.dport = Some(Not {
                    not,
                    is: given.need(|text| ports(text, ':'))?,
                });
            }
            Part::Jump => {
                self.jump_at = given.at.clone();
                self.jump(c, given)?;
            }
            Part::RejectWith => self.reject_with(given)?,
            Part::To => {
                let source = matches!(self.rule.target, Some(Target::Snat(..)));
                self.seen.push(if source {
                    Part::ToSource
                } else {
                    Part::ToDestination
                });
                self.rewrite(given, source)?;
            }
            Part::ToSource => self.rewrite(given, true)?,
            Part::ToDestination => self.rewrite(given, false)?,
        }
        Ok(())
    }

    fn extension(&mut self, given: &Given<Opt>) -> Result<(), ParseError> {
        let name = given.need(|text| Ok(text.to_owned()))?;
        match name.as_str() {
            "conntrack" => self.load(Extension::Conntrack),
            "tcp" => {
                self.matched = Some((Proto::Tcp, given.at.clone()));
                self.load(Extension::Ports);
            }
            "udp" => {
                self.matched = Some((Proto::Udp, given.at.clone()));
                self.load(Extension::Ports);
            }
            other => {
                let help = match other {
                    "state" => "`-m conntrack --ctstate` says the same",
                    "icmp" => "`-p icmp` says that it is ICMP",
                    _ => "here may stand: `conntrack`, `tcp`, `udp`",
                };
                let message = format!("the extension `{other}` is not part of the lessons");
                let at = given
                    .value
                    .as_ref()
                    .map_or_else(|| given.at.clone(), |word| word.at.clone());
                return Err(ParseError {
                    at,
                    message,
                    help: Some(help.to_owned()),
                });
            }
        }
        Ok(())
    }

    fn load(&mut self, extension: Extension) {
        if !self.loaded.contains(&extension) {
            self.loaded.push(extension);
        }
    }

    /// As in iptables, ports are only known behind `-p tcp` or `-p udp`.
    fn need_ports(&mut self, given: &Given<Opt>) -> Result<(), ParseError> {
        if self.matched.is_none() && !self.has_ports() {
            return Err(refuse(
                given,
                "a port needs `-p tcp` or `-p udp` before it",
                None,
            ));
        }
        self.load(Extension::Ports);
        Ok(())
    }

    fn has_ports(&self) -> bool {
        matches!(
            self.rule.proto,
            Some(Not {
                is: Proto::Tcp | Proto::Udp,
                ..
            })
        )
    }

    fn jump(&mut self, c: &mut Cursor, given: &Given<Opt>) -> Result<(), ParseError> {
        let name = given.need(|text| Ok(text.to_owned()))?;
        let nowhere = Ipv4Addr::UNSPECIFIED;
        let (target, meaning) = match name.as_str() {
            "ACCEPT" => (Target::Accept, "let the packet pass"),
            "DROP" => (Target::Drop, "drop the packet, and tell nobody"),
            "REJECT" => (
                Target::Reject { with: None },
                "refuse the packet, and tell its sender",
            ),
            "RETURN" => (Target::Return, "go back to the chain that led here"),
            "MASQUERADE" => (
                Target::Masquerade,
                "rewrite its source to the address of the device by which it leaves; answers are rewritten back",
            ),
            // The address follows, or else `finish` refuses the rule.
            "SNAT" => (
                Target::Snat(nowhere, None),
                "rewrite its source; answers are rewritten back",
            ),
            "DNAT" => (
                Target::Dnat(nowhere, None),
                "rewrite its destination; answers are rewritten back",
            ),
            _ => (
                Target::Chain(given.need(own_chain)?),
                "go on in your chain {}",
            ),
        };
        self.rule.target = Some(target);
        if let Some(word) = &given.value {
            c.note_at(word.at.start, word.at.start, meaning);
        }
        Ok(())
    }

    fn reject_with(&mut self, given: &Given<Opt>) -> Result<(), ParseError> {
        match &mut self.rule.target {
            Some(Target::Reject { with }) => {
                *with = Some(given.need(answer)?);
                Ok(())
            }
            _ => Err(refuse(
                given,
                "`--reject-with` needs `-j REJECT` before it",
                None,
            )),
        }
    }

    fn rewrite(&mut self, given: &Given<Opt>, source: bool) -> Result<(), ParseError> {
        let (address, ports) = given.need(address_and_ports)?;
        match (&mut self.rule.target, source) {
            (Some(Target::Snat(to, with)), true) | (Some(Target::Dnat(to, with)), false) => {
                (*to, *with) = (address, ports);
            }
            (_, true) => {
                return Err(refuse(
                    given,
                    "`--to-source` needs `-j SNAT` before it",
                    None,
                ));
            }
            (_, false) => {
                return Err(refuse(
                    given,
                    "`--to-destination` needs `-j DNAT` before it",
                    None,
                ));
            }
        }
        if ports.is_some() && !self.has_ports() {
            return Err(refuse(given, "a port needs `-p tcp` or `-p udp`", None));
        }
        Ok(())
    }

    /// The whole rule, of `chain`.
    pub(super) fn finish(self, chain: &str) -> Result<Rule, ParseError> {
        let error = |at: &Range<usize>, message: String, help: &str| {
            Err(ParseError {
                at: at.clone(),
                message,
                help: Some(help.to_owned()),
            })
        };
        let mut rule = self.rule;
        if rule.iif.is_some() && matches!(chain, "OUTPUT" | "POSTROUTING") {
            let help = "a packet in this chain is on its way out; `-o` says by which device";
            return error(&self.in_at, format!("`-i` has no meaning in {chain}"), help);
        }
        if rule.oif.is_some() && matches!(chain, "INPUT" | "PREROUTING") {
            let help = "by which device a packet leaves is not known in this chain; `-i` says by which it came";
            return error(
                &self.out_at,
                format!("`-o` has no meaning in {chain}"),
                help,
            );
        }
        if let Some((proto, at)) = &self.matched
            && rule.proto.is_none_or(|known| known.is != *proto)
        {
            return error(
                at,
                "this extension needs its protocol".to_owned(),
                "`-p tcp -m tcp`, say",
            );
        }
        match rule.target {
            Some(Target::Snat(..)) if !self.seen.contains(&Part::ToSource) => {
                return error(
                    &self.jump_at,
                    "`SNAT` needs a new source".to_owned(),
                    "`--to-source ADDRESS`",
                );
            }
            Some(Target::Dnat(..)) if !self.seen.contains(&Part::ToDestination) => {
                return error(
                    &self.jump_at,
                    "`DNAT` needs a new destination".to_owned(),
                    "`--to-destination ADDRESS`",
                );
            }
            _ => {}
        }
        let both = rule.ctstate.is_some() && (rule.sport.is_some() || rule.dport.is_some());
        rule.ctstate_first = both && self.loaded.first() == Some(&Extension::Conntrack);
        Ok(rule)
    }
}

fn refuse(given: &Given<Opt>, message: &str, help: Option<&str>) -> ParseError {
    ParseError {
        at: given.at.clone(),
        message: message.to_owned(),
        help: help.map(str::to_owned),
    }
}

/// An address with its mask; what the mask leaves out is cut off.
fn prefix(
    c: &mut Cursor,
    given: &Given<Opt>,
    not: bool,
) -> Result<Option<Not<Ipv4Net>>, ParseError> {
    let is = given.need(|text| {
        if text.contains(',') {
            return Err(
                Bad::new("several addresses in one rule are not part of the lessons")
                    .help("one rule for each"),
            );
        }
        let net = net(text)?.net;
        kit::of_family(Some(Family::V4), net.addr())?;
        match net {
            IpNet::V4(net) => Ok(net.trunc()),
            IpNet::V6(_) => Err(Bad::new("`iptables` is for IPv4")),
        }
    })?;
    if let Some(word) = given
        .value
        .as_ref()
        .filter(|word| word.text.len() == word.at.len())
        && let Some(slash) = word.text.find('/')
    {
        let at = word.at.start + slash;
        c.note_at(
            at,
            at,
            format!(
                "the first {} bits must agree; the rest may be anything",
                is.prefix_len()
            ),
        );
    }
    Ok(Some(Not { not, is }))
}

fn dev(given: &Given<Opt>, not: bool) -> Result<Option<Not<String>>, ParseError> {
    let is = given.need(device)?;
    Ok(Some(Not { not, is }))
}

/// Protocols of RFC 790 and later by name, as in `/etc/protocols`; `all` is no condition.
const PROTOCOLS: &[(&str, u8)] = &[
    ("all", 0),
    ("icmp", 1),
    ("igmp", 2),
    ("ipencap", 4),
    ("tcp", 6),
    ("udp", 17),
    ("dccp", 33),
    ("gre", 47),
    ("esp", 50),
    ("ah", 51),
    ("ipv6-icmp", 58),
    ("icmpv6", 58),
    ("ospf", 89),
    ("sctp", 132),
    ("udplite", 136),
];

fn proto(text: &str) -> Result<Option<Proto>, Bad> {
    let named = PROTOCOLS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(text));
    let number = match named {
        Some((_, number)) => *number,
        None => number(text, 0, u8::MAX).map_err(|_| {
            Bad::new(format!("there is no protocol `{text}`"))
                .help("`tcp`, `udp`, `icmp`, `all`, or a number up to 255")
        })?,
    };
    Ok(match number {
        0 => None,
        1 => Some(Proto::Icmp),
        6 => Some(Proto::Tcp),
        17 => Some(Proto::Udp),
        other => Some(Proto::Other(other)),
    })
}

fn states(text: &str) -> Result<CtStates, Bad> {
    let mut states = CtStates::empty();
    let mut start = 0;
    for name in text.split(',') {
        let place = start..start + name.len();
        start = place.end + 1;
        states |= CtStates::from_name(&name.to_ascii_uppercase()).ok_or_else(|| {
            Bad::new(format!("`{name}` is not a state of a connection"))
                .help("`NEW`, `ESTABLISHED`, `RELATED`, `INVALID`, `UNTRACKED`, `SNAT`, `DNAT`")
                .within(place)
        })?;
    }
    Ok(states)
}

fn described(states: CtStates) -> String {
    let each: Vec<&str> = states
        .iter()
        .map(|state| match state {
            CtStates::INVALID => "none that makes sense (INVALID)",
            CtStates::NEW => "just beginning (NEW)",
            CtStates::ESTABLISHED => "one that was answered (ESTABLISHED)",
            CtStates::RELATED => "one that belongs to another (RELATED)",
            CtStates::UNTRACKED => "not followed (UNTRACKED)",
            CtStates::SNAT => "one with a rewritten source (SNAT)",
            _ => "one with a rewritten destination (DNAT)",
        })
        .collect();
    each.join(", or ")
}

/// A port, or a range with `between` in it; in a range either end may be left out.
fn ports(text: &str, between: char) -> Result<Ports, Bad> {
    let port = |text: &str| number(text, 0, u16::MAX);
    let Some((first, last)) = text.split_once(between) else {
        let port = port(text)?;
        return Ok(Ports {
            first: port,
            last: port,
        });
    };
    let first = if first.is_empty() { 0 } else { port(first)? };
    let last = if last.is_empty() {
        u16::MAX
    } else {
        port(last)?
    };
    if first > last {
        return Err(Bad::new(format!("`{text}` ends before it begins")));
    }
    Ok(Ports { first, last })
}

fn address_and_ports(text: &str) -> Result<(Ipv4Addr, Option<Ports>), Bad> {
    let (address, behind) = match text.split_once(':') {
        None => (text, None),
        Some((address, behind)) => (address, Some(ports(behind, '-')?)),
    };
    if address.contains('-') {
        return Err(Bad::new("a range of addresses is not part of the lessons").help("one address"));
    }
    match host_address(address)? {
        IpAddr::V4(address) => Ok((address, behind)),
        IpAddr::V6(_) => Err(Bad::new("`iptables` is for IPv4")),
    }
}

/// Answers of `REJECT`, and their short names.
const ANSWERS: &[(&str, &str)] = &[
    ("icmp-net-unreachable", "net-unreach"),
    ("icmp-host-unreachable", "host-unreach"),
    ("icmp-proto-unreachable", "proto-unreach"),
    ("icmp-port-unreachable", "port-unreach"),
    ("icmp-net-prohibited", "net-prohib"),
    ("icmp-host-prohibited", "host-prohib"),
    ("icmp-admin-prohibited", "admin-prohib"),
    ("tcp-reset", "tcp-rst"),
];

fn answer(text: &str) -> Result<String, Bad> {
    let known = ANSWERS
        .iter()
        .find(|(name, short)| *name == text || *short == text);
    known.map(|(name, _)| (*name).to_owned()).ok_or_else(|| {
        let names: Vec<String> = ANSWERS
            .iter()
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        Bad::new(format!("`{text}` is not an answer that REJECT can give")).help(names.join(", "))
    })
}

fn own_chain(text: &str) -> Result<String, Bad> {
    if TARGETS.contains(&text) {
        return Err(Bad::new(format!("the target `{text}` is not part of the lessons"))
            .help("`ACCEPT`, `DROP`, `REJECT`, `RETURN`, `MASQUERADE`, `SNAT`, `DNAT`, or a chain of your own"));
    }
    let upper = text.to_ascii_uppercase();
    if TARGETS.contains(&upper.as_str()) {
        return Err(Bad::new(format!("there is no target `{text}`"))
            .help(format!("did you mean `{upper}`?")));
    }
    chain::existing(text)
}
