//! The article that the first lessons teach: each of its parts is a step of a lesson, and what it
//! says is what the kernel does when that step is lived.

#[path = "article/bridge.rs"]
mod bridge;
#[path = "article/cable.rs"]
mod cable;
#[path = "support/frame.rs"]
mod frame;
#[path = "support/like.rs"]
mod like;
#[path = "article/lived.rs"]
mod lived;
#[path = "article/pictures.rs"]
mod pictures;
#[path = "article/stack.rs"]
mod stack;
#[path = "article/world.rs"]
mod world;

use std::process::ExitCode;

use bridge::{
    bridged_packets_meet_iptables, capture_on_the_bridge, host_joins_in, neighbours, one_bridge,
};
use cable::{first_pings, moved_veth, no_route, prefix_brings_route, two_cables_one_prefix};
use pictures::live_pictures;
use stack::{new_namespace, three_tables, user_chain};
use world::{default_routes, forwarding_is_not_enough, masquerade};

/// Most of a case's time is spent waiting for answers that do not come.
const AT_ONCE: usize = 8;

fn main() -> ExitCode {
    frame::main_at_once(
        AT_ONCE,
        &cases![
            three_tables,
            user_chain,
            new_namespace,
            moved_veth,
            prefix_brings_route,
            first_pings,
            no_route,
            two_cables_one_prefix,
            one_bridge,
            bridged_packets_meet_iptables,
            capture_on_the_bridge,
            neighbours,
            host_joins_in,
            default_routes,
            forwarding_is_not_enough,
            masquerade,
            live_pictures,
        ],
    )
}
