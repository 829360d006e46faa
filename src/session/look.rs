//! What stands on the right: tables, packets, the way of a packet, the map.

use super::Effect;
use super::state::{Pane, Session, View};

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

    /// Puts `view` on the right. Only a pane that is looked at has packets captured for it.
    pub(super) fn show(&mut self, view: View) {
        let listened = self.view == View::Packets;
        let listens = view == View::Packets;
        if listens != listened {
            self.effects.push(Effect::Listen(listens));
        }
        if self.focus == self.view.pane() {
            self.focus = view.pane();
        }
        self.view = view;
    }

    /// Shows why the last probe got no answer.
    pub(super) fn why(&mut self) {
        self.show(View::Trace);
        self.focus = Pane::Trace;
    }
}
