//! `addr`: an address, with its prefix length, is on a device.

use serde::Deserialize;
use toml::Spanned;

use super::look::{self, Found};
use super::words::{Cidr, DevName, NsName};
use super::{Form, Judge, Mention, Predicate, Verdict};
use crate::world::addr::Addr as Row;
use crate::world::{Space, World};

/// `IFA_F_DADFAILED` of `linux/if_addr.h`: somebody else has it.
const DAD_FAILED: u32 = 0x08;

/// `IFA_F_TENTATIVE`: asked about on the link, and not usable yet.
const TENTATIVE: u32 = 0x40;

/// `addr = { ns = "app1", dev = "clink1", address = "172.16.0.11/16" }`
#[derive(Clone, Debug, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a table such as { ns = \"app1\", dev = \"clink1\", address = \"172.16.0.11/16\" }"
)]
pub struct Addr {
    ns: Spanned<NsName>,
    dev: Option<Spanned<DevName>>,
    address: Cidr,
}

impl Form for Addr {
    fn title(&self) -> String {
        let ns = &self.ns.get_ref().0;
        match &self.dev {
            Some(dev) => format!("{} in {ns} has {}", dev.get_ref().0, self.address.0),
            None => format!("{ns} has {}", self.address.0),
        }
    }

    fn mentions(&self) -> Vec<Mention> {
        let mut all = vec![look::names_space(&self.ns)];
        all.extend(
            self.dev
                .as_ref()
                .map(|dev| look::names_device(&self.ns, dev)),
        );
        all
    }

    fn judge(self: Box<Self>) -> Judge {
        Judge::State(std::sync::Arc::new(*self))
    }
}

impl Predicate for Addr {
    fn judge(&self, world: &World) -> Verdict {
        look::verdict(self.look(world))
    }
}

impl Addr {
    fn look(&self, world: &World) -> Found<()> {
        let ns = &self.ns.get_ref().0;
        let space = look::space(world, ns)?;
        let only = match &self.dev {
            Some(dev) => Some(look::link(world, ns, &dev.get_ref().0)?.1.index),
            None => None,
        };
        let wanted = self.address.0;
        let here = |row: &&Row| only.is_none_or(|index| row.link == index);
        match space
            .addrs
            .iter()
            .filter(here)
            .find(|row| row.net == wanted)
        {
            Some(row) if row.flags & DAD_FAILED != 0 => look::not(format!(
                "{wanted} in {ns} is used by somebody else on its network"
            )),
            Some(row) if row.flags & TENTATIVE != 0 => Err(Verdict::TooSoon),
            Some(_) => Ok(()),
            None => look::not(self.instead(space, only)),
        }
    }

    /// What is there instead.
    fn instead(&self, space: &Space, only: Option<u32>) -> String {
        let ns = &self.ns.get_ref().0;
        let wanted = self.address.0;
        let on = |row: &Row| format!("{} on {}", row.net, space.link_name(row.link));
        let same = |row: &&Row| row.net.addr() == wanted.addr();
        if let Some(near) = space.addrs.iter().find(same) {
            let dev = only.map_or(String::new(), |index| {
                format!(" on {}", space.link_name(index))
            });
            return format!("in {ns}: found {}, wanted {wanted}{dev}", on(near));
        }
        let other = |row: &&Row| {
            only.is_none_or(|index| row.link == index)
                && look::same_family(row.net, wanted)
                && !row.net.addr().is_loopback()
        };
        let rows = space.addrs.iter().filter(other);
        let (subject, rows): (String, Vec<String>) = match &self.dev {
            Some(dev) => (
                format!("{} in {ns}", dev.get_ref().0),
                rows.map(|row| row.net.to_string()).collect(),
            ),
            None => (format!("in {ns}"), rows.map(on).collect()),
        };
        let found = look::or_nothing(&rows);
        format!("{subject}: found {found}, wanted {wanted}")
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{World, holds, judge, not};
    use crate::lesson::Verdict;

    const WANTED: &str = "addr = { ns = 'app1', dev = 'clink1', address = '172.16.0.11/16' }";

    fn world() -> World {
        World::new()
            .link("app1", "clink1", |_| {})
            .link("app1", "lo", |_| {})
    }

    #[test]
    fn passes_among_others() {
        let world =
            world()
                .addr("app1", "clink1", "10.0.0.1/8")
                .addr("app1", "clink1", "172.16.0.11/16");
        holds(WANTED, &world);
        holds("addr = { ns = 'app1', address = '172.16.0.11/16' }", &world);
    }

    #[test]
    fn another_prefix_device_or_address_fails() {
        not(
            WANTED,
            &world().addr("app1", "clink1", "172.16.0.11/32"),
            "in app1: found 172.16.0.11/32 on clink1, wanted 172.16.0.11/16 on clink1",
        );
        not(
            WANTED,
            &world().addr("app1", "lo", "172.16.0.11/16"),
            "in app1: found 172.16.0.11/16 on lo, wanted 172.16.0.11/16 on clink1",
        );
        not(
            WANTED,
            &world().addr("app1", "clink1", "172.16.0.12/16"),
            "clink1 in app1: found 172.16.0.12/16, wanted 172.16.0.11/16",
        );
        not(
            WANTED,
            &world(),
            "clink1 in app1: found nothing, wanted 172.16.0.11/16",
        );
    }

    #[test]
    fn says_what_is_missing_before() {
        not(
            WANTED,
            &World::new().space("app1"),
            "there is no device clink1 in app1; found nothing",
        );
    }

    #[test]
    fn duplicate_address_detection_takes_a_moment() {
        let wanted = "addr = { ns = 'app1', address = 'fd00::11/64' }";
        let at = |flags| {
            let mut world = world().addr("app1", "clink1", "fd00::11/64");
            world.last_addr("app1").flags = flags;
            world
        };
        assert_eq!(judge(wanted, &at(0x40)), Verdict::TooSoon);
        not(
            wanted,
            &at(0x48),
            "fd00::11/64 in app1 is used by somebody else on its network",
        );
        holds(wanted, &at(0x80));
    }
}
