//! The way of one packet, on the real kernel.

#[path = "support/frame.rs"]
mod frame;
#[path = "support/traced.rs"]
mod traced;

use std::process::ExitCode;

use traced::{Desk, run};

fn main() -> ExitCode {
    frame::main(&cases![look])
}

fn look() -> anyhow::Result<()> {
    run(async {
        let mut desk = Desk::through("nat", "iptables -t nat -A POSTROUTING -s 172.16.0.0/16 ! -o br0 -j MASQUERADE").await?;
        for (ns, to) in [("app3", "172.16.0.99"), ("app3", "10.1.1.1"), ("host", "127.0.0.1"), ("app3","192.168.64.77")] {
            let story = desk.ping(ns, to).await?;
            println!("== {ns} {to} {}", story.answer.words());
            for line in traced::way(&story) { println!("{line}"); }
        }
        anyhow::bail!("look")
    })
}
