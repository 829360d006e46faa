//! What a trial of lessons has shown, and how it is written: for people, as JSON, as `JUnit`.

use std::time::Duration;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::say::say;
use crate::cli::Format;

/// One lesson's trial.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct LessonReport {
    /// Name.
    pub lesson: String,
    /// Steps, in order, as far as the trial came.
    pub steps: Vec<StepReport>,
    /// What a replay made different, in words; nothing is as it should be.
    pub replay: Vec<String>,
    /// Why it was not tried, if it was not (a kernel without what it needs).
    pub skipped: Option<String>,
    /// What went wrong outside of its steps.
    pub broken: Option<String>,
    /// How long it took.
    #[serde(with = "seconds")]
    pub took: Duration,
}

/// One step's trial.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StepReport {
    /// From 1.
    pub number: usize,
    /// Title.
    pub title: String,
    /// Checks that hold at its end.
    pub held: usize,
    /// What is wrong, in sentences.
    pub faults: Vec<String>,
    /// How long it took.
    #[serde(with = "seconds")]
    pub took: Duration,
}

/// Times as seconds, for people who read the JSON.
mod seconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(time.as_secs_f64())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        let seconds = f64::deserialize(deserializer)?;
        Duration::try_from_secs_f64(seconds).map_err(serde::de::Error::custom)
    }
}

impl LessonReport {
    /// Did everything hold?
    pub fn passed(&self) -> bool {
        self.broken.is_none()
            && self.replay.is_empty()
            && self.steps.iter().all(|step| step.faults.is_empty())
    }

    /// A line, and below it what is wrong.
    pub fn human(&self) -> String {
        if let Some(why) = &self.skipped {
            return format!("{} … SKIPPED: {why}\n", self.lesson);
        }
        let verdict = if self.passed() { "ok" } else { "FAILED" };
        let (name, steps, took) = (&self.lesson, self.steps.len(), self.took.as_secs_f64());
        let mut lines = vec![format!("{name} … {verdict} ({steps} steps, {took:.1} s)")];
        for step in self.steps.iter().filter(|step| !step.faults.is_empty()) {
            lines.push(format!("  step {} “{}”", step.number, step.title));
            lines.extend(step.faults.iter().map(|fault| format!("    {fault}")));
        }
        lines.extend(self.replay.iter().map(|line| format!("  replay: {line}")));
        lines.extend(self.broken.iter().map(|why| format!("  {why}")));
        lines.join("\n") + "\n"
    }
}

/// Writes the reports, for people only their sum, since they were told of each lesson as it ended;
/// `leftovers` is what the machine has that it did not have before.
///
/// # Errors
/// If they cannot be written.
pub fn print(format: Format, reports: &[LessonReport], leftovers: &[String]) -> Result<()> {
    say(&match format {
        Format::Human => sum(reports, leftovers),
        Format::Json => {
            let all = serde_json::json!({ "lessons": reports, "leftovers": leftovers });
            serde_json::to_string_pretty(&all)? + "\n"
        }
        Format::Junit => junit(reports, leftovers).to_string()?,
    })
}

fn sum(reports: &[LessonReport], leftovers: &[String]) -> String {
    let skipped = reports
        .iter()
        .filter(|report| report.skipped.is_some())
        .count();
    let failed = reports.iter().filter(|report| !report.passed()).count();
    let passed = reports.len() - skipped - failed;
    let mut lines: Vec<String> = leftovers
        .iter()
        .map(|left| format!("left behind: {left}"))
        .collect();
    if leftovers.is_empty() {
        lines.push("left behind: nothing".to_owned());
    }
    lines.push(format!(
        "{passed} passed, {failed} failed, {skipped} skipped\n"
    ));
    lines.join("\n")
}

fn junit(reports: &[LessonReport], leftovers: &[String]) -> quick_junit::Report {
    use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
    let failed = |lines: &[String]| {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_message(lines.join("\n"));
        status
    };
    let status = |lines: &[String]| {
        if lines.is_empty() {
            TestCaseStatus::success()
        } else {
            failed(lines)
        }
    };
    let mut all = Report::new("tutor");
    for report in reports {
        let mut suite = TestSuite::new(report.lesson.clone());
        for step in &report.steps {
            let name = format!("{}. {}", step.number, step.title);
            let mut case = TestCase::new(name, status(&step.faults));
            case.set_time(step.took);
            suite.add_test_case(case);
        }
        let whole: Vec<String> = report
            .broken
            .iter()
            .chain(&report.replay)
            .cloned()
            .collect();
        let outcome = match &report.skipped {
            Some(why) => {
                let mut skipped = TestCaseStatus::skipped();
                skipped.set_message(why.as_str());
                skipped
            }
            None => status(&whole),
        };
        suite.add_test_case(TestCase::new("replay gives the same tables", outcome));
        all.add_test_suite(suite);
    }
    let mut suite = TestSuite::new("machine");
    suite.add_test_case(TestCase::new("nothing is left behind", status(leftovers)));
    all.add_test_suite(suite);
    all
}
