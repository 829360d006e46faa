//! Frames made up, whole and cut off at each byte: our words for them beside those of
//! tcpdump(8), which reads them from a capture file.

use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use tutor::command::tcpdump::print::{Cooked, Direction, Frame, Link, Printer};

use crate::frame::Case;

/// This file's cases.
pub const CASES: &[Case] = &crate::cases![Beside:
    frames_as_tcpdump_prints_them,
    link_headers_as_tcpdump_prints_them,
    cooked_frames_as_tcpdump_prints_them,
];

/// A record of a capture file: bytes, and length on the wire.
type Record = (Vec<u8>, usize);

/// `LINKTYPE_ETHERNET`
const ETHERNET: u32 = 1;
/// `LINKTYPE_LINUX_SLL2`, whose header has 20 bytes.
const SLL2: u32 = 276;

fn frames_as_tcpdump_prints_them() -> anyhow::Result<()> {
    let mut records = Vec::new();
    for whole in frames() {
        let length = whole.len();
        records.push((whole.clone(), length));
        for cut in 1..length {
            // Captured in part, and so short in truth.
            records.push((whole[..cut].to_vec(), length));
            records.push((whole[..cut].to_vec(), cut));
        }
    }
    compare(ETHERNET, "-n", &records, false)
}

fn link_headers_as_tcpdump_prints_them() -> anyhow::Result<()> {
    let records: Vec<Record> = frames()
        .into_iter()
        .map(|frame| (frame.clone(), frame.len()))
        .collect();
    compare(ETHERNET, "-ne", &records, true)
}

fn cooked_frames_as_tcpdump_prints_them() -> anyhow::Result<()> {
    let mut records = Vec::new();
    for (frame, kind) in frames()
        .into_iter()
        .zip([0, 1, 2, 3, 4].into_iter().cycle())
    {
        let mut bytes = frame[12..14].to_vec();
        bytes.extend([0, 0, 0, 0, 0, 99, 0, 1, kind, 6]);
        bytes.extend(&frame[6..12]);
        bytes.extend([0, 0]);
        bytes.extend(&frame[14..]);
        let length = bytes.len();
        records.push((bytes, length));
    }
    compare(SLL2, "-n", &records, false)?;
    compare(SLL2, "-ne", &records, true)
}

fn compare(link: u32, options: &str, records: &[Record], header: bool) -> anyhow::Result<()> {
    let real = real(link, options, records)?;
    ensure!(
        real.len() == records.len(),
        "{} of {}",
        real.len(),
        records.len()
    );
    let mut printer = Printer::new(header);
    let mut wrong = Vec::new();
    for ((bytes, length), real) in records.iter().zip(real) {
        let ours = printer.print(&frame(link, bytes, *length));
        if ours != real {
            wrong.push(format!(
                "{bytes:02x?} of {length}\nours {ours}\nreal {real}\n"
            ));
        }
    }
    let shown = wrong.iter().take(20).cloned().collect::<String>();
    ensure!(wrong.is_empty(), "{} wrong\n{shown}", wrong.len());
    Ok(())
}

fn frame(link: u32, bytes: &[u8], length: usize) -> Frame<'_> {
    let (link, skip) = match (link, bytes.first_chunk::<20>()) {
        (SLL2, Some(head)) => {
            let cooked = Cooked {
                dev: None,
                index: u32::from(head[7]),
                direction: match head[10] {
                    0 => Direction::In,
                    1 => Direction::Broadcast,
                    2 => Direction::Multicast,
                    3 => Direction::Other,
                    _ => Direction::Out,
                },
                address: head[12..].first_chunk().copied(),
                protocol: u16::from_be_bytes([head[0], head[1]]),
            };
            (Link::Cooked(cooked), 20)
        }
        _ => (Link::Ethernet, 0),
    };
    Frame {
        link,
        bytes: &bytes[skip..],
        length: length - skip,
    }
}

/// tcpdump's text for each record of a capture file (pcap-savefile(5)).
fn real(link: u32, options: &str, records: &[Record]) -> anyhow::Result<Vec<String>> {
    let mut file = Vec::new();
    for word in [0xa1b2_c3d4, 0x0004_0002, 0, 0, 262_144, link] {
        file.extend(u32::to_le_bytes(word));
    }
    for (second, (bytes, length)) in records.iter().enumerate() {
        for number in [second, 0, bytes.len(), *length] {
            file.extend(u32::try_from(number)?.to_le_bytes());
        }
        file.extend(bytes);
    }
    let mut command = Command::new("tcpdump");
    command.args([options, "-tt", "-r", "-"]);
    if nix::unistd::geteuid().is_root() {
        command.args(["-Z", "root"]);
    }
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("tcpdump: is it installed?")?;
    let mut stdin = child.stdin.take().context("no standard input")?;
    let writer = std::thread::spawn(move || stdin.write_all(&file));
    let output = child.wait_with_output()?;
    writer.join().map_err(|_| anyhow::anyhow!("panicked"))??;
    ensure!(output.status.success(), "{output:?}");
    let out = String::from_utf8(output.stdout)?;
    let mut texts: Vec<String> = Vec::new();
    for line in out.lines() {
        let stamp = format!("{}.000000", texts.len());
        if let Some(text) = line.strip_prefix(&stamp) {
            // Right behind the stamp stands a blank, even where nothing follows.
            texts.push(text.strip_prefix(' ').unwrap_or(text).to_owned());
        } else {
            let last = texts.last_mut().context("a text before the first stamp")?;
            last.push('\n');
            last.push_str(line);
        }
    }
    Ok(texts)
}

fn frames() -> Vec<Vec<u8>> {
    let mut frames = vec![
        arp(1, [0; 6]),
        arp(1, [2, 0, 0, 0, 0, 9]),
        arp(2, [2, 0, 0, 0, 0, 9]),
        arp(3, [2, 0, 0, 0, 0, 9]),
        arp(4, [2, 0, 0, 0, 0, 9]),
        arp(77, [2, 0, 0, 0, 0, 9]),
        ether(0x88b5, b"something of its own"),
        ether(0x86dd, &ip4(17, &udp(1, 2, b""))),
        ether(0x0800, &ip6(17, &udp(1, 2, b""))),
        v4(153, b"whatever"),
        v4(2, &[0x22, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0, 224, 0, 0, 9]),
        v4(2, &[0x16, 0, 0, 0, 224, 0, 0, 9]),
        v4(2, &[0x17, 0, 0, 0, 224, 0, 0, 9]),
        v4(2, &[0x11, 100, 0, 0, 0, 0, 0, 0]),
        v4(17, &udp(40_000, 9, b"payload")),
        v4(17, &udp(40_000, 4789, &vxlan())),
        v4(17, &udp(40_000, 8472, &vxlan())),
        v6(17, &udp(40_000, 9, b"payload")),
        v6(153, b"whatever"),
        v6(59, b"whatever"),
        v6(
            0,
            &[
                58, 0, 5, 2, 0, 0, 1, 0, 143, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0,
            ],
        ),
        v6(60, &[17, 0, 1, 4, 0, 0, 0, 0, 1, 2, 3, 4, 0, 8, 0, 0]),
        v6(44, &[17, 0, 0, 1, 0, 0, 0, 7, 1, 2, 3, 4, 0, 16, 0, 0, 1]),
        v6(44, &[17, 0, 0, 9, 0, 0, 0, 7, 1, 2, 3, 4, 0, 16, 0, 0, 1]),
    ];
    let mut fragment = v4(17, &udp(1, 2, b"payload"));
    fragment[20] = 0x20;
    frames.push(fragment.clone());
    fragment[21] = 9;
    frames.push(fragment);
    for kind in [0, 4, 8, 10, 13, 15, 16, 17, 18, 42] {
        frames.push(v4(1, &[kind, 0, 1, 2, 0, 7, 0, 9, 255, 255, 255, 0]));
    }
    for (kind, codes) in [(3, 17), (5, 5), (11, 3), (12, 2)] {
        for code in 0..codes {
            let mut icmp = vec![kind, code, 0, 0, 10, 0, 5, 120];
            icmp.extend(ip4(17, &udp(1, 33_434, b"")));
            frames.push(v4(1, &icmp));
        }
    }
    for (kind, codes) in [(1, 6), (2, 1), (3, 3), (4, 5)] {
        for code in 0..codes {
            let mut icmp = vec![kind, code, 0, 0, 0, 0, 5, 0];
            icmp.extend(ip6(6, &tcp(2, &[])));
            frames.push(v6(58, &icmp));
        }
    }
    for kind in [128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 99] {
        let mut icmp = vec![kind, 0, 0, 0, 0x60, 0, 0, 0];
        icmp.extend([0xfd; 16]);
        frames.push(v6(58, &icmp));
        icmp.extend([0xfe; 16]);
        frames.push(v6(58, &icmp));
    }
    frames.extend(handshake());
    frames
}

/// A TCP connection, and segments that make no sense.
fn handshake() -> Vec<Vec<u8>> {
    let options = [
        2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7,
    ];
    let sack = [1, 1, 5, 10, 0, 0, 1, 0, 0, 0, 2, 0];
    let mut frames = Vec::new();
    for (flags, options) in [
        (2, &options[..]),
        (0x12, &options[..]),
        (0x10, &[1, 1, 8, 10, 0, 0, 0, 2, 0, 0, 0, 3][..]),
        (0x18, &sack[..]),
        (0x11, &[][..]),
        (0x14, &[][..]),
        (0xff, &[][..]),
        (0, &[2, 9, 1, 1][..]),
        (0x10, &[5, 5, 1, 1, 1, 0, 0, 0][..]),
        (0x10, &[99, 4, 1, 2, 0, 0, 0, 0][..]),
        (0x10, &[3, 4, 1, 1][..]),
    ] {
        frames.push(v4(6, &tcp(flags, options)));
        frames.push(v6(6, &tcp(flags, options)));
    }
    let mut data = tcp(0x18, &[]);
    data.extend(b"hello");
    frames.push(v4(6, &data));
    data.swap(0, 2);
    data.swap(1, 3);
    frames.push(v4(6, &data));
    for offset in [0x10, 0xf0] {
        data[12] = offset;
        frames.push(v4(6, &data));
    }
    frames
}

fn ether(kind: u16, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1];
    bytes.extend(kind.to_be_bytes());
    bytes.extend(payload);
    bytes
}

fn arp(op: u8, target: [u8; 6]) -> Vec<u8> {
    let mut bytes = vec![0, 1, 8, 0, 6, 4, 0, op, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1];
    bytes.extend(target);
    bytes.extend([10, 0, 0, 9]);
    ether(0x0806, &bytes)
}

fn v4(protocol: u8, payload: &[u8]) -> Vec<u8> {
    ether(0x0800, &ip4(protocol, payload))
}

fn v6(next: u8, payload: &[u8]) -> Vec<u8> {
    ether(0x86dd, &ip6(next, payload))
}

fn ip4(protocol: u8, payload: &[u8]) -> Vec<u8> {
    let total = u16::try_from(payload.len() + 20).unwrap_or(u16::MAX);
    let mut bytes = vec![0x45, 0];
    bytes.extend(total.to_be_bytes());
    bytes.extend([0, 0, 0, 0, 64, protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
    bytes.extend(payload);
    bytes
}

fn ip6(next: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len()).unwrap_or(u16::MAX);
    let mut bytes = vec![0x60, 0, 0, 0];
    bytes.extend(length.to_be_bytes());
    bytes.extend([next, 64]);
    for last in [1, 2] {
        bytes.extend([0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]);
    }
    bytes.extend(payload);
    bytes
}

fn udp(from: u16, to: u16, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 8).unwrap_or(u16::MAX);
    let words = [from, to, length, 0];
    let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
    bytes.extend(payload);
    bytes
}

fn tcp(flags: u8, options: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x9c, 0x40, 0, 99, 1, 2, 3, 4, 5, 6, 7, 8];
    let words = u8::try_from((20 + options.len()) / 4).unwrap_or(15);
    bytes.extend([words << 4, flags, 0xfa, 0xf0, 0, 0, 0, 3]);
    bytes.extend(options);
    bytes
}

fn vxlan() -> Vec<u8> {
    let mut bytes = vec![8, 0, 0, 0, 0, 0, 42, 0];
    bytes.extend(arp(1, [0; 6]));
    bytes
}
