//! Which way a packet would go: the kernel's own answer, for which nothing is sent.

use std::net::IpAddr;

use anyhow::{Context, Result};

use super::machine::Machine;
use crate::command::request::meaning;
use crate::command::{View, route};
use crate::trace::{NextHop, NoRoute};
use crate::world::Ns;

/// Asks the kernel for the route of a packet from `ns` to `to` (`RTM_GETROUTE`, as `ip route get`
/// does).
///
/// # Errors
/// What the kernel refuses a packet with, or why it could not be asked.
pub async fn look_up(machine: &Machine, ns: &Ns, to: IpAddr) -> Result<NextHop, NoRoute> {
    let asked = ask(machine, ns, to).await;
    asked.unwrap_or_else(|error| {
        Err(NoRoute {
            errno: None,
            text: format!("{error:#}"),
        })
    })
}

async fn ask(machine: &Machine, ns: &Ns, to: IpAddr) -> Result<Result<NextHop, NoRoute>> {
    let get = route::Get {
        to,
        from: None,
        iif: None,
        oif: None,
        view: View::default(),
    };
    let known = machine.dump(ns, get.needs().tables).await?;
    // Only a device that the question names can be refused here, and it names none.
    let request = (get.request(&known)).map_err(|refusal| anyhow::Error::msg(refusal.text))?;
    let told = machine.sockets(ns)?.rtnl.route_get(&request).await?;
    let route = match told {
        Ok(route) => route,
        Err(no) => {
            return Ok(Err(NoRoute {
                errno: Some(no.errno),
                text: no.text.unwrap_or_else(|| meaning(no.errno)),
            }));
        }
    };
    let dev = route
        .dev
        .context("the kernel answered a route without a device")?;
    Ok(Ok(NextHop {
        dev: known.link_name(dev),
        via: route.via,
        src: route.src,
    }))
}
