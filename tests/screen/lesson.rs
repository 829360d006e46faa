//! The bridge lesson, by hand.

use std::sync::Arc;
use std::time::Duration;

use tutor::command::Line;
use tutor::lesson::check::Judge;
use tutor::lesson::probe::{Expect, Probe, What};
use tutor::lesson::{Check, Lesson, Need, RunLine, Step};
use tutor::world::Ns;

const TEXT: &str = "\
So far each container had a cable of its own to the host. A **bridge** is a switch made of \
software: every cable that is plugged into it reaches every other one.

Plug the host's ends, `hlink3` and `hlink4`, into `br0`:

- a device that is plugged in is called a *port*; it needs **no address** of its own,
- the bridge learns behind which port each hardware address (MAC) lives,
- frames to an address that it does not know go out of all ports.

```
app3 ── hlink3 ┐
               ├ br0
app4 ── hlink4 ┘
```

Then watch the table `fdb` of `host` while the two containers talk.";

fn run(source: &str, comment: &str, at: Ns) -> RunLine {
    RunLine {
        source: source.to_owned(),
        line: Line {
            command: None,
            background: false,
            comment: (!comment.is_empty()).then(|| comment.to_owned()),
        },
        at,
        place: 0..0,
    }
}

fn check(title: &str, why: Option<&str>) -> Check {
    let probe = Probe {
        demands: Vec::new(),
        from: Ns::from_name("app3"),
        to: std::net::Ipv4Addr::new(172, 16, 0, 40).into(),
        what: What::Ping { size: None },
        expect: Expect::Reply,
    };
    Check {
        title: title.to_owned(),
        why: why.map(str::to_owned),
        judge: Judge::Probe(probe),
    }
}

fn step(title: &str) -> Step {
    Step {
        title: title.to_owned(),
        text: "Text.".to_owned(),
        at: Ns::Host,
        look: None,
        run: Vec::new(),
        hints: Vec::new(),
        asks: Vec::new(),
        notes: None,
        checks: Vec::new(),
        done: None,
        repair: false,
        fault: None,
    }
}

/// The lesson; its third step is the one that is shown.
pub fn bridge() -> Arc<Lesson> {
    let plug = Step {
        text: TEXT.to_owned(),
        run: vec![
            run(
                "ip link add br0 type bridge",
                "a switch, not yet switched on",
                Ns::Host,
            ),
            run("ip link set br0 up", "", Ns::Host),
            run(
                "ip link set hlink3 master br0",
                "plug the cable of app3 into it",
                Ns::Host,
            ),
            run(
                "ip link set hlink4 master br0",
                "and the cable of app4",
                Ns::Host,
            ),
            run(
                "ping -c 2 172.16.0.40",
                "app3 calls app4",
                Ns::from_name("app3"),
            ),
        ],
        hints: vec![
            "Which device do the cables end in, on the host's side?".into(),
            "`ip link set DEVICE master BRIDGE` plugs one in.".into(),
            "ip link set hlink4 master br0".into(),
        ],
        checks: vec![
            check("host: hlink3 is plugged into br0", None),
            check("host: hlink4 is plugged into br0", None),
            check(
                "app3 → 172.16.0.40 answers",
                Some("frames are forwarded by MAC address; no route is needed for that"),
            ),
        ],
        done: Some(
            "The two containers reach each other, and the host has no part in it. Next: can the \
             host reach them?"
                .to_owned(),
        ),
        ..step("Plug both cables into a bridge")
    };
    Arc::new(Lesson {
        seed: None,
        faults: Vec::new(),
        id: "bridge".to_owned(),
        file: None,
        title: "One switch for every container".to_owned(),
        summary: "Two containers on one bridge: frames find their way by MAC address.".to_owned(),
        minutes: 15,
        tags: vec!["l2".to_owned()],
        needs: vec![Need::Veth, Need::Bridge, Need::Icmp],
        free: false,
        base: Some("netns".to_owned()),
        uplink: false,
        before: Vec::new(),
        steps: vec![
            step("Two containers, two cables"),
            step("Give each an address"),
            plug,
            step("See what the bridge has learnt"),
            step("Listen on the bridge"),
        ],
    })
}

/// The time at which the screens are drawn.
pub const NOW: Duration = Duration::from_millis(61_300);
