//! What all verbs that go to rtnetlink share: how a request is put together, and how iproute2
//! words a refusal.

use std::io;

use netlink_packet_core::{
    NLM_F_ACK, NLM_F_REQUEST, NetlinkHeader, NetlinkMessage, NetlinkPayload,
};
use netlink_packet_route::RouteNetlinkMessage;

use super::task::{Printed, Refusal, Request};
use crate::world::Space;

impl Request {
    /// A request with its acknowledgement asked for; `flags` are `NLM_F_*` beside those.
    pub fn new(message: RouteNetlinkMessage, flags: u16) -> Self {
        let mut header = NetlinkHeader::default();
        header.flags = NLM_F_REQUEST | NLM_F_ACK | flags;
        let mut message = NetlinkMessage::new(header, NetlinkPayload::InnerMessage(message));
        message.finalize();
        Self {
            message,
            into: None,
            peer_into: None,
        }
    }
}

impl Refusal {
    /// A device that does not exist, as `ip` says it of the device that it is to change.
    pub fn no_device(name: &str) -> Self {
        Self {
            text: format!("Cannot find device \"{name}\""),
            status: 1,
        }
    }

    /// A namespace that does not exist, as `ip` says it of the one that a device is to go to.
    pub fn no_netns(name: &str) -> Self {
        Self::argument(name, "Invalid \"netns\" value\n")
    }

    /// An argument that `ip` finds wrong by itself.
    pub fn argument(word: &str, wrong: &str) -> Self {
        Self {
            text: format!("Error: argument \"{word}\" is wrong: {wrong}"),
            status: 255,
        }
    }

    /// What `ip` prints when the kernel answers `errno` (positive): the kernel's own words where it
    /// has some, the C library's otherwise.
    pub fn kernel(errno: i32, text: Option<&str>) -> Self {
        Self {
            text: match text {
                Some(text) if !text.is_empty() => format!("Error: {}", sentence(text)),
                _ => format!("RTNETLINK answers: {}", meaning(errno)),
            },
            status: 2,
        }
    }
}

impl Printed {
    /// A table, printed with success.
    pub fn table(out: String) -> Self {
        Self {
            out,
            ..Self::default()
        }
    }
}

impl From<Refusal> for Printed {
    fn from(refusal: Refusal) -> Self {
        Self {
            out: String::new(),
            err: refusal.text + "\n",
            status: refusal.status,
        }
    }
}

/// The ifindex of the device called `name`.
///
/// # Errors
/// There is none: what `ip` then says.
pub fn device(known: &Space, name: &str) -> Result<u32, Refusal> {
    known
        .link(name)
        .map(|link| link.index)
        .ok_or_else(|| Refusal::no_device(name))
}

/// iproute2 ends the kernel's text with a full stop unless it has one.
fn sentence(text: &str) -> String {
    let stop = if text.ends_with('.') { "" } else { "." };
    format!("{text}{stop}")
}

/// An error number in the C library's words (`EEXIST` is "File exists").
pub fn meaning(errno: i32) -> String {
    let text = io::Error::from_raw_os_error(errno).to_string();
    match text.split_once(" (os error") {
        Some((words, _)) => words.to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_own_words_come_first() {
        assert_eq!(
            Refusal::kernel(17, None),
            Refusal {
                text: "RTNETLINK answers: File exists".into(),
                status: 2
            }
        );
        assert_eq!(
            Refusal::kernel(22, Some("Nexthop has invalid gateway")).text,
            "Error: Nexthop has invalid gateway."
        );
        assert_eq!(
            Refusal::kernel(22, Some("Invalid prefix.")).text,
            "Error: Invalid prefix."
        );
    }
}
