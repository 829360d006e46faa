//! `rule`: a chain is there, has such a policy, or holds such a rule.

mod terms;

use serde::Deserialize;
use toml::Spanned;

use self::terms::{Terms, chain_rule};
use super::look::{self, Found};
use super::words::{ChainName, NsName};
use super::{Flaw, Form, Judge, Mention, Predicate, Verdict};
use crate::lesson::Need;
use crate::world::ruleset::Chain;
use crate::world::{Space, World};

/// `rule = { ns = "host", table = "nat", chain = "POSTROUTING", target = "MASQUERADE", … }`
#[derive(Clone, Debug, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a table such as { ns = \"host\", table = \"nat\", chain = \"POSTROUTING\", target = \"MASQUERADE\" }"
)]
pub struct Rule {
    ns: Spanned<NsName>,
    #[serde(default)]
    table: Table,
    chain: ChainName,
    policy: Option<Policy>,
    target: Option<ChainName>,
    to: Option<std::net::Ipv4Addr>,
    src: Option<terms::Net>,
    dst: Option<terms::Net>,
    #[serde(rename = "in")]
    iif: Option<terms::Device>,
    out: Option<terms::Device>,
    proto: Option<terms::Protocol>,
    sport: Option<terms::PortRange>,
    dport: Option<terms::PortRange>,
    state: Option<terms::States>,
}

/// `table = "…"`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Table {
    #[default]
    Filter,
    Nat,
}

impl Table {
    fn name(self) -> &'static str {
        match self {
            Self::Filter => "filter",
            Self::Nat => "nat",
        }
    }

    /// Chains that are there by themselves; they come into being with their first rule, and pass
    /// everything until then.
    fn own_chains(self) -> &'static [&'static str] {
        match self {
            Self::Filter => &["INPUT", "FORWARD", "OUTPUT"],
            Self::Nat => &["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
        }
    }
}

/// `policy = "…"`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Policy {
    Accept,
    Drop,
}

impl Policy {
    fn word(self) -> &'static str {
        match self {
            Self::Accept => "ACCEPT",
            Self::Drop => "DROP",
        }
    }
}

impl Form for Rule {
    fn title(&self) -> String {
        let chain = self.chain_words();
        let terms = self.terms();
        match (self.policy, terms.is_empty()) {
            (Some(policy), _) => format!("{chain} ends in {}", policy.word()),
            (None, true) => format!("{chain} is there"),
            (None, false) => format!("{chain} holds {terms}"),
        }
    }

    fn mentions(&self) -> Vec<Mention> {
        vec![look::names_space(&self.ns)]
    }

    fn flaw(&self) -> Option<Flaw> {
        let rewrites = matches!(self.target.as_ref().map(|it| &*it.0), Some("SNAT" | "DNAT"));
        if self.to.is_some() && !rewrites {
            return Some(Flaw {
                at: None,
                message: "`to` is where SNAT or DNAT rewrites to".to_owned(),
                help: "add target = \"SNAT\" or \"DNAT\", or leave `to` out".to_owned(),
            });
        }
        (self.policy.is_some() && !self.terms().is_empty()).then(|| Flaw {
            at: None,
            message: "`policy` asks about the chain, the other keys about one of its rules"
                .to_owned(),
            help: "make two checks of it".to_owned(),
        })
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Nat]
    }

    fn judge(self: Box<Self>) -> Judge {
        Judge::State(std::sync::Arc::new(*self))
    }
}

impl Predicate for Rule {
    fn judge(&self, world: &World) -> Verdict {
        look::verdict(self.look(world))
    }
}

impl Rule {
    fn chain_words(&self) -> String {
        let ns = &self.ns.get_ref().0;
        format!("{} of {} in {ns}", self.chain.0, self.table.name())
    }

    fn terms(&self) -> Terms<'_> {
        Terms {
            src: self.src.as_ref(),
            dst: self.dst.as_ref(),
            iif: self.iif.as_ref(),
            oif: self.out.as_ref(),
            proto: self.proto.as_ref(),
            sport: self.sport.as_ref(),
            dport: self.dport.as_ref(),
            state: self.state.as_ref(),
            target: self.target.as_ref().map(|it| &*it.0),
            to: self.to,
        }
    }

    fn look(&self, world: &World) -> Found<()> {
        let space = look::space(world, &self.ns.get_ref().0)?;
        let chain = self.chain(space)?;
        let words = self.chain_words();
        if let Some(policy) = self.policy {
            let drops = chain
                .and_then(|chain| chain.base.as_ref())
                .is_some_and(|base| base.drop);
            let found = if drops { Policy::Drop } else { Policy::Accept };
            if found == policy {
                return Ok(());
            }
            return look::not(format!(
                "policy of {words}: found {}, wanted {}",
                found.word(),
                policy.word()
            ));
        }
        let terms = self.terms();
        if terms.is_empty() {
            return Ok(());
        }
        let entries = chain.map_or(&[][..], |chain| &chain.rules);
        let differ = |entry: &&_| terms.differences(entry);
        match look::nearest(entries, differ) {
            None => look::not(format!("{words} holds no rule, wanted {terms}")),
            Some((entry, differences)) => {
                differences.settle(&format!("{words}, rule `{}`", chain_rule(entry)))
            }
        }
    }

    /// The chain; none where it is one of the table's own without a rule yet.
    fn chain<'a>(&self, space: &'a Space) -> Found<Option<&'a Chain>> {
        let table = space.ruleset.ip(self.table.name());
        let chain = table.and_then(|table| table.chain(&self.chain.0));
        if chain.is_some() || self.table.own_chains().contains(&&*self.chain.0) {
            return Ok(chain);
        }
        let mut there: Vec<&str> = self.table.own_chains().to_vec();
        let users = table.map_or(&[][..], |table| &table.chains);
        there.extend(
            users
                .iter()
                .filter(|it| it.base.is_none())
                .map(|it| &*it.name),
        );
        look::not(format!(
            "there is no chain {}; found {}",
            self.chain_words(),
            there.join(", ")
        ))
    }
}

#[cfg(test)]
mod tests;
