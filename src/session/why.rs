//! Why a packet got no answer: where the learner reads it, and a packet sent to find out.

use std::net::IpAddr;

use super::state::{CheckState, Phase, Session, View};
use super::trail::By;
use super::{Effect, Ticket};
use crate::lesson::Verdict;
use crate::lesson::probe::{Answer, What};
use crate::trace::{Story, diagnosis_lines, print};
use crate::world::Ns;

impl CheckState {
    /// Why its packet got no answer, where it does not hold and that is known.
    pub fn why(&self) -> Option<String> {
        let settled = self.probing.is_none() && self.following.is_none();
        let failed = matches!(self.verdict, Verdict::Not(_));
        let story = self.story.as_ref().filter(|_| settled && failed)?;
        diagnosis_lines(story).into_iter().next()
    }
}

impl Session {
    /// Shows why the last packet got no answer. Where none was sent yet, asks where one is to go.
    pub(super) fn why(&mut self) {
        let Some(story) = self.shows_fault().or_else(|| self.followed.last.clone()) else {
            self.open_prompt(":why ");
            return;
        };
        self.count_why();
        self.followed.last = Some(story.clone());
        self.show(View::Trace);
        self.scroll.remove(&View::Trace.pane());
        match diagnosis_lines(&story).first() {
            Some(why) => self.note(why),
            None => self.note(&format!(
                "The last packet, {} → {}, was answered: there is nothing to explain.",
                story.question.from, story.question.to
            )),
        }
    }

    /// Sends an echo request to be followed, and says what became of it.
    pub(super) fn send_one(&mut self, from: Ns, to: IpAddr) {
        if !matches!(self.phase, Phase::Idle | Phase::Running(_)) {
            return;
        }
        let old = self.followed.own.take();
        self.effects.extend(old.map(Effect::Cancel));
        let ticket = self.send_for_story(from, to, What::Ping { size: None });
        self.followed.own = Some(ticket);
        self.show(View::Trace);
    }

    /// A packet's story is known: says why it got no answer, unless that would tell what the
    /// learner is about to be asked.
    pub(super) fn say_why(&mut self, ticket: Ticket, story: &Story) {
        let own = self.followed.own.take_if(|own| *own == ticket).is_some();
        // Of a check it is said beside the check; of one that counts no more, nowhere.
        let awaited = self.followed.awaited == Some(ticket);
        let why = diagnosis_lines(story).into_iter().next();
        let kept_back =
            self.ping_is_asked() || self.is_to_be_found_out() || self.keeps_cause_back();
        if own && why.is_some() {
            self.count_why();
        }
        match why {
            Some(why) if own || awaited && !kept_back => self.note(&why),
            None if own => self.note(&print::heading(story)),
            Some(_) | None => {}
        }
        self.release(ticket);
    }

    /// Was it a line of the lesson that was carried out last, in a step that does not look at ways?
    /// Then the lesson wants it to be found out.
    fn is_to_be_found_out(&self) -> bool {
        let last = self.trail.deeds.last();
        let by_lesson = last.is_some_and(|deed| deed.by == By::Lesson);
        by_lesson && !self.lesson.free && self.current_step().look != Some(View::Trace)
    }

    /// A command has ended that sent a packet: if it got no answer, it is about to be said why, and
    /// the command is under way until then.
    pub(super) fn awaits_why(&mut self, ticket: Ticket, answer: Option<&Answer>) -> bool {
        let unanswered = answer.is_some_and(|answer| !answer.is_reply());
        let awaits = unanswered && self.phase == Phase::Running(ticket);
        if awaits {
            self.followed.awaited = Some(ticket);
        }
        awaits
    }

    /// What was to be said of this command is said.
    pub(super) fn release(&mut self, ticket: Ticket) {
        let awaited = self.followed.awaited.take_if(|it| *it == ticket).is_some();
        if awaited && self.phase == Phase::Running(ticket) {
            self.phase = Phase::Idle;
            self.waiting = None;
            self.review_commands();
            self.plan_probes();
        }
    }
}
