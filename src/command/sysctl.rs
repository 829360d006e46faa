//! Kernel settings: `sysctl`, and the files below `/proc/sys`.

mod canonical;
pub(super) mod grammar;
pub mod words;

/// A setting read or written; only those of the namespace, below `net.`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sysctl {
    /// Dotted name (`net.ipv4.ip_forward`); a `/` stands for a dot within a device's name.
    pub name: String,
    /// What is done to it.
    pub action: Action,
    /// How it was written.
    pub form: Form,
}

/// Read or write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Read it.
    Read,
    /// Write this value.
    Write(String),
}

/// How a line says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `sysctl NAME`, `sysctl -w NAME=V`
    Sysctl,
    /// `sysctl -n NAME`: the value alone
    SysctlValue,
    /// `cat /proc/sys/…`, `echo V > /proc/sys/…`
    File,
    /// `echo V | sudo tee /proc/sys/…`
    Tee,
}
