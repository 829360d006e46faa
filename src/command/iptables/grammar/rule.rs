//! What a rule compares, and what it then does.

use std::net::Ipv4Addr;
use std::ops::Range;

use super::options::Opt;

mod value;

use crate::command::ParseError;
use crate::command::kit::{Cursor, Given};
use crate::world::ruleset::rule::{Not, Proto, Rule, Target};
use value::{address_and_ports, answer, described, dev, own_chain, ports, prefix, proto, states};

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
