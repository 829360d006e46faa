//! Why namespaces are refused here, and the exact line that helps.

use std::fs;
use std::path::Path;

use nix::libc;
use nix::unistd::geteuid;

bitflags::bitflags! {
    /// What is seen of this machine that may be the reason, or rule one out.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    struct Seen: u8 {
        /// We are root.
        const ROOT = 1;
        /// `kernel.apparmor_restrict_unprivileged_userns` (Ubuntu 23.10 and later).
        const APPARMOR = 1 << 1;
        /// `kernel.unprivileged_userns_clone` is 0 (Debian's and Arch's patch).
        const NO_CLONE = 1 << 2;
        /// A seccomp filter stands before our system calls.
        const SECCOMP = 1 << 3;
        /// We are in a container.
        const CONTAINER = 1 << 4;
    }
}

/// What is known of this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Facts {
    seen: Seen,
    /// Kinds of namespaces of which there may be none (`user.max_user_namespaces` and so on).
    none_of: Vec<&'static str>,
}

/// A reason, and what helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// One sentence.
    pub cause: String,
    /// The line to type, with what is to be known of it.
    pub help: String,
}

/// Why namespaces are refused with `errno` (positive) on this machine, and what helps: a sentence
/// and a line.
pub fn explain_refusal(errno: i32) -> String {
    let Refusal { cause, help } = now(errno);
    format!("{cause}\n{help}")
}

/// The same in two.
pub fn now(errno: i32) -> Refusal {
    diagnose(&Facts::look(), errno)
}

impl Facts {
    fn look() -> Self {
        let says = |path: &str, value: &str| {
            fs::read_to_string(path).is_ok_and(|text| text.trim() == value)
        };
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let marks = ["/.dockerenv", "/run/.containerenv"];
        let container = marks.iter().any(|mark| Path::new(mark).exists())
            || std::env::var_os("container").is_some();
        let apparmor = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";
        let mut seen = Seen::empty();
        seen.set(Seen::ROOT, geteuid().is_root());
        seen.set(Seen::APPARMOR, says(apparmor, "1"));
        seen.set(
            Seen::NO_CLONE,
            says("/proc/sys/kernel/unprivileged_userns_clone", "0"),
        );
        seen.set(
            Seen::SECCOMP,
            status.lines().any(|line| line == "Seccomp:\t2"),
        );
        seen.set(Seen::CONTAINER, container);
        let none_of = ["user", "mnt", "pid", "net"]
            .into_iter()
            .filter(|kind| says(&format!("/proc/sys/user/max_{kind}_namespaces"), "0"))
            .collect();
        Self { seen, none_of }
    }
}

/// The likeliest reason.
fn diagnose(facts: &Facts, errno: i32) -> Refusal {
    let seen = |sign| facts.seen.contains(sign);
    if let Some(kind) = facts.none_of.first() {
        return set(
            &format!("This machine allows no {kind} namespaces (user.max_{kind}_namespaces is 0)."),
            &format!("user.max_{kind}_namespaces=15000"),
        );
    }
    if errno == libc::ENOSPC || errno == libc::EUSERS {
        return Refusal {
            cause:
                "There are as many namespaces as this machine allows, or they are nested 32 deep."
                    .to_owned(),
            help: "End programs that hold some, or raise the limit: \
                   sudo sysctl -w user.max_user_namespaces=15000"
                .to_owned(),
        };
    }
    if errno == libc::EINVAL || errno == libc::ENOSYS {
        return Refusal {
            cause: "This kernel was built without a kind of namespace that is needed \
                    (CONFIG_USER_NS, CONFIG_NET_NS, CONFIG_PID_NS)."
                .to_owned(),
            help: "Use a distribution's kernel, or a virtual machine.".to_owned(),
        };
    }
    if seen(Seen::CONTAINER) || seen(Seen::SECCOMP | Seen::ROOT) {
        return Refusal {
            cause: "This is a container, and it may not make namespaces or mounts.".to_owned(),
            help: "Start it with: docker run --privileged …".to_owned(),
        };
    }
    if seen(Seen::NO_CLONE) && !seen(Seen::ROOT) {
        return set(
            "This machine lets only root make namespaces (kernel.unprivileged_userns_clone is 0).",
            "kernel.unprivileged_userns_clone=1",
        );
    }
    if seen(Seen::APPARMOR) && !seen(Seen::ROOT) {
        return set(
            "AppArmor takes every right from what an ordinary user makes a namespace for \
             (kernel.apparmor_restrict_unprivileged_userns is 1).",
            "kernel.apparmor_restrict_unprivileged_userns=0",
        );
    }
    if seen(Seen::SECCOMP) {
        return Refusal {
            cause: "A seccomp filter stands before this program and may be what refuses."
                .to_owned(),
            help: "Start it from a shell outside of the container, snap or service.".to_owned(),
        };
    }
    Refusal {
        cause: "None of the usual reasons is seen; a security module or a chroot may refuse it."
            .to_owned(),
        help: "Try it as root: sudo tutor doctor".to_owned(),
    }
}

/// A setting is the reason.
fn set(cause: &str, setting: &str) -> Refusal {
    Refusal {
        cause: cause.to_owned(),
        help: format!("Until the next start of the machine this helps: sudo sysctl -w {setting}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_its_line() {
        let seeing = |seen| Facts {
            seen,
            ..Facts::default()
        };
        let user = Facts::default();
        let apparmor = seeing(Seen::APPARMOR);
        let no_clone = seeing(Seen::NO_CLONE);
        let container = seeing(Seen::CONTAINER | Seen::SECCOMP | Seen::APPARMOR);
        let none = Facts {
            none_of: vec!["user"],
            ..apparmor.clone()
        };
        for (facts, errno, line) in [
            (
                &apparmor,
                libc::EPERM,
                "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
            ),
            (
                &none,
                libc::ENOSPC,
                "sysctl -w user.max_user_namespaces=15000",
            ),
            (
                &no_clone,
                libc::EPERM,
                "sysctl -w kernel.unprivileged_userns_clone=1",
            ),
            (&container, libc::EPERM, "docker run --privileged"),
            (&user, libc::EINVAL, "distribution's kernel"),
            (&user, libc::EPERM, "sudo tutor doctor"),
        ] {
            let refusal = diagnose(facts, errno);
            assert!(refusal.help.contains(line), "{refusal:?}");
        }
    }

    #[test]
    fn root_is_not_told_of_what_binds_others() {
        let root = Facts {
            seen: Seen::ROOT | Seen::APPARMOR | Seen::NO_CLONE,
            ..Facts::default()
        };
        assert!(!diagnose(&root, libc::EPERM).help.contains("sysctl"));
    }
}
