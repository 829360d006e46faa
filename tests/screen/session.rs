//! Sessions in several phases, by hand.

use std::sync::Arc;
use std::time::Duration;

use tutor::lesson::ask::Truth;
use tutor::lesson::{Ask, Need, Verdict};
use tutor::menu::{Entry, HowFar, Menu};
use tutor::session::prompt::Edit;
use tutor::session::state::{TranscriptKind, TranscriptLine};
use tutor::session::{
    Action, CheckState, CommandState, Event, Pane, Phase, Place, RowKey, Session, Ticket,
};
use tutor::world::Ns;

use super::lesson::{NOW, bridge};
use super::world;

fn line(kind: TranscriptKind, text: &str) -> TranscriptLine {
    TranscriptLine {
        kind,
        text: text.to_owned(),
    }
}

fn prompt(ns: &str, text: &str) -> TranscriptLine {
    line(TranscriptKind::Prompt(Ns::from_name(ns)), text)
}

fn out(text: &str) -> TranscriptLine {
    line(TranscriptKind::Out, text)
}

fn states(done: usize, last: CommandState) -> Vec<CommandState> {
    (0..5)
        .map(|index| match index {
            _ if index < done => CommandState::Done,
            _ if index == done => last,
            _ => CommandState::ToCome,
        })
        .collect()
}

fn verdicts(verdicts: [Verdict; 3]) -> Vec<CheckState> {
    verdicts
        .into_iter()
        .map(|verdict| CheckState {
            following: None,
            story: None,
            verdict,
            probing: None,
        })
        .collect()
}

fn not(text: &str) -> Verdict {
    Verdict::Not(text.to_owned())
}

/// The step has just begun.
pub fn start() -> Session {
    let (mut session, _) = Session::new(bridge(), Place { step: 2, done: 0 });
    session.phase = Phase::Idle;
    session.waiting = None;
    session.world = world::start();
    session.commands = states(0, CommandState::Current);
    session.checks = verdicts([
        not("hlink3 has no master, it should have br0"),
        not("hlink4 has no master, it should have br0"),
        Verdict::TooSoon,
    ]);
    session.now = NOW;
    session
}

/// The next ping is under way, and rows have just changed.
pub fn middle() -> Session {
    let mut session = start();
    session.world = world::plugged();
    session.phase = Phase::Running(Ticket(9));
    session.commands = states(4, CommandState::Running);
    session.checks = verdicts([Verdict::Holds, Verdict::Holds, Verdict::TooSoon]);
    session.checks[2].probing = Some(Ticket(8));
    session.waiting = Some((
        NOW.saturating_sub(Duration::from_secs(2)),
        "waiting for answers to ping".to_owned(),
    ));
    session.prompt = vec![Ns::Host, Ns::from_name("app3")];
    let just_now = NOW.saturating_sub(Duration::from_millis(400));
    let app3 = Ns::from_name("app3");
    for (ns, key) in [
        (Ns::Host, RowKey::Link(5)),
        (Ns::Host, RowKey::Link(6)),
        (
            Ns::Host,
            RowKey::Fdb(5, world::mac(40).to_string(), Some(6)),
        ),
        (
            Ns::Host,
            RowKey::Route(254, "10.0.0.0/8".to_owned(), Some(4), 0),
        ),
        (app3, RowKey::Neigh(2, "172.16.0.40".to_owned())),
    ] {
        session.fresh.insert((ns, key), just_now);
    }
    session.transcript = vec![
        prompt("host", "ip link set hlink4 master br0"),
        prompt("host", "ip link show hlink4"),
        out(
            "5: hlink4@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master br0 state UP mode DEFAULT group default qlen 1000",
        ),
        out("    link/ether 6a:1f:9c:40:0e:44 brd ff:ff:ff:ff:ff:ff link-netns app4"),
        prompt("host", "nsenter --net=/run/netns/app3 bash"),
        prompt("app3", "ping -c 2 172.16.0.40"),
        out("PING 172.16.0.40 (172.16.0.40) 56(84) bytes of data."),
        out("64 bytes from 172.16.0.40: icmp_seq=1 ttl=64 time=0.052 ms"),
    ];
    session
}

/// A question stands before the next command.
fn asked(ask: Ask) -> Session {
    let mut session = start();
    session.world = world::plugged();
    Arc::make_mut(&mut session.lesson).steps[session.step].asks = vec![ask];
    session.handle(Event::Do(Action::Next));
    session
}

/// A wrong choice was made.
pub fn question() -> Session {
    let choices = [
        "by hardware address",
        "by IP address",
        "by the route of the host",
    ];
    let mut session = asked(Ask {
        before: 0,
        question: "By what does a switch decide at which `port` a frame goes out?".to_owned(),
        truth: Truth::Choice {
            choices: choices.map(str::to_owned).into(),
            answer: 0,
        },
        right: None,
        wrong: Some("A switch does not look that far into a frame.".to_owned()),
    });
    session.handle(Event::Do(Action::Guess(1)));
    session
}

/// An answer is being typed.
pub fn typed_answer() -> Session {
    let mut session = asked(Ask {
        before: 0,
        question: "What finds out the hardware address for an IP address?".to_owned(),
        truth: Truth::Typed {
            accept: vec!["ARP".to_owned()],
        },
        right: None,
        wrong: None,
    });
    for c in "AR".chars() {
        session.handle(Event::Do(Action::Edit(Edit::Insert(c))));
    }
    session
}

/// Everything was run, and a check does not hold; a hint is shown.
pub fn failing() -> Session {
    let mut session = middle();
    session.world = world::failing();
    session.phase = Phase::Idle;
    session.waiting = None;
    session.fresh.clear();
    session.commands = states(4, CommandState::Failed);
    session.diary.steps.entry(session.step).or_default().hints = vec![0, 1];
    session.checks = verdicts([
        Verdict::Holds,
        not("hlink4 in host has no master; it should be plugged into br0"),
        not("no answer within 3 s, and app3 has no hardware address for 172.16.0.40 (FAILED)"),
    ]);
    session.transcript.push(line(
        TranscriptKind::Err,
        "From 172.16.0.30 icmp_seq=1 Destination Host Unreachable",
    ));
    session
}

/// The step is done.
pub fn done() -> Session {
    let mut session = middle();
    session.phase = Phase::Idle;
    session.waiting = None;
    session.commands = states(5, CommandState::Done);
    session.checks = verdicts([Verdict::Holds, Verdict::Holds, Verdict::Holds]);
    session
}

/// The lesson is over.
pub fn finished() -> Session {
    let mut session = done();
    let lesson = Arc::make_mut(&mut session.lesson);
    if let Some(last) = lesson.steps.last_mut() {
        last.done = Some("You have built a switch. What is missing is a way out of it.".to_owned());
    }
    session.step = 4;
    session.phase = Phase::Finished;
    session
}

/// More was printed than there is room for, and somebody reads its beginning.
pub fn long() -> Session {
    let mut session = done();
    session.transcript = (1..=5000)
        .map(|seq| {
            out(&format!(
                "64 bytes from 172.16.0.40: icmp_seq={seq} ttl=64 time=0.05 ms"
            ))
        })
        .collect();
    session.focus = Pane::Transcript;
    session.scroll.insert(Pane::Transcript, 40);
    session
}

/// The help is open.
pub fn help() -> Session {
    let mut session = start();
    session.help = true;
    session.focus = Pane::Help;
    session
}

/// There is no sandbox.
pub fn broken() -> Session {
    let mut session = start();
    session.phase = Phase::Broken(
        "This kernel refuses user namespaces (EPERM).\n\
         AppArmor restricts them on this machine. This allows them until the next start:\n\
         \n  sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
            .to_owned(),
    );
    session.world.spaces.clear();
    session
}

/// A few lessons, one of them done.
pub fn menu() -> Menu {
    let entry = |id: &str, title: &str, minutes: u16, done: bool| Entry {
        id: id.to_owned(),
        title: title.to_owned(),
        summary: "Two containers on one bridge: frames find their way by MAC address, and the \
                  host has no part in it."
            .to_owned(),
        minutes,
        steps: 5,
        needs: vec![Need::Veth, Need::Bridge],
        base: (id == "bridge").then(|| "netns".to_owned()),
        how_far: HowFar {
            done,
            left_at: (id == "bridge").then_some(2),
        },
    };
    Menu {
        entries: vec![
            entry("stack", "What a network stack is made of", 10, true),
            entry("netns", "A network of its own", 10, true),
            entry("veth", "A cable between two namespaces", 15, false),
            entry("subnet", "Two routes to one network", 15, false),
            entry("bridge", "One switch for every container", 15, false),
            entry("gateway", "A way out", 15, false),
            entry("nat", "Addresses rewritten on the way", 20, false),
        ],
        cursor: 4,
    }
}

/// What strangers may send.
pub fn hostile() -> Session {
    let mut session = failing();
    let bad = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{202e}evil\u{0}\u{7f}\u{9b}31m 漢字 e\u{301}\u{200b}";
    let lesson = Arc::make_mut(&mut session.lesson);
    lesson.title = format!("Title {bad}");
    if let Some(step) = lesson.steps.get_mut(2) {
        bad.clone_into(&mut step.title);
        step.text = format!("Text **{bad}** `{bad}`\n\n    {bad}\n");
        bad.clone_into(&mut step.run[3].source);
        bad.clone_into(&mut step.hints[0].text);
        bad.clone_into(&mut step.checks[1].title);
    }
    session.checks[1].verdict = not(bad);
    session.transcript.push(out(bad));
    session.transcript.push(prompt(bad, bad));
    if let Some(mut app4) = session.world.spaces.remove(&Ns::from_name("app4")) {
        if let Some(link) = app4.links.get_mut(&2) {
            bad.clone_into(&mut link.name);
        }
        session.world.spaces.insert(Ns::from_name(bad), app4);
    }
    session
}
