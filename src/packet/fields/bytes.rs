//! Some of a frame's bytes, which know where they stand in it.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use crate::packet::read;
use crate::world::link::Mac;

/// A part of a frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bytes<'a> {
    /// What is there of it.
    pub(super) there: &'a [u8],
    /// Where it begins in the frame.
    start: usize,
    /// How many bytes of it are missing.
    missing: usize,
}

impl<'a> Bytes<'a> {
    /// A whole frame.
    pub(super) fn new(there: &'a [u8]) -> Self {
        Self {
            there,
            start: 0,
            missing: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.there.len()
    }

    /// How many bytes are missing of what this should be.
    pub(super) fn missing(&self) -> usize {
        self.missing
    }

    /// The place of some of them in the frame.
    pub(super) fn at(&self, from: usize, length: usize) -> Range<usize> {
        let place = |offset: usize| self.start + offset.min(self.there.len());
        place(from)..place(from.saturating_add(length))
    }

    /// The place of all of them in the frame.
    pub(super) fn whole(&self) -> Range<usize> {
        self.at(0, self.len())
    }

    /// The place behind the last.
    pub(super) fn end(&self) -> Range<usize> {
        self.at(self.len(), 0)
    }

    /// What stands behind the first `skip`.
    pub(super) fn behind(&self, skip: usize) -> Self {
        Self {
            there: read::behind(self.there, skip),
            start: self.at(skip, 0).start,
            missing: self.missing,
        }
    }

    /// The first `length`, as far as they are there.
    pub(super) fn first(&self, length: usize) -> Self {
        let there = read::first(self.there, length);
        Self {
            there,
            start: self.start,
            missing: length - there.len(),
        }
    }

    pub(super) fn u8(&self, at: usize) -> Option<u8> {
        read::byte(self.there, at)
    }

    pub(super) fn u16(&self, at: usize) -> Option<u16> {
        read::u16(self.there, at)
    }

    pub(super) fn u24(&self, at: usize) -> Option<u32> {
        read::u24(self.there, at)
    }

    pub(super) fn u32(&self, at: usize) -> Option<u32> {
        read::u32(self.there, at)
    }

    pub(super) fn v4(&self, at: usize) -> Option<Ipv4Addr> {
        read::v4(self.there, at)
    }

    pub(super) fn v6(&self, at: usize) -> Option<Ipv6Addr> {
        read::v6(self.there, at)
    }

    pub(super) fn mac(&self, at: usize) -> Option<Mac> {
        read::mac(self.there, at)
    }
}
