//! Numbers and addresses at an offset, where the bytes are there.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::world::link::Mac;

/// `N` bytes.
pub(super) fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

/// A byte.
pub(super) fn byte(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied()
}

/// Two bytes, as a number.
pub(super) fn u16(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_be_bytes)
}

/// Three bytes, as a number.
pub(super) fn u24(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(|[a, b, c]| u32::from_be_bytes([0, a, b, c]))
}

/// Four bytes, as a number.
pub(super) fn u32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_be_bytes)
}

/// An IPv4 address.
pub(super) fn v4(bytes: &[u8], at: usize) -> Option<Ipv4Addr> {
    array::<4>(bytes, at).map(Ipv4Addr::from)
}

/// An IPv6 address.
pub(super) fn v6(bytes: &[u8], at: usize) -> Option<Ipv6Addr> {
    array::<16>(bytes, at).map(Ipv6Addr::from)
}

/// A hardware address.
pub(super) fn mac(bytes: &[u8], at: usize) -> Option<Mac> {
    array(bytes, at).map(Mac)
}

/// What stands behind the first `skip` bytes; nothing where they are not all there.
pub(super) fn behind(bytes: &[u8], skip: usize) -> &[u8] {
    bytes.get(skip..).unwrap_or_default()
}

/// The first `length` bytes, or as many of them as are there.
pub(super) fn first(bytes: &[u8], length: usize) -> &[u8] {
    bytes.get(..length).unwrap_or(bytes)
}
