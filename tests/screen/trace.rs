//! The way of a packet, as its pane shows it: through NAT and back, and to where it was dropped.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tutor::session::{Action, Event, Pane, Session, View};
use tutor::theme::{Background, Depth, Theme};
use tutor::trace::answer::Answer;
use tutor::trace::{Asked, Cause, Decision, Diagnosis, Hop, Leg, Question, Story, What};
use tutor::world::Ns;

use super::{DARK, SIZES, draw, nat, picture, styled, text};

const APP4: &str = "172.16.0.40";
const OURS: &str = "192.168.64.3";
const WORLD: &str = "8.8.8.8";

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

/// A hop at a device (or at none), so many microseconds after the first.
struct At(Leg, &'static str, Option<&'static str>);

impl At {
    fn seen(self, micros: u64, out: bool, (src, dst): (&str, &str), ttl: u8) -> Hop {
        let what = match self.0 {
            Leg::Reply => "echo reply",
            Leg::Request | Leg::Error | Leg::Ask => "echo request",
        };
        let what = What::Seen {
            out,
            packet: format!("{what} {src} → {dst}"),
            src: Some(ip(src)),
            dst: Some(ip(dst)),
            ttl: Some(ttl),
        };
        self.hop(Some(Duration::from_micros(micros)), what)
    }

    fn asks(self, micros: u64, out: bool, packet: &str) -> Hop {
        let what = What::Seen {
            out,
            packet: packet.to_owned(),
            src: None,
            dst: None,
            ttl: None,
        };
        self.hop(Some(Duration::from_micros(micros)), what)
    }

    fn decides(self, decision: Decision) -> Hop {
        self.hop(None, What::Decided(decision))
    }

    fn routes(self, route: &str, dev: &str) -> Hop {
        self.decides(Decision::Routed {
            route: route.to_owned(),
            dev: dev.to_owned(),
            via: None,
        })
    }

    fn hop(self, at: Option<Duration>, what: What) -> Hop {
        Hop {
            leg: self.0,
            ns: Ns::from_name(self.1),
            dev: self.2.map(str::to_owned),
            at,
            what,
        }
    }
}

/// From app4 into the host, where it is to go on by the uplink.
fn into_the_host() -> Vec<Hop> {
    let there = (APP4, WORLD);
    vec![
        At(Leg::Request, "app4", None).routes(
            "default via 172.16.0.1 dev clink4 proto static metric 50",
            "clink4",
        ),
        At(Leg::Ask, "app4", Some("clink4")).asks(0, true, "who has 172.16.0.1? tell 172.16.0.40"),
        At(Leg::Ask, "host", Some("br0")).asks(21, true, "172.16.0.1 is at 02:00:00:00:00:06"),
        At(Leg::Request, "app4", Some("clink4")).decides(Decision::Resolved {
            to: ip("172.16.0.1"),
            mac: "02:00:00:00:00:06".to_owned(),
        }),
        At(Leg::Request, "app4", Some("clink4")).seen(34, true, there, 64),
        At(Leg::Request, "host", Some("hlink4")).seen(41, false, there, 64),
        At(Leg::Request, "host", Some("br0")).seen(42, false, there, 64),
        At(Leg::Request, "host", Some("br0")).routes(
            "default via 192.168.64.1 dev enp0s1 proto dhcp src 192.168.64.3 metric 100",
            "enp0s1",
        ),
    ]
}

fn answered() -> Story {
    let back = (WORLD, OURS);
    let home = (WORLD, APP4);
    let mut way = into_the_host();
    way.extend([
        At(Leg::Request, "host", Some("enp0s1")).decides(Decision::SourceNat {
            from: ip(APP4),
            to: ip(OURS),
            how: "MASQUERADE".to_owned(),
        }),
        At(Leg::Request, "host", Some("enp0s1")).seen(68, true, (OURS, WORLD), 63),
        At(Leg::Request, "internet", Some("router0")).seen(70, false, (OURS, WORLD), 63),
        At(Leg::Request, "internet", Some("router0")).decides(Decision::Delivered),
        At(Leg::Reply, "internet", None).routes(
            "192.168.64.0/24 dev router0 proto kernel scope link src 192.168.64.1",
            "router0",
        ),
        At(Leg::Reply, "internet", Some("router0")).seen(82, true, back, 64),
        At(Leg::Reply, "host", Some("enp0s1")).seen(86, false, back, 64),
        At(Leg::Reply, "host", Some("enp0s1")).decides(Decision::DestinationNat {
            from: ip(OURS),
            to: ip(APP4),
        }),
        At(Leg::Reply, "host", Some("enp0s1")).routes(
            "172.16.0.0/16 dev br0 proto kernel scope link src 172.16.0.1",
            "br0",
        ),
        At(Leg::Reply, "host", Some("br0")).seen(93, true, home, 63),
        At(Leg::Reply, "host", Some("br0")).decides(Decision::Switched {
            bridge: "br0".to_owned(),
            port: Some("hlink4".to_owned()),
        }),
        At(Leg::Reply, "host", Some("hlink4")).seen(96, true, home, 63),
        At(Leg::Reply, "app4", Some("clink4")).seen(97, false, home, 63),
        At(Leg::Reply, "app4", Some("clink4")).decides(Decision::Delivered),
    ]);
    let rtt = Duration::from_micros(120);
    story(Answer::Reply { rtt }, way, None)
}

/// The policy of FORWARD drops it.
fn dropped() -> Story {
    let mut way = into_the_host();
    way.push(
        At(Leg::Request, "host", Some("br0")).decides(Decision::Dropped {
            rule: "-P FORWARD DROP".to_owned(),
            packets: 6,
        }),
    );
    let diagnosis = Diagnosis {
        cause: Cause::Filtered,
        at: Some((Ns::Host, None)),
        sentence: "In host, no rule of the chain FORWARD lets the packet to 8.8.8.8 pass, and the \
                   chain's policy, DROP, throws it away without a word (`iptables -P FORWARD \
                   DROP`)."
            .to_owned(),
        evidence: vec![
            "host: -P FORWARD DROP has counted 7 packets, 6 of them since the probe began"
                .to_owned(),
            "host: 172.16.0.40 → 8.8.8.8".to_owned(),
        ],
    };
    let waited = Duration::from_millis(1200);
    story(Answer::Silence { waited }, way, Some(diagnosis))
}

/// An error came at last, and took long: times of every length.
fn late() -> Story {
    let hop = At(Leg::Ask, "app4", Some("clink4"));
    let mut way = vec![
        At(Leg::Request, "app4", None).routes("172.16.0.0/16 dev clink4", "clink4"),
        hop.asks(0, true, "who has 172.16.0.50? tell 172.16.0.40"),
    ];
    let later = [("host", 12_345), ("app3", 204_765), ("internet", 3_100_000)];
    way.extend(later.map(|(ns, micros)| {
        At(Leg::Ask, ns, Some("eth0")).asks(micros, false, "who has 172.16.0.50?")
    }));
    way.push(
        At(Leg::Request, "app4", Some("clink4")).decides(Decision::Unresolved {
            to: ip("172.16.0.50"),
        }),
    );
    story(Answer::Failed("Invalid argument".to_owned()), way, None)
}

fn story(answer: Answer, way: Vec<Hop>, diagnosis: Option<Diagnosis>) -> Story {
    Story {
        question: Question {
            from: Ns::from_name("app4"),
            to: ip(WORLD),
            what: Asked::Echo { id: None },
        },
        answer,
        way,
        diagnosis,
    }
}

/// The pane beside the lesson; nothing may have been followed yet.
fn looking(story: Option<Story>) -> Session {
    let mut session = nat::session();
    session.followed.last = story.map(Arc::new);
    session.handle(Event::Do(Action::Look(View::Trace)));
    session
}

fn focused(story: Story) -> Session {
    let mut session = looking(Some(story));
    session.focus = Pane::Trace;
    session
}

#[test]
fn the_trace() {
    for (name, session) in [
        ("trace-none", looking(None)),
        ("trace-nat", looking(Some(answered()))),
        ("trace-nat-focus", focused(answered())),
        ("trace-dropped", looking(Some(dropped()))),
        ("trace-dropped-focus", focused(dropped())),
        ("trace-late", looking(Some(late()))),
    ] {
        for size in SIZES {
            let name = format!("{name}-{}x{}", size.0, size.1);
            let buffer = draw(&session, DARK, size);
            picture(&name, &buffer, Background::Dark);
            insta::assert_snapshot!(name, text(&buffer));
        }
    }
}

/// Whatever the size, the outcome and the reason are seen without a key.
#[test]
fn the_reason_is_seen_at_once() {
    for size in SIZES {
        let shown = text(&draw(&looking(Some(dropped())), DARK, size));
        for part in ["app4 → 8.8.8.8: no answer", "filtered, packet filter"] {
            assert!(shown.contains(part), "{part} at {size:?}:\n{shown}");
        }
        assert!(shown.contains("has counted 7"), "{size:?}:\n{shown}");
    }
}

#[test]
fn the_trace_on_poorer_terminals() {
    let plain = Theme {
        depth: Depth::Mono,
        ..DARK
    };
    let ascii = Theme {
        unicode: false,
        ..plain
    };
    for (name, theme) in [("true", DARK), ("plain", plain), ("ascii", ascii)] {
        let buffer = draw(&focused(dropped()), theme, (100, 30));
        insta::assert_snapshot!(format!("trace-{name}"), styled(&buffer));
    }
}
