//! Frames made up, and the files that they are kept in.

/// A record of a capture file: bytes, and length on the wire.
pub type Record = (Vec<u8>, usize);

/// A capture file (pcap-savefile(5)), one frame a second.
#[allow(dead_code, reason = "not everybody who makes frames keeps them")]
pub fn capture_file(link: u32, records: &[Record]) -> anyhow::Result<Vec<u8>> {
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
    Ok(file)
}

/// Frames of every kind.
pub fn frames() -> Vec<Vec<u8>> {
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
    frames.extend(tagged(&frames));
    frames
}

/// A few of them behind VLAN tags.
fn tagged(frames: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let tag = |frame: &[u8], tag: [u8; 4]| {
        let mut bytes = frame[..12].to_vec();
        bytes.extend(tag);
        bytes.extend(&frame[12..]);
        bytes
    };
    let once = frames.iter().step_by(7);
    let once: Vec<Vec<u8>> = once.map(|frame| tag(frame, [0x81, 0, 0x60, 5])).collect();
    let twice = once.iter().step_by(3);
    let twice = twice.map(|frame| tag(frame, [0x88, 0xa8, 0, 9])).collect();
    [once, twice].concat()
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
