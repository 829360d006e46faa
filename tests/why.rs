//! Why no answer comes: each way to break a network is found, on the real kernel.

#[path = "why/article.rs"]
mod article;
#[path = "why/bench.rs"]
mod bench;
#[path = "why/broken.rs"]
mod broken;
#[path = "why/filters.rs"]
mod filters;
#[path = "why/forwarded.rs"]
mod forwarded;
#[path = "support/frame.rs"]
mod frame;
#[path = "support/like.rs"]
mod like;
#[path = "why/links.rs"]
mod links;
#[path = "why/neighbours.rs"]
mod neighbours;
#[path = "why/nets.rs"]
mod nets;
#[path = "why/routes.rs"]
mod routes;
#[path = "why/several.rs"]
mod several;
#[path = "why/sixes.rs"]
mod sixes;
#[path = "why/switches.rs"]
mod switches;
#[path = "support/tools.rs"]
mod tools;
#[path = "support/traced.rs"]
mod traced;
#[path = "why/tunnels.rs"]
mod tunnels;

use std::process::ExitCode;

use article::{cables, gateway, switch, world};
use filters::{port_rules, rules, settings, translation};
use forwarded::to_nobody;
use links::{devices, ports, rows};
use neighbours::{moved, own_port};
use routes::{addresses, back, prefixes, routes as ways};
use several::{cost, faults, health, late};
use sixes::{not_unique, one_switch_for_all, sixes};
use switches::{captured, kept_apart};
use tunnels::{tunnel_ends, tunnels};

/// Most of a case's time is spent waiting for answers that do not come.
const AT_ONCE: usize = 8;

fn main() -> ExitCode {
    frame::main_at_once(
        AT_ONCE,
        &cases![
            devices,
            ports,
            rows,
            moved,
            own_port,
            addresses,
            prefixes,
            ways,
            back,
            port_rules,
            rules,
            translation,
            settings,
            cables,
            switch,
            gateway,
            world,
            to_nobody,
            sixes,
            not_unique,
            one_switch_for_all,
            tunnels,
            tunnel_ends,
            captured,
            kept_apart,
            faults,
            health,
            cost,
            late,
        ],
    )
}
