//! `setgroups(2)` that says yes and does nothing, for programs in a sandbox of one user.
//!
//! There the kernel refuses it (`user_namespaces(7)`, `/proc/[pid]/setgroups`). `tcpdump` told to
//! stay root still makes sure that it has root's groups only, and gives up where it cannot
//! (`droproot` of its `tcpdump.c`); other tools that let go of rights do the same. What they let go
//! of are the user's own groups, which are left to them.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

use nix::errno::Errno;
use nix::libc::{self, sock_filter, sock_fprog};

/// `AUDIT_ARCH_…` of `linux/audit.h`: whose numbers the system calls have.
const ARCHITECTURE: Option<u32> = if cfg!(target_arch = "x86_64") {
    Some(0xc000_003e)
} else if cfg!(target_arch = "aarch64") {
    Some(0xc000_00b7)
} else if cfg!(target_arch = "riscv64") {
    Some(0xc000_00f3)
} else if cfg!(target_arch = "s390x") {
    Some(0x8000_0016)
} else {
    None
};

/// Offsets in `struct seccomp_data` (`seccomp(2)`).
const NUMBER: u32 = 0;
const ARCHITECTURE_AT: u32 = 4;

/// Lets what is run by `command` believe that it can set its groups. Where the kernel takes no
/// filter (`seccomp(2)`), all stays as it is.
pub fn pretend(command: &mut Command) {
    let (Some(architecture), Ok(number)) = (ARCHITECTURE, u32::try_from(libc::SYS_setgroups))
    else {
        return;
    };
    let filter = filter(architecture, number);
    // SAFETY: between fork and exec one system call is made, and nothing is allocated.
    unsafe {
        command.pre_exec(move || {
            install(&filter).ok();
            Ok(())
        });
    }
}

/// Answers 0 to this system call instead of the kernel, and lets every other one through.
fn filter(architecture: u32, number: u32) -> [sock_filter; 6] {
    let load = libc::BPF_LD | libc::BPF_W | libc::BPF_ABS;
    let equal = libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K;
    let answer = libc::BPF_RET | libc::BPF_K;
    [
        instruction(load, 0, 0, ARCHITECTURE_AT),
        instruction(equal, 0, 3, architecture),
        instruction(load, 0, 0, NUMBER),
        instruction(equal, 0, 1, number),
        instruction(answer, 0, 0, libc::SECCOMP_RET_ERRNO),
        instruction(answer, 0, 0, libc::SECCOMP_RET_ALLOW),
    ]
}

fn instruction(code: u32, jt: u8, jf: u8, k: u32) -> sock_filter {
    // Codes are smaller than 256.
    let code = u16::try_from(code).unwrap_or_default();
    sock_filter { code, jt, jf, k }
}

/// From now on the filter holds for this process and all that it starts.
fn install(filter: &[sock_filter]) -> io::Result<()> {
    let program = sock_fprog {
        len: u16::try_from(filter.len()).unwrap_or_default(),
        filter: filter.as_ptr().cast_mut(),
    };
    // SAFETY: the kernel reads `program` and the instructions that it points to, which outlive the
    // call. Without PR_SET_NO_NEW_PRIVS it asks for CAP_SYS_ADMIN, which root has in its sandbox.
    let answer = unsafe {
        libc::prctl(
            libc::PR_SET_SECCOMP,
            libc::SECCOMP_MODE_FILTER,
            &raw const program,
        )
    };
    Errno::result(answer)?;
    Ok(())
}
