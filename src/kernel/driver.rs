//! Effects become work, work becomes events.
//!
//! Each effect is a task of its own on the one runtime; what it says goes into one queue, in
//! order. A command's end is reported only when the tables' news of it are in the queue before it.

mod beside;
mod command;
mod probe;
mod pursuit;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::os::fd::AsFd;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Result;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{Mutex, oneshot};
use tokio::task::{AbortHandle, spawn_local};

use super::aside::aside;
use super::capture::everywhere::Sniffer;
use super::capture::listening::Listening;
use super::capture::record::{NewFile, Recorder};
use super::look_up::look_up;
use super::machine::Machine;
use super::rendezvous::{self, Board, Door, Rounds};
use super::replay::{Rebuilt, Replay};
use super::sysctl;
use super::terminal::Terminals;
use super::watchers::Watchers;
use crate::command::Command;
use crate::session::shell::{ShellEnd, Size};
use crate::session::{Effect, Event, Ticket};
use crate::world::{Change, Ns, World};

/// One sandbox is built at a time: a build that was given up may be within a command still.
static TURN: Mutex<()> = Mutex::const_new(());

/// Carries out effects.
pub struct Driver {
    machine: Rc<Machine>,
    watchers: Rc<Watchers>,
    events: UnboundedSender<Event>,
    jobs: BTreeMap<Ticket, Job>,
    /// The learner's own shells.
    pub shells: Terminals,
    /// For shells that were opened from a second terminal.
    rounds: Rounds,
    sniffer: Rc<Sniffer>,
    /// Packets are being handed over.
    listening: Listening,
    recorder: Rc<Recorder>,
    /// Packets that are sent for somebody beside the session.
    beside: Vec<AbortOnDrop>,
}

/// A task that ends with whoever wanted it.
struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Work under way.
enum Job {
    /// A command: asked to stop, it says its last words (`ping` its statistics).
    Command(oneshot::Sender<()>, AbortHandle),
    /// Anything else: dropped.
    Task(AbortHandle),
}

impl Driver {
    /// A driver whose events go to `events`. Must be called in a sandbox, within a `LocalSet`.
    ///
    /// # Errors
    /// If this is no sandbox.
    pub fn new(events: UnboundedSender<Event>) -> Result<Self> {
        let machine = Rc::new(Machine::new()?);
        let sniffer = Rc::new(Sniffer::new(machine.clone()));
        let watchers = Watchers::new(machine.clone(), events.clone(), sniffer.clone());
        let prepared = sniffer.clone();
        spawn_local(async move { prepared.prepare().await });
        Ok(Self {
            recorder: Rc::new(Recorder::new(sniffer.clone(), events.clone())),
            listening: Listening::new(sniffer.clone(), events.clone()),
            sniffer,
            beside: Vec::new(),
            machine,
            watchers: Rc::new(watchers),
            shells: Terminals::new(events.clone()),
            events,
            jobs: BTreeMap::new(),
            rounds: Rounds::default(),
        })
    }

    /// Begins to answer second terminals at `door`, with what `board` shows.
    ///
    /// # Errors
    /// If the runtime cannot watch the socket.
    pub fn receive_at(&self, door: Door, board: Board) -> Result<()> {
        rendezvous::serve(door, self.machine.clone(), &self.rounds, board)
    }

    /// Begins to carry out `effect`; never waits.
    pub fn perform(&mut self, effect: Effect) {
        self.jobs.retain(|_, job| !job.task().is_finished());
        match effect {
            Effect::Build {
                ticket,
                uplink,
                replay,
            } => self.build(ticket, uplink, replay),
            Effect::Run {
                ticket,
                at,
                command,
            } => self.run(ticket, at, command),
            Effect::Probe { ticket, probe } => self.probe(ticket, probe),
            Effect::LookUp { ticket, ns, to } => self.look_up(ticket, ns, to),
            Effect::Read { ns, name } => self.read(&ns, &name),
            Effect::Cancel(ticket) => self.cancel(ticket),
            Effect::OpenShell { ticket, ns, size } => self.open_shell(ticket, ns, size),
            Effect::TypeToShell { ticket, input } => self.shells.input(ticket, input),
            Effect::ResizeShell { ticket, size } => self.shells.resize(ticket, size),
            Effect::CloseShell(ticket) => self.shells.close(ticket),
            Effect::Listen(listens) => self.listening.set(listens),
            Effect::WakeAt(_)
            | Effect::Keep(_)
            | Effect::Remember(_)
            | Effect::Teach(_)
            | Effect::Again(_)
            | Effect::Save { .. }
            | Effect::WriteCapture { .. }
            | Effect::Quit => {} // the loop's, not ours
        }
    }

    /// Stops all work, takes in no more news, and hangs up on every shell. The namespaces stay until
    /// the next build, or the program's end.
    pub fn stop(&mut self) {
        // Aborted, not asked: a command that goes on would meet the namespaces made next.
        self.jobs.values().for_each(|job| job.task().abort());
        self.jobs.clear();
        self.beside.clear();
        self.watchers.stop();
        self.shells.close_all();
        self.rounds.end();
    }

    /// As [`Listening::caught_up`].
    pub fn caught_up(&self) -> impl Future<Output = ()> + use<> {
        self.listening.caught_up()
    }

    /// Everything that passes from now on goes into this file.
    pub fn record(&self, file: NewFile) {
        self.recorder.aim(file);
        let recorder = self.recorder.clone();
        spawn_local(async move { recorder.begin().await });
    }

    /// Ends the file that everything went into; what is in it, as a sentence.
    pub async fn end_recording(&self) -> Option<String> {
        self.recorder.end().await
    }

    fn open_shell(&mut self, ticket: Ticket, ns: Ns, size: Size) {
        match self.machine.fd(&ns) {
            Ok(space) => self.shells.open(ticket, ns, space, size),
            Err(error) => {
                let end = ShellEnd::Failed(format!("{error:#}"));
                let _ = self.events.send(Event::ShellEnded { ticket, end });
            }
        }
    }

    fn build(&mut self, ticket: Ticket, uplink: bool, replay: Vec<(Ns, Command)>) {
        self.stop();
        let (machine, sniffer, watchers, events) = (
            self.machine.clone(),
            self.sniffer.clone(),
            self.watchers.clone(),
            self.events.clone(),
        );
        let recorder = self.recorder.clone();
        let task = spawn_local(async move {
            recorder.begin().await;
            let replay = Replay {
                uplink,
                lines: replay,
            };
            let result = rebuild(&machine, &sniffer, &watchers, replay).await;
            let result = result.map_err(|error| format!("{error:#}"));
            let _ = events.send(Event::Built { ticket, result });
        });
        self.jobs.insert(ticket, Job::Task(task.abort_handle()));
    }

    fn look_up(&mut self, ticket: Ticket, ns: Ns, to: IpAddr) {
        let (machine, events) = (self.machine.clone(), self.events.clone());
        let task = spawn_local(async move {
            let route = look_up(&machine, &ns, to).await;
            let _ = events.send(Event::LookedUp { ticket, route });
        });
        self.jobs.insert(ticket, Job::Task(task.abort_handle()));
    }

    fn read(&self, ns: &Ns, name: &str) {
        let value = self
            .machine
            .fd(ns)
            .and_then(|fd| sysctl::read(fd.as_fd(), name));
        // A setting of a namespace or device that does not exist (yet) is simply not known.
        if let Ok(value) = value {
            let change = Change::Sysctl(name.to_owned(), value);
            let _ = self.events.send(Event::World(ns.clone(), change));
        }
    }

    fn cancel(&mut self, ticket: Ticket) {
        match self.jobs.remove(&ticket) {
            Some(Job::Command(stop, _)) => drop(stop),
            Some(Job::Task(task)) => task.abort(),
            None => {}
        }
    }
}

impl Job {
    fn task(&self) -> &AbortHandle {
        let (Self::Command(_, task) | Self::Task(task)) = self;
        task
    }
}

async fn rebuild(
    machine: &Machine,
    sniffer: &Sniffer,
    watchers: &Rc<Watchers>,
    replay: Replay,
) -> Result<World> {
    let turn = TURN.lock().await;
    machine.rebuild()?;
    // Whoever listens lets go of the old namespaces, and hears the new `host` from its start.
    sniffer.look().await;
    let spaces = machine.spaces();
    let stop = Arc::<AtomicBool>::default();
    // Set when this build ends in any way, so also when it is given up for another.
    let _stop = SetOnDrop(stop.clone());
    let rebuilt = aside("rebuild", move || {
        let _turn = turn;
        replay.run(spaces, &stop)
    });
    let Rebuilt {
        spaces,
        heard,
        numbers,
    } = rebuilt.await??;
    machine.adopt(spaces, numbers);
    sniffer.look().await;
    watchers.start(heard)
}

/// Tells a thread that nobody waits for it any more.
struct SetOnDrop(Arc<AtomicBool>);

impl Drop for SetOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
