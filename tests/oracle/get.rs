//! `ip route get`

use tutor::command::route::{Get, print_get};
use tutor::command::{Tables, View};

use crate::frame::Case;
use crate::ours::{asked, real, space};
use crate::tools::shell;

pub const CASES: &[Case] = &crate::cases![route_get_is_ips];

fn route_get_is_ips() -> anyhow::Result<()> {
    same("8.8.8.8")?;
    same("2001:db8::1")?;
    shell(
        "ip link set lo up
         ip netns add b
         ip link add v0 type veth peer name v1 netns b
         ip link add v2 type veth peer name v3
         ip link set v0 up; ip link set v2 up
         ip -n b link set v1 up
         ip addr add 172.16.0.10/16 dev v0
         ip addr add 172.16.0.11/16 dev v2
         ip addr add 2001:db8::1/64 dev v0 nodad
         ip route add default via 172.16.0.20
         ip route add 10.0.0.0/8 via 172.16.0.20 mtu 1400
         ip route add blackhole 10.5.0.0/16
         ip route add unreachable 10.6.0.0/16
         ip route add prohibit 10.7.0.0/16
         ip route add 10.8.0.0/16 via 172.16.0.20 table 100
         ip rule add to 10.8.0.0/16 lookup 100
         ip -6 route add default via 2001:db8::2
         ip -6 route add blackhole 2001:bad::/32
         ip -6 route add unreachable 2001:bae::/32
         ip -6 route add prohibit 2001:baf::/32",
    )?;
    for to in [
        "172.16.0.20",
        "172.16.0.10",
        "8.8.8.8",
        "10.0.0.1",
        "10.5.0.1",
        "10.6.0.1",
        "10.7.0.1",
        "10.8.0.1",
        "127.0.0.1",
        "255.255.255.255",
        "172.16.255.255",
        "224.0.0.1",
        "8.8.8.8 from 172.16.0.10",
        "8.8.8.8 from 1.2.3.4",
        "8.8.8.8 oif v2",
        "8.8.8.8 oif nope",
        "8.8.8.8 iif v0",
        "8.8.8.8 from 172.16.0.30 iif v0",
        "172.16.0.10 from 172.16.0.20 iif v0",
        "2001:db8::2",
        "2001:db8::1",
        "2001:1::1",
        "2001:bad::1",
        "2001:bae::1",
        "2001:baf::1",
        "::1",
        "ff02::1",
        "fe80::1 oif v0",
        "2001:db8::99 from 2001:db8::1",
        "2001:db8::99 from 2001:db8::1 iif v0",
    ] {
        same(to)?;
    }
    shell("ip route del default")?;
    same("8.8.8.8")
}

/// Asks both, without and with `-d`.
fn same(question: &str) -> anyhow::Result<()> {
    for details in [false, true] {
        let get = parsed(question, details)?;
        let known = space(Tables::LINKS)?;
        let ours = match get.request(&known) {
            Ok(request) => match asked(&request)? {
                Ok(row) => print_get(&row, &known, &get),
                Err(no) => get.refused(no.errno, no.text.as_deref()).into(),
            },
            Err(refusal) => refusal.into(),
        };
        let d = if details { " -d" } else { "" };
        let line = format!("ip{d} route get {question}");
        let real = real(&line)?;
        anyhow::ensure!(ours == real, "{line}\nours {ours:?}\nreal {real:?}");
    }
    Ok(())
}

fn parsed(question: &str, details: bool) -> anyhow::Result<Get> {
    let mut words = question.split(' ');
    let mut get = Get {
        to: words.next().unwrap_or_default().parse()?,
        from: None,
        iif: None,
        oif: None,
        view: View {
            details,
            ..View::default()
        },
    };
    while let (Some(key), Some(value)) = (words.next(), words.next()) {
        match key {
            "from" => get.from = Some(value.parse()?),
            "iif" => get.iif = Some(value.to_owned()),
            "oif" => get.oif = Some(value.to_owned()),
            other => anyhow::bail!("{other}"),
        }
    }
    Ok(get)
}
