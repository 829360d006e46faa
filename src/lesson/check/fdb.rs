//! `fdb`: a bridge knows behind which port a hardware address is.

use serde::Deserialize;
use toml::Spanned;

use super::link::End;
use super::look::{self, Found};
use super::words::{DevName, Ip, MacText, NsName};
use super::{Flaw, Form, Judge, Mention, Predicate, Verdict};
use crate::world::fdb::FdbEntry as Row;
use crate::world::{Space, World};

/// `fdb = { ns = "host", dev = "hlink3", mac-of = { ns = "app3", name = "clink3" } }`
#[derive(Clone, Debug, Deserialize)]
#[serde(
    deny_unknown_fields,
    rename_all = "kebab-case",
    expecting = "a table such as { ns = \"host\", dev = \"hlink3\", mac-of = { ns = \"app3\", name = \"clink3\" } }"
)]
pub struct Fdb {
    ns: Spanned<NsName>,
    dev: Spanned<DevName>,
    mac: Option<MacText>,
    mac_of: Option<End>,
    remote: Option<Ip>,
}

impl Form for Fdb {
    fn title(&self) -> String {
        let (ns, dev) = (&self.ns.get_ref().0, &self.dev.get_ref().0);
        let who = match (&self.mac_of, &self.mac) {
            (Some(end), _) => format!("{} in {}", end.name.get_ref().0, end.ns.get_ref().0),
            (None, Some(mac)) => mac.0.to_string(),
            (None, None) => "an address".to_owned(),
        };
        match self.remote {
            Some(Ip(remote)) => format!("{dev} in {ns} sends frames for {who} to {remote}"),
            None => format!("frames for {who} leave {ns} by {dev}"),
        }
    }

    fn mentions(&self) -> Vec<Mention> {
        let mut all = vec![
            look::names_space(&self.ns),
            look::names_device(&self.ns, &self.dev),
        ];
        if let Some(end) = &self.mac_of {
            all.push(look::names_space(&end.ns));
            all.push(look::names_device(&end.ns, &end.name));
        }
        all
    }

    fn flaw(&self) -> Option<Flaw> {
        (self.mac.is_some() == self.mac_of.is_some()).then(|| Flaw {
            at: None,
            message: "an `fdb` check asks for one hardware address".to_owned(),
            help: "write either `mac = \"…\"` or `mac-of = { ns = \"…\", name = \"…\" }`"
                .to_owned(),
        })
    }

    fn judge(self: Box<Self>) -> Judge {
        Judge::State(std::sync::Arc::new(*self))
    }
}

impl Predicate for Fdb {
    fn judge(&self, world: &World) -> Verdict {
        look::verdict(self.look(world))
    }
}

impl Fdb {
    fn look(&self, world: &World) -> Found<()> {
        let ns = &self.ns.get_ref().0;
        let dev = &self.dev.get_ref().0;
        let (space, link) = look::link(world, ns, dev)?;
        let mac = match (&self.mac, &self.mac_of) {
            (Some(mac), _) => mac.0,
            (None, Some(end)) => look::mac_of(world, &end.ns.get_ref().0, &end.name.get_ref().0)?,
            (None, None) => return look::not("the check asks for no hardware address"),
        };
        let remote = |row: &Row| self.remote.is_none_or(|remote| row.dst == Some(remote.0));
        let rows = || space.fdb.iter().filter(|row| row.mac == mac);
        if rows().any(|row| row.link == link.index && remote(row)) {
            return Ok(());
        }
        let wanted = match self.remote {
            Some(Ip(remote)) => format!("{dev} dst {remote}"),
            None => dev.clone(),
        };
        let found: Vec<String> = rows().map(|row| place(row, space)).collect();
        if found.is_empty() {
            return look::not(format!(
                "in {ns}: nothing is known of {mac}, wanted it at {wanted}"
            ));
        }
        look::not(format!(
            "in {ns}: found {mac} at {}, wanted {wanted}",
            look::or_nothing(&found)
        ))
    }
}

fn place(row: &Row, space: &Space) -> String {
    let dev = space.link_name(row.link);
    row.dst
        .map_or(dev.clone(), |dst| format!("{dev} dst {dst}"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{World, holds, not};

    const WANTED: &str =
        "fdb = { ns = 'host', dev = 'hlink3', mac-of = { ns = 'app3', name = 'clink3' } }";

    fn world() -> World {
        World::new()
            .link("host", "hlink3", |_| {})
            .link("host", "hlink4", |_| {})
            .link("app3", "clink3", |link| {
                link.mac = "02:00:00:00:00:03".parse().ok();
            })
    }

    #[test]
    fn learnt_at_the_right_port() {
        holds(WANTED, &world().fdb("host", "hlink3", "02:00:00:00:00:03"));
        holds(
            "fdb = { ns = 'host', dev = 'hlink3', mac = '02:00:00:00:00:03' }",
            &world().fdb("host", "hlink3", "02:00:00:00:00:03"),
        );
    }

    #[test]
    fn another_port_or_address_fails() {
        not(
            WANTED,
            &world().fdb("host", "hlink4", "02:00:00:00:00:03"),
            "in host: found 02:00:00:00:00:03 at hlink4, wanted hlink3",
        );
        not(
            WANTED,
            &world().fdb("host", "hlink3", "02:00:00:00:00:04"),
            "in host: nothing is known of 02:00:00:00:00:03, wanted it at hlink3",
        );
    }
}
