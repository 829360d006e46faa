//! A packet that is followed for the session: what becomes of it is an event of its own, which comes
//! after its answer and never holds that up.

use anyhow::Result;
use tokio::sync::mpsc::UnboundedSender;

use crate::kernel::capture::everywhere::Sniffer;
use crate::kernel::follow::Following;
use crate::kernel::machine::Machine;
use crate::session::{Event, Ticket};
use crate::trace::answer::Answer;
use crate::trace::{Evidence, Question};

/// A packet that is followed.
pub(super) struct Pursuit {
    ticket: Ticket,
    /// A packet that cannot be followed is sent all the same.
    following: Result<Following>,
}

impl Pursuit {
    /// Begins, before it is sent.
    pub(super) async fn begin(ticket: Ticket, sniffer: &Sniffer, machine: &Machine) -> Self {
        let following = Following::begin(sniffer, machine).await;
        Self { ticket, following }
    }

    /// Ends, once its answer has been told, and tells what became of it.
    pub(super) async fn end(
        self,
        machine: &Machine,
        question: Question,
        answer: Answer,
        events: &UnboundedSender<Event>,
    ) {
        let ticket = self.ticket;
        let event = match self.evidence(machine, question, answer).await {
            Ok(evidence) => {
                let evidence = Box::new(evidence);
                Event::Followed { ticket, evidence }
            }
            Err(error) => {
                let why = format!("{error:#}");
                Event::NotFollowed { ticket, why }
            }
        };
        let _ = events.send(event);
    }

    async fn evidence(
        self,
        machine: &Machine,
        question: Question,
        answer: Answer,
    ) -> Result<Evidence> {
        self.following?.end(machine, question, answer).await
    }
}
