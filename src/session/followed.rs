//! Packets that were followed: their stories, and the checks that ask about them.

use std::net::IpAddr;
use std::sync::Arc;

use super::{Session, Ticket};
use crate::lesson::Verdict;
use crate::lesson::check::Judge;
use crate::trace::{Evidence, Story, tell};
use crate::world::Ns;

/// Packets that were followed.
#[derive(Clone, Debug, Default)]
pub struct Followed {
    /// The story told last.
    pub last: Option<Arc<Story>>,
    /// So many packets passed meanwhile for which there was no room, so that some of its way may be
    /// missing.
    pub missed: u64,
    /// Of which probe, or which command.
    pub of: Option<Ticket>,
    /// A probe of the learner's own (`:why TO`) that is under way.
    pub(super) own: Option<Ticket>,
    /// A `ping` that got no answer, of which it is about to be said why. Until then nothing else
    /// begins by itself, so that this is said below it.
    pub(super) awaited: Option<Ticket>,
    /// A `ping` that has ended, and whose story is to come.
    to_come: Option<Ticket>,
    /// Stories of older tickets come too late: their step was left.
    since: u64,
    /// What was sent only to be followed, and has not been told yet.
    pub under_way: Option<UnderWay>,
}

/// A packet that is on its way, to be followed.
#[derive(Clone, Debug)]
pub struct UnderWay {
    /// Its probe.
    pub ticket: Ticket,
    /// From this namespace.
    pub from: Ns,
    /// To this address.
    pub to: IpAddr,
}

impl Session {
    /// Is there a packet whose story is to come: of a ping that has ended, of a check that was
    /// answered, or one that was sent for its story?
    pub fn follows(&self) -> bool {
        let mut checks = self.checks.iter();
        self.followed.to_come.is_some()
            || self.followed.own.is_some()
            || self.followed.under_way.is_some()
            || checks.any(|check| check.following.is_some() && check.probing.is_none())
    }

    /// The step is left: what was sent in it is of no interest any more.
    pub(super) fn await_no_story(&mut self) {
        self.followed.awaited = None;
        self.followed.to_come = None;
        self.followed.under_way = None;
        self.followed.since = self.next_ticket;
    }

    /// A `ping` has ended: its story will come.
    pub(super) fn awaits_story(&mut self, ticket: Ticket) {
        self.followed.to_come = Some(ticket);
    }

    /// A packet was followed.
    pub(super) fn followed(&mut self, ticket: Ticket, evidence: &Evidence) {
        if ticket.0 < self.followed.since {
            return;
        }
        self.followed.to_come.take_if(|it| *it == ticket);
        let story = Arc::new(tell(evidence));
        self.followed.last = Some(story.clone());
        self.say_why(ticket, &story);
        self.set_off();
        self.followed.of = Some(ticket);
        self.followed.missed = evidence.missed;
        self.has_arrived(ticket);
        let check = self
            .checks
            .iter()
            .position(|check| check.following == Some(ticket));
        if let Some(index) = check {
            self.check_followed(index, &story);
        }
        self.go_on();
    }

    /// A packet could not be followed. It was sent all the same; only what is said of its way stays
    /// open, and a check that asks for that does not hold.
    pub(super) fn not_followed(&mut self, ticket: Ticket, why: &str) {
        if ticket.0 < self.followed.since {
            return;
        }
        self.followed.to_come.take_if(|it| *it == ticket);
        self.note(&format!("The way of a packet cannot be told: {why}"));
        self.followed.own.take_if(|own| *own == ticket);
        self.release(ticket);
        self.has_arrived(ticket);
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

    /// What was sent to be followed is waited for no more.
    fn has_arrived(&mut self, ticket: Ticket) {
        let awaited = self.followed.under_way.as_ref();
        if awaited.is_some_and(|it| it.ticket == ticket) {
            self.followed.under_way = None;
        }
    }

    fn check_followed(&mut self, index: usize, story: &Arc<Story>) {
        let lesson = self.lesson.clone();
        let state = &mut self.checks[index];
        state.following = None;
        if state.probing.take().is_some()
            && let Judge::Probe(probe) = &lesson.steps[self.step].checks[index].judge
        {
            state.verdict = probe.judge_story(story);
        }
        state.story = Some(story.clone());
        self.repair_followed(index, story);
    }
}
