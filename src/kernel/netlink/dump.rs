//! Questions: whole tables, one device, one route.

use std::collections::BTreeMap;
use std::os::fd::{AsRawFd, OwnedFd};

use anyhow::{Context, Result, bail};
use futures::StreamExt;
use netlink_packet_core::{NLM_F_DUMP_INTR, NetlinkMessage, NetlinkPayload};
use netlink_packet_route::link::{LinkAttribute, LinkMessage};
use netlink_packet_route::neighbour::NeighbourMessage;
use netlink_packet_route::nsid::{NsidAttribute, NsidMessage};
use netlink_packet_route::route::RouteMessage;
use netlink_packet_route::rule::RuleMessage;
use netlink_packet_route::{AddressFamily, RouteNetlinkMessage, address::AddressMessage};

use super::message::{Netconf, Refused, Rtm, dump, question};
use super::{BATCH, Rtnl, addr, fdb, link, neigh, policy, route};
use crate::command::task::{Request, Tables};
use crate::world::Space;
use crate::world::addr::Addr;
use crate::world::fdb::FdbEntry;
use crate::world::link::Link;
use crate::world::neigh::Neigh;
use crate::world::policy::PolicyRule;
use crate::world::route::Route;

/// `ENODEV` of `errno.h`.
const ENODEV: i32 = 19;
/// Bytes of the longest name (`IFNAMSIZ` of `linux/if.h`, without the 0 at its end).
const LONGEST_NAME: usize = 15;
/// How often a table is read again when it changed while it was read (`NLM_F_DUMP_INTR`).
const TRIES: usize = 16;

impl Rtnl {
    /// The device called `name`, if there is one.
    ///
    /// # Errors
    /// A lost connection, or a kernel that refuses for another reason than that there is none.
    pub async fn device(&self, name: &str) -> Result<Option<Link>> {
        let found = self.devices(&[name.to_owned()]).await?;
        Ok(found.into_iter().flatten().next())
    }

    /// The devices of these names, each if there is one.
    ///
    /// # Errors
    /// A lost connection, or a kernel that refuses for another reason than that there is none.
    pub async fn devices(&self, names: &[String]) -> Result<Vec<Option<Link>>> {
        let asked = names.iter().map(|name| {
            let mut message = LinkMessage::default();
            message.attributes.push(LinkAttribute::IfName(name.clone()));
            question(RouteNetlinkMessage::GetLink(message))
        });
        let told = self.ask_all(asked.collect()).await?;
        (names.iter().zip(told))
            .map(|(name, told)| found(name, told))
            .collect()
    }

    /// The tables asked for, as far as rtnetlink has them. With `LINKS` come the nsids of `names`,
    /// the namespaces in `/run/netns`.
    ///
    /// # Errors
    /// A lost connection, or a kernel that refuses.
    pub async fn dump(&self, tables: Tables, names: &[(String, OwnedFd)]) -> Result<Space> {
        let mut space = Space::default();
        if tables.contains(Tables::LINKS) {
            space.links = self.links().await.context("reading devices")?;
            space.nsids = self.nsids(names).await.context("reading nsids")?;
        }
        if tables.contains(Tables::ADDRS) {
            let asked = RouteNetlinkMessage::GetAddress(AddressMessage::default());
            space.addrs = self.rows(asked, address_row).await?;
        }
        if tables.contains(Tables::ROUTES) {
            let asked = RouteNetlinkMessage::GetRoute(RouteMessage::default());
            space.routes = self.rows(asked, route_row).await?;
        }
        if tables.contains(Tables::NEIGHS) {
            let asked = RouteNetlinkMessage::GetNeighbour(NeighbourMessage::default());
            space.neighs = self.rows(asked, neigh_row).await?;
        }
        if tables.contains(Tables::FDB) {
            let mut message = NeighbourMessage::default();
            message.header.family = AddressFamily::Bridge;
            let asked = RouteNetlinkMessage::GetNeighbour(message);
            space.fdb = self.rows(asked, fdb_row).await?;
        }
        if tables.contains(Tables::POLICY) {
            for family in [AddressFamily::Inet, AddressFamily::Inet6] {
                let mut message = RuleMessage::default();
                message.header.family = family;
                let asked = RouteNetlinkMessage::GetRule(message);
                space.policy.extend(self.rows(asked, policy_row).await?);
            }
        }
        Ok(space)
    }

    /// The nsid of each of `names` that this namespace knows.
    ///
    /// # Errors
    /// A lost connection.
    pub async fn nsids(&self, names: &[(String, OwnedFd)]) -> Result<BTreeMap<i32, String>> {
        let asked = names.iter().map(|(_, fd)| {
            let mut message = NsidMessage::default();
            let fd = u32::try_from(fd.as_raw_fd())?;
            message.attributes.push(NsidAttribute::Fd(fd));
            Ok(question(RouteNetlinkMessage::GetNsId(message)))
        });
        let told = self.ask_all(asked.collect::<Result<_>>()?).await?;
        let mut nsids = BTreeMap::new();
        for ((name, _), told) in names.iter().zip(told) {
            // A refusal means that the name stands for no namespace any more.
            let Ok(RouteNetlinkMessage::NewNsId(told)) = told else {
                continue;
            };
            for attribute in told.attributes {
                if let NsidAttribute::Id(id @ 0..) = attribute {
                    nsids.insert(id, name.clone());
                }
            }
        }
        Ok(nsids)
    }

    /// The route that a packet would take: the answer to what [`Get::request`] asks.
    ///
    /// [`Get::request`]: crate::command::route::Get::request
    ///
    /// # Errors
    /// A lost connection.
    pub async fn route_get(&self, asked: &Request) -> Result<Result<Route, Refused>> {
        let NetlinkPayload::InnerMessage(message) = &asked.message.payload else {
            bail!("a question without a message");
        };
        let flags = asked.message.header.flags;
        let asked = super::message::with_flags(message.clone().into(), flags);
        Ok(match self.ask(asked).await? {
            Ok(RouteNetlinkMessage::NewRoute(told)) => {
                Ok(route::row(&told).context("the kernel answered a route of no known kind")?)
            }
            Ok(_) => bail!("the kernel answered something else than a route"),
            Err(refused) => Err(refused),
        })
    }

    /// All devices by ifindex.
    ///
    /// # Errors
    /// A lost connection, or a kernel that refuses.
    pub async fn links(&self) -> Result<BTreeMap<u32, Link>> {
        let asked = RouteNetlinkMessage::GetLink(LinkMessage::default());
        let links = self.rows(asked, link_row).await?;
        Ok(links.into_iter().map(|link| (link.index, link)).collect())
    }

    /// All settings of a family (`AF_INET`, `AF_INET6`) that come with notifications.
    pub(super) async fn netconf(&self, family: u8) -> Result<Vec<Netconf>> {
        let asked = dump(Rtm::GetNetconf(family));
        let told = self.table(&asked).await?;
        Ok(told
            .into_iter()
            .filter_map(|message| match message {
                Rtm::Netconf(conf) => Some(conf),
                _ => None,
            })
            .collect())
    }

    /// A whole table, as rows.
    async fn rows<Row>(
        &self,
        asked: RouteNetlinkMessage,
        row: fn(&RouteNetlinkMessage) -> Option<Row>,
    ) -> Result<Vec<Row>> {
        let told = self.table(&dump(asked)).await?;
        Ok(told
            .iter()
            .filter_map(|message| match message {
                Rtm::Route(message) => row(message),
                _ => None,
            })
            .collect())
    }

    /// A whole table, read again if it changed meanwhile.
    async fn table(&self, asked: &NetlinkMessage<Rtm>) -> Result<Vec<Rtm>> {
        for _ in 0..TRIES {
            let mut told = Vec::new();
            let mut whole = true;
            let mut answers = self.read(asked.clone()).await?;
            while let Some(answer) = answers.next().await {
                whole &= answer.header.flags & NLM_F_DUMP_INTR == 0;
                match answer.payload {
                    NetlinkPayload::InnerMessage(message) => told.push(message),
                    NetlinkPayload::Error(error) if error.code.is_some() => {
                        bail!("the kernel refused: error {}", error.raw_code());
                    }
                    NetlinkPayload::Overrun(_) => whole = false,
                    _ => {}
                }
            }
            if whole {
                return Ok(told);
            }
        }
        bail!("a table changes faster than it can be read");
    }

    /// One answer to one question.
    async fn ask(
        &self,
        asked: NetlinkMessage<Rtm>,
    ) -> Result<Result<RouteNetlinkMessage, Refused>> {
        let told = self.ask_all(vec![asked]).await?;
        told.into_iter().next().context("the kernel did not answer")
    }

    /// One answer to each question, in their order, many in flight.
    async fn ask_all(
        &self,
        asked: Vec<NetlinkMessage<Rtm>>,
    ) -> Result<Vec<Result<RouteNetlinkMessage, Refused>>> {
        let mut told = Vec::with_capacity(asked.len());
        for batch in asked.chunks(BATCH) {
            let before = told.len();
            let mut answers = self.send(batch.to_vec())?;
            while let Some(answer) = answers.next().await {
                match answer.payload {
                    NetlinkPayload::InnerMessage(Rtm::Route(message)) => told.push(Ok(*message)),
                    NetlinkPayload::Error(error) => {
                        told.extend(Refused::read(&answer.header, &error).map(Err));
                    }
                    _ => {}
                }
            }
            if told.len() - before != batch.len() {
                bail!("the kernel did not answer every question");
            }
        }
        Ok(told)
    }
}

/// The device that the kernel told of when it was asked for `name`.
fn found(name: &str, told: Result<RouteNetlinkMessage, Refused>) -> Result<Option<Link>> {
    match told {
        Ok(RouteNetlinkMessage::NewLink(told)) => Ok(Some(link::row(&told))),
        Ok(_) => bail!("the kernel answered something else than a device"),
        Err(refused) if refused.errno == ENODEV => Ok(None),
        // No device can have this name, and the kernel does not look for it.
        Err(_) if name.is_empty() || name.len() > LONGEST_NAME => Ok(None),
        Err(refused) => bail!("looking up device {name}: error {}", refused.errno),
    }
}

fn link_row(message: &RouteNetlinkMessage) -> Option<Link> {
    match message {
        RouteNetlinkMessage::NewLink(message) => Some(link::row(message)),
        _ => None,
    }
}

fn address_row(message: &RouteNetlinkMessage) -> Option<Addr> {
    match message {
        RouteNetlinkMessage::NewAddress(message) => addr::row(message),
        _ => None,
    }
}

fn route_row(message: &RouteNetlinkMessage) -> Option<Route> {
    match message {
        RouteNetlinkMessage::NewRoute(message) => route::row(message),
        _ => None,
    }
}

fn neigh_row(message: &RouteNetlinkMessage) -> Option<Neigh> {
    match message {
        RouteNetlinkMessage::NewNeighbour(message) => neigh::row(message),
        _ => None,
    }
}

fn fdb_row(message: &RouteNetlinkMessage) -> Option<FdbEntry> {
    match message {
        RouteNetlinkMessage::NewNeighbour(message) => fdb::row(message),
        _ => None,
    }
}

fn policy_row(message: &RouteNetlinkMessage) -> Option<PolicyRule> {
    match message {
        RouteNetlinkMessage::NewRule(message) => policy::row(message),
        _ => None,
    }
}
