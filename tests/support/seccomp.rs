//! Machines that refuse something: a seccomp filter answers for them.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

use nix::errno::Errno;
use nix::libc::{self, sock_filter, sock_fprog};

/// The program that this starts gets `errno` for a packet socket.
pub fn refuse_packet_sockets(command: &mut Command, errno: Errno) {
    let errno = (errno as i32).unsigned_abs();
    // SAFETY: `install` makes two system calls and allocates nothing.
    unsafe { command.pre_exec(move || install(errno)) };
}

/// `socket(AF_PACKET, …)` is answered with this errno (`seccomp(2)`).
// A system call's number and an address family are small and not negative, and so is the length.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn install(errno: u32) -> io::Result<()> {
    const NUMBER: u32 = 0;
    /// Of the first argument in `struct seccomp_data`; its lower half, on this byte order.
    const FAMILY: u32 = if cfg!(target_endian = "little") {
        16
    } else {
        20
    };
    let load = |k| sock_filter {
        code: 0x20,
        jt: 0,
        jf: 0,
        k,
    };
    let unless_equal = |k, jf| sock_filter {
        code: 0x15,
        jt: 0,
        jf,
        k,
    };
    let answer = |k| sock_filter {
        code: 0x06,
        jt: 0,
        jf: 0,
        k,
    };
    let mut program = [
        load(NUMBER),
        unless_equal(libc::SYS_socket as u32, 3),
        load(FAMILY),
        unless_equal(libc::AF_PACKET as u32, 1),
        answer(libc::SECCOMP_RET_ERRNO | errno),
        answer(libc::SECCOMP_RET_ALLOW),
    ];
    let filter = sock_fprog {
        len: program.len() as u16,
        filter: program.as_mut_ptr(),
    };
    nix::sys::prctl::set_no_new_privs()?;
    // SAFETY: `filter` describes `program`, and both outlive the call, which copies them.
    let set = unsafe {
        libc::prctl(
            libc::PR_SET_SECCOMP,
            libc::SECCOMP_MODE_FILTER,
            &raw const filter,
        )
    };
    nix::errno::Errno::result(set)?;
    Ok(())
}
