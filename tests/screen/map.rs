//! The map at three sizes, beside the lesson and with the focus.

use tutor::session::{Pane, Session, View};
use tutor::theme::Background;
use tutor::world::Ns;

use super::{ASCII, DARK, SIZES, draw, nat, picture, session, styled, text};

fn with_map(mut session: Session) -> Session {
    session.view = View::Map;
    plug(&mut session, &Ns::Host, 2, 1);
    plug(&mut session, &Ns::Internet, 1, 2);
    session
}

/// Says which device is the other end of the uplink.
fn plug(session: &mut Session, ns: &Ns, index: u32, peer: u32) {
    let space = session.world.spaces.get_mut(ns);
    if let Some(link) = space.and_then(|space| space.links.get_mut(&index)) {
        link.peer = Some(peer);
        link.peer_ns = Some(7);
    }
}

#[test]
fn the_map() {
    for (name, session) in [
        ("map-nat", with_map(nat::session())),
        ("map-failing", with_map(session::failing())),
    ] {
        for size in SIZES {
            let name = format!("{name}-{}x{}", size.0, size.1);
            let buffer = draw(&session, DARK, size);
            picture(&name, &buffer, Background::Dark);
            insta::assert_snapshot!(name, text(&buffer));
        }
        let mut session = session;
        session.focus = Pane::Map;
        let name = format!("{name}-focus");
        let buffer = draw(&session, DARK, SIZES[0]);
        picture(&name, &buffer, Background::Dark);
        insta::assert_snapshot!(name, text(&buffer));
    }
}

#[test]
fn the_map_without_colours_and_unicode() {
    let buffer = draw(&with_map(session::failing()), ASCII, SIZES[1]);
    insta::assert_snapshot!("map-ascii", styled(&buffer));
}
