//! A sandbox in which packets are followed.
#![allow(dead_code)] // Each test binary uses its part of this.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};
use tokio::task::LocalSet;
use tutor::headless::stage::Stage;
use tutor::lesson::check::{Check, Judge};
use tutor::lesson::probe::{Expect, Probe, What};
use tutor::lesson::{Lesson, Step, find, free};
use tutor::session::{Action, CommandState, Phase, Place, Session};
use tutor::trace::{Hop, Story};
use tutor::world::Ns;
use tutor::world::ready::ready;

use crate::frame::block_on;
use crate::like::is_like;

/// Longer than any command, and any probe.
const PATIENCE: Duration = Duration::from_secs(20);

/// A session in its sandbox.
pub struct Desk {
    /// The session and the kernel floor.
    pub stage: Stage,
}

/// Runs something asynchronous to its end, on this thread.
pub fn run(work: impl Future<Output = Result<()>>) -> Result<()> {
    block_on(LocalSet::new().run_until(work))
}

/// An echo request, to be answered or not.
pub fn ping(from: &str, to: &str, expect: Expect) -> Probe {
    Probe {
        from: Ns::from_name(from),
        to: to.parse().expect("an address"),
        what: What::Ping { size: None },
        expect,
        demands: Vec::new(),
    }
}

impl Desk {
    /// Free play with an uplink, after these lines; `probes` are its checks.
    pub async fn free(lines: &[&str], probes: Vec<Probe>) -> Result<Self> {
        let mut lesson = free::free(true);
        lesson.steps[0].checks = (probes.into_iter())
            .map(|probe| Check {
                title: probe.title(),
                why: None,
                judge: Judge::Probe(probe),
            })
            .collect();
        let mut desk = Self::at(lesson, 0).await?;
        for line in lines {
            desk.line(line).await?;
        }
        let ready = |session: &Session| ready(&session.world);
        desk.stage.until("all is up", PATIENCE, ready).await?;
        Ok(desk)
    }

    /// The first step of the built-in `lesson` that carries out `line`, after all its commands.
    pub async fn through(lesson: &str, line: &str) -> Result<Self> {
        let lesson = find::load(lesson).map_err(|report| anyhow!("{report}"))?;
        let carries = |step: &Step| step.run.iter().any(|run| run.source == line);
        let step = lesson.steps.iter().position(carries);
        let step =
            step.with_context(|| format!("no step of {} carries out `{line}`", lesson.id))?;
        let mut desk = Self::at(lesson, step).await?;
        desk.stage.act(Action::RunStep);
        let ended = |session: &Session| {
            let mut commands = session.commands.iter();
            commands.all(|state| matches!(state, CommandState::Done | CommandState::Failed))
                && session.phase == Phase::Idle
        };
        desk.stage
            .until("the step has ended", PATIENCE, ended)
            .await?;
        Ok(desk)
    }

    /// The start of a step, from 0.
    pub async fn at(lesson: Lesson, step: usize) -> Result<Self> {
        let mut stage = Stage::new(Arc::new(lesson), Place { step, done: 0 })?;
        let built = |session: &Session| session.phase == Phase::Idle;
        stage.until("the sandbox is built", PATIENCE, built).await?;
        Ok(Self { stage })
    }

    /// Carries out a line, to its end.
    pub async fn line(&mut self, line: &str) -> Result<()> {
        self.stage
            .take_line(line)
            .map_err(|error| anyhow!("{line}: {error:?}"))?;
        let idle = |session: &Session| session.phase == Phase::Idle;
        self.stage.until(line, PATIENCE, idle).await
    }

    /// Carries out a line that sends a packet; its story. Others may be told meanwhile, of the step's
    /// own checks.
    pub async fn follow(&mut self, line: &str) -> Result<Arc<Story>> {
        self.stage
            .take_line(line)
            .map_err(|error| anyhow!("{line}: {error:?}"))?;
        let Phase::Running(ticket) = self.stage.session().phase else {
            bail!("{line}: nothing is carried out");
        };
        let told = |session: &Session| session.followed.of == Some(ticket);
        self.stage
            .until("the packet is followed", PATIENCE, told)
            .await?;
        let story = self.stage.session().followed.last.clone();
        story.context("no story")
    }

    /// One echo request from `ns`; its story.
    pub async fn ping(&mut self, ns: &str, to: &str) -> Result<Arc<Story>> {
        let ping = format!("ping -c 1 -W 1 {to}");
        let line = match ns {
            "host" => ping,
            ns => format!("ip netns exec {ns} {ping}"),
        };
        self.follow(&line).await
    }

    /// Sends every probe at once; their stories.
    pub async fn check(&mut self) -> Result<Vec<Arc<Story>>> {
        self.stage.act(Action::Check);
        let told = |session: &Session| {
            let mut checks = session.checks.iter();
            checks.all(|check| check.following.is_none() && check.story.is_some())
        };
        self.stage.until("all are followed", PATIENCE, told).await?;
        let checks = self.stage.session().checks.iter();
        Ok(checks.filter_map(|check| check.story.clone()).collect())
    }
}

/// The way as lines: `host/br0 → routed: …`.
pub fn way(story: &Story) -> Vec<String> {
    let place = |hop: &Hop| match &hop.dev {
        Some(dev) => format!("{}/{dev}", hop.ns),
        None => hop.ns.to_string(),
    };
    (story.way.iter())
        .map(|hop| format!("{} {} {hop}", place(hop), hop.leg.arrow()))
        .collect()
}

/// Do these lines stand in the way, in this order? A `*` stands for anything.
pub fn ensure_way(story: &Story, wanted: &[&str]) -> Result<()> {
    let lines = way(story);
    let mut left = lines.iter();
    for line in wanted {
        ensure!(
            left.any(|there| is_like(there, line)),
            "`{line}` is missing, or out of order, in:\n{}",
            lines.join("\n")
        );
    }
    Ok(())
}

/// Is the way just this?
pub fn ensure_just(story: &Story, wanted: &[&str]) -> Result<()> {
    let lines = way(story);
    let same = lines.len() == wanted.len();
    let same = same && lines.iter().zip(wanted).all(|(a, b)| is_like(a, b));
    ensure!(
        same,
        "wanted:\n{}\nfound:\n{}",
        wanted.join("\n"),
        lines.join("\n")
    );
    Ok(())
}
