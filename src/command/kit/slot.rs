//! Places in a grammar that take a value.

use std::fmt;

use super::Named;

/// What kind of value a place takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// A device that exists.
    Device,
    /// A name for a device.
    NewDevice,
    /// A namespace that exists.
    Namespace,
    /// A name for a namespace.
    NewNamespace,
    /// A namespace as a file (`/run/netns/NS`).
    NamespacePath,
    /// An IP address.
    Address,
    /// An IP address with or without a prefix length.
    Prefix,
    /// A hardware address.
    Mac,
    /// A number of what is said.
    Number(&'static str),
    /// A name of this kind, or its number.
    Name(Named),
    /// A chain that exists.
    Chain,
    /// A name for a chain.
    NewChain,
    /// A kernel setting by its dotted name.
    Setting,
    /// A kernel setting as a file below `/proc/sys`.
    SettingPath,
    /// A value for a kernel setting.
    Value,
}

impl fmt::Display for Slot {
    /// A noun with its article, for "X is missing".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Device => f.write_str("the name of a device"),
            Self::NewDevice => f.write_str("a name for the device"),
            Self::Namespace => f.write_str("the name of a namespace"),
            Self::NewNamespace => f.write_str("a name for the namespace"),
            Self::NamespacePath => f.write_str("a namespace's file"),
            Self::Address => f.write_str("an address"),
            Self::Prefix => f.write_str("an address with its prefix length"),
            Self::Mac => f.write_str("a hardware address"),
            Self::Number(what) => f.write_str(what),
            Self::Name(named) => named.fmt(f),
            Self::Chain => f.write_str("the name of a chain"),
            Self::NewChain => f.write_str("a name for the chain"),
            Self::Setting => f.write_str("the name of a setting"),
            Self::SettingPath => f.write_str("a setting's file"),
            Self::Value => f.write_str("a value"),
        }
    }
}

impl Slot {
    /// A value of this kind, where one says more than the kind's name.
    pub fn example(self) -> Option<&'static str> {
        match self {
            Self::NamespacePath => Some("/run/netns/app1"),
            Self::Address => Some("172.16.0.1"),
            Self::Prefix => Some("172.16.0.1/16"),
            Self::Mac => Some("02:00:00:00:00:01"),
            Self::Setting => Some("net.ipv4.ip_forward"),
            Self::SettingPath => Some("/proc/sys/net/ipv4/ip_forward"),
            Self::Device
            | Self::NewDevice
            | Self::Namespace
            | Self::NewNamespace
            | Self::Number(_)
            | Self::Name(_)
            | Self::Chain
            | Self::NewChain
            | Self::Value => None,
        }
    }
}

/// What may stand at some place of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Candidate {
    /// This word.
    Keyword {
        /// In full.
        word: &'static str,
        /// What it does; `{}` stands for the words that follow it.
        meaning: &'static str,
    },
    /// A value.
    Slot(Slot),
}
