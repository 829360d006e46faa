//! Looking things up in a [`World`], with a sentence for what is not there.

use ipnet::IpNet;
use toml::Spanned;

use super::words::{DevName, NsName};
use super::{Mention, Verdict};
use crate::world::link::{Link, Mac};
use crate::world::{Ns, Space, World};

/// How a search ends early.
pub type Found<T> = Result<T, Verdict>;

/// `Holds`, or why not.
pub fn verdict(found: Found<()>) -> Verdict {
    match found {
        Ok(()) => Verdict::Holds,
        Err(verdict) => verdict,
    }
}

/// It does not hold, for this reason.
pub fn not<T>(why: impl Into<String>) -> Found<T> {
    Err(Verdict::Not(why.into()))
}

/// The tables of a namespace.
pub fn space<'a>(world: &'a World, ns: &Ns) -> Found<&'a Space> {
    match (world.spaces.get(ns), ns) {
        (Some(space), _) => Ok(space),
        (None, Ns::Named(name)) => {
            let names: Vec<&str> = world.spaces.keys().filter_map(listed).collect();
            let there = if names.is_empty() {
                "none has been made so far".to_owned()
            } else {
                format!("there are {}", names.join(", "))
            };
            not(format!("there is no namespace {name}; {there}"))
        }
        (None, Ns::Internet) => not("this lesson's host has no uplink, so there is no internet"),
        (None, Ns::Host) => Err(Verdict::TooSoon),
    }
}

/// A name that `ip netns list` shows.
fn listed(ns: &Ns) -> Option<&str> {
    match ns {
        Ns::Named(name) => Some(name),
        Ns::Host | Ns::Internet => None,
    }
}

/// A device, with the tables of its namespace.
pub fn link<'a>(world: &'a World, ns: &Ns, name: &str) -> Found<(&'a Space, &'a Link)> {
    let space = space(world, ns)?;
    if let Some(link) = space.link(name) {
        return Ok((space, link));
    }
    let elsewhere: Vec<&str> = world
        .spaces
        .iter()
        .filter(|(_, other)| other.link(name).is_some())
        .map(|(other, _)| other.name())
        .collect();
    if elsewhere.is_empty() {
        let here: Vec<&str> = space.links.values().map(|link| &*link.name).collect();
        not(format!(
            "there is no device {name} in {ns}; found {}",
            or_nothing(&here)
        ))
    } else {
        not(format!(
            "there is no device {name} in {ns}; it is in {}",
            elsewhere.join(", ")
        ))
    }
}

/// The words with commas between, or `nothing`.
pub fn or_nothing<T: AsRef<str>>(words: &[T]) -> String {
    const MOST: usize = 4;
    if words.is_empty() {
        return "nothing".to_owned();
    }
    let shown: Vec<&str> = words.iter().take(MOST).map(AsRef::as_ref).collect();
    let more = words.len() - shown.len();
    match more {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// What differs between what is there and what is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    found: Vec<String>,
    wanted: Vec<String>,
}

impl Differences {
    /// Notes a difference, unless there is none.
    pub fn unless(&mut self, same: bool, found: impl Into<String>, wanted: impl Into<String>) {
        if !same {
            self.found.push(found.into());
            self.wanted.push(wanted.into());
        }
    }

    /// Compares, if something is wanted at all; `show` says each in words.
    pub fn compare<T: PartialEq>(
        &mut self,
        wanted: Option<&T>,
        found: &T,
        show: impl Fn(&T) -> String,
    ) {
        if let Some(wanted) = wanted {
            self.unless(found == wanted, show(found), show(wanted));
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.found.len()
    }

    /// Holds where there are none; else a sentence about `subject`.
    pub fn settle(self, subject: &str) -> Found<()> {
        if self.found.is_empty() {
            return Ok(());
        }
        not(format!(
            "{subject}: found {}, wanted {}",
            self.found.join(", "),
            self.wanted.join(", ")
        ))
    }
}

/// The row that comes nearest to what is wanted, with what still differs.
pub fn nearest<T>(
    rows: impl IntoIterator<Item = T>,
    differences: impl Fn(&T) -> Differences,
) -> Option<(T, Differences)> {
    rows.into_iter()
        .map(|row| {
            let differences = differences(&row);
            (row, differences)
        })
        .min_by_key(|(_, differences)| differences.count())
}

/// The hardware address that a check asks for: written, or of a device.
pub fn mac_of(world: &World, ns: &Ns, device: &str) -> Found<Mac> {
    let (_, link) = link(world, ns, device)?;
    match link.mac {
        Some(mac) => Ok(mac),
        None => not(format!("{device} in {ns} has no hardware address")),
    }
}

/// A namespace named in a check.
pub fn names_space(ns: &Spanned<NsName>) -> Mention {
    Mention::Space(ns.get_ref().0.clone(), ns.span())
}

/// A device named in a check.
pub fn names_device(ns: &Spanned<NsName>, device: &Spanned<DevName>) -> Mention {
    let name = device.get_ref().0.clone();
    Mention::Device(ns.get_ref().0.clone(), name, device.span())
}

/// Both of the same address family?
pub fn same_family(a: IpNet, b: IpNet) -> bool {
    matches!(
        (a, b),
        (IpNet::V4(_), IpNet::V4(_)) | (IpNet::V6(_), IpNet::V6(_))
    )
}
