use super::*;
use crate::packet::Medium;

const A: [u8; 4] = [10, 0, 0, 1];
const B: [u8; 4] = [10, 0, 0, 2];

fn canonical(text: &str) -> String {
    match parse(text) {
        Ok(expr) => {
            let canonical = expr.to_string();
            assert_eq!(parse(&canonical), Ok(expr), "{canonical}");
            canonical
        }
        Err(error) => panic!("{text}: {error}"),
    }
}

#[test]
fn one_way_of_writing() {
    for (text, written) in [
        ("icmp", "icmp"),
        ("icmp||arp && tcp", "icmp or arp and tcp"),
        ("(icmp or arp) and tcp", "icmp or arp and tcp"),
        ("icmp or (arp and tcp)", "icmp or (arp and tcp)"),
        ("! ! icmp", "icmp"),
        ("not(icmp or !arp)", "not (icmp or not arp)"),
        ("((icmp))", "icmp"),
        (
            "host 10.0.0.1 or 10.0.0.2",
            "host 10.0.0.1 or host 10.0.0.2",
        ),
        (
            "src 10.0.0.1 and not 10.0.0.2",
            "src host 10.0.0.1 and not src host 10.0.0.2",
        ),
        ("tcp port 80 or 443", "tcp port 80 or tcp port 443"),
        ("src or dst port 53", "port 53"),
        ("dst and src host 10.0.0.1", "src and dst host 10.0.0.1"),
        (
            "src host 10.0.0.1 or dst host 10.0.0.2",
            "src host 10.0.0.1 or dst host 10.0.0.2",
        ),
        ("net 10", "net 10.0.0.0/8"),
        ("net 192.168.1", "net 192.168.1.0/24"),
        ("ip6 net fe80::/10", "ip6 net fe80::/10"),
        ("arp host 10.0.0.1", "arp host 10.0.0.1"),
        ("udp portrange 9-7", "udp portrange 7-9"),
        ("ether src 2:0:0:0:0:1", "ether src host 02:00:00:00:00:01"),
        ("ifname br0 and ns app1", "dev br0 and ns app1"),
        ("dev 'a b'", "dev 'a b'"),
        ("dev 'and' or ns \"it's\"", "dev and or ns \"it's\""),
        ("vxlan 42 and icmp", "vxlan 42 and icmp"),
    ] {
        assert_eq!(canonical(text), written, "{text}");
    }
}

#[test]
fn what_is_wrong_and_where() {
    for (text, at, says) in [
        ("", 0..0, "missing"),
        ("icpm", 0..4, "did you mean `icmp`"),
        ("ICMP", 0..4, "did you mean `icmp`"),
        ("icmp arp", 5..8, "`and` or `or`"),
        ("icmp and", 8..8, "missing"),
        ("or icmp", 0..2, "not understood"),
        ("(icmp", 0..1, "not closed"),
        ("icmp)", 4..5, "not understood"),
        ("()", 1..2, "not understood"),
        ("host", 4..4, "an address is missing"),
        ("host 10.0.0", 5..11, "not an address"),
        ("host 10.0.0.1/8", 5..15, "`net 10.0.0.0/8`"),
        ("net 10.0.0.1/8", 4..14, "did you mean `10.0.0.0/8`"),
        ("net 10.0.0.0/40", 4..15, "too long"),
        ("port 70000", 5..10, "0 to 65535"),
        ("port http", 5..9, "0 to 65535"),
        ("icmp host 10.0.0.1", 5..9, "write `icmp and host …`"),
        ("ip port 80", 3..7, "write `ip and port …`"),
        ("tcp src host 10.0.0.1", 8..12, "write `tcp and host …`"),
        ("ip host fe80::1", 8..15, "IPv4"),
        ("icmp & arp", 5..6, "`&&`"),
        ("dev 'br0", 4..8, "not closed"),
        ("host 10.0.0.1 or icpm", 17..21, "did you mean `icmp`"),
        ("host 10.0.0.1 or 10.0.0", 17..23, "not an address"),
        ("vlan 5", 0..4, "tcpdump"),
        ("10.0.0.1", 0..8, "not understood"),
        (
            "ether 2:0:0:0:0:1",
            6..17,
            "here may stand: `src`, `dst`, `host`",
        ),
        ("vxlan 16777216", 6..14, "16777215"),
    ] {
        let error = parse(text).unwrap_err();
        assert_eq!(error.at, at, "{text}: {error}");
        assert!(error.to_string().contains(says), "{text}: {error}");
    }
    let deep = "(".repeat(40) + "icmp";
    assert_eq!(parse(&deep).unwrap_err().at, 32..33);
    assert!(parse(&"!".repeat(LONGEST)).is_err());
    assert!(parse(&format!("{}icmp", "!".repeat(4000))).is_ok());
    assert!(parse(&"a".repeat(LONGEST + 1)).is_err());
}

#[test]
fn what_may_follow() {
    let words = |prefix: &str| -> Vec<String> {
        let candidates = expected(prefix).into_iter();
        let text = candidates.map(|candidate| match candidate {
            Candidate::Keyword { word, .. } => word.to_owned(),
            Candidate::Slot(slot) => format!("<{slot}>"),
        });
        text.collect()
    };
    assert!(words("").contains(&"icmp".to_owned()));
    assert_eq!(words("ic"), ["icmp", "icmp6"]);
    assert_eq!(words("icmp "), ["and", "or"]);
    assert_eq!(words("(icmp "), ["and", "or", ")"]);
    assert_eq!(
        words("tcp "),
        ["src", "dst", "port", "portrange", "and", "or"]
    );
    assert_eq!(words("dev "), ["<the name of a device>"]);
    assert_eq!(words("dev b"), ["<the name of a device>"]);
    assert_eq!(
        words("src "),
        ["host", "net", "port", "portrange", "<an address>"]
    );
    assert!(words("port 53 or ").contains(&"<a port>".to_owned()));
    assert!(words("icmp arp ").is_empty());
}

#[test]
fn each_word_is_explained() {
    let told = explain("tcp src port 80 and not host 10.0.0.1");
    let told: Vec<_> = told
        .iter()
        .map(|(words, meaning)| (words.as_str(), meaning.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("tcp src port 80", "only TCP from port 80"),
            ("and", "and at the same time"),
            ("not", "all but what follows"),
            ("host 10.0.0.1", "only from or to 10.0.0.1"),
        ]
    );
    assert_eq!(explain("port").first().unwrap().1, "only from or to port …");
}

/// UDP from 10.0.0.1:5353 to 10.0.0.2, with `payload`.
fn udp(to: u16, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 0];
    bytes.extend([0, 0, 0, 0, 64, 17, 0, 0]);
    bytes.extend(A);
    bytes.extend(B);
    bytes.extend([0x14, 0xe9]);
    bytes.extend(to.to_be_bytes());
    bytes.extend([0, 8, 0, 0]);
    bytes.extend(payload);
    bytes
}

fn holds(text: &str, bytes: &[u8]) -> bool {
    parse(text)
        .unwrap()
        .holds(Facts::of(Medium::Ethernet, bytes))
}

#[test]
fn what_passes() {
    let bytes = udp(53, &[]);
    for text in [
        "udp",
        "ip",
        "not tcp",
        "port 53",
        "port 5353",
        "src port 5353",
        "udp dst port 53",
        "host 10.0.0.2",
        "src 10.0.0.1",
        "dst net 10.0.0.0/30",
        "portrange 50-60",
        "ether src 02:00:00:00:00:01",
        "arp or udp",
        "tcp and arp or ip",
        "src and dst net 10",
    ] {
        assert!(holds(text, &bytes), "{text}");
        assert!(!holds(&format!("not ({text})"), &bytes), "not ({text})");
    }
    for text in [
        "tcp",
        "icmp",
        "arp",
        "ip6",
        "port 54",
        "src port 53",
        "tcp port 53",
        "src 10.0.0.2",
        "ip or udp and arp",
        "src and dst host 10.0.0.1",
        "net 11",
        "vxlan",
        "dev br0",
        "ns app1",
        "ether dst 02:00:00:00:00:01",
    ] {
        assert!(!holds(text, &bytes), "{text}");
    }
}

#[test]
fn words_behind_vxlan_are_about_the_frame_within() {
    let mut payload = vec![8, 0, 0, 0, 0, 0, 42, 0];
    payload.extend(udp(53, &[]));
    for port in [4789, 8472] {
        let bytes = udp(port, &payload);
        assert!(holds("vxlan", &bytes));
        assert!(holds("vxlan 42 and port 53", &bytes));
        assert!(holds("vxlan and not port 4789 and not port 8472", &bytes));
        assert!(holds(&format!("port {port} and vxlan and port 53"), &bytes));
        assert!(!holds("vxlan 43", &bytes));
        assert!(!holds("port 53", &bytes));
        // Behind `or` they are not.
        assert!(holds(&format!("port 53 or vxlan and port {port}"), &bytes));
        assert!(!holds("vxlan and vxlan", &bytes));
        assert!(holds("arp or vxlan", &bytes));
    }
    assert!(!holds("vxlan and port 53", &udp(53, &payload)));
    assert!(!holds("vxlan", &udp(4789, &[0; 30])));
    assert!(holds("not vxlan and port 53", &udp(53, &[])));
}
