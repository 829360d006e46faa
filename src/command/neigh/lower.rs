//! `ip neighbour add|replace|del|flush` -> requests.

use std::net::IpAddr;

use netlink_packet_core::{NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE};
use netlink_packet_route::neighbour::{NeighbourAttribute, NeighbourMessage};
use netlink_packet_route::{AddressFamily, RouteNetlinkMessage};

use super::Neigh;
use crate::command::request::device;
use crate::command::task::{Change, Needs, Refusal, Request, Tables};
use crate::world::Space;
use crate::world::neigh::nud;

impl Change for Neigh {
    fn needs(&self) -> Needs {
        match self {
            Self::Set { dev, .. } | Self::Del { dev, .. } => Needs {
                devices: vec![dev.clone()],
                tables: Tables::empty(),
            },
            Self::Flush(_) => Needs {
                devices: Vec::new(),
                tables: Tables::LINKS | Tables::NEIGHS,
            },
            Self::Show(_) => Needs::default(),
        }
    }

    fn lower(&self, known: &Space) -> Result<Vec<Request>, Refusal> {
        match self {
            Self::Set {
                replace,
                to,
                mac,
                dev,
                state,
            } => {
                let mut message = message(*to, device(known, dev)?);
                message.header.state = state.unwrap_or(nud::PERMANENT).into();
                message
                    .attributes
                    .extend(mac.map(|mac| NeighbourAttribute::LinkLayerAddress(mac.0.to_vec())));
                let exists = if *replace { NLM_F_REPLACE } else { NLM_F_EXCL };
                let message = RouteNetlinkMessage::NewNeighbour(message);
                Ok(vec![Request::new(message, NLM_F_CREATE | exists)])
            }
            Self::Del { to, dev } => Ok(vec![deleted(*to, device(known, dev)?)]),
            Self::Flush(which) => {
                // What an administrator has put there stays unless it is named.
                let states = match which.state {
                    Some(u16::MAX) => !nud::NOARP,
                    Some(states) => states,
                    None => !(nud::PERMANENT | nud::NOARP),
                };
                let rows = which.chosen(known, states)?;
                Ok(rows.iter().map(|row| deleted(row.dst, row.link)).collect())
            }
            Self::Show(_) => Ok(Vec::new()),
        }
    }

    fn refused(&self, errno: i32, text: Option<&str>) -> Refusal {
        Refusal::kernel(errno, text)
    }
}

fn deleted(to: IpAddr, link: u32) -> Request {
    let mut message = message(to, link);
    message.header.state = nud::PERMANENT.into();
    Request::new(RouteNetlinkMessage::DelNeighbour(message), 0)
}

fn message(to: IpAddr, link: u32) -> NeighbourMessage {
    let mut message = NeighbourMessage::default();
    message.header.family = match to {
        IpAddr::V4(_) => AddressFamily::Inet,
        IpAddr::V6(_) => AddressFamily::Inet6,
    };
    message.header.ifindex = link;
    message.attributes = vec![NeighbourAttribute::Destination(to.into())];
    message
}
