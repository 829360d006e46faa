//! Netlink attributes of nfnetlink, written and read: numbers are big-endian, nests are flagged.
//!
//! nf_tables nests expressions of some forty kinds in one another. What of them is used here is
//! said in this floor's own types ([`super::expr`]); an unknown one must not spoil the reading of
//! the rest, so values are taken by number and asked for their shape only when they are used.

use netlink_packet_core::{NLA_F_NESTED, NlasIterator};

/// Attributes being written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attrs(Vec<u8>);

/// Attributes start at multiples of four bytes.
const ALIGN: usize = 4;
/// Length and kind, two bytes each.
const HEADER: usize = 4;

impl Attrs {
    /// The bytes, padded.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// A value as it stands.
    pub fn bytes(&mut self, kind: u16, value: &[u8]) -> &mut Self {
        let length = u16::try_from(HEADER + value.len()).unwrap_or(u16::MAX);
        self.0.extend_from_slice(&length.to_ne_bytes());
        self.0.extend_from_slice(&kind.to_ne_bytes());
        self.0.extend_from_slice(value);
        self.0.resize(self.0.len().next_multiple_of(ALIGN), 0);
        self
    }

    /// A text, with the NUL that ends it.
    pub fn text(&mut self, kind: u16, value: &str) -> &mut Self {
        let mut bytes = value.as_bytes().to_vec();
        bytes.push(0);
        self.bytes(kind, &bytes)
    }

    /// A number of 32 bits.
    pub fn number(&mut self, kind: u16, value: u32) -> &mut Self {
        self.bytes(kind, &value.to_be_bytes())
    }

    /// A number of 64 bits.
    pub fn long(&mut self, kind: u16, value: u64) -> &mut Self {
        self.bytes(kind, &value.to_be_bytes())
    }

    /// Attributes within one.
    pub fn nest(&mut self, kind: u16, fill: impl FnOnce(&mut Self)) -> &mut Self {
        let mut inner = Self::default();
        fill(&mut inner);
        self.bytes(kind | NLA_F_NESTED, &inner.0)
    }
}

/// Attributes being read.
#[derive(Clone, Debug, Default)]
pub struct Fields<'a>(Vec<(u16, &'a [u8])>);

impl<'a> Fields<'a> {
    /// Those of `payload`; what comes after a broken one is left out.
    pub fn read(payload: &'a [u8]) -> Self {
        let fields = NlasIterator::new(payload)
            .map_while(Result::ok)
            .filter_map(|nla| {
                let (kind, length) = (nla.kind(), usize::from(nla.length()));
                Some((kind, nla.into_inner().get(HEADER..length)?))
            });
        Self(fields.collect())
    }

    /// Kind and value of each, in order.
    pub fn all(&self) -> impl Iterator<Item = (u16, &'a [u8])> {
        self.0.iter().copied()
    }

    /// The value of this kind, if it is there.
    pub fn bytes(&self, kind: u16) -> Option<&'a [u8]> {
        self.all().find(|(found, _)| *found == kind).map(|it| it.1)
    }

    /// As attributes; none if it is not there.
    pub fn nest(&self, kind: u16) -> Self {
        self.bytes(kind).map(Self::read).unwrap_or_default()
    }

    /// As a text, without its NUL.
    pub fn text(&self, kind: u16) -> Option<String> {
        self.bytes(kind).map(text)
    }

    /// As a number of 8 bits.
    pub fn byte(&self, kind: u16) -> Option<u8> {
        self.bytes(kind)?.first().copied()
    }

    /// As a number of 16 bits.
    pub fn short(&self, kind: u16) -> Option<u16> {
        Some(u16::from_be_bytes(self.bytes(kind)?.try_into().ok()?))
    }

    /// As a number of 32 bits.
    pub fn number(&self, kind: u16) -> Option<u32> {
        Some(u32::from_be_bytes(self.bytes(kind)?.try_into().ok()?))
    }

    /// As a number of 64 bits.
    pub fn long(&self, kind: u16) -> Option<u64> {
        Some(u64::from_be_bytes(self.bytes(kind)?.try_into().ok()?))
    }
}

/// Bytes up to the first NUL, as text.
pub fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0);
    String::from_utf8_lossy(&bytes[..end.unwrap_or(bytes.len())]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut attrs = Attrs::default();
        attrs.text(1, "filter").number(5, 7).nest(4, |inner| {
            inner.long(2, 9).bytes(3, &[1, 2, 3]);
        });
        assert_eq!(attrs.as_bytes().len() % ALIGN, 0);

        let fields = Fields::read(attrs.as_bytes());
        assert_eq!(fields.text(1).as_deref(), Some("filter"));
        assert_eq!(fields.number(5), Some(7));
        assert_eq!(fields.nest(4).long(2), Some(9));
        assert_eq!(fields.nest(4).bytes(3), Some([1, 2, 3].as_slice()));
        assert_eq!(fields.number(1), None, "a text is no number");
    }

    #[test]
    fn a_broken_attribute_ends_the_reading() {
        let fields = Fields::read(&[8, 0, 1, 0, 0, 0, 0, 3, 200, 0, 2, 0]);
        assert_eq!(fields.number(1), Some(3));
        assert_eq!(fields.bytes(2), None);
    }
}
