//! A sandbox in which networks are made, broken, probed and diagnosed.

use std::net::IpAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;
use tutor::command::{Command, parse};
use tutor::kernel::driver::Driver;
use tutor::lesson::probe::{Expect, Probe, What};
use tutor::session::{Effect, Event, Ticket};
use tutor::trace::{Evidence, Story, tell};
use tutor::world::Ns;

/// Longer than any command, and any probe.
const PATIENCE: Duration = Duration::from_secs(20);

/// Kernel and its events.
pub struct Bench {
    driver: Driver,
    events: UnboundedReceiver<Event>,
    next: u64,
}

/// What is sent.
#[derive(Clone, Copy, Debug)]
pub enum Send {
    /// An echo request that is waited for as if silence were expected.
    Ping,
    /// One that is waited for until ARP has failed.
    Patient,
    /// One with so many bytes, which must not be broken.
    Large(u16),
    /// A connection to this port, at which the program listens in the second namespace.
    Tcp(u16, Option<&'static str>),
}

impl Bench {
    /// A network of these lines.
    pub async fn new(lines: &[&str]) -> Result<Self> {
        let (sender, events) = unbounded_channel();
        let mut bench = Self {
            driver: Driver::new(sender)?,
            events,
            next: 0,
        };
        bench.build(lines).await?;
        Ok(bench)
    }

    /// Another network, anew.
    pub async fn build(&mut self, lines: &[&str]) -> Result<()> {
        let replay = lines.iter().map(|line| Ok((Ns::Host, command(line)?)));
        let ticket = self.ticket();
        self.driver.perform(Effect::Build {
            ticket,
            uplink: true,
            replay: replay.collect::<Result<_>>()?,
        });
        self.until("the network is built", |event| match event {
            Event::Built {
                ticket: built,
                result,
            } if built == ticket => Some(result.map(drop)),
            _ => None,
        })
        .await?
        .map_err(anyhow::Error::msg)
    }

    /// Carries a line out.
    pub async fn line(&mut self, line: &str) -> Result<()> {
        let ticket = self.ticket();
        self.driver.perform(Effect::Run {
            ticket,
            at: Ns::Host,
            command: command(line)?,
        });
        let mut said = String::new();
        let status = self
            .until(line, |event| match event {
                Event::Output {
                    ticket: by, text, ..
                } if by == ticket => {
                    said.push_str(&text);
                    None
                }
                Event::Ended {
                    ticket: ended,
                    outcome,
                } if ended == ticket => Some(outcome.status),
                _ => None,
            })
            .await?;
        ensure!(status == 0, "{line}: {status}: {said}");
        Ok(())
    }

    /// Carries a line out in the background, once it says something: `tcpdump` that it listens.
    pub async fn start(&mut self, line: &str) -> Result<Ticket> {
        let ticket = self.ticket();
        self.driver.perform(Effect::Run {
            ticket,
            at: Ns::Host,
            command: command(line)?,
        });
        self.until(line, |event| match event {
            Event::Output { ticket: by, .. } if by == ticket => Some(ticket),
            _ => None,
        })
        .await
    }

    /// Ends what was started.
    pub fn stop(&mut self, ticket: Ticket) {
        self.driver.perform(Effect::Cancel(ticket));
    }

    /// What is known of a probe.
    pub async fn evidence(&mut self, from: &str, to: &str, send: Send) -> Result<Evidence> {
        let to: IpAddr = to.parse()?;
        let what = match send {
            Send::Ping | Send::Patient => What::Ping { size: None },
            Send::Large(size) => What::Ping { size: Some(size) },
            Send::Tcp(port, listen) => What::Tcp {
                port,
                listen: listen.map(Ns::from_name),
            },
        };
        let expect = match send {
            Send::Patient => Expect::Reply,
            Send::Ping | Send::Large(_) | Send::Tcp(..) => Expect::Timeout,
        };
        let probe = Probe {
            from: Ns::from_name(from),
            to,
            what,
            expect,
            demands: Vec::new(),
        };
        let ticket = self.ticket();
        self.driver.perform(Effect::Probe { ticket, probe });
        let evidence = self
            .until("the probe is followed", |event| match event {
                Event::Followed {
                    ticket: of,
                    evidence,
                } if of == ticket => Some(Ok(evidence)),
                Event::NotFollowed { ticket: of, why } if of == ticket => Some(Err(why)),
                _ => None,
            })
            .await?;
        Ok(*evidence.map_err(anyhow::Error::msg)?)
    }

    /// What happened to a probe.
    pub async fn story(&mut self, from: &str, to: &str, send: Send) -> Result<Story> {
        Ok(tell(&self.evidence(from, to, send).await?))
    }

    fn ticket(&mut self) -> Ticket {
        self.next += 1;
        Ticket(self.next)
    }

    async fn until<T>(
        &mut self,
        what: &str,
        mut wanted: impl FnMut(Event) -> Option<T>,
    ) -> Result<T> {
        loop {
            let event = timeout(PATIENCE, self.events.recv()).await;
            let event = event.with_context(|| format!("{what}: nothing for {PATIENCE:?}"))?;
            let Some(event) = event else {
                bail!("the kernel floor has gone");
            };
            if let Some(found) = wanted(event) {
                return Ok(found);
            }
        }
    }
}

fn command(line: &str) -> Result<Command> {
    let parsed = parse(line).map_err(|error| anyhow::anyhow!("{line}: {error:?}"))?;
    parsed
        .command
        .with_context(|| format!("{line}: no command"))
}
