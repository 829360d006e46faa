//! Worlds made by hand, and checks read from a line, for the tests of each check.

use std::sync::Arc;

use crate::lesson::check::Judge;
use crate::lesson::model::lower;
use crate::lesson::probe::Probe;
use crate::lesson::report::{Notes, Source};
use crate::lesson::{Check, Verdict};
use crate::world::addr::Addr;
use crate::world::conntrack::{Flow, Tuple};
use crate::world::fdb::FdbEntry;
use crate::world::link::Link;
use crate::world::neigh::Neigh;
use crate::world::route::Route;
use crate::world::ruleset::{Chain, Family, Table};
use crate::world::{Ns, Space};

use super::CheckToml;

/// A world under construction.
#[derive(Clone, Debug, Default)]
pub struct World(pub crate::world::World);

impl World {
    pub fn new() -> Self {
        Self::default()
    }

    fn at(&mut self, ns: &str) -> &mut Space {
        self.0.spaces.entry(Ns::from_name(ns)).or_default()
    }

    pub fn space(mut self, ns: &str) -> Self {
        self.at(ns);
        self
    }

    /// A device with the next free ifindex.
    pub fn link(mut self, ns: &str, name: &str, with: impl FnOnce(&mut Link)) -> Self {
        let space = self.at(ns);
        let last = space.links.keys().last().copied().unwrap_or(0);
        let mut link = Link {
            index: last + 1,
            name: name.to_owned(),
            mtu: 1500,
            ..Link::default()
        };
        with(&mut link);
        space.links.insert(link.index, link);
        self
    }

    fn index(&mut self, ns: &str, dev: &str) -> u32 {
        self.at(ns).link(dev).expect("the device was made").index
    }

    pub fn addr(mut self, ns: &str, dev: &str, net: &str) -> Self {
        let link = self.index(ns, dev);
        self.at(ns).addrs.push(Addr {
            link,
            net: net.parse().expect("an address"),
            peer: None,
            broadcast: None,
            scope: 0,
            flags: 0x80,
            label: None,
            valid: u32::MAX,
            preferred: u32::MAX,
            proto: 0,
        });
        self
    }

    pub fn last_addr(&mut self, ns: &str) -> &mut Addr {
        self.at(ns).addrs.last_mut().expect("an address was made")
    }

    pub fn route(mut self, ns: &str, dst: &str, dev: &str, with: impl FnOnce(&mut Route)) -> Self {
        let dev = self.index(ns, dev);
        let mut route = Route {
            dst: dst.parse().expect("a prefix"),
            table: 254,
            dev: Some(dev),
            ..Route::default()
        };
        with(&mut route);
        self.at(ns).routes.push(route);
        self
    }

    pub fn neigh(mut self, ns: &str, dst: &str, dev: &str, mac: Option<&str>, state: u16) -> Self {
        let link = self.index(ns, dev);
        self.at(ns).neighs.push(Neigh {
            link,
            dst: dst.parse().expect("an address"),
            mac: mac.map(|mac| mac.parse().expect("a hardware address")),
            state,
            flags: 0,
        });
        self
    }

    pub fn fdb(mut self, ns: &str, dev: &str, mac: &str) -> Self {
        let link = self.index(ns, dev);
        self.at(ns).fdb.push(FdbEntry {
            link,
            mac: mac.parse().expect("a hardware address"),
            ..FdbEntry::default()
        });
        self
    }

    pub fn sysctl(mut self, ns: &str, name: &str, value: &str) -> Self {
        let settings = &mut self.at(ns).sysctls;
        settings.insert(name.to_owned(), value.to_owned());
        self
    }

    /// A connection; its answers come back to `outside`.
    pub fn flow(mut self, ns: &str, proto: u8, src: &str, dst: &str, outside: &str) -> Self {
        let address = |text: &str| text.parse().expect("an address");
        let flow = Flow {
            id: 0,
            proto,
            original: Tuple {
                src: address(src),
                dst: address(dst),
                src_port: 1,
                dst_port: 80,
            },
            reply: Tuple {
                src: address(dst),
                dst: address(outside),
                src_port: 80,
                dst_port: 1,
            },
            status: 0,
            tcp: None,
            timeout: None,
            mark: None,
            uses: None,
        };
        self.at(ns).flows.push(flow);
        self
    }

    pub fn chain(mut self, ns: &str, table: &str, chain: Chain) -> Self {
        let tables = &mut self.at(ns).ruleset.tables;
        tables.push(Table {
            family: Family::Ip,
            name: table.to_owned(),
            chains: vec![chain],
        });
        self
    }
}

/// The check that `text` writes, or why it is none.
pub fn read(text: &str) -> Result<Check, String> {
    let toml: CheckToml = toml::from_str(text).map_err(|error| error.message().to_owned())?;
    let source = Source {
        name: "test".to_owned(),
        text: text.to_owned(),
    };
    let mut notes = Notes::new(Arc::new(source));
    let check = lower::check(toml, 0..0, &mut notes);
    match notes.findings.first() {
        Some(finding) => Err(finding.message.clone()),
        None => check.map(|(check, _)| check).ok_or("no check".to_owned()),
    }
}

/// The probe that `text` writes, and its title.
pub fn probe(text: &str) -> (String, Probe) {
    let check = read(text).expect("a right check");
    match check.judge {
        Judge::Probe(probe) => (check.title, probe),
        Judge::State(state) => panic!("{state:?} is no probe"),
    }
}

fn predicate(text: &str) -> Arc<dyn super::Predicate> {
    match read(text).expect("a right check").judge {
        Judge::State(predicate) => predicate,
        Judge::Probe(probe) => panic!("{probe:?} is no predicate"),
    }
}

pub fn judge(text: &str, world: &World) -> Verdict {
    predicate(text).judge(&world.0)
}

#[track_caller]
pub fn holds(text: &str, world: &World) {
    assert_eq!(judge(text, world), Verdict::Holds, "{text}");
}

#[track_caller]
pub fn not(text: &str, world: &World, why: &str) {
    assert_eq!(judge(text, world), Verdict::Not(why.to_owned()), "{text}");
}

pub fn settings(text: &str) -> Vec<(String, String)> {
    let settings = predicate(text).sysctls().into_iter();
    settings
        .map(|(ns, name)| (ns.name().to_owned(), name))
        .collect()
}
