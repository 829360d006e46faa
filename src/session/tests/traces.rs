//! Packets that the learner sends to be followed.

use super::*;
use crate::lesson::probe::What;
use crate::session::state::View;
use crate::world::addr::Addr;

/// A session in which `app1` has addresses.
fn session() -> Session {
    let mut session = standing_at(Place { step: 0, done: 2 });
    let addr = |net: &str, scope| Addr {
        link: 2,
        net: net.parse().unwrap(),
        peer: None,
        broadcast: None,
        scope,
        flags: 0,
        label: None,
        valid: u32::MAX,
        preferred: u32::MAX,
        proto: 0,
    };
    let space = Space {
        addrs: vec![
            addr("127.0.0.1/8", 254),
            addr("fd00::10/64", 0),
            addr("172.16.0.10/16", 0),
        ],
        ..Space::default()
    };
    let app1 = Ns::from_name("app1");
    session.world.spaces.insert(app1, space);
    session
}

fn probe_of(effects: &[Effect]) -> (Ticket, Ns, String, What) {
    let probe = effects.iter().find_map(|effect| {
        let Effect::Probe { ticket, probe } = effect else {
            return None;
        };
        Some((*ticket, probe))
    });
    let (ticket, probe) = probe.unwrap_or_else(|| panic!("no probe: {effects:?}"));
    let to = probe.to.to_string();
    (ticket, probe.from.clone(), to, probe.what.clone())
}

#[test]
fn a_trace_is_sent_shown_and_awaited() {
    let mut session = session();
    let effects = session.take_line(":trace 172.16.0.10").unwrap();
    let (ticket, from, to, what) = probe_of(&effects);
    assert_eq!((from, to.as_str()), (Ns::Host, "172.16.0.10"));
    assert_eq!(what, What::Ping { size: None });
    assert_eq!(session.view, View::Trace);
    let awaited = session.followed.under_way.as_ref().map(|it| it.ticket);
    assert_eq!(awaited, Some(ticket));
    // Another's story is shown as well, and this one still awaited.
    let other = Ticket(ticket.0 + 100);
    session.handle(followed(other, Ns::Host, reply()));
    assert!(session.followed.under_way.is_some());
    session.handle(followed(ticket, Ns::Host, reply()));
    assert!(session.followed.under_way.is_none());
    assert_eq!(session.followed.of, Some(ticket));
    assert_eq!(session.trace_line(), ":trace host 172.16.0.10");
}

#[test]
fn a_namespace_stands_for_its_first_address() {
    let mut session = session();
    let effects = session.take_line(":trace app1 app1").unwrap();
    let (_, from, to, _) = probe_of(&effects);
    assert_eq!((from.name(), to.as_str()), ("app1", "172.16.0.10"));
    let effects = session.take_line(":trace app1 [fd00::10]:80").unwrap();
    let (_, _, to, what) = probe_of(&effects);
    let port = What::Tcp {
        port: 80,
        listen: None,
    };
    assert_eq!((to.as_str(), what), ("fd00::10", port));
}

#[test]
fn what_cannot_be_traced_is_refused_with_what_helps() {
    let mut session = session();
    for (line, message, help) in [
        (":trace nowhere", "`nowhere` is no address", "8.8.8.8"),
        (":trace app9 10.0.0.1", "no namespace `app9`", "host, app1"),
        (":trace host", "`host` has no address", "give it one"),
        (":trace a b c", "no namespace `a`", "host, app1"),
        (":trace", "where to", "[FROM] TO"),
    ] {
        let error = session.take_line(line).unwrap_err();
        assert!(error.message.contains(message), "{line}: {error:?}");
        let said = error.help.unwrap_or_default();
        assert!(said.contains(help), "{line}: {said}");
    }
    assert!(session.followed.under_way.is_none());
}

#[test]
fn the_key_puts_the_last_way_into_the_prompt() {
    let mut session = session();
    act(&mut session, Action::AskTrace);
    let text = session.line.as_ref().map(|prompt| prompt.line.text());
    assert_eq!(text, Some(":trace host "));
}

#[test]
fn a_packet_of_a_step_that_was_left_is_waited_for_no_more() {
    let mut session = session();
    let effects = session.take_line(":why 172.16.0.10").unwrap();
    let (ticket, ..) = probe_of(&effects);
    assert!(session.follows());
    act(&mut session, Action::GoTo(1));
    assert!(!session.follows());
    session.handle(followed(ticket, Ns::Host, reply()));
    assert!(session.followed.last.is_none(), "it comes too late");
}
