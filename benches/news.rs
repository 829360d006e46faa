//! What a real `ip` changes, until it is on a drawn frame; beside `ip monitor` telling of it.

#[path = "support/stage.rs"]
mod stage;

use std::cell::RefCell;
use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::Instant;

use divan::Bencher;
use nix::net::if_::if_nametoindex;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use stage::{Driven, Stage, tool};
use tutor::lesson::find;
use tutor::session::{Effect, Event, Phase, Place, Session};
use tutor::theme::{Background, Depth, Theme};
use tutor::ui;
use tutor::world::neigh::Neigh;
use tutor::world::{Change, Ns};

/// Columns and rows of the screen.
const SIZE: (u16, u16) = (120, 36);
/// The device that comes and goes.
const ADD: &str = "ip link add foreign type bridge";
const DEL: &str = "ip link del foreign";

const THEME: Theme = Theme {
    depth: Depth::True,
    background: Background::Dark,
    unicode: true,
};

fn main() -> ExitCode {
    stage::main()
}

/// A lesson on a screen, as the program's loop keeps it.
struct Shown {
    driven: Driven,
    session: Session,
    terminal: Terminal<TestBackend>,
    start: Instant,
}

impl Shown {
    /// `bridge`, at its first step.
    fn new(stage: &Stage) -> Self {
        let lesson = find::load("bridge").expect("the lesson is within the program");
        let (session, effects) = Session::new(Arc::new(lesson), Place::default());
        let backend = TestBackend::new(SIZE.0, SIZE.1);
        let mut shown = Self {
            driven: Driven::new(stage),
            session,
            terminal: Terminal::new(backend).expect("a buffer can be drawn on"),
            start: Instant::now(),
        };
        stage.run(async { shown.perform(effects) });
        shown.until(stage, |shown| shown.session.phase == Phase::Idle);
        shown
    }

    /// Takes in what happens, and draws, until it is as wanted.
    fn until(&mut self, stage: &Stage, wanted: impl Fn(&Self) -> bool) {
        stage.run(async {
            loop {
                self.draw();
                if wanted(self) {
                    return;
                }
                let event = self.driven.events.recv().await.expect("the driver lives");
                self.take(event);
                while let Ok(event) = self.driven.events.try_recv() {
                    self.take(event);
                }
            }
        });
    }

    fn take(&mut self, event: Event) {
        let clock = self.session.handle(Event::Clock(self.start.elapsed()));
        let effects = self.session.handle(event);
        self.perform(clock);
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            self.driven.driver.perform(effect);
        }
    }

    fn draw(&mut self) {
        let session = &self.session;
        let drawn = self.terminal.draw(|frame| {
            ui::draw(session, &THEME, frame);
        });
        drawn.expect("a buffer can be drawn on");
    }

    /// Does a row of the last frame hold this word?
    fn has(&self, word: &str) -> bool {
        let buffer = self.terminal.backend().buffer();
        let width = usize::from(buffer.area.width);
        buffer.content.chunks(width).any(|row| {
            let row: String = row.iter().map(ratatui::buffer::Cell::symbol).collect();
            row.contains(word)
        })
    }
}

/// From the start of `ip` until its change is on a frame.
#[divan::bench(sample_count = 100, sample_size = 1)]
fn foreign_change_on_the_frame(bencher: Bencher) {
    let stage = Stage::new();
    let shown = RefCell::new(Shown::new(&stage));
    bencher
        .with_inputs(|| {
            if if_nametoindex("foreign").is_ok() {
                tool(DEL);
            }
            let gone = |shown: &Shown| {
                !shown.session.world.spaces[&Ns::Host]
                    .links
                    .values()
                    .any(is_foreign)
            };
            shown.borrow_mut().until(&stage, gone);
        })
        .bench_local_values(|()| {
            let mut ip = spawn(ADD);
            shown
                .borrow_mut()
                .until(&stage, |shown| shown.has("foreign"));
            ip.wait()
        });
}

fn is_foreign(link: &tutor::world::link::Link) -> bool {
    link.name == "foreign"
}

/// From the start of `ip` until `ip monitor` has written of it.
#[divan::bench(sample_count = 100, sample_size = 1)]
fn foreign_change_by_ip_monitor(bencher: Bencher) {
    let mut monitor = Command::new("ip")
        .args(["monitor", "link"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("iproute2 is installed");
    let out = monitor.stdout.take().expect("it writes into a pipe");
    let lines = RefCell::new(BufReader::new(out).lines());
    let wait_for = |sign: &str| {
        let mut lines = lines.borrow_mut();
        let found = lines
            .by_ref()
            .flatten()
            .find(|line| line.contains("foreign") && line.contains("Deleted") == (sign == "gone"));
        assert!(found.is_some(), "ip monitor ends");
    };
    // It listens from some moment on.
    std::thread::sleep(std::time::Duration::from_millis(200));
    bencher
        .with_inputs(|| {
            if if_nametoindex("foreign").is_ok() {
                tool(DEL);
                wait_for("gone");
            }
        })
        .bench_local_values(|()| {
            let mut ip = spawn(ADD);
            wait_for("there");
            ip.wait()
        });
    let _ = monitor.kill();
    let _ = monitor.wait();
}

/// `ip` alone, which both of the above contain.
#[divan::bench(sample_count = 100, sample_size = 1)]
fn ip_itself(bencher: Bencher) {
    bencher
        .with_inputs(|| {
            if if_nametoindex("foreign").is_ok() {
                tool(DEL);
            }
        })
        .bench_local_values(|()| tool(ADD));
}

fn spawn(line: &str) -> std::process::Child {
    let mut words = line.split(' ');
    Command::new(words.next().unwrap_or_default())
        .args(words)
        .spawn()
        .expect("iproute2 is installed")
}

/// News that is in the queue already, taken in, and the one frame that is drawn after it.
#[divan::bench(args = [1, 2_048, 10_000], sample_size = 1)]
fn queued_news_and_a_frame(bencher: Bencher, count: u32) {
    let stage = Stage::new();
    let shown = RefCell::new(Shown::new(&stage));
    bencher
        .with_inputs(|| (0..count).map(neighbour).collect::<Vec<_>>())
        .bench_local_values(|events| {
            let mut shown = shown.borrow_mut();
            stage.run(async {
                for event in events {
                    shown.take(event);
                }
                shown.draw();
            });
        });
}

/// One of 256 neighbours has changed.
fn neighbour(n: u32) -> Event {
    let neigh = Neigh {
        link: 1,
        dst: std::net::Ipv4Addr::from(0xac10_0100 + n % 256).into(),
        mac: None,
        state: if n & 256 == 0 { 2 } else { 4 },
        flags: 0,
    };
    Event::World(Ns::Host, Change::Neigh(neigh))
}
