//! Packets that were followed: their stories, and the checks that ask about them.

use std::sync::Arc;

use super::{Session, Ticket};
use crate::lesson::Verdict;
use crate::lesson::check::Judge;
use crate::trace::{Evidence, Story, tell};

/// Packets that were followed.
#[derive(Clone, Debug, Default)]
pub struct Followed {
    /// The story told last.
    pub last: Option<Arc<Story>>,
    /// Of which probe, or which command.
    pub of: Option<Ticket>,
    /// A probe of the learner's own (`:why TO`) that is under way.
    pub(super) own: Option<Ticket>,
    /// A `ping` that got no answer, of which it is about to be said why. Until then nothing else
    /// begins by itself, so that this is said below it.
    pub(super) awaited: Option<Ticket>,
}

impl Session {
    /// A packet was followed.
    pub(super) fn followed(&mut self, ticket: Ticket, evidence: &Evidence) {
        let story = Arc::new(tell(evidence));
        self.followed.last = Some(story.clone());
        self.say_why(ticket, &story);
        self.set_off();
        self.followed.of = Some(ticket);
        let check = self
            .checks
            .iter()
            .position(|check| check.following == Some(ticket));
        if let Some(index) = check {
            self.check_followed(index, story);
        }
        self.go_on();
    }

    /// A packet could not be followed. It was sent all the same; only what is said of its way stays
    /// open, and a check that asks for that does not hold.
    pub(super) fn not_followed(&mut self, ticket: Ticket, why: &str) {
        self.note(&format!("The way of a packet cannot be told: {why}"));
        self.followed.own.take_if(|own| *own == ticket);
        self.release(ticket);
        let check = self
            .checks
            .iter_mut()
            .find(|check| check.following == Some(ticket));
        if let Some(state) = check {
            state.following = None;
            state.story = None;
            if state.probing.take().is_some() {
                let why = format!("its packet could not be followed: {why}");
                state.verdict = Verdict::Not(why);
            }
        }
        self.go_on();
    }

    fn check_followed(&mut self, index: usize, story: Arc<Story>) {
        let lesson = self.lesson.clone();
        let state = &mut self.checks[index];
        state.following = None;
        if state.probing.take().is_some()
            && let Judge::Probe(probe) = &lesson.steps[self.step].checks[index].judge
        {
            state.verdict = probe.judge_story(&story);
        }
        state.story = Some(story);
    }
}
