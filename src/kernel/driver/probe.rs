//! A probe, sent as a task of its own; its packet is followed.

use std::net::SocketAddr;
use std::os::fd::AsFd;
use std::rc::Rc;

use anyhow::Result;
use tokio::task::spawn_local;

use super::pursuit::Pursuit;
use super::{Driver, Job};
use crate::kernel::machine::Machine;
use crate::lesson::probe::{Answer, Probe, What};
use crate::session::{Event, Ticket};
use crate::trace::{Asked, Question};

impl Driver {
    /// Begins to send a probe.
    pub(super) fn probe(&mut self, ticket: Ticket, probe: Probe) {
        let (machine, events) = (self.machine.clone(), self.events.clone());
        let sniffer = self.sniffer.clone();
        let task = spawn_local(async move {
            let pursuit = Pursuit::begin(ticket, &sniffer, &machine).await;
            let sent = send(&machine, &probe).await;
            let (answer, what) = sent.unwrap_or_else(|error| {
                let answer = Answer::Failed(format!("{error:#}"));
                (answer, Asked::Echo { id: None })
            });
            let _ = events.send(Event::Probed {
                ticket,
                answer: answer.clone(),
            });
            let (from, to) = (probe.from, probe.to);
            let question = Question { from, to, what };
            pursuit.end(&machine, question, answer, &events).await;
        });
        self.jobs.insert(ticket, Job::Task(task.abort_handle()));
    }
}

/// What came back, and what was sent.
pub(super) async fn send(machine: &Machine, probe: &Probe) -> Result<(Answer, Asked)> {
    let from = machine.fd(&probe.from)?;
    let _listener = match &probe.what {
        What::Tcp {
            port,
            listen: Some(ns),
        } => {
            let to = SocketAddr::new(probe.to, *port);
            let ports = &machine.sockets(ns)?.ports;
            ports.listen(machine.fd(ns)?.as_fd(), to)?
        }
        What::Tcp { listen: None, .. } | What::Ping { .. } => None,
    };
    let sockets = machine.sockets(&probe.from)?;
    let mut prober = sockets.prober.take();
    // Not held meanwhile: they would keep a deleted namespace alive.
    let sockets = Rc::downgrade(&sockets);
    let answer = prober.probe(from.as_fd(), probe).await;
    let what = match probe.what {
        What::Ping { .. } => Asked::Echo {
            id: prober.identifier(),
        },
        What::Tcp { port, .. } => Asked::Tcp {
            port,
            local: prober.local_port(),
        },
    };
    if let Some(sockets) = sockets.upgrade() {
        sockets.prober.replace(prober);
    }
    Ok((answer, what))
}
