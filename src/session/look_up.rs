//! Which way a packet would go, as the kernel says it.

use super::{Session, Ticket};
use crate::trace::{NextHop, NoRoute};

impl Session {
    /// The kernel has answered a look-up; a ticket that nobody waits for does nothing.
    pub(super) fn looked_up(&mut self, ticket: Ticket, route: &Result<NextHop, NoRoute>) {
        self.route_is_told(ticket, route);
    }
}
