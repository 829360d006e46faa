//! What is kept of one lesson, and how two records of it become one.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::session::ask::Mark;
use crate::session::resume::SavedDeed;
use crate::session::{Manner, StepRecord};

/// Version of the files' format. Format 1 was one file, `progress.json`, with the names of the
/// lessons that were done.
pub const FORMAT: u32 = 2;

/// One lesson's file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Version of its format.
    pub format: u32,
    /// What `--lesson` calls the lesson.
    pub lesson: String,
    /// Its file; none for one within the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
    /// Was it taken to its end?
    #[serde(default)]
    pub done: bool,
    /// When it was used last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<Timestamp>,
    /// Time spent with it in all sessions, seconds; pauses of more than five minutes are left out.
    #[serde(default)]
    pub spent: u64,
    /// What is known of each step, by its number from 0.
    #[serde(default)]
    pub steps: BTreeMap<usize, StepRecord>,
    /// Where to continue; none before a lesson has begun and once it is finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<Point>,
}

/// Where a learner continues.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// The [fingerprint](super::place::fingerprint) of the lesson as it was.
    pub fingerprint: String,
    /// How many steps it had.
    pub of: usize,
    /// The step, from 0.
    pub step: usize,
    /// Its title, by which it is found again in a lesson that has changed.
    pub title: String,
    /// Were commands shown?
    #[serde(default)]
    pub manner: Manner,
    /// The deeds begin at this step as the lesson reaches it.
    pub base: usize,
    /// What was drawn in it was drawn by this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// What was done since.
    #[serde(default)]
    pub deeds: Vec<SavedDeed>,
}

impl Point {
    /// Has anything been done, so that there is something to continue?
    pub fn begun(&self) -> bool {
        self.step > 0 || !self.deeds.is_empty()
    }
}

impl Record {
    /// An empty record of the lesson `lesson`.
    pub fn new(lesson: &str) -> Self {
        Self {
            format: FORMAT,
            lesson: lesson.to_owned(),
            file: None,
            done: false,
            used: None,
            spent: 0,
            steps: BTreeMap::new(),
            point: None,
        }
    }

    /// The step, from 0, at which the lesson was left and can be continued.
    pub fn left_at(&self) -> Option<usize> {
        let point = self.point.as_ref().filter(|point| point.begun());
        point.map(|point| point.step)
    }

    /// Takes in what a session has done since it was written last: its time is added, and it
    /// decides where to continue, since the latest session is the one that the learner remembers.
    pub fn take_in(&mut self, news: Record) {
        self.spent = self.spent.saturating_add(news.spent);
        self.point.clone_from(&news.point);
        self.unite(news, true);
    }

    /// Becomes one with a record from elsewhere, such as another machine's. Doing it twice changes
    /// nothing more: the longer time counts, and the later record decides where to continue.
    pub fn join(&mut self, other: Record) {
        let later = other.used > self.used;
        self.spent = self.spent.max(other.spent);
        if later {
            self.point.clone_from(&other.point);
        }
        self.unite(other, later);
    }

    /// What one of the two records says was done was done; where they differ the later one is
    /// believed.
    fn unite(&mut self, other: Record, later: bool) {
        self.done |= other.done;
        self.used = self.used.max(other.used);
        for (step, news) in other.steps {
            unite_step(self.steps.entry(step).or_default(), news, later);
        }
        if later {
            self.lesson = other.lesson;
            self.file = other.file;
        }
    }
}

fn unite_step(known: &mut StepRecord, news: StepRecord, later: bool) {
    known.solution |= news.solution;
    known.solved |= news.solved;
    if later && news.repair.is_some() || known.repair.is_none() {
        known.repair.clone_from(&news.repair);
    }
    for hint in news.hints {
        if !known.hints.contains(&hint) {
            known.hints.push(hint);
        }
    }
    for (question, news) in news.answers {
        let answer = known.answers.entry(question).or_default();
        if answer.mark == Mark::Skipped || (later && news.mark != Mark::Skipped) {
            *answer = news;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(used: i64, step: usize) -> Record {
        let known = StepRecord {
            hints: vec![1],
            ..StepRecord::default()
        };
        Record {
            used: Timestamp::from_second(used).ok(),
            spent: 60,
            steps: BTreeMap::from([(step, known)]),
            point: Some(Point {
                fingerprint: String::new(),
                of: 9,
                step,
                title: String::new(),
                manner: Manner::default(),
                base: step,
                seed: None,
                deeds: Vec::new(),
            }),
            ..Record::new("nat")
        }
    }

    fn step(record: &Record) -> Option<usize> {
        record.point.as_ref().map(|point| point.step)
    }

    #[test]
    fn two_sessions_become_one_record() {
        let mut kept = Record::new("nat");
        kept.take_in(record(20, 5));
        let mut other = record(10, 3);
        other.done = true;
        kept.take_in(other);
        assert_eq!(kept.spent, 120);
        assert_eq!(kept.steps.keys().collect::<Vec<_>>(), [&3, &5]);
        assert_eq!(step(&kept), Some(3), "the latest write wins");
        assert!(kept.done);
        kept.take_in(record(30, 1));
        assert!(kept.done, "done stays done");
    }

    #[test]
    fn what_is_imported_twice_counts_once() {
        let mut kept = record(10, 3);
        kept.join(record(20, 5));
        let once = kept.clone();
        kept.join(record(20, 5));
        assert_eq!(kept, once);
        assert_eq!((kept.spent, step(&kept)), (60, Some(5)));
        kept.join(record(15, 1));
        assert_eq!(step(&kept), Some(5), "an older record does not lead back");
    }
}
