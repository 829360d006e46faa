//! The learner's shell beside tmux, in the same run: how fast it swallows what a program prints, and
//! how long a key takes while one prints without end.

#[allow(dead_code)] // A benchmark uses its part of what tests need.
#[path = "../tests/support/pty.rs"]
mod pty;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use pty::{Pty, Who};

/// Bytes that are printed.
const BYTES: usize = 100_000_000;
/// Keys pressed while `yes` prints.
const KEYS: usize = 100;
/// How often each is measured; the median counts.
const TIMES: usize = 3;
/// A screen as people have one.
const SIZE: (u16, u16) = (120, 36);
/// The chord that leads out of a shell.
const LEAVE: &str = "\x1d";

fn main() {
    let text = text();
    println!("cat of {} MB            MB/s", BYTES / 1_000_000);
    let ours = median(|| in_shell(&text));
    let tmux = median(|| in_tmux(&text));
    println!("tutor               {:10.1}", speed(ours));
    println!("tmux                {:10.1}", speed(tmux));
    println!(
        "ratio               {:10.2}  (at least 0.5)",
        speed(ours) / speed(tmux)
    );
    let _ = fs::remove_file(text);
    println!("\nkey until the frame while yes prints, ms      median      99 %   slowest");
    keys();
}

/// A file of ordinary lines.
fn text() -> PathBuf {
    let path = std::env::temp_dir().join(format!("flood-{}.txt", std::process::id()));
    let mut lines = Vec::with_capacity(BYTES + 200);
    let mut n = 0_u64;
    while lines.len() < BYTES {
        n += 1;
        let _ = writeln!(
            lines,
            "{n}: 64 bytes from 172.16.0.{}: icmp_seq={n} ttl=64 time=0.0{} ms",
            n % 254,
            n % 97
        );
    }
    fs::write(&path, lines).expect("a temporary file can be written");
    path
}

fn median(measure: impl Fn() -> Duration) -> Duration {
    let mut took: Vec<Duration> = (0..TIMES).map(|_| measure()).collect();
    took.sort_unstable();
    took[TIMES / 2]
}

fn speed(took: Duration) -> f64 {
    let megabytes = u32::try_from(BYTES / 1_000_000).unwrap_or(u32::MAX);
    f64::from(megabytes) / took.as_secs_f64()
}

/// The program with a shell that answers.
fn shell() -> Pty {
    let env = [("SHELL", "/bin/sh"), ("PS1", "$ ")];
    let mut pty = Pty::start_with(Who::Myself, SIZE, &["--lesson", "stack"], &env);
    pty.shows("step 1");
    pty.shows("lo");
    pty.keys("s");
    pty.shows("Shell in host");
    pty.keys("echo up-$((1 + 1))\r");
    pty.shows("up-2");
    pty
}

/// Until what stands behind the text is on the screen.
fn in_shell(text: &Path) -> Duration {
    let mut pty = shell();
    timed(&mut pty, text)
}

/// The same in tmux.
fn in_tmux(text: &Path) -> Duration {
    // Another each time: a server that was told to end may still be there.
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let socket = format!("bench-{}", now.as_nanos());
    let tmux = ["-L", &socket, "-f", "/dev/null"];
    let home = std::env::temp_dir().join(&socket);
    fs::create_dir_all(&home).expect("a temporary directory can be made");
    let mut command = Command::new("tmux");
    command
        .args(tmux)
        .args(["new-session", "env", "PS1=$ ", "/bin/sh"])
        .env("TERM", "xterm-256color")
        .env_remove("TMUX");
    let mut pty = Pty::of(command, home, SIZE);
    pty.keys("echo up-$((1 + 1))\r");
    pty.shows("up-2");
    let took = timed(&mut pty, text);
    let _ = Command::new("tmux").args(tmux).arg("kill-server").status();
    took
}

fn timed(pty: &mut Pty, text: &Path) -> Duration {
    let began = Instant::now();
    pty.keys(&format!("cat {}; echo over-$((1 + 1))\r", text.display()));
    pty.shows("over-2");
    began.elapsed()
}

/// Leaves the shell and comes back, while it prints.
fn keys() {
    let mut pty = shell();
    pty.keys("yes\r");
    pty.until("it prints", |screen| {
        screen.lines().filter(|line| line.trim_end() == "y").count() > 5
    });
    let mut took = Vec::with_capacity(KEYS);
    for n in 0..KEYS {
        let (key, wanted) = if n % 2 == 0 {
            (LEAVE, "Terminal")
        } else {
            ("s", "Shell in host")
        };
        let began = Instant::now();
        pty.keys(key);
        pty.until("the key is obeyed", |screen| screen.contains(wanted));
        took.push(began.elapsed());
    }
    took.sort_unstable();
    let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
    println!(
        "{:43} {:8.2} {:9.2} {:9.2}",
        "leaving it and coming back",
        ms(took[KEYS / 2]),
        ms(took[KEYS * 99 / 100 - 1]),
        ms(took[KEYS - 1]),
    );
}
