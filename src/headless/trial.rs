//! One lesson without a screen, through the same session as with one.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};
use tokio::time::Instant;

use super::report::{LessonReport, StepReport};
use super::stage::Stage;
use crate::lesson::{Lesson, Verdict};
use crate::session::transcript::clean;
use crate::session::{Action, CommandState, Phase, Place, Session};
use crate::world::World;
use crate::world::link::LinkFlags;

/// A step that is not done by then has failed: the longest command is a ping that waits seconds
/// for neighbours that do not answer.
const PATIENCE: Duration = Duration::from_secs(40);

/// After the last command, checks get so long to hold: carrier, ARP and probes need a moment.
const SETTLE: Duration = Duration::from_secs(8);

/// A trial of one lesson, in the sandbox that the caller stands in.
pub struct Trial {
    stage: Stage,
}

impl Trial {
    /// A trial of `lesson`, from its start.
    ///
    /// # Errors
    /// If this is no sandbox.
    pub fn new(lesson: Arc<Lesson>) -> Result<Self> {
        let stage = Stage::new(lesson, Place::default())?;
        Ok(Self { stage })
    }

    fn session(&self) -> &Session {
        self.stage.session()
    }

    /// Runs every step, then compares what a replay gives; what was found.
    pub async fn run(mut self) -> LessonReport {
        let began = Instant::now();
        let mut report = LessonReport {
            lesson: self.session().lesson.id.clone(),
            ..LessonReport::default()
        };
        if let Err(error) = self.all(&mut report).await {
            report.broken = Some(format!("{error:#}"));
        }
        report.took = began.elapsed();
        report
    }

    async fn all(&mut self, report: &mut LessonReport) -> Result<()> {
        self.stage
            .until("the sandbox is built", PATIENCE, |session| {
                session.phase == Phase::Idle
            })
            .await?;
        let mut worlds = Vec::new();
        for index in 0..self.session().lesson.steps.len() {
            // A step that begins with something broken is built first.
            let stands = |session: &Session| session.step == index && session.phase == Phase::Idle;
            self.stage
                .until("the step begins", PATIENCE, stands)
                .await?;
            let began = Instant::now();
            let mut step = self.step(index).await?;
            step.took = began.elapsed();
            worlds.push(lasting(&self.session().world));
            report.steps.push(step);
            // Whether its checks hold or not, and without waiting for them.
            self.stage.act(Action::NextStep);
        }
        if self.session().phase != Phase::Finished {
            bail!("the lesson has run and is not finished");
        }
        report.replay = self.replays(&worlds).await?;
        Ok(())
    }

    /// Runs one step; what is wrong with it.
    async fn step(&mut self, index: usize) -> Result<StepReport> {
        let step = self.session().lesson.steps[index].clone();
        let mut report = StepReport {
            number: index + 1,
            title: step.title.clone(),
            ..StepReport::default()
        };
        if step.changes() && step.checks.is_empty() {
            let fault = "it changes something, and no check tells whether that was done";
            report.faults.push(fault.to_owned());
        } else if step.changes() && !self.fails_before().await? {
            let fault = "every check holds before the step has changed anything";
            report.faults.push(fault.to_owned());
        }
        self.stage.act(Action::RunStep);
        let over = |session: &Session| {
            session.phase == Phase::Idle
                && session
                    .commands
                    .iter()
                    .all(|state| *state != CommandState::Current && *state != CommandState::ToCome)
        };
        self.stage
            .until("the step's commands have ended", PATIENCE, over)
            .await?;
        // Whoever looks on for a while sees the captures that end by themselves.
        let quiet = |session: &Session| {
            session
                .commands
                .iter()
                .all(|state| *state != CommandState::Running)
        };
        let captures = self
            .stage
            .until("the captures have ended", SETTLE, quiet)
            .await;
        report
            .faults
            .extend(captures.err().map(|error| format!("{error:#}")));
        // Not held in time is no error of the trial: it is what the report is for.
        let _ = self
            .stage
            .until("the checks hold", SETTLE, Session::all_hold)
            .await;
        for (check, state) in step.checks.iter().zip(&self.session().checks) {
            match &state.verdict {
                Verdict::Holds => report.held += 1,
                Verdict::Not(found) => {
                    let why = state.why().map(|why| format!(". {}", clean(&why)));
                    let fault = format!("{}: {found}{}", check.title, why.unwrap_or_default());
                    report.faults.push(fault);
                }
                Verdict::TooSoon => report
                    .faults
                    .push(format!("{}: no answer in time", check.title)),
            }
        }
        Ok(report)
    }

    /// Does a check fail before the step has run? Tables are judged first, since a probe that is
    /// to be answered waits long for an answer that cannot come yet.
    async fn fails_before(&mut self) -> Result<bool> {
        if !self.session().unmet().is_empty() {
            return Ok(true);
        }
        self.stage.act(Action::Check);
        let told = |session: &Session| session.checks.iter().all(|check| check.probing.is_none());
        self.stage
            .until("the probes before the step are answered", PATIENCE, told)
            .await?;
        Ok(!self.session().unmet().is_empty())
    }

    /// Builds the end of each step by replay; where its tables are not those that were lived.
    async fn replays(&mut self, lived: &[Vec<String>]) -> Result<Vec<String>> {
        let mut differences = Vec::new();
        for (index, lived) in lived.iter().enumerate() {
            let lesson = self.session().lesson.clone();
            let done = lesson.steps[index].run.len();
            let (session, effects) = Session::new(lesson, Place { step: index, done });
            self.stage.change_to((session, effects));
            self.stage
                .until("the replay is built", PATIENCE, |session| {
                    session.phase == Phase::Idle
                })
                .await?;
            let same = |session: &Session| lasting(&session.world) == *lived;
            if self
                .stage
                .until("the tables are the same", SETTLE, same)
                .await
                .is_err()
            {
                let replayed = lasting(&self.session().world);
                differences.extend(differing(index + 1, lived, &replayed));
            }
        }
        Ok(differences)
    }
}

/// What the replay of a step lacks of what was lived, and what it has beyond it, line by line.
fn differing(step: usize, lived: &[String], replayed: &[String]) -> Vec<String> {
    let only = |a: &[String], b: &[String], which: &str| -> Vec<String> {
        let lines = a.iter().filter(|line| !b.contains(line));
        lines
            .map(|line| format!("step {step}: only {which}: {line}"))
            .collect()
    };
    let found = [
        only(lived, replayed, "lived"),
        only(replayed, lived, "replayed"),
    ]
    .concat();
    if found.is_empty() && lived != replayed {
        return vec![format!("step {step}: the same lines in another order")];
    }
    found
}

/// What stays of the tables when the same is done again: everything but what the kernel draws by
/// lot (indexes, hardware addresses), what follows later (carrier) and what traffic brings (neighbours, learnt entries, flows,
/// counters).
pub fn lasting(world: &World) -> Vec<String> {
    let mut lines = Vec::new();
    for (ns, space) in &world.spaces {
        let name = |index: Option<u32>| index.map(|index| space.link_name(index));
        for link in space.links.values() {
            // Carrier follows from both ends being up, up to a second later.
            let set = link.flags & (LinkFlags::UP | LinkFlags::PROMISC | LinkFlags::NOARP);
            lines.push(format!(
                "{ns}: link {} {set:?} mtu {} master {:?} kind {:?}",
                link.name,
                link.mtu,
                name(link.master),
                link.kind,
            ));
        }
        // Link-local IPv6 addresses follow the hardware address, and appear when detection is over.
        let link_local = |text: &str| text.starts_with("fe80:") || text.starts_with("ff00:");
        let addrs = space
            .addrs
            .iter()
            .filter(|addr| !link_local(&addr.net.to_string()));
        lines.extend(
            addrs.map(|addr| format!("{ns}: addr {} on {:?}", addr.net, name(Some(addr.link)))),
        );
        let routes = space
            .routes
            .iter()
            .filter(|route| !link_local(&route.dst.to_string()));
        lines.extend(routes.map(|route| {
            let (via, src, dev) = (route.via, route.src, name(route.dev));
            format!(
                "{ns}: route {} via {via:?} dev {dev:?} src {src:?} table {}",
                route.dst, route.table
            )
        }));
        lines.extend(
            space
                .ruleset
                .lines()
                .into_iter()
                .map(|line| format!("{ns}: {}", line.text)),
        );
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replay_that_differs_fails_the_lesson() {
        let lines = |all: &[&str]| -> Vec<String> { all.iter().map(ToString::to_string).collect() };
        let lived = lines(&["host: link lo", "host: link br0"]);
        assert!(differing(2, &lived, &lived).is_empty());
        let replayed = lines(&["host: link lo", "host: link br1"]);
        let found = differing(2, &lived, &replayed);
        let told = [
            "step 2: only lived: host: link br0",
            "step 2: only replayed: host: link br1",
        ];
        assert_eq!(found, told);
        assert_eq!(
            differing(1, &lived, &lines(&["host: link br0", "host: link lo"])).len(),
            1
        );
        let report = LessonReport {
            lesson: "x".to_owned(),
            replay: found,
            ..LessonReport::default()
        };
        assert!(!report.passed());
        assert!(
            report
                .human()
                .contains("replay: step 2: only lived: host: link br0")
        );
    }
}
