//! Packets that were followed: their stories, and the checks that ask about them.

use std::net::IpAddr;
use std::sync::Arc;

use super::{Effect, Session, Ticket};
use crate::lesson::Verdict;
use crate::lesson::probe::{Expect, Probe, What};
use crate::trace::{Evidence, Story, tell};
use crate::world::Ns;

/// Packets that were followed.
#[derive(Clone, Debug, Default)]
pub struct Followed {
    /// The story told last.
    pub last: Option<Arc<Story>>,
    /// Of which probe, or which command, that is.
    pub of: Option<Ticket>,
    /// So many packets passed meanwhile for which there was no room, so that some of its way may be
    /// missing.
    pub missed: u64,
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

impl Followed {
    /// Is something waited for, beside what checks have sent?
    fn awaits(&self) -> bool {
        self.to_come.is_some() || self.own.is_some() || self.under_way.is_some()
    }

    /// The step is left, `next` being the ticket given out next: what was sent in it is of no
    /// interest any more.
    pub(super) fn forget(&mut self, next: u64) {
        self.own = None;
        self.awaited = None;
        self.to_come = None;
        self.under_way = None;
        self.since = next;
    }

    /// A `ping` has ended: its story will come.
    pub(super) fn expect(&mut self, ticket: Ticket) {
        self.to_come = Some(ticket);
    }

    /// What was sent with this ticket has been followed, or cannot be: it is waited for no more.
    /// False where that comes too late to be of interest.
    fn arrives(&mut self, ticket: Ticket) -> bool {
        if ticket.0 < self.since {
            return false;
        }
        self.to_come.take_if(|it| *it == ticket);
        self.under_way.take_if(|it| it.ticket == ticket);
        true
    }
}

impl Session {
    /// Is there a packet whose story is to come: of a ping that has ended, of a check that was
    /// answered, or one that was sent for its story?
    pub fn follows(&self) -> bool {
        let mut checks = self.checks.iter();
        self.followed.awaits()
            || checks.any(|check| check.following.is_some() && check.probing.is_none())
    }

    /// Sends a packet for nothing but its story.
    pub(super) fn send_for_story(&mut self, from: Ns, to: IpAddr, what: What) -> Ticket {
        let ticket = self.ticket();
        let probe = Probe {
            from,
            to,
            what,
            expect: Expect::Reply,
            demands: Vec::new(),
        };
        self.effects.push(Effect::Probe { ticket, probe });
        ticket
    }

    /// The check whose packet is being followed with this ticket.
    fn followed_check(&self, ticket: Ticket) -> Option<usize> {
        let mut checks = self.checks.iter();
        checks.position(|check| check.following == Some(ticket))
    }

    /// A packet was followed.
    pub(super) fn followed(&mut self, ticket: Ticket, evidence: &Evidence) {
        if !self.followed.arrives(ticket) {
            return;
        }
        let story = Arc::new(tell(evidence));
        self.followed.last = Some(story.clone());
        self.say_why(ticket, &story);
        self.set_off();
        self.followed.of = Some(ticket);
        self.followed.missed = evidence.missed;
        if let Some(index) = self.followed_check(ticket) {
            self.check_followed(index, &story);
        }
        self.go_on();
    }

    /// A packet could not be followed. It was sent all the same; only what is said of its way stays
    /// open, and a check that asks for that does not hold.
    pub(super) fn not_followed(&mut self, ticket: Ticket, why: &str) {
        if !self.followed.arrives(ticket) {
            return;
        }
        self.note(&format!("The way of a packet cannot be told: {why}"));
        self.followed.own.take_if(|own| *own == ticket);
        self.release(ticket);
        if let Some(index) = self.followed_check(ticket) {
            let state = &mut self.checks[index];
            state.following = None;
            state.story = None;
            if state.probing.take().is_some() {
                let why = format!("its packet could not be followed: {why}");
                state.verdict = Verdict::Not(why);
            }
        }
        self.go_on();
    }

    fn check_followed(&mut self, index: usize, story: &Arc<Story>) {
        let lesson = self.lesson.clone();
        let state = &mut self.checks[index];
        state.following = None;
        if state.probing.take().is_some()
            && let Some(probe) = lesson.steps[self.step].checks[index].judge.probe()
        {
            state.verdict = probe.judge_story(story);
        }
        state.story = Some(story.clone());
        self.repair_followed(index, story);
    }
}
