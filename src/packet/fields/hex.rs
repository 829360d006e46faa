//! Bytes in hexadecimal and as text.

use std::fmt;

/// Sixteen bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HexRow {
    /// Where they stand.
    pub offset: usize,
    /// In hexadecimal, in pairs with a blank between them.
    pub hex: String,
    /// Those that are letters, digits or signs; a point for each other.
    pub text: String,
}

/// Bytes, in rows of sixteen.
pub fn hex(bytes: &[u8]) -> Vec<HexRow> {
    let rows = bytes.chunks(16).enumerate();
    rows.map(|(index, row)| HexRow {
        offset: index * 16,
        hex: row.chunks(2).map(pair).collect::<Vec<_>>().join(" "),
        text: row.iter().copied().map(letter).collect(),
    })
    .collect()
}

fn pair(bytes: &[u8]) -> String {
    match bytes {
        [first, second] => format!("{first:02x}{second:02x}"),
        [last] => format!("{last:02x}"),
        _ => String::new(),
    }
}

/// Nothing that a terminal would obey.
fn letter(byte: u8) -> char {
    if byte.is_ascii_graphic() {
        char::from(byte)
    } else {
        '.'
    }
}

impl fmt::Display for HexRow {
    /// As `tcpdump -X` writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { offset, hex, text } = self;
        write!(f, "0x{offset:04x}:  {hex:<39}  {text}")
    }
}
