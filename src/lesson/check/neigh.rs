//! `neigh`: what a namespace knows of a neighbour.

use serde::Deserialize;
use toml::Spanned;

use super::link::End;
use super::look::{self, Differences, Found};
use super::words::{DevName, Ip, MacText, NsName};
use super::{Flaw, Form, Judge, Mention, Predicate, Verdict};
use crate::world::neigh::{Neigh as Row, nud};
use crate::world::{Space, World};

/// `neigh = { ns = "app3", dst = "172.16.0.40", known = true }`
#[derive(Clone, Debug, Deserialize)]
#[serde(
    deny_unknown_fields,
    rename_all = "kebab-case",
    expecting = "a table such as { ns = \"app3\", dst = \"172.16.0.40\", known = true }"
)]
pub struct Neigh {
    ns: Spanned<NsName>,
    dst: Ip,
    dev: Option<Spanned<DevName>>,
    known: Option<bool>,
    mac: Option<MacText>,
    mac_of: Option<End>,
    state: Option<State>,
}

/// `NUD_*` of `linux/neighbour.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u16)]
enum State {
    Incomplete = nud::INCOMPLETE,
    Reachable = nud::REACHABLE,
    Stale = nud::STALE,
    Delay = nud::DELAY,
    Probe = nud::PROBE,
    Failed = nud::FAILED,
    Noarp = nud::NOARP,
    Permanent = nud::PERMANENT,
}

fn state_word(bits: u16) -> String {
    let named = nud::NAMES.iter().find(|(state, _)| *state == bits);
    named.map_or_else(
        || format!("state {bits:#x}"),
        |(_, word)| (*word).to_owned(),
    )
}

impl Form for Neigh {
    fn title(&self) -> String {
        let ns = &self.ns.get_ref().0;
        let dst = self.dst.0;
        if let Some(end) = &self.mac_of {
            let (far, name) = (&end.ns.get_ref().0, &end.name.get_ref().0);
            return format!("{ns} knows {dst} by the hardware address of {name} in {far}");
        }
        if let Some(MacText(mac)) = self.mac {
            return format!("{ns} knows {dst} by the hardware address {mac}");
        }
        match (self.state, self.known) {
            (Some(state), _) => format!("{dst} is {} for {ns}", state_word(state as u16)),
            (None, Some(false)) => format!("{ns} knows no hardware address of {dst}"),
            (None, None | Some(true)) => format!("{ns} knows the hardware address of {dst}"),
        }
    }

    fn mentions(&self) -> Vec<Mention> {
        let mut all = vec![look::names_space(&self.ns)];
        all.extend(
            self.dev
                .as_ref()
                .map(|dev| look::names_device(&self.ns, dev)),
        );
        if let Some(end) = &self.mac_of {
            all.push(look::names_space(&end.ns));
            all.push(look::names_device(&end.ns, &end.name));
        }
        all
    }

    fn flaw(&self) -> Option<Flaw> {
        let mac = self.mac.is_some() || self.mac_of.is_some();
        (self.known == Some(false) && mac).then(|| Flaw {
            at: None,
            message: "`known = false` asks that there be no hardware address".to_owned(),
            help: "leave out `mac` and `mac-of`, or `known`".to_owned(),
        })
    }

    fn judge(self: Box<Self>) -> Judge {
        Judge::State(std::sync::Arc::new(*self))
    }
}

impl Predicate for Neigh {
    fn judge(&self, world: &World) -> Verdict {
        look::verdict(self.look(world))
    }
}

impl Neigh {
    fn look(&self, world: &World) -> Found<()> {
        let ns = &self.ns.get_ref().0;
        let dst = self.dst.0;
        let space = look::space(world, ns)?;
        if let Some(dev) = &self.dev {
            look::link(world, ns, &dev.get_ref().0)?;
        }
        let mac = match (&self.mac, &self.mac_of) {
            (Some(mac), _) => Some(mac.0),
            (None, Some(end)) => Some(look::mac_of(
                world,
                &end.ns.get_ref().0,
                &end.name.get_ref().0,
            )?),
            (None, None) => None,
        };
        let rows = space.neighs.iter().filter(|row| row.dst == dst);
        let Some((_, differences)) = look::nearest(rows, |row| self.differences(row, mac, space))
        else {
            if self.known == Some(false) && self.state.is_none() {
                return Ok(());
            }
            let known: Vec<String> = space.neighs.iter().map(|row| row.dst.to_string()).collect();
            return look::not(format!(
                "{ns} has not asked for {dst}; its neighbours: {}",
                look::or_nothing(&known)
            ));
        };
        differences.settle(&format!("{dst} in {ns}"))
    }

    fn differences(
        &self,
        row: &Row,
        mac: Option<crate::world::link::Mac>,
        space: &Space,
    ) -> Differences {
        let mut differ = Differences::default();
        if let Some(dev) = &self.dev {
            let found = space.link_name(row.link);
            let wanted = &dev.get_ref().0;
            differ.unless(
                found == *wanted,
                format!("dev {found}"),
                format!("dev {wanted}"),
            );
        }
        let state = state_word(row.state);
        // An entry that has failed keeps no address, but INCOMPLETE may hold an old one.
        let unsure = row.is_unanswered();
        let found = row.mac.filter(|_| !unsure);
        let found_text =
            found.map_or_else(|| format!("no address ({state})"), |mac| mac.to_string());
        if let Some(mac) = mac {
            differ.unless(found == Some(mac), found_text, mac.to_string());
        } else if let Some(known) = self.known {
            let wanted = if known {
                "a hardware address"
            } else {
                "no hardware address"
            };
            differ.unless(found.is_some() == known, found_text, wanted);
        } else if self.state.is_none() {
            differ.unless(found.is_some(), found_text, "a hardware address");
        }
        if let Some(wanted) = self.state {
            let same = row.state & wanted as u16 != 0;
            differ.unless(same, state, state_word(wanted as u16));
        }
        differ
    }
}

#[cfg(test)]
mod tests;
