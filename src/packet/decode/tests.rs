use std::net::Ipv4Addr;

use super::*;
use crate::packet::{Body, Ip, TcpFlags};

const A: [u8; 4] = [10, 0, 0, 1];
const B: [u8; 4] = [10, 0, 0, 2];

fn frame(kind: u16, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1];
    bytes.extend(kind.to_be_bytes());
    bytes.extend(payload);
    bytes
}

fn ip(proto: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(20 + body.len()).unwrap();
    let mut bytes = vec![0x45, 0];
    bytes.extend(length.to_be_bytes());
    bytes.extend([0x12, 0x34, 0x40, 0, 64, proto, 0, 0]);
    bytes.extend(A);
    bytes.extend(B);
    bytes.extend(body);
    bytes
}

fn ip6(next: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x60, 0, 0, 0];
    bytes.extend(u16::try_from(body.len()).unwrap().to_be_bytes());
    bytes.extend([next, 255]);
    bytes.extend([0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    bytes.extend([0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
    bytes.extend(body);
    bytes
}

fn packet(bytes: &[u8]) -> Ip {
    match decode(Medium::Bare, bytes).net {
        Net::Ip(ip) => *ip,
        other => panic!("{other:?}"),
    }
}

const ECHO: [u8; 8] = [8, 0, 0, 0, 0x12, 0x34, 0, 7];
const PING: Body = Body::Echo {
    reply: false,
    id: 0x1234,
    seq: 7,
};

#[test]
fn a_ping_behind_a_tag() {
    let mut tagged = vec![0x60, 5, 8, 0];
    tagged.extend(ip(1, &ECHO));
    tagged.extend([0; 20]); // padding
    let decoded = decode(Medium::Ethernet, &frame(0x8100, &tagged));
    let ether = decoded.ether.unwrap();
    assert_eq!((ether.kind, ether.vlan), (0x0800, Some(5)));
    assert_eq!(ether.src, Mac([2, 0, 0, 0, 0, 1]));
    let Net::Ip(ip) = decoded.net else {
        panic!("{decoded:?}")
    };
    assert_eq!((ip.ttl, ip.id, ip.df, ip.length), (64, 0x1234, true, 28));
    assert_eq!(
        (ip.src, ip.dst),
        (Ipv4Addr::from(A).into(), Ipv4Addr::from(B).into())
    );
    assert_eq!(ip.body, PING);
}

#[test]
fn arp_both_ways_and_what_is_no_arp_for_ipv4() {
    let mut bytes = vec![0, 1, 8, 0, 6, 4, 0, 2, 2, 0, 0, 0, 0, 1];
    bytes.extend(A);
    bytes.extend([2, 0, 0, 0, 0, 2]);
    bytes.extend(B);
    let net = |bytes: &[u8]| decode(Medium::Ethernet, &frame(0x0806, bytes)).net;
    let Net::Arp(arp) = net(&bytes) else { panic!() };
    assert!(arp.reply);
    assert_eq!((arp.sender, arp.target), (A.into(), B.into()));
    assert_eq!(net(&bytes[..27]), Net::Cut);
    bytes[5] = 16;
    assert_eq!(net(&bytes), Net::Other(0x0806));
}

#[test]
fn an_error_quotes_eight_bytes_of_what_it_is_about() {
    let tcp = [0x9c, 0x40, 0, 80, 0, 0, 0, 9];
    let udp = [0x9c, 0x40, 0, 53, 0, 16, 0, 0];
    for (proto, body, told) in [
        (1, ECHO, PING),
        (
            17,
            udp,
            Body::Udp {
                src: 40000,
                dst: 53,
                vxlan: None,
            },
        ),
    ] {
        let mut quoted = vec![3, 4, 0, 0, 0, 0, 5, 0xaa];
        quoted.extend(ip(proto, &body));
        let Body::Error(error) = packet(&ip(1, &quoted)).body else {
            panic!()
        };
        assert_eq!((error.kind, error.code, error.mtu), (3, 4, Some(0x5aa)));
        assert_eq!(error.quoted.unwrap().body, told);
    }
    let mut quoted = vec![11, 0, 0, 0, 0, 0, 5, 0xaa];
    quoted.extend(ip(6, &tcp));
    let Body::Error(error) = packet(&ip(1, &quoted)).body else {
        panic!()
    };
    assert_eq!(error.mtu, None);
    let Body::Tcp(quoted) = error.quoted.unwrap().body else {
        panic!()
    };
    assert_eq!((quoted.src, quoted.dst, quoted.seq), (40000, 80, 9));
    assert_eq!((quoted.ack, quoted.flags), (0, TcpFlags::empty()));
}

#[test]
fn only_the_first_fragment_has_a_body() {
    let mut bytes = ip(1, &ECHO);
    bytes[6] = 0x20;
    assert_eq!(packet(&bytes).body, PING);
    bytes[7] = 1;
    assert_eq!(packet(&bytes).body, Body::Other);
    let mut v6 = vec![58, 0, 0, 1, 0, 0, 0, 1, 128, 0, 0, 0, 0x12, 0x34, 0, 7];
    assert_eq!(packet(&ip6(44, &v6)).body, PING);
    v6[3] = 9;
    let behind = packet(&ip6(44, &v6));
    assert_eq!((behind.proto, behind.body), (58, Body::Other));
}

#[test]
fn options_and_extension_headers_are_stepped_over() {
    let mut options = ip(17, &[1, 1, 1, 1, 0x9c, 0x40, 0, 53, 0, 8, 0, 0]);
    options[0] = 0x46;
    let udp = Body::Udp {
        src: 40000,
        dst: 53,
        vxlan: None,
    };
    assert_eq!(packet(&options).body, udp);
    let mut chain = vec![60, 0, 5, 2, 0, 0, 1, 0, 17, 1];
    chain.extend([0; 14]);
    chain.extend([0x9c, 0x40, 0, 53, 0, 8, 0, 0]);
    let ip = packet(&ip6(0, &chain));
    assert_eq!((ip.proto, ip.body), (17, udp));
    // Each says that another hop-by-hop header follows.
    let endless = packet(&ip6(0, &[0; 4096]));
    assert_eq!((endless.proto, endless.body), (0, Body::Other));
}

#[test]
fn who_has_an_ipv6_address() {
    let target = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9];
    let mut bytes = vec![136, 0, 0, 0, 0x60, 0, 0, 0];
    bytes.extend(target);
    bytes.extend([14, 1, 0, 0, 0, 0, 0, 0, 2, 1, 2, 0, 0, 0, 0, 9]);
    let advert = |mac| Body::Advert {
        target: target.into(),
        mac,
    };
    assert_eq!(
        packet(&ip6(58, &bytes)).body,
        advert(Some(Mac([2, 0, 0, 0, 0, 9])))
    );
    bytes[25] = 0; // an option without length
    assert_eq!(packet(&ip6(58, &bytes)).body, advert(None));
    bytes[0] = 135;
    assert_eq!(
        packet(&ip6(58, &bytes)).body,
        Body::Solicit {
            target: target.into()
        }
    );
}

fn tunnelled(port: u16, inner: &[u8]) -> Vec<u8> {
    let mut udp = vec![0x9c, 0x40];
    udp.extend(port.to_be_bytes());
    udp.extend(u16::try_from(16 + inner.len()).unwrap().to_be_bytes());
    udp.extend([0, 0, 8, 0, 0, 0, 0, 0, 42, 0]);
    udp.extend(inner);
    frame(0x0800, &ip(17, &udp))
}

#[test]
fn a_frame_within_a_frame_but_not_for_ever() {
    let depth = |mut decoded: Decoded| {
        for depth in 0.. {
            let Net::Ip(ip) = decoded.net else { panic!() };
            let Body::Udp {
                vxlan: Some(vxlan), ..
            } = ip.body
            else {
                return (depth, ip.body);
            };
            assert_eq!(vxlan.vni, 42);
            decoded = vxlan.inner;
        }
        unreachable!()
    };
    let mut bytes = frame(0x0800, &ip(1, &ECHO));
    for (level, port) in [4789, 8472, 4789, 4789].into_iter().enumerate() {
        bytes = tunnelled(port, &bytes);
        assert_eq!(depth(decode(Medium::Ethernet, &bytes)), (level + 1, PING));
    }
    bytes = tunnelled(4789, &bytes);
    let (deepest, body) = depth(decode(Medium::Ethernet, &bytes));
    assert_eq!(deepest, 4);
    assert!(matches!(body, Body::Udp { vxlan: None, .. }), "{body:?}");
}

#[test]
fn what_makes_no_sense_is_of_another_kind() {
    assert_eq!(decode(Medium::Bare, &[0x95; 40]).net, Net::Other(0));
    assert_eq!(decode(Medium::Bare, &[]).net, Net::Cut);
    let short_header = frame(0x0800, &[0x42; 40]);
    assert_eq!(
        decode(Medium::Ethernet, &short_header).net,
        Net::Other(0x0800)
    );
    assert_eq!(decode(Medium::Ethernet, &[1; 13]).ether, None);
    let spanning_tree = frame(38, &[0x42; 40]);
    assert_eq!(decode(Medium::Ethernet, &spanning_tree).net, Net::Other(38));
}

/// UDP from port 40000 to port 53, without data.
const UDP: [u8; 8] = [0x9c, 0x40, 0, 53, 0, 8, 0, 0];

#[test]
fn a_packet_ends_where_it_says_unless_it_does_not_say() {
    for (length, is_whole) in [(28_u16, true), (24, false), (0, true)] {
        let mut bytes = ip(17, &UDP);
        bytes[2..4].copy_from_slice(&length.to_be_bytes());
        assert_eq!(packet(&bytes).body != Body::Cut, is_whole, "{length}");
    }
    for (length, is_whole) in [(8_u16, true), (4, false), (0, true)] {
        let mut bytes = ip6(17, &UDP);
        bytes[4..6].copy_from_slice(&length.to_be_bytes());
        assert_eq!(packet(&bytes).body != Body::Cut, is_whole, "{length}");
    }
}

#[test]
fn an_authentication_header_counts_in_units_of_its_own() {
    let mut chain = vec![17, 1];
    chain.extend([0; 10]);
    chain.extend(UDP);
    let ip = packet(&ip6(51, &chain));
    assert_eq!(ip.proto, 17);
    assert!(matches!(ip.body, Body::Udp { dst: 53, .. }), "{ip:?}");
}

#[test]
fn a_tunnels_number_counts_only_where_it_is_said_to_be_valid() {
    for (flags, is_tunnel) in [(0x08, true), (0, false)] {
        let mut bytes = vec![0x9c, 0x40, 0x12, 0xb5, 0, 0, 0, 0];
        bytes.extend([flags, 0, 0, 0, 0, 0, 7, 0]);
        bytes.extend(frame(0x0800, &ip(17, &UDP)));
        let Body::Udp { vxlan, .. } = packet(&ip(17, &bytes)).body else {
            panic!("it is UDP");
        };
        assert_eq!(vxlan.is_some(), is_tunnel, "{flags}");
    }
}
