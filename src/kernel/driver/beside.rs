//! A packet for somebody beside the session, who wants to know what becomes of it.

use anyhow::Result;
use tokio::sync::oneshot;
use tokio::task::spawn_local;

use super::probe::send;
use super::{AbortOnDrop, Driver};
use crate::kernel::capture::everywhere::Sniffer;
use crate::kernel::follow::Following;
use crate::kernel::machine::Machine;
use crate::lesson::probe::Probe;
use crate::trace::{Evidence, Question};

impl Driver {
    /// Sends a probe and follows its packet; the session hears nothing of it. The answer's sender is
    /// dropped when the namespaces are, or when nobody waits for it any more.
    pub fn follow(&mut self, probe: Probe) -> oneshot::Receiver<Result<Evidence>> {
        let (mut told, answer) = oneshot::channel();
        let (machine, sniffer) = (self.machine.clone(), self.sniffer.clone());
        let task = spawn_local(async move {
            let evidence = tokio::select! {
                evidence = followed(&machine, &sniffer, probe) => evidence,
                () = told.closed() => return,
            };
            let _ = told.send(evidence); // nobody waits any more
        });
        self.beside.retain(|task| !task.0.is_finished());
        self.beside.push(AbortOnDrop(task.abort_handle()));
        answer
    }
}

async fn followed(machine: &Machine, sniffer: &Sniffer, probe: Probe) -> Result<Evidence> {
    let following = Following::begin(sniffer, machine).await?;
    let (answer, what) = send(machine, &probe).await?;
    let (from, to) = (probe.from, probe.to);
    let question = Question { from, to, what };
    following.end(machine, question, answer).await
}
