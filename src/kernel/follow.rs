//! Following a packet: what passes while it is under way, and what the kernel would decide.

use std::net::IpAddr;
use std::os::fd::{AsFd, OwnedFd};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use futures::executor::block_on;

use super::aside::aside;
use super::capture::everywhere::{Ear, Sniffer};
use super::machine::Machine;
use super::sysctl;
use crate::command::request::meaning;
use crate::command::{Command, Tables, View, route};
use crate::trace::answer::Answer;
use crate::trace::{Asked, Evidence, Lookup, NextHop, NoRoute, Query, Question, queries, relevant};
use crate::world::{Ns, Space, World};

/// Do bridged frames meet the packet filter? Read as a file: no message of the kernel tells it.
const BRIDGE_FILTER: &str = "net.bridge.bridge-nf-call-iptables";
/// Answers lead to new questions, each about the next namespace; no packet passes more than its time
/// to live allows.
const ROUNDS: usize = 255;

/// A packet that is being followed.
pub struct Following {
    ear: Ear,
    before: World,
    /// Since 1970.
    begun: Duration,
}

impl Following {
    /// Begins, before the packet is sent: listens, and reads the counters of every rule.
    ///
    /// # Errors
    /// If the kernel refuses a socket or does not answer.
    pub async fn begin(sniffer: &Sniffer, machine: &Machine) -> Result<Self> {
        Ok(Self {
            ear: sniffer.listen().await?,
            before: rules(machine)?,
            begun: now(),
        })
    }

    /// Ends, once its answer is known: reads every table, and asks the kernels what they would
    /// decide.
    ///
    /// # Errors
    /// If the kernel does not answer.
    pub async fn end(
        mut self,
        machine: &Machine,
        question: Question,
        answer: Answer,
    ) -> Result<Evidence> {
        // A socket that this probe shares with those before and after it gives all of them the same
        // identifier; they have nothing else in common, least of all time.
        let time = self.begun..=now();
        self.ear.caught_up().await;
        let (mut sightings, missed) = self.ear.take();
        sightings.retain(|sighting| time.contains(&sighting.at));
        drop(self.ear);
        let spaces = machine.spaces();
        let evidence = Evidence {
            sightings,
            missed,
            before: self.before,
            ..Evidence::new(question, answer)
        };
        // On sockets of its own: the kernel reads out one table at a time to each.
        let gathered = aside("follow", move || {
            block_on(gather(&Machine::aside(spaces), evidence))
        });
        gathered.await?
    }
}

/// Time since 1970, by the clock that sightings have.
fn now() -> Duration {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.unwrap_or_default()
}

/// Fills in what the kernel says. On a thread that may wait.
async fn gather(machine: &Machine, mut evidence: Evidence) -> Result<Evidence> {
    evidence.after = tables(machine).await?;
    relevant(&mut evidence);
    for _ in 0..ROUNDS {
        let asked = queries(&evidence);
        if asked.is_empty() {
            break;
        }
        for query in asked {
            let lookup = ask(machine, &evidence.after, query).await;
            evidence.lookups.push(lookup);
        }
    }
    Ok(evidence)
}

/// The namespace and address that a command sends echo requests from and to, if it is a `ping`.
pub fn pinged(at: &Ns, command: &Command) -> Option<(Ns, IpAddr)> {
    let (ns, act) = command.place(at);
    let Command::Ping(ping) = act else {
        return None;
    };
    Some((ns, ping.to))
}

/// What a `ping` asks.
pub fn echo(from: Ns, to: IpAddr, id: Option<u16>) -> Question {
    Question {
        from,
        to,
        what: Asked::Echo { id },
    }
}

/// The rules of every namespace that has any.
fn rules(machine: &Machine) -> Result<World> {
    let mut world = World::default();
    for ns in machine.all()? {
        // One that goes meanwhile has none.
        let Ok(sockets) = machine.sockets(&ns) else {
            continue;
        };
        let ruleset = machine.netfilter(&ns, &sockets)?.ruleset()?;
        if !ruleset.tables.is_empty() {
            let space = Space {
                ruleset,
                ..Space::default()
            };
            world.spaces.insert(ns, space);
        }
    }
    Ok(world)
}

/// Everything that there is in every namespace.
async fn tables(machine: &Machine) -> Result<World> {
    let names = machine.named()?;
    let mut world = World::default();
    for ns in machine.all()? {
        match table(machine, &ns, &names).await {
            Ok(space) => _ = world.spaces.insert(ns, space),
            // It has gone meanwhile.
            Err(_) if machine.fd(&ns).is_err() => {}
            Err(error) => return Err(error.context(format!("reading the tables of {ns}"))),
        }
    }
    Ok(world)
}

async fn table(machine: &Machine, ns: &Ns, names: &[(String, OwnedFd)]) -> Result<Space> {
    let sockets = machine.sockets(ns)?;
    let mut space = sockets.rtnl.dump(Tables::all(), names).await?;
    sockets.rtnl.settings(&mut space).await?;
    let netfilter = machine.netfilter(ns, &sockets)?;
    space.ruleset = netfilter.ruleset()?;
    space.flows = netfilter.flows()?;
    // Without `br_netfilter` there is no such setting.
    if let Ok(value) = sysctl::read(machine.fd(ns)?.as_fd(), BRIDGE_FILTER) {
        space.sysctls.insert(BRIDGE_FILTER.to_owned(), value);
    }
    Ok(space)
}

async fn ask(machine: &Machine, world: &World, query: Query) -> Lookup {
    let route = routed(machine, world, &query).await;
    let route = route.unwrap_or_else(|error| {
        Err(NoRoute {
            errno: None,
            text: format!("{error:#}"),
        })
    });
    Lookup { query, route }
}

async fn routed(
    machine: &Machine,
    world: &World,
    query: &Query,
) -> Result<Result<NextHop, NoRoute>> {
    let known = world.spaces.get(&query.ns);
    let known = known.with_context(|| format!("there is no namespace {}", query.ns))?;
    let get = route::Get {
        to: query.to,
        from: query.from,
        iif: query.iif.clone(),
        oif: None,
        view: View::default(),
    };
    let request = (get.request(known)).map_err(|refusal| anyhow::Error::msg(refusal.text))?;
    let told = machine.sockets(&query.ns)?.rtnl.route_get(&request).await?;
    Ok(match told {
        Ok(route) => Ok(NextHop {
            dev: known
                .link_name((route.dev).context("the kernel answered a route without a device")?),
            via: route.via,
            src: route.src,
        }),
        Err(no) => Err(NoRoute {
            errno: Some(no.errno),
            text: no.text.unwrap_or_else(|| meaning(no.errno)),
        }),
    })
}
