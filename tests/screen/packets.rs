//! Packets on their way through the bridge, as the pane shows them.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use tutor::packet::{Direction, Medium, Sighting};
use tutor::session::packets::Row;
use tutor::session::prompt::Edit;
use tutor::session::{Action, Event, Pane, Session, View};
use tutor::theme::Background;
use tutor::world::Ns;

use super::{ASCII, DARK, PLAIN, SIZES, draw, drawn, picture, session, styled, text, world};

const APP3: Ipv4Addr = Ipv4Addr::new(172, 16, 0, 30);
const APP4: Ipv4Addr = Ipv4Addr::new(172, 16, 0, 40);

/// When the first of them passed: 17:05:09 on some day, in UTC.
const BEGAN: Duration = Duration::from_secs(1_763_831_109);

fn ether(dst: u8, src: u8, kind: u16, payload: &[u8]) -> Vec<u8> {
    let dst = if dst == 0xff {
        [0xff; 6]
    } else {
        world::mac(dst).0
    };
    [&dst[..], &world::mac(src).0, &kind.to_be_bytes(), payload].concat()
}

fn arp(reply: bool) -> Vec<u8> {
    let operation = [0, 1, 8, 0, 6, 4, 0, 1 + u8::from(reply)];
    let (app3, app4) = (world::mac(30).0, world::mac(40).0);
    if reply {
        let body = [&operation, &app4[..], &APP4.octets(), &app3, &APP3.octets()].concat();
        return ether(30, 40, 0x0806, &body);
    }
    let body = [
        &operation,
        &app3[..],
        &APP3.octets(),
        &[0; 6],
        &APP4.octets(),
    ]
    .concat();
    ether(0xff, 30, 0x0806, &body)
}

fn ip(from: u8, to: u8, proto: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(20 + body.len())
        .expect("a small packet")
        .to_be_bytes();
    let head = [
        0x45, 0, length[0], length[1], 0x1c, 0x46, 0x40, 0, 64, proto, 0, 0,
    ];
    let net = |last| Ipv4Addr::new(172, 16, 0, last).octets();
    let packet = [&head[..], &net(from), &net(to), body].concat();
    ether(to, from, 0x0800, &packet)
}

fn echo(reply: bool, seq: u8) -> Vec<u8> {
    let kind = if reply { 0 } else { 8 };
    let mut body = vec![kind, 0, 0x4d, 0x21, 0, 7, 0, seq];
    body.extend(0x10..0x48);
    let (from, to) = if reply { (40, 30) } else { (30, 40) };
    ip(from, to, 1, &body)
}

/// Nobody listens at port 80.
fn knock(refused: bool) -> Vec<u8> {
    let (ack, flags) = if refused {
        ([0x12, 0x34, 0x56, 0x79], 0x14)
    } else {
        ([0; 4], 2)
    };
    let ports: [u8; 4] = if refused {
        [0, 80, 0x9c, 0x40]
    } else {
        [0x9c, 0x40, 0, 80]
    };
    let seq = if refused {
        [0; 4]
    } else {
        [0x12, 0x34, 0x56, 0x78]
    };
    let body = [
        &ports[..],
        &seq,
        &ack,
        &[0x50, flags, 0xfa, 0xf0, 0, 0, 0, 0],
    ]
    .concat();
    let (from, to) = if refused { (40, 30) } else { (30, 40) };
    ip(from, to, 6, &body)
}

/// The frame at every device that it passes between the two containers.
fn everywhere(micros: u64, bytes: &[u8], back: bool) -> Vec<Arc<Sighting>> {
    let (app3, app4) = (Ns::from_name("app3"), Ns::from_name("app4"));
    let way = [
        (app3, 2, "clink3"),
        (Ns::Host, 4, "hlink3"),
        (Ns::Host, 5, "br0"),
        (Ns::Host, 6, "hlink4"),
        (app4, 2, "clink4"),
    ];
    let mut way: Vec<_> = way
        .into_iter()
        .zip([true, false, false, true, false])
        .collect();
    if back {
        way.reverse();
    }
    let mut sightings = Vec::new();
    for (micro, ((ns, index, dev), out)) in (micros..).zip(way) {
        let direction = match (out != back, dev) {
            (_, "br0") => continue, // what only passes through a bridge is not the bridge's
            (true, _) => Direction::Out,
            (false, "hlink3" | "hlink4") => Direction::Other,
            (false, _) => Direction::In,
        };
        sightings.push(Arc::new(Sighting {
            number: 0,
            at: BEGAN + Duration::from_micros(micro),
            ns,
            index,
            dev: dev.to_owned(),
            direction,
            medium: Medium::Ethernet,
            bytes: bytes.to_vec(),
            length: bytes.len(),
        }));
    }
    sightings
}

fn all() -> Vec<Arc<Sighting>> {
    [
        everywhere(124_003, &arp(false), false),
        everywhere(124_037, &arp(true), true),
        everywhere(124_049, &echo(false, 1), false),
        everywhere(124_071, &echo(true, 1), true),
        everywhere(1_125_312, &knock(false), false),
        everywhere(1_125_344, &knock(true), true),
    ]
    .concat()
}

/// The pane is shown; it has the focus or not.
fn looking(focused: bool, sightings: Vec<Arc<Sighting>>) -> Session {
    let mut session = session::done();
    act(&mut session, &[Action::Look(View::Packets)]);
    if focused {
        act(&mut session, &[Action::FocusNext]);
    }
    let missed = 0;
    session.handle(Event::Packets { sightings, missed });
    session
}

fn act(session: &mut Session, actions: &[Action]) {
    for action in actions {
        session.handle(Event::Do(*action));
    }
}

fn type_in(session: &mut Session, text: &str) {
    for c in text.chars() {
        act(session, &[Action::Edit(Edit::Insert(c))]);
    }
}

/// One is chosen, and a filter is set.
fn chosen() -> Session {
    let mut session = looking(true, all());
    act(&mut session, &[Action::AskFilter]);
    type_in(&mut session, "not arp");
    act(&mut session, &[Action::Edit(Edit::Enter)]);
    act(&mut session, &[Action::Top, Action::Scroll(4)]);
    session
}

/// The fields of one are shown.
fn open() -> Session {
    let mut session = chosen();
    act(&mut session, &[Action::Open, Action::Scroll(17)]);
    session
}

/// What has to be said in the title, and a break.
fn held() -> Session {
    let mut session = looking(true, all());
    act(
        &mut session,
        &[Action::Look(View::Packets), Action::Look(View::Packets)],
    );
    act(&mut session, &[Action::FocusPrevious, Action::FocusNext]);
    let (sightings, missed) = (everywhere(2_000_000, &echo(false, 2), false), 1_204);
    session.handle(Event::Packets { sightings, missed });
    act(&mut session, &[Action::Pause]);
    let missed = 0;
    for _ in 0..100 {
        let sightings = everywhere(3_000_000, &echo(false, 3), false);
        let sightings = sightings.iter().cycle().take(104).cloned().collect();
        session.handle(Event::Packets { sightings, missed });
    }
    session
}

/// A filter is typed that makes no sense.
fn wrong() -> Session {
    let mut session = looking(true, all());
    act(&mut session, &[Action::AskFilter]);
    type_in(&mut session, "icmp and prot 80");
    act(&mut session, &[Action::Edit(Edit::Enter)]);
    session
}

/// Nothing can be heard any more.
fn refused() -> Session {
    let mut session = looking(true, all());
    let why = "Packets cannot be captured. A packet socket in host was refused: Operation not \
               permitted. In a container, run it with: docker run --privileged …";
    session.handle(Event::NotHeard(why.to_owned()));
    session
}

/// Where on the screen lies the last row with this text?
fn row_of(session: &mut Session, size: (u16, u16), text_of: &str) -> Option<usize> {
    let (buffer, areas) = drawn(session, DARK, size);
    session.handle(Event::Drawn(areas));
    let screen = text(&buffer);
    let rows: Vec<&str> = screen.lines().collect();
    rows.iter().rposition(|row| row.contains(text_of))
}

/// Whatever the size, and in whichever row of it: it is chosen, stays where it is, and is opened by
/// a second click.
#[test]
fn a_click_chooses_a_packet() {
    for size in SIZES {
        let passed: Vec<_> = (1..200)
            .flat_map(|seq| {
                everywhere(124_003, &echo(false, seq), false)
                    .into_iter()
                    .take(1)
            })
            .collect();
        let mut session = looking(true, passed);
        let click = |session: &mut Session, row: usize| {
            let y = u16::try_from(row).expect("a row");
            act(session, &[Action::Click { x: size.0 - 30, y }]);
        };
        // One in sight, and then one above it.
        for seq in ["seq 198,", "seq 197,"] {
            let row = row_of(&mut session, size, seq).expect("it is in sight");
            click(&mut session, row);
            let chosen = session
                .packets
                .chosen()
                .and_then(|place| session.packets.row(place));
            let words = chosen.map(Row::words).unwrap_or_default();
            assert!(words.contains(seq), "{size:?}: {words}");
            assert_eq!(row_of(&mut session, size, seq), Some(row), "{size:?} {seq}");
        }
        let row = row_of(&mut session, size, "seq 197,").expect("it is in sight");
        click(&mut session, row);
        let open = session.packets.open().expect("it is open");
        assert!(open.words.contains("seq 197,"), "{}", open.words);
    }
}

/// The line of the pane above the packets is none of them.
#[test]
fn a_click_beside_packets_chooses_none() {
    let mut session = looking(false, all());
    let row = row_of(&mut session, SIZES[1], "Packets").expect("a title");
    let (x, y) = (SIZES[1].0 - 30, u16::try_from(row).expect("a row"));
    act(&mut session, &[Action::Click { x, y }]);
    assert_eq!(session.focus, Pane::Packets);
    assert_eq!(session.packets.chosen(), None);
}

/// A snapshot's name, and what it shows.
type Screen = (&'static str, fn() -> Session);

#[test]
fn packets() {
    let screens: [Screen; 8] = [
        ("packets-none", || looking(false, Vec::new())),
        ("packets-beside", || looking(false, all())),
        ("packets", || looking(true, all())),
        ("packets-chosen", chosen),
        ("packets-open", open),
        ("packets-held", held),
        ("packets-wrong", wrong),
        ("packets-refused", refused),
    ];
    for (name, session) in screens {
        let session = session();
        for size in SIZES {
            let name = format!("{name}-{}x{}", size.0, size.1);
            let buffer = draw(&session, DARK, size);
            picture(&name, &buffer, Background::Dark);
            insta::assert_snapshot!(name, text(&buffer));
        }
    }
}

#[test]
fn packets_on_poorer_terminals() {
    for (name, theme) in [("true", DARK), ("plain", PLAIN), ("ascii", ASCII)] {
        let name = format!("packets-{name}");
        let buffer = draw(&chosen(), theme, (100, 30));
        insta::assert_snapshot!(name, styled(&buffer));
    }
}
