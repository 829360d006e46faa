//! A step of a lesson, lived on the real kernel from its first line to its last.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow, ensure};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use tokio::task::LocalSet;
use tutor::headless::stage::Stage;
use tutor::lesson::{Lesson, Step, find};
use tutor::session::{Action, CommandState, Pane, Phase, Place, Session, TranscriptKind};
use tutor::theme::{Background, Depth, Theme};
use tutor::ui;
use tutor::world::{Ns, Space};

use crate::frame::block_on;
use crate::like::is_like;

/// Longer than any command of a lesson, and any check.
const PATIENCE: Duration = Duration::from_secs(20);

/// What was printed, and what the kernel's tables were, when a step was done.
pub struct Lived {
    session: Session,
}

/// A command of the step, and what stands between its prompt and the next.
struct Said {
    at: Ns,
    line: String,
    /// A command in the background prints among later ones.
    out: Vec<String>,
}

impl Lived {
    /// Lives the first step of the built-in `lesson` that carries out `line`, until all its checks
    /// hold. What stands before that step is built silently.
    pub fn through(lesson: &str, line: &str) -> anyhow::Result<Self> {
        let lesson = find::load(lesson).map_err(|report| anyhow!("{report}"))?;
        let carries = |step: &Step| step.run.iter().any(|run| run.source == line);
        let step = lesson.steps.iter().position(carries);
        let step =
            step.with_context(|| format!("no step of {} carries out `{line}`", lesson.id))?;
        block_on(LocalSet::new().run_until(Self::step(Arc::new(lesson), step)))
    }

    async fn step(lesson: Arc<Lesson>, step: usize) -> anyhow::Result<Self> {
        let mut stage = Stage::new(lesson, Place { step, done: 0 })?;
        let built = |session: &Session| session.phase == Phase::Idle;
        stage.until("the sandbox is built", PATIENCE, built).await?;
        stage.act(Action::RunStep);
        let ended = |session: &Session| {
            let mut commands = session.commands.iter();
            commands.all(|state| matches!(state, CommandState::Done | CommandState::Failed))
        };
        stage.until("the step has ended", PATIENCE, ended).await?;
        let held = stage
            .until("the checks hold", PATIENCE, Session::all_hold)
            .await;
        held.with_context(|| format!("{:?}", stage.session().unmet()))?;
        let session = stage.session().clone();
        Ok(Self { session })
    }

    /// Tables of a namespace.
    pub fn space(&self, ns: &str) -> anyhow::Result<&Space> {
        let spaces = &self.session.world.spaces;
        let space = spaces.get(&Ns::from_name(ns));
        space.with_context(|| format!("{ns} is not there"))
    }

    fn commands(&self) -> Vec<Said> {
        let mut commands: Vec<Said> = Vec::new();
        for line in &self.session.transcript {
            let text = line.text.trim_end().to_owned();
            match (&line.kind, commands.last_mut()) {
                (TranscriptKind::Prompt(at), _) => commands.push(Said {
                    at: at.clone(),
                    line: text,
                    out: Vec::new(),
                }),
                (TranscriptKind::Out | TranscriptKind::Err, Some(said)) => said.out.push(text),
                (TranscriptKind::Out | TranscriptKind::Err, None) | (TranscriptKind::Note, _) => {}
            }
        }
        commands
    }

    /// All lines printed in the step.
    pub fn all(&self) -> Vec<String> {
        let commands = self.commands().into_iter();
        commands.flat_map(|said| said.out).collect()
    }

    /// What `line` printed at the prompt of `ns`.
    pub fn said(&self, ns: &str, line: &str) -> anyhow::Result<Vec<String>> {
        let at = Ns::from_name(ns);
        let mut commands = self.commands().into_iter();
        let said = commands.find(|said| said.line == line && said.at == at);
        let said = said.with_context(|| format!("`{line}` was not carried out in {ns}"))?;
        Ok(said.out)
    }

    /// `line`, at the prompt of `ns`, printed lines like these one after the other; `*` stands for
    /// anything. There may be others before, between and behind.
    pub fn ensure_said(&self, ns: &str, line: &str, wanted: &[&str]) -> anyhow::Result<()> {
        let out = self.said(ns, line)?;
        let mut rest = out.iter();
        for pattern in wanted {
            ensure!(
                rest.any(|line| is_like(line, pattern)),
                "`{line}` in {ns} does not print `{pattern}`, in this order: {out:#?}"
            );
        }
        Ok(())
    }

    /// `line`, at the prompt of `ns`, printed just these lines; `*` stands for anything.
    pub fn ensure_said_just(&self, ns: &str, line: &str, wanted: &[&str]) -> anyhow::Result<()> {
        self.ensure_said(ns, line, wanted)?;
        let out = self.said(ns, line)?;
        ensure!(out.len() == wanted.len(), "`{line}` prints more: {out:#?}");
        Ok(())
    }

    /// How many lines like this were printed in the step.
    pub fn count(&self, pattern: &str) -> usize {
        let all = self.all();
        all.iter().filter(|line| is_like(line, pattern)).count()
    }

    /// The screen of 200 columns and 50 rows as a learner sees it now, with the tables of `ns`
    /// scrolled to their start, and again to their end. Runs of blanks are one.
    pub fn screen(&self, ns: &str) -> anyhow::Result<String> {
        let theme = Theme {
            depth: Depth::True,
            background: Background::Dark,
            unicode: true,
        };
        let mut text = String::new();
        for offset in [0, u16::MAX] {
            let mut session = self.session.clone();
            session.chosen = Ns::from_name(ns);
            session.scroll.insert(Pane::Tables, offset);
            let mut terminal = Terminal::new(TestBackend::new(200, 50))?;
            terminal.draw(|frame| {
                ui::draw(&session, &theme, frame);
            })?;
            text.push_str(&terminal.backend().to_string());
        }
        Ok(text
            .split(' ')
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" "))
    }
}
