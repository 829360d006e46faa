//! What a rule compares, as a check writes it: iptables' words, `!` before them for the opposite.

use std::fmt::{self, Display};
use std::net::Ipv4Addr;
use std::str::FromStr;

use ipnet::Ipv4Net;
use serde::de::{self, Deserialize, Deserializer, Visitor};

use crate::lesson::check::look::Differences;
use crate::world::ruleset::rule::{CtStates, Not, Ports, Proto, Target};
use crate::world::ruleset::{Entry, Opaque};

/// A value of iptables with its text.
pub trait Word: Sized + PartialEq + Clone {
    /// Reads it.
    fn read(text: &str) -> Result<Self, String>;
    /// As iptables writes it.
    fn write(&self) -> String;
}

/// `"VALUE"`, or `"! VALUE"` for anything but.
#[derive(Clone, Debug)]
pub struct Term<T>(Not<T>);

/// `src`, `dst`
pub type Net = Term<Ipv4Net>;
/// `in`, `out`
pub type Device = Term<String>;
/// `proto`
pub type Protocol = Term<Proto>;
/// `sport`, `dport`
pub type PortRange = Term<Ports>;
/// `state`
pub type States = Term<CtStates>;

impl<'de, T: Word> Deserialize<'de> for Term<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text<T>(std::marker::PhantomData<T>);

        impl<T: Word> Visitor<'_> for Text<T> {
            type Value = Term<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text, with `!` before it for the opposite")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Term<T>, E> {
                let (not, rest) = match text.strip_prefix('!') {
                    Some(rest) => (true, rest.trim_start()),
                    None => (false, text),
                };
                let is = T::read(rest).map_err(E::custom)?;
                Ok(Term(Not { not, is }))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Term<T>, E> {
                self.visit_str(&number.to_string())
            }
        }

        deserializer.deserialize_any(Text(std::marker::PhantomData))
    }
}

impl Word for Ipv4Net {
    fn read(text: &str) -> Result<Self, String> {
        let alone = Ipv4Addr::from_str(text).map(Self::from);
        alone
            .or_else(|_| text.parse())
            .map_err(|_| format!("\"{text}\" is not an IPv4 prefix such as 172.16.0.0/16"))
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

impl Word for String {
    fn read(text: &str) -> Result<Self, String> {
        // `+` at the end is iptables' own, and counts as one of the name's bytes.
        let name = super::super::words::DevName::try_from(text.to_owned())?;
        Ok(name.0)
    }

    fn write(&self) -> String {
        self.clone()
    }
}

impl Word for Proto {
    fn read(text: &str) -> Result<Self, String> {
        match text {
            "icmp" => Ok(Self::Icmp),
            "tcp" => Ok(Self::Tcp),
            "udp" => Ok(Self::Udp),
            other => other.parse().map(Self::Other).map_err(|_| {
                format!("\"{other}\" is not a protocol: icmp, tcp, udp or a number to 255")
            }),
        }
    }

    fn write(&self) -> String {
        match self {
            Self::Icmp => "icmp".to_owned(),
            Self::Tcp => "tcp".to_owned(),
            Self::Udp => "udp".to_owned(),
            Self::Other(number) => number.to_string(),
        }
    }
}

impl Word for Ports {
    fn read(text: &str) -> Result<Self, String> {
        let (first, last) = text.split_once(':').unwrap_or((text, text));
        let port = |text: &str| {
            text.parse()
                .map_err(|_| format!("\"{text}\" is not a port from 0 to 65535"))
        };
        Ok(Self {
            first: port(first)?,
            last: port(last)?,
        })
    }

    fn write(&self) -> String {
        if self.first == self.last {
            return self.first.to_string();
        }
        format!("{}:{}", self.first, self.last)
    }
}

const STATES: [&str; 7] = [
    "INVALID",
    "NEW",
    "ESTABLISHED",
    "RELATED",
    "UNTRACKED",
    "SNAT",
    "DNAT",
];

impl Word for CtStates {
    fn read(text: &str) -> Result<Self, String> {
        let mut states = Self::empty();
        for word in text.split(',') {
            let named = Self::from_name(word.trim())
                .ok_or_else(|| format!("\"{word}\" is not a state: {}", STATES.join(", ")))?;
            states |= named;
        }
        Ok(states)
    }

    fn write(&self) -> String {
        let named = |name: &&&str| Self::from_name(name).is_some_and(|it| self.contains(it));
        let words: Vec<&str> = STATES.iter().filter(named).copied().collect();
        words.join(",")
    }
}

/// All that a check says of one rule.
#[derive(Default)]
pub struct Terms<'a> {
    /// `-s`
    pub src: Option<&'a Net>,
    /// `-d`
    pub dst: Option<&'a Net>,
    /// `-i`
    pub iif: Option<&'a Device>,
    /// `-o`
    pub oif: Option<&'a Device>,
    /// `-p`
    pub proto: Option<&'a Protocol>,
    /// `--sport`
    pub sport: Option<&'a PortRange>,
    /// `--dport`
    pub dport: Option<&'a PortRange>,
    /// `--ctstate`
    pub state: Option<&'a States>,
    /// `-j`
    pub target: Option<&'a str>,
    /// `--to-source`, `--to-destination`
    pub to: Option<Ipv4Addr>,
}

impl Terms<'_> {
    /// Do they say nothing?
    pub fn is_empty(&self) -> bool {
        self.words().is_empty()
    }

    fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        words.extend(self.src.map(|term| say("-s", &term.0)));
        words.extend(self.dst.map(|term| say("-d", &term.0)));
        words.extend(self.iif.map(|term| say("-i", &term.0)));
        words.extend(self.oif.map(|term| say("-o", &term.0)));
        words.extend(self.proto.map(|term| say("-p", &term.0)));
        words.extend(self.sport.map(|term| say("--sport", &term.0)));
        words.extend(self.dport.map(|term| say("--dport", &term.0)));
        words.extend(self.state.map(|term| say("--ctstate", &term.0)));
        words.extend(self.target.map(|target| format!("-j {target}")));
        words.extend(self.to.map(|to| format!("to {to}")));
        words
    }

    /// What differs between them and a rule. What they do not say may be anything.
    pub fn differences(&self, entry: &Entry) -> Differences {
        let rule = &entry.rule;
        let mut differ = Differences::default();
        compare(&mut differ, "-s", self.src, rule.src.as_ref());
        compare(&mut differ, "-d", self.dst, rule.dst.as_ref());
        compare(&mut differ, "-i", self.iif, rule.iif.as_ref());
        compare(&mut differ, "-o", self.oif, rule.oif.as_ref());
        compare(&mut differ, "-p", self.proto, rule.proto.as_ref());
        compare(&mut differ, "--sport", self.sport, rule.sport.as_ref());
        compare(&mut differ, "--dport", self.dport, rule.dport.as_ref());
        compare(&mut differ, "--ctstate", self.state, rule.ctstate.as_ref());
        if let Some(wanted) = self.target {
            let found = target_word(entry);
            let said = found.map_or("no target".to_owned(), |found| format!("-j {found}"));
            differ.unless(found == Some(wanted), said, format!("-j {wanted}"));
        }
        if let Some(wanted) = self.to {
            let found = rule.target.as_ref().and_then(new_address);
            let said = found.map_or("no new address".to_owned(), |found| format!("to {found}"));
            differ.unless(found == Some(wanted), said, format!("to {wanted}"));
        }
        differ
    }
}

impl Display for Terms<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().join(" "))
    }
}

fn compare<T: Word>(
    differ: &mut Differences,
    flag: &str,
    wanted: Option<&Term<T>>,
    found: Option<&Not<T>>,
) {
    if let Some(Term(wanted)) = wanted {
        let said = found.map_or_else(|| format!("no {flag}"), |found| say(flag, found));
        differ.unless(found == Some(wanted), said, say(flag, wanted));
    }
}

fn say<T: Word>(flag: &str, term: &Not<T>) -> String {
    let not = if term.not { "! " } else { "" };
    format!("{not}{flag} {}", term.is.write())
}

/// What SNAT or DNAT writes.
fn new_address(target: &Target) -> Option<Ipv4Addr> {
    if let Target::Snat(to, _) | Target::Dnat(to, _) = target {
        return Some(*to);
    }
    None
}

fn target_word(entry: &Entry) -> Option<&str> {
    let unknown = entry.other.iter().find_map(|part| match part {
        Opaque::Target(name) => Some(&**name),
        Opaque::Match(_) | Opaque::Expression(_) => None,
    });
    let Some(target) = &entry.rule.target else {
        return unknown;
    };
    Some(match target {
        Target::Accept => "ACCEPT",
        Target::Drop => "DROP",
        Target::Reject { .. } => "REJECT",
        Target::Return => "RETURN",
        Target::Masquerade => "MASQUERADE",
        Target::Snat(..) => "SNAT",
        Target::Dnat(..) => "DNAT",
        Target::Chain(name) => name,
    })
}

/// A rule in iptables' words.
pub fn chain_rule(entry: &Entry) -> String {
    let rule = &entry.rule;
    let mut words = Vec::new();
    words.extend(rule.src.as_ref().map(|term| say("-s", term)));
    words.extend(rule.dst.as_ref().map(|term| say("-d", term)));
    words.extend(rule.iif.as_ref().map(|term| say("-i", term)));
    words.extend(rule.oif.as_ref().map(|term| say("-o", term)));
    words.extend(rule.proto.as_ref().map(|term| say("-p", term)));
    words.extend(rule.sport.as_ref().map(|term| say("--sport", term)));
    words.extend(rule.dport.as_ref().map(|term| say("--dport", term)));
    words.extend(rule.ctstate.as_ref().map(|term| say("--ctstate", term)));
    words.extend(target_word(entry).map(|target| format!("-j {target}")));
    words.join(" ")
}
