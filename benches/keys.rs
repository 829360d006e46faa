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

/// What ends every frame: the cursor is hidden, or shown in its place (`ratatui::Terminal::draw`).
const FRAME: &[u8] = b"\x1b[?25";
/// So long frames are counted.
const WATCHED: Duration = Duration::from_secs(3);

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
    pty.shows("Nothing has passed since");
    measure("packets shown", &mut pty, || {
        Some(enter(pid, "ping -f -q -c 1000000 127.0.0.1"))
    });
    frames(&mut pty, || enter(pid, "ping -f -q -c 1000000 127.0.0.1"));
    pty.keys("d");
    let news = format!("ip -force -batch {}", routes.display());
    measure("routes come and go", &mut pty, || Some(enter(pid, &news)));
    drop(pty);
    let _ = (fs::remove_file(path), fs::remove_file(routes));
}

/// How often the screen is drawn while packets pour in and nobody presses a key, and how many the
/// pane has taken in meanwhile, by its own words.
fn frames(pty: &mut Pty, flood: impl Fn() -> Child) {
    pty.until("the counts", |screen| screen.contains(" seen"));
    let mut child = flood();
    let before = (seen(pty), pty.raw.len());
    let began = Instant::now();
    pty.until("it was watched for long enough", |_| {
        began.elapsed() > WATCHED
    });
    let took = began.elapsed().as_secs_f64();
    let _ = child.kill();
    let _ = child.wait();
    let packets = f64::from(seen(pty).saturating_sub(before.0)) / took;
    let drawn = pty.raw.get(before.1..).unwrap_or_default();
    let drawn = drawn
        .windows(FRAME.len())
        .filter(|part| *part == FRAME)
        .count();
    let frames = f64::from(u32::try_from(drawn).unwrap_or(u32::MAX)) / took;
    let missed = count(pty, " missed");
    println!("    {frames:.0} frames a second at {packets:.0} packets a second; {missed} missed");
}

/// Packets that the pane has taken in.
fn seen(pty: &Pty) -> u32 {
    count(pty, " seen")
}

/// The number before these words on the screen; 0 where they are not there.
fn count(pty: &Pty, what: &str) -> u32 {
    let screen = pty.text();
    let before = screen.split(what).next().filter(|before| *before != screen);
    let word = before.and_then(|before| before.split_whitespace().next_back());
    word.and_then(|word| word.parse().ok()).unwrap_or(0)
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
