//! How long a key takes to be on the screen: in calm, and while news or packets pour in.

#[path = "support/processes.rs"]
mod processes;
#[allow(dead_code)] // A benchmark uses its part of what tests need.
#[path = "../tests/support/pty.rs"]
mod pty;

use std::fs;
use std::process::Child;
use std::time::{Duration, Instant};

use processes::{enter, within};
use pty::{Pty, Who};

/// Keys pressed.
const KEYS: usize = 100;
/// What only the help shows.
const HELP: &str = "Keys";

/// A step whose one command is a capture on `lo`.
const LESSON: &str = r#"
format = 1
title = "A flood"
summary = "Packets and news without end."
minutes = 1
needs = ["capture"]

[[step]]
title = "Under water"
text = "A capture runs."
run = "tcpdump -n -i lo icmp &"
hints = ["Wait.", "Wait.", "Wait."]

[[step.check]]
link = { ns = "host", name = "lo", up = true }
"#;

fn main() {
    println!("key until the frame, ms      median      99 %   slowest");
    let path = std::env::temp_dir().join(format!("flood-{}.toml", std::process::id()));
    fs::write(&path, LESSON).expect("a temporary file can be written");
    let routes = path.with_extension("batch");
    fs::write(&routes, batch()).expect("a temporary file can be written");
    let mut pty = Pty::start(
        Who::Myself,
        (120, 36),
        &["--lesson", &path.to_string_lossy()],
    );
    pty.shows("Under water");
    pty.shows("lo");
    let pid = within(pty.pid());

    measure("calm", &mut pty, || None);
    pty.keys("\r");
    pty.shows("listening on lo");
    measure("packets captured", &mut pty, || {
        Some(enter(pid, "ping -f -q -c 1000000 127.0.0.1"))
    });
    pty.keys("d");
    pty.shows("Nothing has passed yet");
    let began = Instant::now();
    measure("packets shown", &mut pty, || {
        Some(enter(pid, "ping -f -q -c 1000000 127.0.0.1"))
    });
    told(&mut pty, began.elapsed());
    pty.keys("d");
    let news = format!("ip -force -batch {}", routes.display());
    measure("routes come and go", &mut pty, || Some(enter(pid, &news)));
    drop(pty);
    let _ = (fs::remove_file(path), fs::remove_file(routes));
}

/// How many packets the pane has taken in, by its own words.
fn told(pty: &mut Pty, within: Duration) {
    pty.until("the counts", |screen| screen.contains(" seen"));
    let count = |what: &str| {
        let screen = pty.text();
        let before = screen.split(what).next().filter(|before| *before != screen);
        let word = before.and_then(|before| before.split_whitespace().next_back());
        word.and_then(|word| word.parse::<u32>().ok()).unwrap_or(0)
    };
    let (seen, missed) = (count(" seen"), count(" missed"));
    let rate = f64::from(seen) / within.as_secs_f64();
    println!("    {seen} packets seen, {rate:.0} a second; {missed} missed");
}

/// 40,000 changes of one table: the same routes come and go.
fn batch() -> String {
    let lines = |verb| (0..100).map(move |n| format!("route {verb} 198.18.0.{n}/32 dev lo\n"));
    let once: String = lines("add").chain(lines("del")).collect();
    once.repeat(200)
}

/// Opens and closes the help, while what `flood` starts goes on.
fn measure(what: &str, pty: &mut Pty, flood: impl Fn() -> Option<Child>) {
    let mut child = flood();
    let mut took = Vec::with_capacity(KEYS);
    for n in 0..KEYS {
        let over = child
            .as_mut()
            .is_some_and(|child| child.try_wait().ok().flatten().is_some());
        if over {
            child = flood();
        }
        let began = Instant::now();
        pty.keys("?");
        pty.until("the help", |screen| screen.contains(HELP) == (n % 2 == 0));
        took.push(began.elapsed());
    }
    if let Some(mut child) = child {
        let _ = child.kill();
        let _ = child.wait();
    }
    took.sort_unstable();
    let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
    println!(
        "{what:24} {:10.2} {:9.2} {:9.2}",
        ms(took[KEYS / 2]),
        ms(took[KEYS * 99 / 100 - 1]),
        ms(took[KEYS - 1]),
    );
}
