//! Packets that pass, as the pane has them.

use super::*;
use crate::packet::{Direction, Medium, Sighting};
use crate::session::packets::{Depth, Row};
use crate::session::prompt::Edit;
use crate::session::state::View;

/// An Ethernet frame with an IPv4 packet of this protocol from 10.0.0.1 to 10.0.0.2.
fn ip(proto: u8, body: &[u8]) -> Vec<u8> {
    let length = u8::try_from(20 + body.len()).expect("a small packet");
    let mut bytes = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0];
    bytes.extend([0x45, 0, 0, length, 0, 0, 0x40, 0, 64, proto, 0, 0]);
    bytes.extend([10, 0, 0, 1, 10, 0, 0, 2]);
    bytes.extend(body);
    bytes
}

fn echo(seq: u8) -> Vec<u8> {
    ip(1, &[8, 0, 0, 0, 0, 7, 0, seq])
}

/// Data of a TCP connection.
fn segment(seq: u8) -> Vec<u8> {
    ip(
        6,
        &[
            0, 9, 0, 80, 0, 0, 1, seq, 0, 0, 2, 0, 0x50, 0x10, 0, 9, 0, 0, 0, 0, b'x',
        ],
    )
}

fn seen(index: u32, bytes: Vec<u8>) -> Arc<Sighting> {
    Arc::new(Sighting {
        number: 0,
        at: Duration::from_secs(1),
        ns: Ns::Host,
        index,
        dev: format!("eth{index}"),
        direction: Direction::In,
        medium: Medium::Ethernet,
        length: bytes.len(),
        bytes,
    })
}

fn pass(session: &mut Session, sightings: Vec<Arc<Sighting>>) {
    let missed = 0;
    session.handle(Event::Packets { sightings, missed });
}

fn looking() -> Session {
    let mut session = standing_at(Place::default());
    act(&mut session, Action::Look(View::Packets));
    act(&mut session, Action::FocusNext);
    session
}

fn words(session: &Session) -> Vec<String> {
    let rows = (0..session.packets.len()).filter_map(|place| session.packets.row(place));
    rows.map(|row| row.words().to_string()).collect()
}

fn chosen(session: &Session) -> Option<String> {
    let row = session.packets.row(session.packets.chosen()?)?;
    Some(row.words().to_string())
}

fn type_in(session: &mut Session, text: &str) {
    for c in text.chars() {
        act(session, Action::Edit(Edit::Insert(c)));
    }
    act(session, Action::Edit(Edit::Enter));
}

const ECHO: &str = "IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 7, seq 1, length 8";

#[test]
fn lines_are_tcpdumps() {
    let mut session = looking();
    pass(&mut session, vec![seen(1, echo(1))]);
    assert_eq!(words(&session), [ECHO]);
}

#[test]
fn each_device_counts_a_connection_from_its_own_beginning() {
    let mut session = looking();
    let pass_both = |session: &mut Session, seq| {
        pass(session, vec![seen(1, segment(seq)), seen(2, segment(seq))]);
    };
    pass_both(&mut session, 5);
    pass_both(&mut session, 6);
    let numbers: Vec<String> = (words(&session).iter())
        .filter_map(|line| line.split(", ").nth(1).map(str::to_owned))
        .collect();
    assert_eq!(
        numbers,
        ["seq 261:262", "seq 261:262", "seq 1:2", "seq 1:2"]
    );
}

#[test]
fn no_more_are_kept_than_fit() {
    let mut session = looking();
    for _ in 0..12 {
        pass(&mut session, vec![seen(1, echo(1)); 1_000]);
    }
    assert_eq!(session.packets.len(), 10_000);
    assert_eq!(session.packets.forgotten, 2_000);
    pass(&mut session, vec![seen(1, echo(1)); 25_000]);
    assert_eq!(
        (session.packets.seen, session.packets.len()),
        (37_000, 10_000)
    );
    assert_eq!(session.packets.forgotten, 27_000);
    pass(&mut session, vec![seen(1, vec![0; 65_536]); 1_000]);
    assert!(session.packets.len() <= 256, "{}", session.packets.len());
    let known = u64::try_from(session.packets.len()).expect("a number");
    assert_eq!(session.packets.seen, session.packets.forgotten + known);
}

#[test]
fn one_is_chosen_and_stays_chosen_while_others_come() {
    let mut session = looking();
    pass(
        &mut session,
        (1..=3).map(|seq| seen(1, echo(seq))).collect(),
    );
    assert_eq!(session.packets.depth(), Depth::Follows);
    act(&mut session, Action::Scroll(-1));
    assert!(chosen(&session).is_some_and(|line| line.contains("seq 3,")));
    act(&mut session, Action::Top);
    pass(&mut session, vec![seen(1, echo(4))]);
    assert_eq!(chosen(&session).as_deref(), Some(ECHO));
    act(&mut session, Action::Bottom);
    assert_eq!(
        session.packets.depth(),
        Depth::Follows,
        "behind the last one"
    );
}

#[test]
fn enter_opens_only_what_was_chosen() {
    let mut session = looking();
    pass(&mut session, vec![seen(1, echo(1))]);
    act(&mut session, Action::Open);
    assert!(session.packets.open().is_none());
    act(&mut session, Action::Scroll(-1));
    act(&mut session, Action::Open);
    assert_eq!(session.packets.depth(), Depth::Fields);
    act(&mut session, Action::Back);
    assert_eq!(session.packets.depth(), Depth::Chosen);
    act(&mut session, Action::Back);
    assert_eq!(session.packets.depth(), Depth::Follows);
    assert_eq!(session.focus, Pane::Packets);
    act(&mut session, Action::Back);
    assert_eq!(session.focus, Pane::Text);
}

#[test]
fn a_held_pane_shows_the_same_and_keeps_what_comes() {
    let mut session = looking();
    pass(&mut session, vec![seen(1, echo(1))]);
    act(&mut session, Action::Pause);
    for _ in 0..12 {
        pass(&mut session, vec![seen(1, echo(2)); 1_000]);
    }
    assert_eq!(words(&session), [ECHO], "even when it is kept no more");
    assert_eq!(session.packets.seen, 12_001);
    act(&mut session, Action::Pause);
    assert_eq!(session.packets.len(), 10_000);
}

#[test]
fn a_filter_chooses_among_those_that_are_kept_and_those_that_come() {
    let mut session = looking();
    pass(&mut session, vec![seen(1, echo(1)), seen(1, segment(1))]);
    act(&mut session, Action::AskFilter);
    type_in(&mut session, "icmp");
    assert_eq!(words(&session), [ECHO]);
    assert_eq!(session.focus, Pane::Packets, "the prompt is closed again");
    pass(&mut session, vec![seen(1, segment(2)), seen(2, echo(1))]);
    assert_eq!(words(&session), [ECHO, ECHO]);
    act(&mut session, Action::AskFilter);
    let typed = session.line.as_ref().map(|prompt| prompt.line.text());
    assert_eq!(typed, Some(":filter icmp"));
    act(
        &mut session,
        Action::Edit(Edit::Delete(crate::session::prompt::Reach::BlankBack)),
    );
    type_in(&mut session, "");
    assert_eq!(session.packets.filter(), "");
    assert_eq!(session.packets.len(), 4);
}

#[test]
fn a_wrong_filter_changes_nothing_and_says_where() {
    let mut session = looking();
    pass(&mut session, vec![seen(1, echo(1))]);
    act(&mut session, Action::AskFilter);
    type_in(&mut session, "icmp and prot 80");
    let refused = session.line.as_ref().and_then(|line| line.refused.clone());
    let at = refused.expect("it stays, with what is wrong").at;
    assert_eq!(at, 17..21, "of the line with its colon");
    assert_eq!(session.packets.filter(), "");
}

#[test]
fn what_is_shown_is_written() {
    let mut session = looking();
    let wrong = session
        .take_line(":write a.pcapng")
        .expect_err("there is none");
    assert_eq!(wrong.message, "there is no packet to write");
    pass(&mut session, vec![seen(1, echo(1)), seen(1, segment(1))]);
    session.take_line(":filter tcp").expect("a filter");
    let effects = session.take_line(":write! a.pcapng").expect("there is one");
    let written = effects.iter().find_map(|effect| {
        let Effect::WriteCapture {
            path,
            over,
            packets,
        } = effect
        else {
            return None;
        };
        Some((path.as_str(), *over, packets.len()))
    });
    assert_eq!(written, Some(("a.pcapng", true, 1)));
}

#[test]
fn what_interrupts_is_said_between_the_lines() {
    let mut session = looking();
    pass(&mut session, vec![seen(1, echo(1))]);
    act(&mut session, Action::GoTo(0));
    let Phase::Building(ticket) = session.phase else {
        panic!("{:?}", session.phase);
    };
    let result = Ok(world(&[]));
    let effects = session.handle(Event::Built { ticket, result });
    assert!(
        !effects.iter().any(|it| matches!(it, Effect::Listen(_))),
        "it goes on"
    );
    pass(&mut session, vec![seen(1, echo(1))]);
    act(&mut session, Action::Look(View::Packets));
    act(&mut session, Action::Look(View::Packets));
    session.take_line(":filter icmp").expect("a filter");
    let anew = "the sandbox was made anew here";
    let closed = "this pane was closed here: nothing was captured meanwhile";
    assert_eq!(words(&session), [ECHO, anew, ECHO, closed]);
    assert!(matches!(session.packets.row(1), Some(Row::Break(_))));
}

#[test]
fn words_of_a_filter_are_completed() {
    let mut session = looking();
    session.world = world(&["hlink3"]);
    let offered = |line: &str| -> Vec<String> {
        let found = crate::session::complete::complete(line, session.around());
        found.items.into_iter().map(|item| item.word).collect()
    };
    assert_eq!(offered(":filter dev hl"), ["hlink3"]);
    assert!(offered(":filter not icm").contains(&"icmp".to_owned()));
}
