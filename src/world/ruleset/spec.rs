//! A rule as `iptables -S` writes it, and as it can be given to `iptables -A` again.

use std::fmt;
use std::net::Ipv4Addr;

use super::rule::{CtStates, Not, Ports, Proto, Rule, Target};
use super::{Entry, Opaque, reject};

/// States in the order in which iptables names them.
pub const STATES: [(CtStates, &str); 7] = [
    (CtStates::INVALID, "INVALID"),
    (CtStates::NEW, "NEW"),
    (CtStates::RELATED, "RELATED"),
    (CtStates::ESTABLISHED, "ESTABLISHED"),
    (CtStates::UNTRACKED, "UNTRACKED"),
    (CtStates::SNAT, "SNAT"),
    (CtStates::DNAT, "DNAT"),
];

impl fmt::Display for Rule {
    /// Options with a blank before each (empty for a rule that matches all and only counts).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rule = self.canonical();
        rule.matches(f)?;
        rule.target.iter().try_for_each(|it| target(it, f))
    }
}

impl fmt::Display for Entry {
    /// As [`Rule`], with what is not understood of it in its place, by name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rule = self.rule.canonical();
        rule.matches(f)?;
        self.other.iter().try_for_each(|it| write!(f, " {it}"))?;
        rule.target.iter().try_for_each(|it| target(it, f))
    }
}

impl fmt::Display for Opaque {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Match(name) => write!(f, "-m {name}"),
            Self::Target(name) => write!(f, "-j {name}"),
            Self::Expression(name) => write!(f, "[{name}]"),
        }
    }
}

impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first)?;
        if self.first != self.last {
            write!(f, ":{}", self.last)?;
        }
        Ok(())
    }
}

impl fmt::Display for Proto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "{}", self.number()),
        }
    }
}

impl fmt::Display for CtStates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = STATES.iter().filter(|(state, _)| self.contains(*state));
        let names: Vec<&str> = held.map(|it| it.1).collect();
        f.write_str(&names.join(","))
    }
}

impl Rule {
    /// Everything but the target, of a canonical rule.
    fn matches(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        option(f, "-s", self.src)?;
        option(f, "-d", self.dst)?;
        option(f, "-i", self.iif.as_ref())?;
        option(f, "-o", self.oif.as_ref())?;
        option(f, "-p", self.proto)?;
        if self.ctstate_first {
            self.states(f)?;
        }
        if let Some(proto) = self.proto
            && (self.sport.is_some() || self.dport.is_some())
        {
            write!(f, " -m {}", proto.is)?;
        }
        let some = |ports: Option<Not<Ports>>| ports.filter(|it| it.is != Ports::ALL);
        option(f, "--sport", some(self.sport))?;
        option(f, "--dport", some(self.dport))?;
        if !self.ctstate_first {
            self.states(f)?;
        }
        Ok(())
    }

    fn states(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctstate.is_some() {
            write!(f, " -m conntrack")?;
        }
        option(f, "--ctstate", self.ctstate)
    }
}

/// `[!] NAME VALUE`
fn option<N: Negated>(f: &mut fmt::Formatter<'_>, name: &str, value: Option<N>) -> fmt::Result {
    let Some(value) = value else { return Ok(()) };
    let (not, is) = value.parts();
    write!(f, " {}{name} {is}", if not { "! " } else { "" })
}

/// [`Not`], owned or borrowed.
trait Negated {
    fn parts(&self) -> (bool, &dyn fmt::Display);
}

impl<T: fmt::Display> Negated for Not<T> {
    fn parts(&self) -> (bool, &dyn fmt::Display) {
        (self.not, &self.is)
    }
}

impl<T: fmt::Display> Negated for &Not<T> {
    fn parts(&self) -> (bool, &dyn fmt::Display) {
        (self.not, &self.is)
    }
}

/// `-j …`
fn target(target: &Target, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, " -j {}", target.name())?;
    match target {
        Target::Reject { with } => {
            let with = with.as_deref().unwrap_or(reject::DEFAULT.name);
            write!(f, " --reject-with {with}")
        }
        Target::Snat(addr, ports) => write!(f, " --to-source {}", Mapped(*addr, *ports)),
        Target::Dnat(addr, ports) => write!(f, " --to-destination {}", Mapped(*addr, *ports)),
        Target::Accept | Target::Drop | Target::Return | Target::Masquerade | Target::Chain(_) => {
            Ok(())
        }
    }
}

impl Target {
    /// Its name, or that of the chain that is jumped to.
    pub fn name(&self) -> &str {
        match self {
            Self::Accept => "ACCEPT",
            Self::Drop => "DROP",
            Self::Reject { .. } => "REJECT",
            Self::Return => "RETURN",
            Self::Masquerade => "MASQUERADE",
            Self::Snat(..) => "SNAT",
            Self::Dnat(..) => "DNAT",
            Self::Chain(name) => name,
        }
    }
}

/// `ADDR[:PORT[-PORT]]`, what an address is rewritten to.
pub struct Mapped(pub Ipv4Addr, pub Option<Ports>);

impl fmt::Display for Mapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let Some(ports) = self.1 else { return Ok(()) };
        write!(f, ":{}", ports.first)?;
        if ports.first != ports.last {
            write!(f, "-{}", ports.last)?;
        }
        Ok(())
    }
}
