//! The bytes of one layer, of which some may not have been captured.

use std::net::{Ipv4Addr, Ipv6Addr};

/// The capture ends within this layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut(pub &'static str);

/// A layer.
#[derive(Clone, Copy, Debug)]
pub struct Layer<'a> {
    name: &'static str,
    /// What was captured of it, padding excluded.
    pub bytes: &'a [u8],
    /// How long it is.
    pub length: usize,
}

impl<'a> Layer<'a> {
    /// A layer that tcpdump calls `name`.
    pub fn new(name: &'static str, bytes: &'a [u8], length: usize) -> Self {
        Self {
            name,
            bytes: bytes.get(..length).unwrap_or(bytes),
            length,
        }
    }

    /// What to say when something of it is missing.
    pub fn cut(&self) -> Cut {
        Cut(self.name)
    }

    /// What follows its first `skip` bytes.
    pub fn after(&self, skip: usize, name: &'static str) -> Layer<'a> {
        let bytes = self.bytes.get(skip..).unwrap_or_default();
        Layer::new(name, bytes, self.length.saturating_sub(skip))
    }

    /// The same bytes as another layer.
    pub fn named(&self, name: &'static str) -> Layer<'a> {
        Layer { name, ..*self }
    }

    /// `N` bytes at an offset.
    pub fn array<const N: usize>(&self, at: usize) -> Result<[u8; N], Cut> {
        let rest = self.bytes.get(at..).ok_or(self.cut())?;
        rest.first_chunk().copied().ok_or(self.cut())
    }

    /// `count` bytes at an offset.
    pub fn slice(&self, at: usize, count: usize) -> Result<&'a [u8], Cut> {
        let rest = self.bytes.get(at..).ok_or(self.cut())?;
        rest.get(..count).ok_or(self.cut())
    }

    /// A byte.
    pub fn u8(&self, at: usize) -> Result<u8, Cut> {
        self.array::<1>(at).map(|[byte]| byte)
    }

    /// Two bytes, as a number.
    pub fn u16(&self, at: usize) -> Result<u16, Cut> {
        self.array(at).map(u16::from_be_bytes)
    }

    /// Four bytes, as a number.
    pub fn u32(&self, at: usize) -> Result<u32, Cut> {
        self.array(at).map(u32::from_be_bytes)
    }

    /// An IPv4 address.
    pub fn v4(&self, at: usize) -> Result<Ipv4Addr, Cut> {
        self.array::<4>(at).map(Ipv4Addr::from)
    }

    /// An IPv6 address.
    pub fn v6(&self, at: usize) -> Result<Ipv6Addr, Cut> {
        self.array::<16>(at).map(Ipv6Addr::from)
    }
}

/// A hardware address of any length.
pub fn hardware(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "<empty>".to_owned();
    }
    let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.join(":")
}
