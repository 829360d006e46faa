//! The `tcpdump` command: frames of a namespace, as they pass.

mod device;
pub mod everywhere;
pub mod listening;
mod option;
mod pace;
mod receive;
pub mod record;
mod socket;

use std::future::{self, Future};
use std::io;
use std::os::fd::BorrowedFd;
use std::pin::pin;
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::command::tcpdump::Tcpdump;
use crate::command::tcpdump::print::{Frame, Link, Printer};
use crate::kernel::Text;
use crate::kernel::icmp::reason;
use crate::packet::Medium;
use crate::packet::filter::Facts;
use device::Device;
use pace::Pace;
use socket::{Captured, PacketSocket};

/// The device that means all of them.
const ANY: &str = "any";

/// Captures in the namespace and prints what tcpdump prints, frames as they come, until there are
/// as many as asked for or `stop` resolves, as `^C` does. Gives tcpdump's exit status.
///
/// What comes at once is printed at once, and not more than a reader's screen can take (`Pace`):
/// the rest stays with the kernel, which drops what it has no room for, and counts it.
///
/// # Errors
/// The socket cannot be watched or read.
pub async fn tcpdump(
    ns: BorrowedFd<'_>,
    tcpdump: &Tcpdump,
    print: &mut dyn FnMut(Text),
    stop: impl Future<Output = ()>,
) -> anyhow::Result<u8> {
    let dev = tcpdump.dev.as_deref().unwrap_or(ANY);
    let device = (dev != ANY).then_some(dev);
    let mut socket = match PacketSocket::open(ns, device)? {
        Ok(socket) => socket,
        Err(error) => {
            print(Text::Err(refusal(dev, &error)));
            return Ok(1);
        }
    };
    print(Text::Err(greeting(dev, device.is_none())));
    let mut run = Run {
        tcpdump,
        printer: Printer::new(tcpdump.link_header),
        zone: TimeZone::system(),
        captured: 0,
        received: 0,
    };
    let mut stop = pin!(stop);
    let mut pace = Pace::default();
    let mut down = None;
    let mut status = 0;
    while status == 0 && run.goes_on() {
        tokio::select! {
            biased;
            () = &mut stop => {
                print(Text::Out("\n".to_owned()));
                break;
            }
            () = pace.rest(), if pace.is_full() => {}
            ready = socket.ready(), if !pace.is_full() => {
                ready.with_context(|| format!("tcpdump: cannot read from {dev}"))?;
                let mut lines = String::new();
                let taken = run.take_all(&mut socket, &mut pace, &mut lines);
                if !lines.is_empty() {
                    print(Text::Out(lines));
                }
                match (taken, socket.device()) {
                    (Ok(()), _) => {}
                    (Err(error), Some(index)) if is_down(&error) => {
                        down = Some(Device::watch(ns, index)?);
                    }
                    (Err(error), _) => {
                        print(Text::Err(format!("tcpdump: pcap_loop: {}\n", reason(&error))));
                        status = 1;
                    }
                }
            }
            gone = gone(down.as_ref()), if down.is_some() => {
                gone.with_context(|| format!("tcpdump: cannot watch {dev}"))?;
                print(Text::Err("tcpdump: pcap_loop: The interface disappeared\n".to_owned()));
                status = 1;
            }
        }
    }
    print(Text::Err(run.counts(socket.dropped())));
    Ok(status)
}

/// What is said before the first frame.
fn greeting(dev: &str, cooked: bool) -> String {
    let (before, link) = if cooked {
        (
            "tcpdump: data link type LINUX_SLL2\n",
            "LINUX_SLL2 (Linux cooked v2)",
        )
    } else {
        ("", "EN10MB (Ethernet)")
    };
    format!(
        "{before}tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n\
         listening on {dev}, link-type {link}, snapshot length {} bytes\n",
        socket::SNAPSHOT
    )
}

/// Why there is nothing to listen on.
fn refusal(dev: &str, error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(nix::libc::ENODEV | nix::libc::ENXIO) => {
            format!("tcpdump: {dev}: No such device exists\n(No such device exists)\n")
        }
        Some(nix::libc::ENETDOWN) => format!("tcpdump: {dev}: That device is not up\n"),
        Some(nix::libc::EPERM | nix::libc::EACCES) => format!(
            "tcpdump: {dev}: You don't have permission to perform this capture on that device\n\
             (socket: Operation not permitted)\n"
        ),
        _ => format!("tcpdump: {dev}: {}\n", reason(error)),
    }
}

/// Has the device gone down? It may come up again.
fn is_down(error: &io::Error) -> bool {
    error.raw_os_error() == Some(nix::libc::ENETDOWN)
}

/// Comes back when a device that is down is gone for good.
async fn gone(down: Option<&Device>) -> io::Result<()> {
    match down {
        Some(device) => device.gone().await,
        None => future::pending().await,
    }
}

struct Run<'a> {
    tcpdump: &'a Tcpdump,
    printer: Printer,
    zone: TimeZone,
    captured: u64,
    received: u64,
}

impl Run<'_> {
    /// Are there still too few?
    fn goes_on(&self) -> bool {
        let count = self.tcpdump.count.map(u64::from);
        count.is_none_or(|count| self.captured < count)
    }

    /// Takes what has come already, as far as the pace allows.
    fn take_all(
        &mut self,
        socket: &mut PacketSocket,
        pace: &mut Pace,
        lines: &mut String,
    ) -> io::Result<()> {
        while self.goes_on() && !pace.is_full() {
            let Some(captured) = socket.take()? else {
                return Ok(());
            };
            let line = self.take(&captured);
            pace.count(line.is_some());
            lines.extend(line);
        }
        Ok(())
    }

    /// The line of a frame that is to be shown.
    fn take(&mut self, captured: &Captured<'_>) -> Option<String> {
        if !self.wants(&captured.frame) {
            return None;
        }
        self.received += 1;
        // Each frame on `lo` goes out and comes in; shown once.
        if captured.looped {
            return None;
        }
        self.captured += 1;
        let time = self.time(captured.at);
        let text = self.printer.print(&captured.frame);
        Some(format!("{time} {text}\n"))
    }

    /// Does the frame pass the filter?
    fn wants(&self, frame: &Frame<'_>) -> bool {
        self.tcpdump.filter.as_ref().is_none_or(|filter| {
            filter.holds(match &frame.link {
                Link::Ethernet => Facts::of(Medium::Ethernet, frame.bytes),
                Link::Cooked(cooked) => Facts::of_network(cooked.protocol, frame.bytes),
            })
        })
    }

    /// Local time of day, to the microsecond.
    fn time(&self, at: Duration) -> String {
        let at = i64::try_from(at.as_micros())
            .ok()
            .and_then(|micros| Timestamp::from_microsecond(micros).ok())
            .unwrap_or_default();
        at.to_zoned(self.zone.clone())
            .strftime("%H:%M:%S.%6f")
            .to_string()
    }

    fn counts(&self, dropped: u64) -> String {
        [
            (self.captured, "captured"),
            (self.received + dropped, "received by filter"),
            (dropped, "dropped by kernel"),
        ]
        .map(|(count, what)| {
            let s = if count == 1 { "" } else { "s" };
            format!("{count} packet{s} {what}\n")
        })
        .concat()
    }
}
