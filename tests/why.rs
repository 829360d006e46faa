//! Why no answer comes: each way to break a network is found, on the real kernel.

#[path = "why/article.rs"]
mod article;
#[path = "why/bench.rs"]
mod bench;
#[path = "why/broken.rs"]
mod broken;
#[path = "why/filters.rs"]
mod filters;
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
#[path = "support/traced.rs"]
mod traced;

use std::process::ExitCode;

use article::{cables, gateway, switch, world};
use filters::{rules, settings, translation};
use links::{devices, ports, rows};
use neighbours::{moved, own_port};
use routes::{addresses, back, prefixes, routes as ways};
use several::{cost, faults, health, late};

fn main() -> ExitCode {
    frame::main(&cases![
        devices,
        ports,
        rows,
        moved,
        own_port,
        addresses,
        prefixes,
        ways,
        back,
        rules,
        translation,
        settings,
        cables,
        switch,
        gateway,
        world,
        faults,
        health,
        cost,
        late,
    ])
}
