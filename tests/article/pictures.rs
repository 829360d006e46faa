//! The article's pictures, drawn from the kernel's tables.

use anyhow::ensure;

use crate::lived::Lived;

/// At the end of `veth` and `bridge` and in the middle of `nat`, the screen shows each device of
/// the picture with its other end, each address, and the ways between them.
pub fn live_pictures() -> anyhow::Result<()> {
    let veth = Lived::through("veth", "ip -n app1 route get 192.168.64.3")?;
    shows(
        &veth,
        &[
            "1 host",
            "2 app1",
            "enp0s1@router0(internet) UP",
            "hlink1@clink1(app1) UP",
            "clink1@hlink1(host) UP",
            "192.168.64.3/24 enp0s1",
            "172.16.0.10/16 hlink1",
            "172.16.0.11/16 clink1",
            "172.16.0.0/16 dev hlink1",
            "172.16.0.0/16 dev clink1",
        ],
    )?;
    let bridge = Lived::through("bridge", "iptables -P FORWARD ACCEPT")?;
    let plugged = [
        "2 app3",
        "3 app4",
        "hlink3@clink3(app3) UP br0",
        "hlink4@clink4(app4) UP br0",
        "br0 UP bridge",
        "clink3@hlink3(host) UP",
        "clink4@hlink4(host) UP",
        "172.16.0.30/16 clink3",
        "172.16.0.40/16 clink4",
        "hlink3 learnt",
        "hlink4 learnt",
    ];
    shows(&bridge, &plugged)?;
    let nat = Lived::through("nat", "tcpdump -n -c 4 -i enp0s1 icmp &")?;
    shows(&nat, &plugged)?;
    shows(
        &nat,
        &[
            "4 internet",
            "172.16.0.1/16 br0",
            "172.16.0.0/16 dev br0",
            "default via 172.16.0.1 dev clink3",
            "default via 172.16.0.1 dev clink4",
            "default via 192.168.64.1 dev enp0s1",
            "net.ipv4.ip_forward = 1",
            "8.8.8.8/32 lo",
            "-j MASQUERADE",
            "icmp 172.16.0.40 → 8.8.8.8",
            "seen there as 192.168.64.3",
        ],
    )
}

fn shows(lived: &Lived, wanted: &[&str]) -> anyhow::Result<()> {
    let screen = lived.screen("host")?;
    for text in wanted {
        ensure!(
            screen.contains(text),
            "`{text}` is not on the screen: {screen}"
        );
    }
    Ok(())
}
