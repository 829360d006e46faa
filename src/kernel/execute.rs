//! Carrying out one command: what it needs is read, what it asks for is done, what the real tool
//! would print is printed.

use std::future::Future;
use std::os::fd::AsFd;

use anyhow::Result;

use super::machine::Machine;
use super::ready::ready;
use super::{Text, capture, icmp, netlink, sysctl};
use crate::command::link::Link;
use crate::command::netns::{InForm, Netns};
use crate::command::{Change, Command, Printed, Refusal, Show, Tables, Task, route};
use crate::session::{Move, Outcome};
use crate::world::{Ns, Space};

/// What a command prints goes here, line by line, as it happens.
pub type Print<'a> = &'a mut dyn FnMut(Text);

/// Carries out `command`, whose prompt stands in `at`. Resolves `stop` to interrupt it, as Ctrl-C
/// would.
///
/// What the kernel refuses is not an error here: it is printed as the real tool prints it.
///
/// # Errors
/// If something fails that no real tool has words for.
pub async fn execute(
    machine: &Machine,
    at: &Ns,
    command: &Command,
    print: Print<'_>,
    stop: impl Future<Output = ()>,
) -> Result<Outcome> {
    let (ns, inner) = match descend(machine, at, command) {
        Ok(place) => place,
        Err(refusal) => return Ok(refused(print, &refusal, Some(nix::libc::ENOENT))),
    };
    match inner.task() {
        Task::Change(verb) => {
            let makes = matches!(inner, Command::Link(Link::Add(_)));
            change(machine, &ns, verb, makes, print).await
        }
        Task::Show(verb) => show(machine, &ns, verb, print).await,
        Task::RouteGet(get) => route_get(machine, &ns, get, print).await,
        Task::Netns(verb) => netns(machine, &ns, verb, print).await,
        Task::Sysctl(verb) => Ok(printed(
            print,
            sysctl::perform(machine.fd(&ns)?.as_fd(), verb)?,
        )),
        Task::Iptables(verb) => {
            let sockets = machine.sockets(&ns)?;
            let netfilter = machine.netfilter(&ns, &sockets)?;
            Ok(printed(print, netfilter.perform(verb)?))
        }
        Task::Ping(verb) => {
            for ns in [&Ns::Host, &ns] {
                ready(machine, ns).await?;
            }
            let pinged = icmp::ping(machine.fd(&ns)?.as_fd(), verb, print, stop).await?;
            Ok(Outcome {
                answer: Some(pinged.answer),
                identifier: pinged.identifier,
                ..ended(pinged.status)
            })
        }
        Task::Tcpdump(verb) => {
            let status = capture::tcpdump(machine.fd(&ns)?.as_fd(), verb, print, stop).await?;
            Ok(ended(status))
        }
        Task::Enter(into) => Ok(Outcome {
            moved: Some(Move::Into(into)),
            ..ended(0)
        }),
        Task::Exit => Ok(Outcome {
            moved: Some(Move::Back),
            ..ended(0)
        }),
    }
}

/// Goes into the namespaces that a command names, each of which must exist.
fn descend<'a>(
    machine: &Machine,
    at: &Ns,
    command: &'a Command,
) -> Result<(Ns, &'a Command), Refusal> {
    let (form, into) = match command {
        Command::In { ns, form, .. } | Command::Enter { ns, form } => (*form, ns.resolve()),
        _ => return Ok((at.clone(), command)),
    };
    if machine.fd(&into).is_err() {
        return Err(no_such_namespace(form, &into));
    }
    match command {
        Command::In { command, .. } => descend(machine, &into, command),
        other => Ok((at.clone(), other)),
    }
}

/// As ip(8) and nsenter(1) refuse a namespace that does not exist.
fn no_such_namespace(form: InForm, ns: &Ns) -> Refusal {
    let text = match form {
        InForm::IpOption | InForm::NetnsExec => {
            format!("Cannot open network namespace \"{ns}\": No such file or directory")
        }
        InForm::Nsenter => {
            format!("nsenter: cannot open /run/netns/{ns}: No such file or directory")
        }
    };
    Refusal {
        text,
        status: if form == InForm::IpOption { 255 } else { 1 },
    }
}

async fn change(
    machine: &Machine,
    ns: &Ns,
    verb: &dyn Change,
    makes_device: bool,
    print: Print<'_>,
) -> Result<Outcome> {
    let sockets = machine.sockets(ns)?;
    let needs = verb.needs();
    let mut known = match needs.tables {
        none if none.is_empty() => Space::default(),
        tables => machine.dump(ns, tables).await?,
    };
    let devices = sockets.rtnl.devices(&needs.devices).await?;
    let devices = devices.into_iter().flatten();
    known.links.extend(devices.map(|link| (link.index, link)));
    let mut requests = match verb.lower(&known) {
        Ok(requests) => requests,
        Err(refusal) => return Ok(refused(print, &refusal, None)),
    };
    let places =
        (requests.iter()).flat_map(|request| request.into.iter().chain(&request.peer_into));
    for place in places {
        if machine.fd(place).is_err() {
            return Ok(refused(print, &Refusal::no_netns(place.name()), None));
        }
    }
    let births = match requests.as_mut_slice() {
        [request] if makes_device => machine.number(ns, request).await?,
        _ => None,
    };
    match sockets
        .rtnl
        .apply(&requests, &mut |ns| machine.fd(ns))
        .await?
    {
        Ok(()) => {
            if let Some(births) = births {
                machine.numbered(births);
            }
            Ok(printed(print, verb.accepted()))
        }
        Err(no) => Ok(refused(
            print,
            &verb.refused(no.errno, no.text.as_deref()),
            Some(no.errno),
        )),
    }
}

async fn show(machine: &Machine, ns: &Ns, verb: &dyn Show, print: Print<'_>) -> Result<Outcome> {
    let known = machine.dump(ns, verb.tables()).await?;
    Ok(printed(print, verb.print(&known)))
}

async fn route_get(
    machine: &Machine,
    ns: &Ns,
    get: &route::Get,
    print: Print<'_>,
) -> Result<Outcome> {
    let known = machine.dump(ns, get.needs().tables).await?;
    let request = match get.request(&known) {
        Ok(request) => request,
        Err(refusal) => return Ok(refused(print, &refusal, None)),
    };
    match machine.sockets(ns)?.rtnl.route_get(&request).await? {
        Ok(route) => Ok(printed(print, route::print_get(&route, &known, get))),
        Err(no) => Ok(refused(
            print,
            &get.refused(no.errno, no.text.as_deref()),
            Some(no.errno),
        )),
    }
}

async fn netns(machine: &Machine, at: &Ns, verb: &Netns, print: Print<'_>) -> Result<Outcome> {
    let done = match verb {
        Netns::Add(name) => machine.add_name(name),
        Netns::Del(name) => {
            let ns = Ns::Named(name.clone());
            // The kernel destroys a deleted namespace's devices later, and until then the other
            // end of each veth stays where it is, with its route: so they go first.
            if let Ok(sockets) = machine.sockets(&ns) {
                netlink::empty(&sockets.rtnl).await?;
            }
            machine.forget(&ns);
            machine.del_name(name)
        }
        Netns::List => {
            let known = machine.dump(at, Tables::LINKS).await?;
            return Ok(printed(print, Netns::print_list(&machine.names()?, &known)));
        }
    };
    Ok(match done {
        Ok(()) => ended(0),
        Err(no) => refused(
            print,
            &Refusal {
                text: no.text,
                status: no.status,
            },
            Some(no.errno),
        ),
    })
}

fn ended(status: u8) -> Outcome {
    Outcome {
        status,
        ..Outcome::default()
    }
}

fn printed(print: Print<'_>, printed: Printed) -> Outcome {
    if !printed.out.is_empty() {
        print(Text::Out(printed.out));
    }
    if !printed.err.is_empty() {
        print(Text::Err(printed.err));
    }
    ended(printed.status)
}

fn refused(print: Print<'_>, refusal: &Refusal, errno: Option<i32>) -> Outcome {
    // Some texts of the real tools end in an empty line.
    print(Text::Err(format!(
        "{}
",
        refusal.text
    )));
    Outcome {
        status: refusal.status,
        errno,
        ..Outcome::default()
    }
}
