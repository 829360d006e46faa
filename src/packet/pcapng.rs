//! Packets as pcapng (`draft-ietf-opsawg-pcapng`), which Wireshark and `tcpdump -r` read.
//!
//! Each device of each namespace is an interface of the file, called `app1/clink1`, with stamps in
//! nanoseconds.
//!
//! Packets of a device without Ethernet are written as they are (`LINKTYPE_RAW`), where a file holds
//! no others: as tcpdump writes them where it listens at that device. But it reads no file in which
//! interfaces are of different kinds (libpcap's `sf-pcapng.c`). So beside frames with Ethernet, and
//! where it is not known what else will come, such a packet gets the header that the kernel gives to
//! those on `lo`: addresses of zeros, and the ethertype; its interface says that it was given one.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use pcap_file::pcapng::PcapNgWriter;
use pcap_file::pcapng::blocks::enhanced_packet::{EnhancedPacketBlock, EnhancedPacketOption};
use pcap_file::pcapng::blocks::interface_description::{
    InterfaceDescriptionBlock, InterfaceDescriptionOption,
};
use pcap_file::pcapng::blocks::interface_statistics::{
    InterfaceStatisticsBlock, InterfaceStatisticsOption,
};
use pcap_file::pcapng::blocks::section_header::{SectionHeaderBlock, SectionHeaderOption};
use pcap_file::{DataLink, Endianness, PcapError};

use super::number::ethertype;
use super::{Direction, Medium, Sighting};
use crate::world::Ns;

/// Bytes captured of a packet at most, as tcpdump says it; the same for all, or `tcpdump` reads
/// none.
const SNAPSHOT: u32 = 262_144;
/// Nanoseconds: ten to the power of minus nine (`if_tsresol`).
const NANOSECONDS: u8 = 9;
/// Length of the header that a packet without one gets.
const HEADER: usize = 14;

/// A pcapng file that is being written.
pub struct Pcapng<W: Write> {
    writer: PcapNgWriter<W>,
    /// What all packets in it begin with.
    medium: Medium,
    devices: HashMap<Ns, HashMap<String, u32>>,
    /// Packets of each interface.
    counts: Vec<u64>,
    last: Duration,
}

impl<W: Write> Pcapng<W> {
    /// Begins a file for packets of any device: it says who wrote it.
    ///
    /// # Errors
    /// Those of `to`.
    pub fn new(to: W) -> io::Result<Self> {
        Self::with(to, Medium::Ethernet)
    }

    /// Begins a file in which all packets begin so; without Ethernet it takes no others.
    fn with(to: W, medium: Medium) -> io::Result<Self> {
        let section = SectionHeaderBlock {
            endianness: Endianness::native(),
            options: vec![
                SectionHeaderOption::OS(Cow::Borrowed("Linux")),
                SectionHeaderOption::UserApplication(Cow::Borrowed(concat!(
                    "tutor ",
                    env!("CARGO_PKG_VERSION")
                ))),
            ],
            ..SectionHeaderBlock::default()
        };
        Ok(Self {
            writer: PcapNgWriter::with_section_header(to, section).map_err(reason)?,
            medium,
            devices: HashMap::new(),
            counts: Vec::new(),
            last: Duration::ZERO,
        })
    }

    /// Adds a packet, and before the first of its device what that is.
    ///
    /// # Errors
    /// Those of what is written to.
    pub fn add(&mut self, sighting: &Sighting) -> io::Result<()> {
        let interface = self.interface(sighting)?;
        if let Some(count) = usize::try_from(interface)
            .ok()
            .and_then(|interface| self.counts.get_mut(interface))
        {
            *count += 1;
        }
        self.last = self.last.max(sighting.at);
        let (data, more) = self.framed(sighting);
        let length = sighting.length.saturating_add(more);
        let packet = EnhancedPacketBlock {
            interface_id: interface,
            timestamp: sighting.at,
            original_len: u32::try_from(length).unwrap_or(u32::MAX),
            data,
            options: vec![EnhancedPacketOption::Flags(flags(sighting.direction))],
        };
        self.writer
            .write_pcapng_block(packet)
            .map_err(reason)
            .map(drop)
    }

    /// Ends the file: how many packets each interface had, and how many there was no room for, at
    /// whichever device.
    ///
    /// # Errors
    /// Those of what is written to.
    pub fn end(mut self, missed: u64) -> io::Result<W> {
        for (interface, count) in (0..).zip(std::mem::take(&mut self.counts)) {
            let mut options = vec![InterfaceStatisticsOption::IsbUsrDeliv(count)];
            if interface == 0 && missed > 0 {
                options.push(InterfaceStatisticsOption::IsbOsDrop(missed));
                let told = "the packets dropped are those of all interfaces together";
                options.push(InterfaceStatisticsOption::Comment(Cow::Borrowed(told)));
            }
            let last = u64::try_from(self.last.as_nanos()).unwrap_or(u64::MAX);
            let statistics = InterfaceStatisticsBlock {
                interface_id: interface,
                // The upper half comes first in the file; the crate writes the lower one first.
                timestamp: if cfg!(target_endian = "little") {
                    last.rotate_left(u32::BITS)
                } else {
                    last
                },
                options,
            };
            self.writer.write_pcapng_block(statistics).map_err(reason)?;
        }
        Ok(self.writer.into_inner())
    }

    /// What is written to.
    pub fn get_mut(&mut self) -> &mut W {
        self.writer.get_mut()
    }

    /// The number of a sighting's device in this file.
    fn interface(&mut self, sighting: &Sighting) -> io::Result<u32> {
        let Sighting { ns, dev, .. } = sighting;
        let known = self.devices.get(ns).and_then(|devices| devices.get(dev));
        if let Some(interface) = known {
            return Ok(*interface);
        }
        let interface = u32::try_from(self.counts.len()).map_err(io::Error::other)?;
        let mut options = vec![
            InterfaceDescriptionOption::IfName(Cow::Owned(format!("{ns}/{dev}"))),
            InterfaceDescriptionOption::IfTsResol(NANOSECONDS),
        ];
        if sighting.medium != self.medium {
            options.push(InterfaceDescriptionOption::IfDescription(Cow::Borrowed(
                "has no Ethernet; its packets were given a header of zeros",
            )));
        }
        let description = InterfaceDescriptionBlock {
            linktype: match self.medium {
                Medium::Ethernet => DataLink::ETHERNET,
                Medium::Bare => DataLink::RAW,
            },
            snaplen: SNAPSHOT,
            options,
        };
        self.writer
            .write_pcapng_block(description)
            .map_err(reason)?;
        self.counts.push(0);
        let devices = self.devices.entry(ns.clone()).or_default();
        devices.insert(dev.clone(), interface);
        Ok(interface)
    }

    /// The packet with the header that it needs here, and how much longer that makes it.
    fn framed<'a>(&self, sighting: &'a Sighting) -> (Cow<'a, [u8]>, usize) {
        if sighting.medium == self.medium {
            return (Cow::Borrowed(&sighting.bytes), 0);
        }
        let mut frame = vec![0; HEADER - 2];
        frame.extend(kind(&sighting.bytes).to_be_bytes());
        frame.extend(&sighting.bytes);
        (Cow::Owned(frame), HEADER)
    }
}

/// These packets as a whole file.
pub fn file(packets: &[Arc<Sighting>]) -> Vec<u8> {
    let bare = (packets.iter()).all(|packet| packet.medium == Medium::Bare);
    let medium = if bare && !packets.is_empty() {
        Medium::Bare
    } else {
        Medium::Ethernet
    };
    let written = Pcapng::with(Vec::new(), medium).and_then(|mut file| {
        packets.iter().try_for_each(|packet| file.add(packet))?;
        file.end(0)
    });
    // Memory takes everything, and a packet's interface comes before it.
    written.unwrap_or_default()
}

/// Its ethertype, by the version that an IP packet begins with.
fn kind(packet: &[u8]) -> u16 {
    match packet.first().map(|byte| byte >> 4) {
        Some(6) => ethertype::IPV6,
        _ => ethertype::IPV4,
    }
}

/// `epb_flags`: which way in the lowest two bits, for whom in the next three.
fn flags(direction: Direction) -> u32 {
    const IN: u32 = 0b01;
    const OUT: u32 = 0b10;
    let (way, to) = match direction {
        Direction::In => (IN, 1),
        Direction::Multicast => (IN, 2),
        Direction::Broadcast => (IN, 3),
        Direction::Other => (IN, 4), // "promiscuous"
        Direction::Out => (OUT, 0),
    };
    way | to << 2
}

fn reason(error: PcapError) -> io::Error {
    match error {
        PcapError::IoError(error) => error,
        other => io::Error::other(other),
    }
}

#[cfg(test)]
mod tests {
    use pcap_file::pcapng::{Block, PcapNgReader};

    use super::*;

    fn sighting(dev: &str, medium: Medium, bytes: &[u8]) -> Arc<Sighting> {
        Arc::new(Sighting {
            number: 0,
            at: Duration::new(1_700_000_000, 123_456_789),
            ns: Ns::Named("app1".to_owned()),
            index: 2,
            dev: dev.to_owned(),
            direction: Direction::Out,
            medium,
            bytes: bytes.to_vec(),
            length: bytes.len() + 100,
        })
    }

    #[test]
    fn packets_without_ethernet_are_written_as_they_are_where_there_are_no_others() {
        let (bare, framed) = (
            sighting("t0", Medium::Bare, &[0x45; 20]),
            sighting("a", Medium::Ethernet, &[1; 15]),
        );
        for (packets, link, length) in [
            (vec![bare.clone(), bare.clone()], DataLink::RAW, 20),
            (vec![bare, framed], DataLink::ETHERNET, 34),
        ] {
            let bytes = file(&packets);
            let mut reader = PcapNgReader::new(&bytes[..]).expect("it begins as a file does");
            let first = reader.next_block().expect("a block").expect("an interface");
            let Block::InterfaceDescription(interface) = first else {
                panic!("{first:?}");
            };
            assert_eq!(interface.linktype, link);
            let next = reader.next_block().expect("a block").expect("a packet");
            let Block::EnhancedPacket(packet) = next else {
                panic!("{next:?}");
            };
            assert_eq!(packet.data.len(), length);
        }
    }

    #[test]
    fn which_way_and_for_whom() {
        let all = [
            Direction::In,
            Direction::Multicast,
            Direction::Broadcast,
            Direction::Other,
            Direction::Out,
        ];
        assert_eq!(
            all.map(flags),
            [0b00101, 0b01001, 0b01101, 0b10001, 0b00010]
        );
    }

    #[test]
    fn each_device_is_described_once_before_its_packets() {
        let packets = [
            sighting("a", Medium::Ethernet, &[1; 15]),
            sighting("b", Medium::Bare, &[0x60; 3]),
            sighting("a", Medium::Ethernet, &[]),
        ];
        let mut file = Pcapng::new(Vec::new()).expect("memory takes it");
        for packet in &packets {
            file.add(packet).expect("memory takes it");
        }
        let bytes = file.end(7).expect("memory takes it");
        let mut reader = PcapNgReader::new(&bytes[..]).expect("it begins as a file does");
        let mut told = Vec::new();
        while let Some(block) = reader.next_block() {
            told.push(match block.expect("each block can be read") {
                Block::InterfaceDescription(block) => {
                    let InterfaceDescriptionOption::IfName(name) = &block.options[0] else {
                        panic!("{:?}", block.options);
                    };
                    format!("interface {name}")
                }
                Block::EnhancedPacket(block) => {
                    assert_eq!(block.timestamp, packets[0].at);
                    assert_eq!(block.options, [EnhancedPacketOption::Flags(2)]);
                    format!(
                        "packet {} {} {}",
                        block.interface_id,
                        block.data.len(),
                        block.original_len
                    )
                }
                Block::InterfaceStatistics(block) => {
                    assert_ne!(block.timestamp, 0, "the last packet's");
                    format!("statistics {} {:?}", block.interface_id, block.options[0])
                }
                other => panic!("{other:?}"),
            });
        }
        assert_eq!(
            told,
            [
                "interface app1/a",
                "packet 0 15 115",
                "interface app1/b",
                "packet 1 17 117",
                "packet 0 0 100",
                "statistics 0 IsbUsrDeliv(2)",
                "statistics 1 IsbUsrDeliv(1)",
            ]
        );
    }
}
