//! Messages of rtnetlink, with the ones that the crate does not decode, and the kernel's own words
//! on a refusal.

use netlink_packet_core::{
    DecodeError, ErrorMessage, NLM_F_ACK_TLVS, NLM_F_DUMP, NLM_F_REQUEST, NetlinkBuffer,
    NetlinkDeserializable, NetlinkHeader, NetlinkMessage, NetlinkPayload, NetlinkSerializable,
    NlasIterator,
};
use netlink_packet_route::RouteNetlinkMessage;

/// `RTM_NEWNETCONF` of `linux/rtnetlink.h`: a setting below `net.ipv[46].conf` has changed.
const RTM_NEWNETCONF: u16 = 80;
/// `RTM_GETNETCONF`.
const RTM_GETNETCONF: u16 = 82;
/// `NLMSGERR_ATTR_MSG` of `linux/netlink.h`: the kernel's own words.
const NLMSGERR_ATTR_MSG: u16 = 1;
/// Bytes of a netlink header, which an error repeats before its attributes.
const HEADER: usize = 16;

/// A message of rtnetlink.
#[derive(Clone, Debug, PartialEq)]
pub enum Rtm {
    /// One that the crate decodes.
    Route(Box<RouteNetlinkMessage>),
    /// `RTM_NEWNETCONF`.
    Netconf(Netconf),
    /// A question for all [`Netconf`]s of a family (`AF_INET`, `AF_INET6`).
    GetNetconf(u8),
    /// Something newer, which changes no table of ours.
    Unknown(u16),
}

/// Settings of one device, or of all (`linux/netconf.h`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Netconf {
    /// `AF_INET` or `AF_INET6`.
    pub family: u8,
    /// ifindex; -1 is `all`, -2 is `default`.
    pub index: i32,
    /// `forwarding`.
    pub forwarding: Option<i32>,
    /// `rp_filter`.
    pub rp_filter: Option<i32>,
}

impl Netconf {
    /// `struct netconfmsg` is the family, padded to four bytes; attributes follow.
    fn parse(payload: &[u8]) -> Result<Self, DecodeError> {
        let (family, attributes) = match payload {
            [family, _, _, _, attributes @ ..] => (*family, attributes),
            _ => return Err(DecodeError::from("netconf message without its header")),
        };
        let mut conf = Self {
            family,
            ..Self::default()
        };
        for attribute in NlasIterator::new(attributes) {
            let attribute = attribute?;
            let Ok(bytes) = <[u8; 4]>::try_from(attribute.value()) else {
                continue;
            };
            let value = i32::from_ne_bytes(bytes);
            match attribute.kind() {
                1 => conf.index = value,
                2 => conf.forwarding = Some(value),
                3 => conf.rp_filter = Some(value),
                _ => {}
            }
        }
        Ok(conf)
    }
}

impl NetlinkSerializable for Rtm {
    fn message_type(&self) -> u16 {
        match self {
            Self::Route(message) => message.message_type(),
            Self::Netconf(_) => RTM_NEWNETCONF,
            Self::GetNetconf(_) => RTM_GETNETCONF,
            Self::Unknown(kind) => *kind,
        }
    }

    fn buffer_len(&self) -> usize {
        match self {
            Self::Route(message) => message.buffer_len(),
            Self::GetNetconf(_) => 4,
            Self::Netconf(_) | Self::Unknown(_) => 0,
        }
    }

    fn serialize(&self, buffer: &mut [u8]) {
        match self {
            Self::Route(message) => message.serialize(buffer),
            Self::GetNetconf(family) => {
                buffer.fill(0);
                if let Some(first) = buffer.first_mut() {
                    *first = *family;
                }
            }
            Self::Netconf(_) | Self::Unknown(_) => {}
        }
    }
}

impl NetlinkDeserializable for Rtm {
    type Error = DecodeError;

    /// A message that is not understood must not cost the ones beside it, so it is no error.
    fn deserialize(header: &NetlinkHeader, payload: &[u8]) -> Result<Self, DecodeError> {
        let kind = header.message_type;
        if kind == RTM_NEWNETCONF {
            return Ok(Netconf::parse(payload).map_or(Self::Unknown(kind), Self::Netconf));
        }
        Ok(RouteNetlinkMessage::deserialize(header, payload)
            .map_or(Self::Unknown(kind), |message| {
                Self::Route(Box::new(message))
            }))
    }
}

impl From<Rtm> for NetlinkPayload<Rtm> {
    fn from(message: Rtm) -> Self {
        Self::InnerMessage(message)
    }
}

impl From<RouteNetlinkMessage> for Rtm {
    fn from(message: RouteNetlinkMessage) -> Self {
        Self::Route(Box::new(message))
    }
}

/// A question that is answered with one message.
pub fn question(message: impl Into<Rtm>) -> NetlinkMessage<Rtm> {
    with_flags(message.into(), NLM_F_REQUEST)
}

/// A question that is answered with a whole table.
pub fn dump(message: impl Into<Rtm>) -> NetlinkMessage<Rtm> {
    with_flags(message.into(), NLM_F_REQUEST | NLM_F_DUMP)
}

/// A message with its header.
pub fn with_flags(message: Rtm, flags: u16) -> NetlinkMessage<Rtm> {
    let mut header = NetlinkHeader::default();
    header.flags = flags;
    NetlinkMessage::new(header, NetlinkPayload::InnerMessage(message))
}

/// Appends a message to a datagram, with what aligns the next one.
pub fn append<T: NetlinkSerializable>(datagram: &mut Vec<u8>, mut message: NetlinkMessage<T>) {
    message.finalize();
    let start = datagram.len();
    datagram.resize(start + message.buffer_len().next_multiple_of(4), 0);
    message.serialize(&mut datagram[start..]);
}

/// The messages of a datagram that are understood; what comes after a broken one is left out.
pub fn messages<T: NetlinkDeserializable>(
    datagram: &[u8],
) -> impl Iterator<Item = NetlinkMessage<T>> {
    let mut rest = datagram;
    std::iter::from_fn(move || {
        let packet = NetlinkBuffer::new_checked(rest).ok()?;
        let length = usize::try_from(packet.length()).ok()?;
        let message = NetlinkMessage::deserialize(rest);
        rest = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some(message)
    })
    .flatten()
}

/// What the kernel refuses a request with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Positive errno.
    pub errno: i32,
    /// The kernel's own words, if it has any.
    pub text: Option<String>,
}

impl Refused {
    /// Reads `NLMSG_ERROR`; `None` for an acknowledgement.
    pub fn read(header: &NetlinkHeader, error: &ErrorMessage) -> Option<Self> {
        Some(Self {
            errno: error.code?.get().abs(),
            text: extended(header.flags, &error.header),
        })
    }
}

/// The extended acknowledgement's text. With `NETLINK_CAP_ACK` the request's header is repeated
/// without its payload, and the attributes stand behind it (`linux/netlink.h`).
fn extended(flags: u16, behind_code: &[u8]) -> Option<String> {
    if flags & NLM_F_ACK_TLVS == 0 {
        return None;
    }
    let text = NlasIterator::new(behind_code.get(HEADER..)?)
        .flatten()
        .find(|attribute| attribute.kind() == NLMSGERR_ATTR_MSG)?;
    let words = text.value().split(|byte| *byte == 0).next()?;
    Some(String::from_utf8_lossy(words).into_owned())
}
