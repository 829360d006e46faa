//! Each field of a frame by its name: for whoever wants to see what stands in the bytes.
//!
//! A tree written flat: headers, and below each its fields, in the order of the bytes. What is cut
//! off, contradicts itself or does not add up is said in its place. Checksums are computed anew.

mod bytes;
mod checksum;
mod hex;
mod icmp;
mod icmp6;
mod ipv4;
mod ipv6;
mod link;
mod names;
mod tcp;
mod teller;
mod udp;

pub use hex::{HexRow, hex};

use std::borrow::Cow;
use std::ops::Range;

use super::Medium;
use bytes::Bytes;
use teller::Teller;

/// A line of the detail view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// How far it is indented: headers of a frame at 0, their fields at 1; the headers of a frame
    /// or packet within it further.
    pub depth: u8,
    /// What it is.
    pub sort: Sort,
    /// Its name, as the RFC has it, in plain words.
    pub name: Cow<'static, str>,
    /// What it says, in a form for people.
    pub value: String,
    /// The bytes that it stands in, of the whole frame; empty at the place where some are missing.
    pub at: Range<usize>,
    /// What it is for, where one would ask; one sentence.
    pub what: Option<&'static str>,
}

/// What a line of the detail view is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// The beginning of a header; its fields follow, one step further in.
    Header,
    /// A field.
    Field,
    /// A field that is wrong, or a place where something is missing.
    Wrong,
}

/// Frames and packets are told within each other so far.
const DEPTH: u8 = 4;

/// The fields of a frame.
///
/// Takes any bytes, and gives a few hundred lines at most.
pub fn fields(medium: Medium, bytes: &[u8]) -> Vec<Field> {
    let mut teller = Teller::new(DEPTH);
    let bytes = Bytes::new(bytes);
    match medium {
        Medium::Ethernet => teller.ethernet(bytes),
        Medium::Bare => teller.bare(bytes),
    }
    teller.into_fields()
}

#[cfg(test)]
mod tests;
