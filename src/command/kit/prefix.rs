//! Addresses with a prefix length, and addresses of one family.

use std::net::IpAddr;

use ipnet::IpNet;

use super::value::{Bad, address, prefix_length};
use super::{Cursor, Slot};
use crate::command::{Family, ParseError};

/// An address with a prefix length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Net {
    /// Both; host bits are kept.
    pub(crate) net: IpNet,
    /// Was the length written? Without it all bits count.
    pub(crate) written: bool,
}

/// The number of bits in addresses like `address`.
pub(crate) fn bits(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

/// Reads an address with or without `/length`.
pub(crate) fn net(text: &str) -> Result<Net, Bad> {
    let (before, length) = match text.split_once('/') {
        None => (text, None),
        Some((before, length)) => (before, Some(length)),
    };
    let address = address(before)?;
    let most = bits(address);
    let place = before.len() + 1..text.len();
    let read = length.map(|length| prefix_length(length, most)).transpose();
    let read = read.map_err(|bad| bad.within(place))?;
    let net = IpNet::new(address, read.unwrap_or(most)).map_err(|why| Bad::new(why.to_string()))?;
    Ok(Net {
        net,
        written: read.is_some(),
    })
}

/// Refuses an address of the family that `-4` or `-6` did not ask for.
pub(crate) fn of_family(family: Option<Family>, address: IpAddr) -> Result<(), Bad> {
    match (family, address) {
        (Some(Family::V4), IpAddr::V6(_)) => Err(Bad::new(format!("{address} is an IPv6 address"))
            .help("an IPv4 address stands here, such as 172.16.0.1")),
        (Some(Family::V6), IpAddr::V4(_)) => Err(Bad::new(format!("{address} is an IPv4 address"))
            .help("an IPv6 address stands here, such as fd00::1")),
        (Some(Family::V4), IpAddr::V4(_)) | (Some(Family::V6), IpAddr::V6(_)) | (None, _) => Ok(()),
    }
}

/// The family of an address.
pub(crate) fn family(address: IpAddr) -> Family {
    match address {
        IpAddr::V4(_) => Family::V4,
        IpAddr::V6(_) => Family::V6,
    }
}

impl Cursor<'_> {
    /// Reads an address of `family`, as `ip` does.
    pub(crate) fn address(&mut self, family: Option<Family>) -> Result<IpAddr, ParseError> {
        self.value(Slot::Address, |text| {
            let address = address(text)?;
            of_family(family, address)?;
            Ok(address)
        })
    }

    /// Reads an address with or without a prefix length, and notes what the length means.
    pub(crate) fn net(
        &mut self,
        family: Option<Family>,
        length: impl FnOnce(IpNet) -> String,
    ) -> Result<Net, ParseError> {
        let word = self.word();
        let read = self.value(Slot::Prefix, |text| {
            let read = net(text)?;
            of_family(family, read.net.addr())?;
            Ok(read)
        })?;
        if let Some(word) = word.filter(|word| word.text.len() == word.at.len())
            && let Some(slash) = word.text.find('/')
        {
            let at = word.at.start + slash;
            self.note_at(at, at, length(read.net));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nets() {
        let read = |text| net(text).map(|net| (net.net.to_string(), net.written));
        assert_eq!(
            read("172.16.0.11/16"),
            Ok(("172.16.0.11/16".to_owned(), true))
        );
        assert_eq!(read("10/8"), Ok(("10.0.0.0/8".to_owned(), true)));
        assert_eq!(read("fd00::1"), Ok(("fd00::1/128".to_owned(), false)));
        assert_eq!(net("172.16.0.11/33").unwrap_err().within, Some(12..14));
        assert_eq!(net("172.16.0.11/").unwrap_err().within, Some(12..12));
    }
}
