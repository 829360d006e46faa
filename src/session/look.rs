//! What stands on the right: tables, packets, the way of a packet, the map.
//!
//! A view comes by its key, by a word at the prompt, or by the step, and takes the focus by none of
//! these: whoever only presses Enter goes on through the lesson. Its own keys act while it has the
//! focus (Tab, or a click), and then it is drawn wide, where the screen is small.

use super::Effect;
use super::state::{Pane, Phase, Session, View};

impl Session {
    /// Puts `view` on the right, or, where it stands there already, the tables.
    pub(super) fn look(&mut self, view: View) {
        let view = if self.view == view {
            View::Tables
        } else {
            view
        };
        self.show(view);
    }

    /// Puts `view` on the right, as the learner wants it.
    pub(super) fn show(&mut self, view: View) {
        self.brought = false;
        self.put(view);
    }

    /// Puts `view` on the right. Only a pane that is looked at has packets captured for it.
    fn put(&mut self, view: View) {
        let listened = self.view == View::Packets;
        let listens = view == View::Packets;
        if listens != listened {
            self.effects.push(Effect::Listen(listens));
        }
        if listens && !listened {
            self.packets.resume();
        }
        if self.focus == self.view.pane() {
            self.focus = view.pane();
        }
        self.view = view;
    }

    /// A step begins: what it wants to be looked at comes forward, and what a step before it has
    /// brought goes. What the learner chose stays, and so does everything when a step is only begun
    /// anew.
    pub(super) fn look_as_step(&mut self) {
        if self.entered == Some(self.step) {
            return;
        }
        self.entered = Some(self.step);
        self.leave_view();
        match self.current_step().look {
            Some(view) if view != self.view => {
                self.put(view);
                self.brought = true;
            }
            None if self.brought => self.show(View::Tables),
            Some(_) | None => {}
        }
    }

    /// There is something else to be read: the focus goes back to the text.
    pub(super) fn leave_view(&mut self) {
        self.packets.follow();
        if matches!(self.focus, Pane::Packets | Pane::Trace | Pane::Map) {
            self.focus = Pane::Text;
        }
    }

    /// Has the view on the right the focus, or will it have it again, so that it is worth more room?
    /// Not the tables, nor while the text beside it has to be seen.
    pub fn is_wide(&self) -> bool {
        let teaches = match self.phase {
            Phase::Idle | Phase::Building(_) | Phase::Running(_) => true,
            Phase::Finished | Phase::Broken(_) => false,
        };
        let focus = self
            .line
            .as_ref()
            .map_or(self.focus, super::prompt::Prompt::focus);
        let looks = self.view != View::Tables && focus == self.view.pane();
        teaches && looks && self.asking().is_none() && self.shells.shown().is_none()
    }

    /// Is something under way that can be stopped?
    pub fn works(&self) -> bool {
        match self.phase {
            Phase::Idle => self.waiting.is_some(),
            Phase::Building(_) | Phase::Running(_) => true,
            Phase::Finished | Phase::Broken(_) => false,
        }
    }

    /// Closes what is open in the view, else stops what is under way, else leaves the view.
    pub(super) fn back(&mut self) {
        let closed = self.focus == Pane::Packets && self.packets.back();
        if closed {
            return;
        }
        if self.works() {
            self.cancel();
        } else {
            self.leave_view();
        }
    }
}
