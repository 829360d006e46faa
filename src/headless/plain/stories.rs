//! Stories of packets, each when it comes, as far as somebody wants to hear it.

use std::sync::Arc;

use super::said::Said;
use super::way::{way, why};
use crate::lesson::View;
use crate::session::{Session, Ticket};
use crate::trace::Story;

/// What was said of packets' ways in this step.
#[derive(Debug, Default)]
pub struct Stories {
    /// The story that came last.
    last: Option<Arc<Story>>,
    /// A packet that was sent for its way to be told (`:trace`).
    asked: Option<Ticket>,
    /// Was a way told?
    way: bool,
    /// Why no answer came, as it was said.
    why: Vec<String>,
}

impl Stories {
    /// A step begins.
    pub fn begin(&mut self) {
        self.way = false;
        self.why.clear();
    }

    /// The program has said this by itself; it may have said why no answer came.
    pub fn heard(&mut self, note: &str) {
        self.why.push(note.to_owned());
    }

    /// What a story that has come tells: in a step that looks at ways its whole way, once, and why
    /// no answer came, unless that was said; of a packet that was sent for it always.
    pub fn news(&mut self, session: &Session) -> Vec<Said> {
        let under_way = session.followed.under_way.as_ref();
        self.asked = under_way.map(|it| it.ticket).or(self.asked);
        let Some(story) = session.followed.last.clone() else {
            return Vec::new();
        };
        if (self.last.replace(story.clone())).is_some_and(|last| Arc::ptr_eq(&last, &story)) {
            return Vec::new();
        }
        let asked = self.asked.is_some() && self.asked == session.followed.of;
        let looks = session.current_step().look == Some(View::Trace);
        let mut said = Vec::new();
        if asked || looks && !std::mem::replace(&mut self.way, true) {
            said.extend(way(&story));
        }
        if !asked && !looks {
            return said;
        }
        if let Some(diagnosis) = &story.diagnosis
            && !self.why.iter().any(|it| it.contains(&diagnosis.sentence))
        {
            self.why.push(diagnosis.sentence.clone());
            said.extend(why(&story));
        }
        said
    }
}
