//! The sandbox, on the real kernel: private, alike on every machine, and at home for real tools.

#[path = "support/frame.rs"]
mod frame;
#[path = "support/tools.rs"]
mod tools;

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, ensure};
use futures::StreamExt;
use tools::{attempt, run};
use tutor::kernel::sandbox::{Spaces, inside, pin, uplink, watch_names};
use tutor::world::Ns;

fn main() -> ExitCode {
    frame::main(&cases![
        first_process,
        mounts_are_its_own,
        real_tools_see_the_names,
        names_are_refused_as_ip_refuses_them,
        news_of_names,
        rebuild_starts_anew,
        settings_are_the_kernels_own,
        uplink_has_the_articles_tables,
        the_world_answers_host_only,
    ])
}

/// Process 1, root within, an empty /run/netns, and only `lo`.
fn first_process() -> anyhow::Result<()> {
    ensure!(std::process::id() == 1);
    ensure!(nix::unistd::geteuid().is_root());
    ensure!(fs::read_dir("/run/netns")?.count() == 0);
    let links = tools::json("ip -j link")?;
    let names: Vec<_> = links
        .as_array()
        .context("a list")?
        .iter()
        .map(|link| link["ifname"].clone())
        .collect();
    ensure!(names == ["lo"], "{names:?}");
    Ok(())
}

/// Processes, devices and names are those of the sandbox; what stood in `/run` is found again.
fn mounts_are_its_own() -> anyhow::Result<()> {
    let processes = run("ps -e -o pid=")?;
    ensure!(
        processes.lines().count() == 2,
        "not only us and ps: {processes}"
    );
    let devices: Vec<_> = fs::read_dir("/sys/class/net")?
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    ensure!(devices == ["lo"], "{devices:?}");
    let mounts = fs::read_to_string("/proc/self/mountinfo")?;
    // The sixth field and those after it say with whom a mount is shared.
    let shared: Vec<_> = mounts
        .lines()
        .filter(|line| line.contains(" shared:") || line.contains(" master:"))
        .collect();
    ensure!(
        shared.iter().all(|line| line.contains(" /run/netns ")) && shared.len() == 1,
        "{shared:?}"
    );
    ensure!(fs::metadata("/run")?.dev() != fs::metadata("/")?.dev());
    let found = fs::read_dir("/run")?.count();
    ensure!(
        found > 1 && fs::canonicalize("/var/run")? == std::path::Path::new("/run"),
        "{found}"
    );
    Ok(())
}

fn real_tools_see_the_names() -> anyhow::Result<()> {
    let spaces = Spaces::new()?;
    spaces.add("app1")?;
    run("ip netns add app2")?;
    let mut names = spaces.names()?;
    names.sort();
    ensure!(names == ["app1", "app2"], "{names:?}");
    let listed = run("ip netns list")?;
    ensure!(listed == spaces.names()?.join("\n") + "\n", "{listed}");
    let inode = |ns: Ns| {
        anyhow::Ok(format!(
            "net:[{}]\n",
            nix::sys::stat::fstat(&*spaces.fd(&ns)?)?.st_ino
        ))
    };
    let app1 = inode(Ns::Named("app1".to_owned()))?;
    for line in [
        "ip netns exec app1 readlink /proc/self/ns/net",
        "nsenter --net=/run/netns/app1 readlink /proc/self/ns/net",
        "nsenter --net=/var/run/netns/app1 readlink /proc/self/ns/net",
    ] {
        ensure!(run(line)? == app1, "{line}");
    }
    ensure!(run("readlink /proc/1/ns/net")? == inode(Ns::Host)?);
    ensure!(app1 != inode(Ns::Host)?);
    run("ip netns del app1")?;
    spaces.del("app2")?;
    ensure!(run("ip netns list")?.is_empty());
    ensure!(spaces.fd(&Ns::Named("app1".to_owned())).is_err());
    Ok(())
}

fn names_are_refused_as_ip_refuses_them() -> anyhow::Result<()> {
    let spaces = Spaces::new()?;
    spaces.add("app1")?;
    for name in ["app1", "a/b", "..", "."] {
        let error = spaces.add(name).err().context("no error")?;
        let real = attempt(&format!("ip netns add {name}"))?;
        ensure!(
            String::from_utf8(real.stderr)? == format!("{error}\n"),
            "{error}"
        );
        ensure!(real.status.code() == Some(error.status.into()), "{name}");
    }
    for name in ["nowhere", ".."] {
        let error = spaces.del(name).err().context("no error")?;
        let real = attempt(&format!("ip netns del {name}"))?;
        ensure!(
            String::from_utf8(real.stderr)? == format!("{error}\n"),
            "{error}"
        );
        ensure!(real.status.code() == Some(error.status.into()), "{name}");
    }
    let error = spaces
        .fd(&Ns::Named("nowhere".to_owned()))
        .err()
        .context("no error")?;
    let real = attempt("ip -n nowhere link")?;
    ensure!(
        String::from_utf8(real.stderr)? == format!("{error}\n"),
        "{error}"
    );
    ensure!(real.status.code() == Some(error.status.into()));
    Ok(())
}

/// A name that a foreign tool makes or takes away brings news, and nothing else is needed to see it.
fn news_of_names() -> anyhow::Result<()> {
    let spaces = Spaces::new()?;
    frame::block_on(async {
        let mut news = watch_names()?;
        let steps: [(&str, &[&str]); 3] = [
            ("ip netns add app1", &["app1"]),
            (
                "nsenter --net=/run/netns/app1 ip netns add app2",
                &["app1", "app2"],
            ),
            ("ip netns del app1", &["app2"]),
        ];
        for (line, wanted) in steps {
            run(line)?;
            let seen = async {
                loop {
                    news.next().await.context("no more news")?;
                    let mut names = spaces.names()?;
                    names.sort();
                    if names == wanted {
                        return anyhow::Ok(());
                    }
                }
            };
            tokio::time::timeout(Duration::from_secs(5), seen)
                .await
                .context(line)??;
        }
        // Quiet when nothing happens: news does not come by itself.
        while tokio::time::timeout(Duration::ZERO, news.next())
            .await
            .is_ok()
        {}
        run("true")?;
        let more = tokio::time::timeout(Duration::from_millis(50), news.next()).await;
        ensure!(more.is_err(), "news of nothing");
        Ok(())
    })
}

fn rebuild_starts_anew() -> anyhow::Result<()> {
    let mut spaces = Spaces::new()?;
    let before = fs::metadata("/proc/1/ns/net")?.ino();
    spaces.add("app1")?;
    spaces.internet()?;
    run("ip link add veth1 type veth peer name veth2")?;
    run("sysctl -w net.ipv4.ip_forward=1")?;
    spaces.rebuild()?;
    ensure!(fs::metadata("/proc/1/ns/net")?.ino() != before);
    ensure!(spaces.names()?.is_empty());
    ensure!(run("ip netns list")?.is_empty());
    ensure!(spaces.fd(&Ns::Internet).is_err());
    ensure!(!run("ip link")?.contains("veth"));
    ensure!(run("sysctl -n net.ipv4.ip_forward")? == "0\n");
    spaces.add("app1")?;
    Ok(())
}

fn settings_are_the_kernels_own() -> anyhow::Result<()> {
    let spaces = Spaces::new()?;
    spaces.add("app1")?;
    let app1 = spaces.fd(&Ns::Named("app1".to_owned()))?;
    let others = "net.ipv4.conf.all.rp_filter=2 net.ipv4.conf.default.rp_filter=1 net.ipv4.ip_forward=1
        net.ipv4.conf.default.arp_ignore=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.default.promote_secondaries=1
        net.ipv6.conf.all.forwarding=1 net.ipv6.conf.default.disable_ipv6=1";
    run(&format!("ip netns exec app1 sysctl -w {others}"))?;
    inside(std::os::fd::AsFd::as_fd(&*app1), pin)??;
    let names: Vec<&str> = others
        .split_whitespace()
        .filter_map(|setting| setting.split('=').next())
        .collect();
    let now = run(&format!("ip netns exec app1 sysctl -n {}", names.join(" ")))?;
    ensure!(now == "0\n0\n0\n0\n1\n0\n0\n0\n", "{now}");
    let lo =
        run("ip netns exec app1 sysctl -n net.ipv4.conf.lo.rp_filter net.ipv4.conf.lo.forwarding")?;
    ensure!(lo == "0\n0\n", "lo: {lo}");
    Ok(())
}

fn uplink_has_the_articles_tables() -> anyhow::Result<()> {
    let mut spaces = Spaces::new()?;
    uplink(&mut spaces)?.wait()?;
    let links = run("ip -br link show enp0s1")?;
    ensure!(
        links.starts_with("enp0s1@if3")
            && links.contains("UP")
            && links.contains("06:c5:4b:b4:32:aa"),
        "{links}"
    );
    ensure!(run("ip link show enp0s1")?.starts_with("2: "));
    let routes = run("ip route")?;
    let wanted = "default via 192.168.64.1 dev enp0s1 proto dhcp src 192.168.64.3 metric 100 \n\
                  192.168.64.0/24 dev enp0s1 proto kernel scope link src 192.168.64.3 metric 100 \n\
                  192.168.64.1 dev enp0s1 proto dhcp scope link src 192.168.64.3 metric 100 \n";
    ensure!(routes == wanted, "{routes}");
    let addr = run("ip -4 addr show enp0s1")?;
    let wanted = "inet 192.168.64.3/24 metric 100 brd 192.168.64.255 scope global enp0s1";
    ensure!(addr.contains(wanted), "{addr}");
    let lo = run("ip -br addr show lo")?;
    ensure!(lo.contains("127.0.0.1/8"), "{lo}");
    Ok(())
}

/// The uplink is ready when it is made: the first ping is answered. What comes from behind `host`
/// has no way back, though `host` forwards.
fn the_world_answers_host_only() -> anyhow::Result<()> {
    let mut spaces = Spaces::new()?;
    for _ in 0..2 {
        uplink(&mut spaces)?.wait()?;
        for address in ["192.168.64.1", "8.8.8.8", "1.1.1.1"] {
            run(&format!("ping -c 1 -W 1 {address}"))?;
        }
        run("ip addr add 172.16.0.10/16 dev lo")?;
        let unanswered = attempt("ping -c 1 -W 1 -I 172.16.0.10 8.8.8.8")?;
        ensure!(unanswered.status.code() == Some(1));
        let internet = spaces.internet()?;
        let routes = inside(std::os::fd::AsFd::as_fd(&*internet), || run("ip route"))??;
        ensure!(
            routes.lines().count() == 1 && routes.starts_with("192.168.64.0/24"),
            "{routes}"
        );
        spaces.rebuild()?;
    }
    Ok(())
}
