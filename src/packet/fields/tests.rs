use super::*;

/// An echo request whose checksums are right.
const PING: [u8; 46] = [
    2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, //
    0x45, 0, 0, 32, 0x12, 0x34, 0x40, 0, 64, 1, 0x14, 0xa7, 10, 0, 0, 1, 10, 0, 0, 2, //
    8, 0, 0xa9, 0x2d, 0x12, 0x34, 0, 7, b'h', b'i', 0xd4, 0x2d,
];

fn told(bytes: &[u8]) -> Vec<String> {
    let fields = fields(Medium::Ethernet, bytes);
    let lines = fields.into_iter().map(|field| {
        let indent = "  ".repeat(field.depth.into());
        let sign = if field.sort == Sort::Wrong { "! " } else { "" };
        let Field {
            name, value, at, ..
        } = field;
        format!("{indent}{sign}{name}: {value} @{}..{}", at.start, at.end)
    });
    lines.collect()
}

fn value(bytes: &[u8], name: &str) -> String {
    let mut fields = fields(Medium::Ethernet, bytes).into_iter();
    let last = fields.rfind(|field| field.name == name);
    last.map_or_else(|| format!("no {name}"), |field| field.value)
}

#[test]
fn a_ping_from_its_first_byte_to_its_last() {
    assert_eq!(
        told(&PING),
        [
            "Ethernet: 02:00:00:00:00:01 → 02:00:00:00:00:02 @0..14",
            "  destination: 02:00:00:00:00:02 @0..6",
            "  source: 02:00:00:00:00:01 @6..12",
            "  type: 0x0800 (IPv4) @12..14",
            "IPv4: 10.0.0.1 → 10.0.0.2 @14..34",
            "  version: 4 @14..15",
            "  header length: 20 bytes @14..15",
            "  service class: 0 @15..16",
            "  congestion: 0 (not used) @15..16",
            "  total length: 32 bytes @16..18",
            "  identification: 0x1234 (4660) @18..20",
            "  flags: don't fragment @20..21",
            "  fragment offset: 0 bytes @20..22",
            "  time to live: 64 @22..23",
            "  protocol: 1 (ICMP) @23..24",
            "  checksum: 0x14a7, right @24..26",
            "  source address: 10.0.0.1 @26..30",
            "  destination address: 10.0.0.2 @30..34",
            "ICMP: echo request @34..42",
            "  type: 8 (echo request) @34..35",
            "  code: 0 @35..36",
            "  checksum: 0xa92d, right @36..38",
            "  identifier: 0x1234 (4660) @38..40",
            "  sequence number: 7 @40..42",
            "data: 4 bytes @42..46",
        ]
    );
}

#[test]
fn checksums_are_computed_anew() {
    let mut bytes = PING;
    bytes[22] = 63;
    assert_eq!(
        value(&bytes[..34], "checksum"),
        "0x14a7, wrong: it should be 0x15a7"
    );
    bytes[45] = 0x2e;
    assert_eq!(
        value(&bytes, "checksum"),
        "0xa92d, wrong: it should be 0xa92c"
    );
    // Cut off, it cannot be told.
    assert_eq!(
        value(&PING[..45], "checksum"),
        "0xa92d, not checked: not all bytes are here"
    );
}

/// A UDP datagram of 10 bytes.
fn udp(checksum: u16) -> Vec<u8> {
    let mut bytes = PING[..34].to_vec();
    bytes[17] = 30;
    bytes[23] = 17;
    bytes.extend([0x9c, 0x40, 0, 53, 0, 10]);
    bytes.extend(checksum.to_be_bytes());
    bytes.extend(b"hi");
    bytes
}

#[test]
fn a_checksum_that_the_device_has_yet_to_fill_in() {
    // The addresses, the length and the protocol, added up: what the kernel leaves there.
    assert_eq!(
        value(&udp(0x141e), "checksum"),
        "0x141e, not filled in yet: the device is left to do that"
    );
    assert_eq!(value(&udp(0xe6f8), "checksum"), "0xe6f8, right");
    assert_eq!(
        value(&udp(0), "checksum"),
        "0x0000, none, as the sender may choose"
    );
    assert_eq!(
        value(&udp(1), "checksum"),
        "0x0001, wrong: it should be 0xe6f8"
    );
}

#[test]
fn an_error_holds_the_beginning_of_a_packet() {
    let mut bytes = PING[..34].to_vec();
    bytes[17] = 56;
    bytes.extend([3, 4, 0, 0, 0, 0, 5, 0xaa]);
    bytes.extend(&udp(0xe6f8)[14..42]);
    let told = told(&bytes);
    let has = |line: &str| assert!(told.iter().any(|told| told == line), "{line}\n{told:#?}");
    has("  code: 4 (too large, and must not be cut) @35..36");
    has("  next hop's MTU: 1450 bytes @40..42");
    has("  IPv4: 10.0.0.1 → 10.0.0.2 @42..62");
    has("    destination port: 53 @64..66");
    has("    checksum: 0xe6f8, not checked: not all bytes are here @68..70");
    has("  ! cut off: 2 more bytes should follow @70..70");
}

#[test]
fn a_frame_within_a_frame_stands_further_in() {
    let mut bytes = PING[..34].to_vec();
    bytes[17] = u8::try_from(20 + 16 + PING.len()).unwrap();
    bytes[23] = 17;
    bytes.extend([0x9c, 0x40, 0x12, 0xb5, 0, 16 + 46, 0, 0]);
    bytes.extend([8, 0, 0, 0, 0, 0, 42, 0]);
    bytes.extend(PING);
    let told = told(&bytes);
    let inner: Vec<&str> = told
        .iter()
        .rev()
        .take(25)
        .rev()
        .map(|line| line.split(" @").next().unwrap())
        .collect();
    assert_eq!(
        inner[0],
        "  Ethernet: 02:00:00:00:00:01 → 02:00:00:00:00:02"
    );
    assert_eq!(inner[4], "  IPv4: 10.0.0.1 → 10.0.0.2");
    assert_eq!(inner[24], "  data: 4 bytes");
    assert!(
        told.contains(&"  network identifier: 42 @46..49".to_owned()),
        "{told:#?}"
    );
}

#[test]
fn what_makes_no_sense_is_said() {
    let mut bytes = PING;
    bytes[14] = 0x42;
    assert!(told(&bytes).contains(
        &"  ! header length: 8 bytes, less than the 20 that it has at least @14..15".to_owned()
    ));
    bytes[14] = 0x75;
    assert!(told(&bytes).contains(&"  ! version: 7, where 4 should stand @14..15".to_owned()));
    bytes = PING;
    bytes[17] = 19;
    assert!(
        told(&bytes)
            .contains(&"  ! total length: 19 bytes, less than the header's 20 @16..18".to_owned())
    );
    bytes[17] = 30;
    assert!(told(&bytes).contains(&"padding: 2 bytes @44..46".to_owned()));
    assert_eq!(
        told(&PING[..5]),
        [
            "Ethernet:  @0..5",
            "  ! cut off: the bytes end within the header of Ethernet @5..5"
        ]
    );
}

#[test]
fn rows_as_tcpdump_writes_them() {
    let rows = hex(&PING[26..46]);
    let rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
    assert_eq!(
        rows,
        [
            "0x0000:  0a00 0001 0a00 0002 0800 a92d 1234 0007  ...........-.4..",
            "0x0010:  6869 d42d                                hi.-",
        ]
    );
}
