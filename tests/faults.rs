//! Every fault of the lesson `faults`, on the real kernel, as many seeds make it: the network works
//! before, what is broken shows, the diagnosis names its cause, and the lesson's repair repairs it.

#[path = "support/frame.rs"]
mod frame;

use std::process::ExitCode;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;
use tutor::command::Command;
use tutor::kernel::driver::Driver;
use tutor::lesson::check::Judge;
use tutor::lesson::find::Shelf;
use tutor::lesson::probe::{Expect, Probe};
use tutor::lesson::{Fault, Lesson, RunLine, Verdict};
use tutor::session::{Effect, Event, Ticket};
use tutor::trace::answer::Answer;
use tutor::trace::{Story, tell};
use tutor::world::Ns;

/// Most of a case's time is spent waiting for answers that do not come.
const AT_ONCE: usize = 16;
/// The faults of a seed are tried in so many cases.
const PARTS: usize = 4;
/// As root, where the kernel is the same, a case tries only one in so many of its faults.
const AS_ROOT: usize = 4;
/// One in so many is waited for as long as a learner's check waits for an answer.
const PATIENT: usize = 8;
/// Nothing takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Cases of a seed: its faults in parts, so that they are waited for together.
macro_rules! seeds {
    ($($seed:literal: $a:ident, $b:ident, $c:ident, $d:ident;)*) => {
        $(fn $a() -> anyhow::Result<()> { faults_of($seed, 0) }
        fn $b() -> anyhow::Result<()> { faults_of($seed, 1) }
        fn $c() -> anyhow::Result<()> { faults_of($seed, 2) }
        fn $d() -> anyhow::Result<()> { faults_of($seed, 3) })*

        fn main() -> ExitCode {
            frame::main_at_once(AT_ONCE, &cases![$($a, $b, $c, $d,)* a_fresh_seed])
        }
    };
}

seeds! {
    0: seed_0_a, seed_0_b, seed_0_c, seed_0_d;
    1: seed_1_a, seed_1_b, seed_1_c, seed_1_d;
    2: seed_2_a, seed_2_b, seed_2_c, seed_2_d;
    3: seed_3_a, seed_3_b, seed_3_c, seed_3_d;
    4: seed_4_a, seed_4_b, seed_4_c, seed_4_d;
    5: seed_5_a, seed_5_b, seed_5_c, seed_5_d;
    6: seed_6_a, seed_6_b, seed_6_c, seed_6_d;
    7: seed_7_a, seed_7_b, seed_7_c, seed_7_d;
    42: seed_42_a, seed_42_b, seed_42_c, seed_42_d;
    99: seed_99_a, seed_99_b, seed_99_c, seed_99_d;
    512: seed_512_a, seed_512_b, seed_512_c, seed_512_d;
    1024: seed_1024_a, seed_1024_b, seed_1024_c, seed_1024_d;
    1337: seed_1337_a, seed_1337_b, seed_1337_c, seed_1337_d;
    2026: seed_2026_a, seed_2026_b, seed_2026_c, seed_2026_d;
    3141: seed_3141_a, seed_3141_b, seed_3141_c, seed_3141_d;
    4711: seed_4711_a, seed_4711_b, seed_4711_c, seed_4711_d;
    5678: seed_5678_a, seed_5678_b, seed_5678_c, seed_5678_d;
    7777: seed_7777_a, seed_7777_b, seed_7777_c, seed_7777_d;
    8080: seed_8080_a, seed_8080_b, seed_8080_c, seed_8080_d;
    9999: seed_9999_a, seed_9999_b, seed_9999_c, seed_9999_d;
}

/// One that nobody has chosen; a failure tells which.
fn a_fresh_seed() -> anyhow::Result<()> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    let now = now.subsec_nanos();
    faults_of(u64::from(now), usize::try_from(now)? % PARTS)
}

fn faults_of(seed: u64, part: usize) -> anyhow::Result<()> {
    let tasks = tokio::task::LocalSet::new();
    frame::block_on(tasks.run_until(async {
        let mut bench = Bench::new(seed)?;
        bench.is_healthy().await?;
        let mut wrong = Vec::new();
        for (index, fault) in bench.lesson.faults.clone().iter().enumerate() {
            let turn = index / PARTS + usize::try_from(seed % 8)?;
            let left_out = !frame::is_ordinary() && !turn.is_multiple_of(AS_ROOT);
            if index % PARTS != part || left_out {
                continue;
            }
            bench.patient = turn.is_multiple_of(PATIENT);
            let tried = bench.breaks_and_is_repaired(fault).await;
            let told = tried.with_context(|| format!("seed {seed}, fault {}", fault.id));
            wrong.extend(told.err().map(|error| format!("{error:#}")));
        }
        ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
        Ok(())
    }))
}

/// A sandbox, and the lesson as a seed makes it.
struct Bench {
    lesson: Rc<Lesson>,
    driver: Driver,
    events: UnboundedReceiver<Event>,
    tickets: u64,
    /// Is silence waited for as long as a learner's check does?
    patient: bool,
}

impl Bench {
    fn new(seed: u64) -> anyhow::Result<Self> {
        let lesson = Shelf::default().drawn_by(seed).load("faults");
        let lesson = lesson.map_err(|report| anyhow::anyhow!("{report}"))?;
        ensure!(lesson.faults.len() >= 16, "that are few faults");
        let (sender, events) = unbounded_channel();
        Ok(Self {
            lesson: Rc::new(lesson),
            driver: Driver::new(sender)?,
            events,
            tickets: 0,
            patient: false,
        })
    }

    /// Nothing is wrong with the network before anything is broken.
    async fn is_healthy(&mut self) -> anyhow::Result<()> {
        self.build(&[]).await?;
        let mut probes = self.checks();
        for fault in &self.lesson.faults {
            let probe = probe_of(fault);
            if !probes.contains(&probe) {
                probes.push(probe);
            }
        }
        for story in self.probe(&probes).await? {
            ensure!(
                matches!(story.answer, Answer::Reply { .. }) && story.diagnosis.is_none(),
                "the healthy network: {story:#?}"
            );
        }
        Ok(())
    }

    async fn breaks_and_is_repaired(&mut self, fault: &Fault) -> anyhow::Result<()> {
        self.build(&fault.breaks).await?;
        let mut shows = probe_of(fault);
        if !self.patient {
            // Tried for a shorter time.
            shows.expect = Expect::Timeout;
        }
        let [story] = &self.probe(&[shows]).await?[..] else {
            bail!("one probe has one story");
        };
        ensure!(
            !matches!(story.answer, Answer::Reply { .. }),
            "it does not show: {story:#?}"
        );
        let found = story.diagnosis.as_ref().map(|diagnosis| diagnosis.cause);
        let wanted = Some(fault.cause);
        let seed = self.lesson.seed.map(|seed| seed.number);
        let diagnosis = if found == wanted {
            Ok(())
        } else {
            Err(format!(
                "wanted {wanted:?}, found {found:?} ({seed:?}): {story:#?}"
            ))
        };
        self.carry_out(&fault.repair).await?;
        let mut probes = self.checks();
        probes.push(probe_of(fault));
        for (probe, story) in probes.iter().zip(self.probe(&probes).await?) {
            let verdict = probe.judge(&story.answer);
            ensure!(
                verdict == Verdict::Holds,
                "after the repair: {verdict:?} {story:#?}"
            );
            ensure!(story.diagnosis.is_none(), "after the repair: {story:#?}");
        }
        diagnosis.map_err(anyhow::Error::msg)
    }

    /// The probes of the step that shows the healthy network.
    fn checks(&self) -> Vec<Probe> {
        let checks = self.lesson.steps[0].checks.iter();
        let probes = checks.filter_map(|check| match &check.judge {
            Judge::Probe(probe) => Some(probe.clone()),
            Judge::State(_) => None,
        });
        probes.collect()
    }

    fn ticket(&mut self) -> Ticket {
        self.tickets += 1;
        Ticket(self.tickets)
    }

    /// The lesson's network, and then these lines.
    async fn build(&mut self, lines: &[RunLine]) -> anyhow::Result<()> {
        let lines = self.lesson.before.iter().chain(lines);
        let replay: Vec<(Ns, Command)> = lines
            .filter_map(|line| Some((line.at.clone(), line.line.command.clone()?)))
            .collect();
        let ticket = self.ticket();
        self.driver.perform(Effect::Build {
            ticket,
            uplink: self.lesson.uplink,
            replay,
        });
        loop {
            match self.event().await? {
                Event::Built {
                    ticket: built,
                    result,
                } if built == ticket => {
                    return result.map(drop).map_err(anyhow::Error::msg);
                }
                _ => {}
            }
        }
    }

    async fn carry_out(&mut self, lines: &[RunLine]) -> anyhow::Result<()> {
        for line in lines {
            let ticket = self.ticket();
            let command = line
                .line
                .command
                .clone()
                .context("a line without a command")?;
            self.driver.perform(Effect::Run {
                ticket,
                at: line.at.clone(),
                command,
            });
            loop {
                match self.event().await? {
                    Event::Ended {
                        ticket: ended,
                        outcome,
                    } if ended == ticket => {
                        ensure!(outcome.status == 0, "{}: {outcome:?}", line.source);
                        break;
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Sends these at once; what became of each.
    async fn probe(&mut self, probes: &[Probe]) -> anyhow::Result<Vec<Story>> {
        let mut tickets = Vec::new();
        for probe in probes {
            let ticket = self.ticket();
            tickets.push(ticket);
            self.driver.perform(Effect::Probe {
                ticket,
                probe: probe.clone(),
            });
        }
        let mut stories = vec![None; tickets.len()];
        while stories.iter().any(Option::is_none) {
            match self.event().await? {
                Event::Followed { ticket, evidence } => {
                    let place = tickets.iter().position(|one| *one == ticket);
                    if let Some(place) = place {
                        stories[place] = Some(tell(&evidence));
                    }
                }
                Event::NotFollowed { why, .. } => bail!("not followed: {why}"),
                _ => {}
            }
        }
        Ok(stories.into_iter().flatten().collect())
    }

    async fn event(&mut self) -> anyhow::Result<Event> {
        let event = timeout(PATIENCE, self.events.recv()).await;
        event
            .context("nothing happens any more")?
            .context("the driver has gone")
    }
}

fn probe_of(fault: &Fault) -> Probe {
    match &fault.probe.judge {
        Judge::Probe(probe) => probe.clone(),
        Judge::State(_) => unreachable!("a fault's probe is one"),
    }
}
