//! What benchmarks within a sandbox stand on.
#![allow(dead_code)] // Each benchmark uses its part of this.

use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use nix::net::if_::if_nametoindex;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::LocalSet;
use tutor::kernel::driver::Driver;
use tutor::kernel::sandbox;
use tutor::session::{Effect, Event};

/// Nothing that is waited for takes this long.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs the benchmarks in a sandbox. It is entered first, while there is one thread.
pub fn main() -> ExitCode {
    let ended = sandbox::guard(|| {
        divan::main();
        Ok(0)
    });
    ended.map_or_else(
        |error| {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        },
        ExitCode::from,
    )
}

/// The runtime, as the program has it.
pub struct Stage {
    runtime: Runtime,
    tasks: LocalSet,
}

impl Stage {
    /// A new one.
    pub fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build();
        Self {
            runtime: runtime.expect("there can be a runtime"),
            tasks: LocalSet::new(),
        }
    }

    /// Runs `future` to its end.
    pub fn run<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(self.tasks.run_until(future))
    }
}

/// A driver and what it says.
pub struct Driven {
    /// Carries out effects.
    pub driver: Driver,
    /// What has happened.
    pub events: UnboundedReceiver<Event>,
}

impl Driven {
    /// A driver of this sandbox.
    pub fn new(stage: &Stage) -> Self {
        let (sender, events) = unbounded_channel();
        let driver = stage.run(async { Driver::new(sender) });
        Self {
            driver: driver.expect("this is a sandbox"),
            events,
        }
    }

    /// Has an effect carried out, up to the first event that `wanted` picks.
    pub fn perform<T>(
        &mut self,
        stage: &Stage,
        effect: Effect,
        wanted: impl Fn(Event) -> Option<T>,
    ) -> T {
        stage.run(async {
            self.driver.perform(effect);
            loop {
                let event = self.events.recv().await.expect("the driver lives");
                if let Some(found) = wanted(event) {
                    return found;
                }
            }
        })
    }
}

/// A real tool, its words parted by blanks; it must succeed.
pub fn tool(line: &str) {
    let mut words = line.split_whitespace();
    let status = Command::new(words.next().unwrap_or_default())
        .args(words)
        .stdout(Stdio::null())
        .status();
    assert!(status.is_ok_and(|status| status.success()), "{line}");
}

/// A script of real tools, one a line; each must succeed.
pub fn script(path: &str) {
    let status = Command::new("sh")
        .args(["-e", path])
        .stdout(Stdio::null())
        .status();
    assert!(status.is_ok_and(|status| status.success()), "{path}");
}

/// Waits until the namespaces that were dropped are gone. The kernel takes them down later, all
/// that wait at once, and what is built meanwhile would wait for its locks.
pub fn calm() {
    tool("ip netns add calm");
    tool("ip link add calm0 type veth peer name calm1 netns calm");
    tool("ip netns del calm");
    let deadline = Instant::now() + PATIENCE;
    while if_nametoindex("calm0").is_ok() {
        assert!(Instant::now() < deadline, "namespaces are not taken down");
        std::thread::sleep(Duration::from_millis(1));
    }
}
