//! The packet before and after: told once it works again.
//!
//! The check that shows the fault is the one to compare by. Who repairs before its packet was
//! followed is shown another check's, or told plainly that there is none.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Session;
use crate::trace::{Story, print};

/// What became of the packets of a repair's checks.
#[derive(Clone, Debug, Default)]
pub(super) struct Ways {
    /// By the check's place in the step.
    checks: BTreeMap<usize, Way>,
    told: bool,
}

/// A check's packets.
#[derive(Clone, Debug, Default)]
struct Way {
    /// The first one that was not answered.
    broken: Option<Arc<Story>>,
    /// The last one, if it was.
    whole: Option<Arc<Story>>,
}

impl Ways {
    /// Of a repair that begins, or that is looked at again when it is done.
    pub(super) fn begun(told: bool) -> Self {
        Self {
            told,
            ..Self::default()
        }
    }

    fn add(&mut self, check: usize, story: &Arc<Story>) {
        let way = self.checks.entry(check).or_default();
        if story.answer.is_reply() {
            way.whole = Some(story.clone());
        } else {
            way.broken.get_or_insert_with(|| story.clone());
            way.whole = None;
        }
    }

    /// The packet to tell of: while it was broken, if it was followed then, and now. Nothing while
    /// the packet of the check that shows the fault has not come through.
    fn both(&self, shows: usize) -> Option<(Option<&Arc<Story>>, &Arc<Story>)> {
        let own = self.checks.get(&shows)?;
        let whole = own.whole.as_ref()?;
        if let Some(broken) = &own.broken {
            return Some((Some(broken), whole));
        }
        let mut others = self.checks.values();
        let other = others.find_map(|way| Some((way.broken.as_ref()?, way.whole.as_ref()?)));
        Some(other.map_or((None, whole), |(broken, whole)| (Some(broken), whole)))
    }
}

impl Session {
    /// The packet of a check of this step was followed.
    pub(in crate::session) fn repair_followed(&mut self, check: usize, story: &Arc<Story>) {
        if self.fault().is_some() {
            self.mending.ways.add(check, story);
            self.tell_ways();
        }
    }

    /// Tells the way of the packet before and after, once it works and the packet that showed what
    /// was broken has come through.
    pub(super) fn tell_ways(&mut self) {
        let repair = self.record().repair.as_ref();
        let done = repair.is_some_and(|repair| repair.points.is_some());
        let Some(shows) = self.current_step().check_of_fault().filter(|_| done) else {
            return;
        };
        let ways = &self.mending.ways;
        let Some((broken, whole)) = ways.both(shows).filter(|_| !ways.told) else {
            return;
        };
        let (broken, whole) = (broken.cloned(), whole.clone());
        self.mending.ways.told = true;
        if let Some(broken) = broken {
            self.note("The packet, while it was broken:");
            self.tell_way(&broken);
            if let Some(diagnosis) = &broken.diagnosis {
                self.note(&diagnosis.sentence);
            }
            self.note("And now:");
        } else {
            self.note(
                "It was repaired before a packet could be followed that got lost. How it goes now:",
            );
        }
        self.tell_way(&whole);
    }

    fn tell_way(&mut self, story: &Story) {
        let lines = print::lines(story);
        let place = |line: &print::Line| match line.dev.as_str() {
            "" => line.ns.clone(),
            dev => format!("{}/{dev}", line.ns),
        };
        let places: Vec<String> = lines.iter().map(place).collect();
        let width = places.iter().map(|place| place.chars().count()).max();
        let width = width.unwrap_or_default();
        for (line, place) in lines.iter().zip(places) {
            self.note(&format!(
                "  {place:width$}  {} {}",
                line.leg.arrow(),
                line.text
            ));
        }
        self.note(&format!("  {}", story.answer.words()));
    }
}
