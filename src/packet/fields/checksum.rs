//! The checksum of the Internet (RFC 1071), computed anew.

use std::net::IpAddr;
use std::ops::Range;

use super::teller::Teller;

/// What a checksum covers besides the bytes behind it: the addresses, the length and the protocol
/// (the "pseudo header").
#[derive(Clone, Copy, Debug)]
pub(super) struct Cover {
    pub(super) src: IpAddr,
    pub(super) dst: IpAddr,
    pub(super) proto: u8,
    /// All bytes that it covers are there, and belong together.
    pub(super) whole: bool,
}

/// What a checksum turned out to be.
enum Verdict {
    Right,
    /// It should be this.
    Wrong(u16),
    /// Only the addresses, the length and the protocol have been added up.
    Begun,
    Unknown,
}

const WHAT: &str =
    "A sum over the bytes by which the receiver notices that one was changed on the way.";

/// The sum of 16-bit words, carries added.
fn sum(bytes: &[u8]) -> u32 {
    let words = bytes.chunks(2).map(|pair| match pair {
        [high, low] => u32::from(u16::from_be_bytes([*high, *low])),
        [high] => u32::from(*high) << 8,
        _ => 0,
    });
    words.fold(0, |sum, word| u32::from(fold(sum + word)))
}

fn fold(sum: u32) -> u16 {
    let once = (sum & 0xffff) + (sum >> 16);
    let twice = (once & 0xffff) + (once >> 16);
    u16::try_from(twice).unwrap_or(u16::MAX)
}

impl Cover {
    fn sum(self, length: usize) -> u32 {
        let addresses = match (self.src, self.dst) {
            (IpAddr::V4(src), IpAddr::V4(dst)) => sum(&src.octets()) + sum(&dst.octets()),
            (IpAddr::V6(src), IpAddr::V6(dst)) => sum(&src.octets()) + sum(&dst.octets()),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => 0,
        };
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        let length = (length & 0xffff) + (length >> 16);
        u32::from(fold(addresses + length + u32::from(self.proto)))
    }
}

/// Of bytes in which the checksum stands at `at`.
fn verify(bytes: &[u8], at: usize, stands: u16, cover: u32) -> Verdict {
    let (before, behind) = bytes.split_at_checked(at).unwrap_or((bytes, &[]));
    let rest = behind.get(2..).unwrap_or_default();
    let should = !fold(sum(before) + sum(rest) + cover);
    if stands == should || (stands == 0xffff && should == 0) {
        Verdict::Right
    } else if cover != 0 && u32::from(stands) == cover {
        Verdict::Begun
    } else {
        Verdict::Wrong(should)
    }
}

impl Teller {
    /// A checksum that covers nothing but these bytes; they are all there if `whole`.
    pub(super) fn checksum(
        &mut self,
        place: Range<usize>,
        bytes: &[u8],
        at: usize,
        stands: u16,
        whole: bool,
    ) {
        let verdict = if whole {
            verify(bytes, at, stands, 0)
        } else {
            Verdict::Unknown
        };
        self.verdict(place, stands, &verdict);
    }

    /// A checksum that covers these bytes and what [`Cover`] says.
    pub(super) fn covering(
        &mut self,
        place: Range<usize>,
        bytes: &[u8],
        at: usize,
        stands: u16,
        cover: Cover,
    ) {
        let verdict = if cover.whole {
            verify(bytes, at, stands, cover.sum(bytes.len()))
        } else {
            Verdict::Unknown
        };
        self.verdict(place, stands, &verdict);
    }

    fn verdict(&mut self, place: Range<usize>, stands: u16, verdict: &Verdict) {
        let value = match verdict {
            Verdict::Right => format!("0x{stands:04x}, right"),
            Verdict::Wrong(should) => {
                let value = format!("0x{stands:04x}, wrong: it should be 0x{should:04x}");
                self.wrong("checksum", place, value);
                return;
            }
            Verdict::Begun => {
                format!("0x{stands:04x}, not filled in yet: the device is left to do that")
            }
            Verdict::Unknown => format!("0x{stands:04x}, not checked: not all bytes are here"),
        };
        self.told("checksum", place, value, WHAT);
    }
}
