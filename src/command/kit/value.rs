//! Readers of single values: names, addresses, numbers.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;
use std::str::FromStr;

use crate::world::link::Mac;

/// Longest name of a device in bytes (`IFNAMSIZ` less the final zero).
const LONGEST_DEVICE: usize = 15;

/// Longest name of a namespace in bytes, for it is a file's name (`NAME_MAX`).
const LONGEST_FILE: usize = 255;

/// A word that is no such value, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bad {
    /// Bytes of the word that are wrong; all of it where there is none.
    pub(crate) within: Option<Range<usize>>,
    /// What is wrong.
    pub(crate) message: String,
    /// What to do.
    pub(crate) help: Option<String>,
}

impl Bad {
    /// The whole word is wrong.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            within: None,
            message: message.into(),
            help: None,
        }
    }

    /// What to do about it.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Only these bytes of the word are wrong.
    pub(crate) fn within(mut self, within: Range<usize>) -> Self {
        self.within = Some(within);
        self
    }
}

/// A device's name, by the kernel's own rules (`dev_valid_name`).
pub(crate) fn device(text: &str) -> Result<String, Bad> {
    if text.is_empty() {
        return Err(Bad::new("a device's name is not empty"));
    }
    if text.len() > LONGEST_DEVICE {
        return Err(
            Bad::new(format!("the name `{text}` has {} bytes", text.len())).help(format!(
                "a device's name has at most {LONGEST_DEVICE} bytes"
            )),
        );
    }
    if text == "." || text == ".." {
        return Err(Bad::new(format!("a device cannot be called `{text}`")));
    }
    refuse_letter("device", text, |c| matches!(c, '/' | ':'))?;
    Ok(text.to_owned())
}

/// A namespace's name: a file's name below `/run/netns`.
pub(crate) fn namespace(text: &str) -> Result<String, Bad> {
    if text.is_empty() {
        return Err(Bad::new("a namespace's name is not empty"));
    }
    if text.len() > LONGEST_FILE {
        return Err(
            Bad::new(format!("the namespace's name has {} bytes", text.len()))
                .help(format!("it has at most {LONGEST_FILE} bytes")),
        );
    }
    if text == "." || text == ".." {
        return Err(Bad::new(format!("a namespace cannot be called `{text}`")));
    }
    refuse_letter("namespace", text, |c| c == '/')?;
    Ok(text.to_owned())
}

fn refuse_letter(what: &str, text: &str, also: impl Fn(char) -> bool) -> Result<(), Bad> {
    let refused = |c: char| c.is_whitespace() || c.is_control() || also(c);
    match text.char_indices().find(|(_, c)| refused(*c)) {
        None => Ok(()),
        Some((at, letter)) => {
            let end = at + letter.len_utf8();
            Err(Bad::new(format!("a {what}'s name cannot hold {letter:?}")).within(at..end))
        }
    }
}

/// A hardware address.
pub(crate) fn mac(text: &str) -> Result<Mac, Bad> {
    Mac::from_str(text).map_err(|why| Bad::new(why).help("such as 02:00:00:00:00:01"))
}

/// An address as `ip` reads it, which lets the last bytes of IPv4 be left out (`10.1` is
/// 10.1.0.0).
pub(crate) fn address(text: &str) -> Result<IpAddr, Bad> {
    read_address(text, true)
}

/// An address written out in full.
pub(crate) fn host_address(text: &str) -> Result<IpAddr, Bad> {
    read_address(text, false)
}

fn read_address(text: &str, short: bool) -> Result<IpAddr, Bad> {
    if text.contains(':') {
        return Ipv6Addr::from_str(text).map(IpAddr::V6).map_err(|_| {
            Bad::new(format!("`{text}` is not an IPv6 address")).help(
                "groups of up to four hexadecimal digits with colons between them, such as fd00::1",
            )
        });
    }
    if text.is_empty() || !text.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return Err(not_an_address(text));
    }
    let mut bytes = [0; 4];
    let mut count = 0;
    let mut at = 0;
    for part in text.split('.') {
        let place = at..at + part.len();
        at = place.end + 1;
        let Some(byte) = bytes.get_mut(count) else {
            return Err(four_numbers(text));
        };
        *byte = read_byte(text, part).map_err(|bad| bad.within(place))?;
        count += 1;
    }
    if count < bytes.len() && !short {
        return Err(four_numbers(text));
    }
    Ok(IpAddr::V4(Ipv4Addr::from(bytes)))
}

fn read_byte(text: &str, part: &str) -> Result<u8, Bad> {
    if part.is_empty() {
        return Err(four_numbers(text));
    }
    if part.len() > 1 && part.starts_with('0') {
        return Err(Bad::new(format!("`{part}` begins with a zero"))
            .help("tools take such a number for an octal one; leave the zero away"));
    }
    part.parse().map_err(|_| {
        Bad::new(format!("`{part}` is too large for a part of an address"))
            .help("each of the four numbers is from 0 to 255")
    })
}

fn four_numbers(text: &str) -> Bad {
    Bad::new(format!("`{text}` is not an IPv4 address"))
        .help("four numbers from 0 to 255 with dots between them, such as 172.16.0.1")
}

fn not_an_address(text: &str) -> Bad {
    let name = text
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    let help = "there are no names in the sandbox; write an address, such as 8.8.8.8";
    if name && !text.is_empty() {
        Bad::new(format!("`{text}` is a name where an address is needed")).help(help)
    } else {
        Bad::new(format!("`{text}` is not an address")).help("such as 172.16.0.1 or fd00::1")
    }
}

/// A prefix length, in digits or as a netmask, for addresses of `bits` bits.
pub(crate) fn prefix_length(text: &str, bits: u8) -> Result<u8, Bad> {
    if bits == 32 && text.contains('.') {
        let IpAddr::V4(mask) = host_address(text)? else {
            return Err(four_numbers(text));
        };
        return ipnet::ipv4_mask_to_prefix(mask).map_err(|_| {
            Bad::new(format!("`{text}` is not a netmask"))
                .help("all ones stand before all zeros, as in 255.255.0.0")
        });
    }
    let length = parse_number(text)
        .and_then(|length| u8::try_from(length).ok())
        .filter(|length| *length <= bits);
    length.ok_or_else(|| {
        Bad::new(format!("`{text}` is not a prefix length")).help(format!(
            "a number from 0 to {bits}: how many bits name the network"
        ))
    })
}

/// A number, in digits or hexadecimal behind `0x`, from `least` to `most`.
pub(crate) fn number<T>(text: &str, least: T, most: T) -> Result<T, Bad>
where
    T: TryFrom<u32> + PartialOrd + fmt::Display + Copy,
{
    let bounds = format!("a number from {least} to {most}");
    let digits = text.strip_prefix("0x").unwrap_or(text);
    if digits.is_empty() || !digits.chars().all(|c| c.is_ascii_hexdigit()) {
        return Err(Bad::new(format!("`{text}` is not a number")).help(bounds));
    }
    parse_number(text)
        .and_then(|number| T::try_from(number).ok())
        .filter(|number| (&least..=&most).contains(&number))
        .ok_or_else(|| Bad::new(format!("`{text}` is out of range")).help(bounds))
}

/// A number in digits, or in hexadecimal behind `0x`.
pub(crate) fn parse_number(text: &str) -> Option<u32> {
    match text.strip_prefix("0x") {
        Some(digits) if !digits.starts_with('+') => u32::from_str_radix(digits, 16).ok(),
        None if !text.starts_with('+') => text.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn device_names_follow_the_kernel() {
        assert!(
            device("br0").is_ok() && device("abcdefghijklmno").is_ok() && device("ü@x").is_ok()
        );
        for bad in [
            "",
            "abcdefghijklmnop",
            ".",
            "..",
            "a/b",
            "a b",
            "a:1",
            "a\u{7}",
        ] {
            assert!(device(bad).is_err(), "{bad:?}");
        }
        assert_eq!(device("a/b").unwrap_err().within, Some(1..2));
    }

    #[test]
    fn addresses_as_ip_reads_them() {
        assert_eq!(address("10.1").unwrap().to_string(), "10.1.0.0");
        assert_eq!(address("fd00::1").unwrap().to_string(), "fd00::1");
        assert_eq!(address("172.16.300.1").unwrap_err().within, Some(7..10));
        for bad in [
            "",
            "1.2.3.4.5",
            "1..2",
            "01.2.3.4",
            "gateway",
            "1.2.3.4/8",
            "fd00::g",
        ] {
            assert!(address(bad).is_err(), "{bad}");
        }
        assert!(host_address("10.1").is_err());
    }

    #[test]
    fn prefix_lengths_and_masks() {
        assert_eq!(prefix_length("255.255.0.0", 32), Ok(16));
        assert_eq!(prefix_length("128", 128), Ok(128));
        for bad in ["33", "255.0.255.0", "", "-1", "+8"] {
            assert!(prefix_length(bad, 32).is_err(), "{bad}");
        }
    }

    #[test]
    fn numbers_stay_in_range() {
        assert_eq!(number("0x600", 68_u32, 65_536), Ok(1536));
        assert_eq!(
            number("256", 1_u8, 255).unwrap_err().message,
            "`256` is out of range"
        );
        assert_eq!(
            number("9 9", 1_u8, 255).unwrap_err().message,
            "`9 9` is not a number"
        );
        assert!(number("fff", 0_u16, 9999).is_err() && number("+1", 0_u16, 9).is_err());
    }
}
