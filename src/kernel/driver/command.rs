//! A command, carried out as a task of its own. The packet of a `ping` is followed besides.

use std::rc::Rc;

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;
use tokio::task::spawn_local;

use super::pursuit::Pursuit;
use super::{Driver, Job};
use crate::command::Command;
use crate::kernel::Text;
use crate::kernel::capture::everywhere::Sniffer;
use crate::kernel::execute::execute;
use crate::kernel::follow::{echo, pinged};
use crate::kernel::machine::Machine;
use crate::kernel::watchers::Watchers;
use crate::session::{Event, Outcome, Ticket};
use crate::world::Ns;

/// Exit status of a command that failed in a way that the real tool has no words for.
const BROKEN: u8 = 255;

impl Driver {
    /// Begins to carry out a command.
    pub(super) fn run(&mut self, ticket: Ticket, at: Ns, command: Command) {
        let (stop, stopped) = oneshot::channel();
        let work = Work {
            ticket,
            machine: self.machine.clone(),
            watchers: self.watchers.clone(),
            sniffer: self.sniffer.clone(),
            events: self.events.clone(),
        };
        let task = spawn_local(async move { work.run(&at, &command, stopped).await });
        self.jobs
            .insert(ticket, Job::Command(stop, task.abort_handle()));
    }
}

/// A command under way, and what it takes.
struct Work {
    ticket: Ticket,
    machine: Rc<Machine>,
    watchers: Rc<Watchers>,
    sniffer: Rc<Sniffer>,
    events: UnboundedSender<Event>,
}

impl Work {
    /// Carries it out, to its end or until it is stopped.
    async fn run(&self, at: &Ns, command: &Command, stopped: oneshot::Receiver<()>) {
        let ticket = self.ticket;
        let ping = match pinged(at, command) {
            Some(ping) => {
                let pursuit = Pursuit::begin(ticket, &self.sniffer, &self.machine).await;
                Some((ping, pursuit))
            }
            None => None,
        };
        let outcome = self.execute(at, command, stopped).await;
        self.watchers.settle().await;
        let (answer, identifier) = (outcome.answer.clone(), outcome.identifier);
        let _ = self.events.send(Event::Ended { ticket, outcome });
        if let (Some(((from, to), pursuit)), Some(answer)) = (ping, answer) {
            let question = echo(from, to, identifier);
            let (machine, events) = (&self.machine, &self.events);
            pursuit.end(machine, question, answer, events).await;
        }
    }

    async fn execute(&self, at: &Ns, command: &Command, stopped: oneshot::Receiver<()>) -> Outcome {
        let stopped = async move {
            let _ = stopped.await; // dropped or sent: both mean stop
        };
        let mut print = |text| self.print(text);
        let result = execute(&self.machine, at, command, &mut print, stopped).await;
        result.unwrap_or_else(|error| {
            self.print(Text::Err(format!("tutor: in {at}: {error:#}\n")));
            Outcome {
                status: BROKEN,
                ..Outcome::default()
            }
        })
    }

    fn print(&self, text: Text) {
        let (text, error) = match text {
            Text::Out(text) => (text, false),
            Text::Err(text) => (text, true),
        };
        let _ = self.events.send(Event::Output {
            ticket: self.ticket,
            text,
            error,
        });
    }
}
