//! `tutor test`: every step of every lesson, on the real kernel, judged.

use std::fs::File;
use std::io::Seek;
use std::sync::Arc;

use anyhow::{Context, Result};
use nix::sys::memfd::{MFdFlags, memfd_create};

use super::footprint::Footprint;
use super::report::{self, LessonReport};
use super::say::{refuse, say};
use super::trial::Trial;
use crate::cli::Format;
use crate::kernel::{doctor, sandbox};
use crate::lesson::{Lesson, find};

/// Exit status when a lesson failed.
const FAILED: u8 = 1;

/// Tries the named lessons, or all.
///
/// # Errors
/// If the sandbox is refused or the report cannot be written.
pub fn run(names: &[String], format: Format) -> Result<u8> {
    let all: Vec<String>;
    let names = if names.is_empty() {
        all = find::list().into_iter().map(|entry| entry.id).collect();
        &all
    } else {
        names
    };
    let mut lessons = Vec::new();
    for name in names {
        match find::load(name) {
            Ok(lesson) => lessons.push(Arc::new(lesson)),
            Err(report) => return Ok(refuse(&report)),
        }
    }
    let before = Footprint::take();
    let told = Notebook::new()?;
    let status = sandbox::guard(|| {
        told.write(&try_all(&lessons, |report| tell(format, report))?)?;
        Ok(0)
    })?;
    if status != 0 {
        return Ok(status);
    }
    let reports = told.read()?;
    let leftovers = before.differences(&Footprint::take());
    report::print(format, &reports, &leftovers)?;
    let passed = leftovers.is_empty() && reports.iter().all(LessonReport::passed);
    Ok(if passed { 0 } else { FAILED })
}

/// Tells people of a lesson as soon as it has ended; programs get all in one piece.
fn tell(format: Format, report: &LessonReport) {
    match format {
        // If nobody reads it, the end of the report will meet the same fate, and says so.
        Format::Human => drop(say(&report.human())),
        Format::Json | Format::Junit => {}
    }
}

/// A file in memory by which the sandbox tells what it found: a pipe could fill up, since it is
/// read only when the sandbox has ended.
struct Notebook(File);

impl Notebook {
    fn new() -> Result<Self> {
        let file = memfd_create("reports", MFdFlags::MFD_CLOEXEC)
            .context("making room for the reports")?;
        Ok(Self(File::from(file)))
    }

    fn write(&self, reports: &[LessonReport]) -> Result<()> {
        serde_json::to_writer(&self.0, reports).context("keeping the reports")
    }

    fn read(mut self) -> Result<Vec<LessonReport>> {
        self.0.rewind()?;
        serde_json::from_reader(&self.0).context("reading the reports")
    }
}

/// Tries lessons in the sandbox that the caller stands in.
///
/// `ended` is called with each as it ends.
fn try_all(lessons: &[Arc<Lesson>], ended: impl Fn(&LessonReport)) -> Result<Vec<LessonReport>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let tasks = tokio::task::LocalSet::new();
    runtime.block_on(tasks.run_until(async {
        let mut reports = Vec::new();
        for lesson in lessons {
            let report = try_one(lesson.clone()).await?;
            ended(&report);
            reports.push(report);
        }
        Ok(reports)
    }))
}

async fn try_one(lesson: Arc<Lesson>) -> Result<LessonReport> {
    let missing = doctor::missing(&lesson.needs);
    if !missing.is_empty() {
        let words: Vec<String> = missing.into_iter().map(|(_, why)| why).collect();
        let skipped = Some(format!(
            "this kernel lacks what it needs: {}",
            words.join("; ")
        ));
        return Ok(LessonReport {
            lesson: lesson.id.clone(),
            skipped,
            ..LessonReport::default()
        });
    }
    Ok(Trial::new(lesson)?.run().await)
}
