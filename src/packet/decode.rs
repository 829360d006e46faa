//! Bytes become a [`Decoded`].

use super::{Decoded, Medium, Net};

/// What stands in the bytes of a frame.
pub fn decode(_medium: Medium, _bytes: &[u8]) -> Decoded {
    Decoded {
        ether: None,
        net: Net::Cut,
    }
}
