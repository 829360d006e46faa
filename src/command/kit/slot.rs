//! Places in a grammar that take a value.

use std::fmt;

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
    /// A name of what is said, or its number.
    Name(&'static str),
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
            Self::NamespacePath => f.write_str("a namespace's file, such as /run/netns/app1"),
            Self::Address => f.write_str("an address"),
            Self::Prefix => f.write_str("an address with its prefix length, such as 172.16.0.1/16"),
            Self::Mac => f.write_str("a hardware address, such as 02:00:00:00:00:01"),
            Self::Number(what) | Self::Name(what) => f.write_str(what),
            Self::Chain => f.write_str("the name of a chain"),
            Self::NewChain => f.write_str("a name for the chain"),
            Self::Setting => f.write_str("the name of a setting, such as net.ipv4.ip_forward"),
            Self::SettingPath => {
                f.write_str("a setting's file, such as /proc/sys/net/ipv4/ip_forward")
            }
            Self::Value => f.write_str("a value"),
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
