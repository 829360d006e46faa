//! The namespaces and devices that lines make, without carrying them out.

use std::collections::BTreeSet;

use crate::command::link::{Add, AddKind, Link, Setting};
use crate::command::mention::moved_into;
use crate::command::{Command, netns};
use crate::lesson::RunLine;
use crate::world::Ns;

/// What lines have made. Nothing is ever taken away again: whether a name is right does not
/// depend on how long it lasts.
#[derive(Clone, Debug, Default)]
pub struct Made {
    spaces: BTreeSet<Ns>,
    devices: BTreeSet<(Ns, String)>,
    /// Namespaces in which the kernel has chosen a device's name.
    unknown: BTreeSet<Ns>,
}

impl Made {
    /// What a sandbox holds before the first line.
    pub fn at_start(uplink: bool) -> Self {
        let mut made = Self::default();
        made.space(Ns::Host);
        if uplink {
            made.device(&Ns::Host, "enp0s1");
            made.space(Ns::Internet);
            // What it is made of is no lesson's business.
            made.unknown.insert(Ns::Internet);
        }
        made
    }

    fn space(&mut self, ns: Ns) {
        self.device(&ns, "lo");
        self.spaces.insert(ns);
    }

    fn device(&mut self, ns: &Ns, name: &str) {
        self.devices.insert((ns.clone(), name.to_owned()));
    }

    /// Was it made?
    pub fn has_space(&self, ns: &Ns) -> bool {
        self.spaces.contains(ns)
    }

    /// Was it made there, or may it have been?
    pub fn has_device(&self, ns: &Ns, name: &str) -> bool {
        self.unknown.contains(ns) || self.devices.contains(&(ns.clone(), name.to_owned()))
    }

    /// Every namespace's name.
    pub fn space_names(&self) -> impl Iterator<Item = &str> {
        self.spaces.iter().map(Ns::name)
    }

    /// Every name of a device there.
    pub fn device_names(&self, ns: &Ns) -> impl Iterator<Item = &str> {
        let there = self.devices.iter().filter(move |(at, _)| at == ns);
        there.map(|(_, name)| name.as_str())
    }

    /// The namespaces that have had a device of this name.
    pub fn spaces_with(&self, name: &str) -> Vec<&str> {
        let same = self.devices.iter().filter(|(_, device)| device == name);
        same.map(|(ns, _)| ns.name()).collect()
    }

    /// Has a device of this name been anywhere, or may it have been?
    pub fn may_have(&self, name: &str) -> bool {
        let made_up = self.unknown.iter().any(|ns| *ns != Ns::Internet);
        made_up || self.all_devices().any(|device| device == name)
    }

    /// Every device's name, wherever it was.
    pub fn all_devices(&self) -> impl Iterator<Item = &str> {
        self.devices.iter().map(|(_, name)| name.as_str())
    }

    /// Takes over what a line makes.
    pub fn apply(&mut self, line: &RunLine) {
        let Some(command) = &line.line.command else {
            return;
        };
        let (ns, command) = command.place(&line.at);
        if let Command::Netns(netns::Netns::Add(name)) = command {
            self.space(Ns::Named(name.clone()));
        }
        if let Command::Link(Link::Add(add)) = command {
            self.add(&ns, add);
        }
        if let Command::Link(Link::Set(set)) = command {
            let there = destination(&ns, &set.settings);
            self.device(&there, renamed(&set.settings).unwrap_or(&set.dev));
        }
    }

    fn add(&mut self, ns: &Ns, add: &Add) {
        self.born(&destination(ns, &add.with), add.name.as_deref());
        if let AddKind::Veth { peer, with } = &add.kind {
            self.born(&destination(ns, with), peer.as_deref());
        }
    }

    fn born(&mut self, ns: &Ns, name: Option<&str>) {
        match name {
            Some(name) => self.device(ns, name),
            None => {
                self.unknown.insert(ns.clone());
            }
        }
    }
}

fn destination(ns: &Ns, settings: &[Setting]) -> Ns {
    settings
        .iter()
        .find_map(moved_into)
        .unwrap_or_else(|| ns.clone())
}

fn renamed(settings: &[Setting]) -> Option<&str> {
    for setting in settings {
        if let Setting::Name(name) = setting {
            return Some(name);
        }
    }
    None
}
