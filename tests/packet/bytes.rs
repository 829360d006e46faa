//! Whatever the bytes, they are read.

use proptest::prelude::*;
use proptest::sample::select;
use tutor::packet::fields::{Field, Sort, fields, hex};
use tutor::packet::filter::Facts;
use tutor::packet::{Body, Decoded, Medium, Net, decode};

use crate::frames::frames;

/// More lines nobody reads.
const MOST_FIELDS: usize = 400;
const MEDIA: [Medium; 2] = [Medium::Ethernet, Medium::Bare];

/// Reads bytes in every way, and looks at what comes of it.
fn read(bytes: &[u8]) {
    for medium in MEDIA {
        decode(medium, bytes);
        let _ = Facts::of(medium, bytes);
        let fields = fields(medium, bytes);
        assert!(fields.len() <= MOST_FIELDS, "{bytes:02x?}");
        for field in &fields {
            sound(field, bytes);
        }
    }
    assert_eq!(hex(bytes).len(), bytes.len().div_ceil(16));
}

fn sound(field: &Field, bytes: &[u8]) {
    assert!(
        bytes.get(field.at.clone()).is_some(),
        "{field:?} {bytes:02x?}"
    );
    let text = format!("{}{}", field.name, field.value);
    assert!(!text.contains(char::is_control), "{field:?}");
    assert!(field.depth < 16, "{field:?}");
}

#[test]
fn frames_cut_off_anywhere() {
    for frame in frames() {
        for kept in 0..=frame.len() {
            read(&frame[..kept]);
        }
    }
}

#[test]
fn every_length_is_wrong_in_every_way() {
    let mut tried = 0;
    for frame in frames().into_iter().step_by(3) {
        for field in fields(Medium::Ethernet, &frame) {
            let length = ["length", "size", "offset", "option"];
            if !length.iter().any(|word| field.name.contains(word)) {
                continue;
            }
            for at in field.at.take(4) {
                let mut wrong = frame.clone();
                for value in 0..=u8::MAX {
                    wrong[at] = value;
                    read(&wrong);
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 50_000, "{tried}");
}

#[test]
fn what_is_cut_off_is_said() {
    for frame in frames() {
        let whole = fields(Medium::Ethernet, &frame);
        let Net::Ip(ip) = decode(Medium::Ethernet, &frame).net else {
            continue;
        };
        if ip.length + 14 != frame.len() || whole.iter().any(|field| field.sort == Sort::Wrong) {
            continue;
        }
        for kept in 1..frame.len() {
            let cut = fields(Medium::Ethernet, &frame[..kept]);
            let said = |field: &Field| field.sort == Sort::Wrong && field.name == "cut off";
            assert!(cut.iter().any(said), "{kept} of {frame:02x?}: {cut:#?}");
        }
    }
}

/// A frame with a plausible beginning and anything behind it.
fn likely() -> impl Strategy<Value = Vec<u8>> {
    let kind = select(&[0x0800_u16, 0x0806, 0x86dd, 0x8100, 0x88a8, 0x88b5, 5][..]);
    let proto = select(&[1_u8, 2, 6, 17, 58, 0, 44, 60, 43, 51, 135, 4, 41][..]);
    let port = select(&[4789_u16, 8472, 53][..]);
    let rest = proptest::collection::vec(any::<u8>(), 0..200);
    (kind, proto, port, rest).prop_map(|(kind, proto, port, rest)| {
        let mut frame = vec![2; 12];
        frame.extend(kind.to_be_bytes());
        frame.extend(rest);
        let (first, at) = match kind {
            0x0800 => (0x45, 23),
            _ => (0x60, 20),
        };
        let behind = if kind == 0x0800 { 36 } else { 56 };
        let [high, low] = port.to_be_bytes();
        for (at, value) in [(14, first), (at, proto), (behind, high), (behind + 1, low)] {
            if let Some(byte) = frame.get_mut(at) {
                *byte = value;
            }
        }
        frame
    })
}

/// The deepest frame within frames.
fn depth(decoded: &Decoded) -> usize {
    match &decoded.net {
        Net::Ip(ip) => match &ip.body {
            Body::Udp {
                vxlan: Some(vxlan), ..
            } => 1 + depth(&vxlan.inner),
            _ => 0,
        },
        Net::Arp(_) | Net::Other(_) | Net::Cut => 0,
    }
}

/// Frames within frames as far as the bytes reach.
#[test]
fn what_is_nested_without_end() {
    let mut frame = frames()[0].clone();
    while frame.len() < 60_000 {
        let length = |more: usize| u16::try_from(frame.len() + more).unwrap().to_be_bytes();
        let mut outer = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0];
        outer.extend(length(36));
        outer.extend([
            0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0, 9, 0x12, 0xb5,
        ]);
        outer.extend(length(16));
        outer.extend([0, 0, 8, 0, 0, 0, 0, 0, 42, 0]);
        outer.extend(&frame);
        frame = outer;
    }
    read(&frame);
    assert_eq!(depth(&decode(Medium::Ethernet, &frame)), 4);
    // Tags, extension headers, and errors about errors.
    read(&[&[2; 12][..], &[0x81, 0, 0, 1].repeat(15_000)].concat());
    read(&[&[0x60, 0, 0, 0, 0xff, 0, 0, 64][..], &[0; 1_000].repeat(60)].concat());
    let error = [
        3, 3, 0, 0, 0, 0, 0, 0, 0x45, 0, 0xff, 0, 0, 0, 0, 0, 64, 1, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
    ];
    read(&[&[2; 12][..], &[8, 0], &error[8..], &error.repeat(2_000)].concat());
}

proptest! {
    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        read(&bytes);
    }

    #[test]
    fn likely_frames(frame in likely()) {
        read(&frame);
    }
}
