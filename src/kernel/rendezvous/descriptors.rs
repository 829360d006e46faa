//! Descriptors handed from one process to another (`SCM_RIGHTS` of `unix(7)`).

use std::io::{self, IoSlice, IoSliceMut};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

use nix::sys::socket::{ControlMessage, ControlMessageOwned, MsgFlags, recvmsg, sendmsg};

/// The most that are handed over at once.
pub const MOST: usize = 8;

/// Sends `bytes`, and with the first of them `descriptors`; how many bytes were taken.
pub fn send(
    socket: BorrowedFd<'_>,
    bytes: &[u8],
    descriptors: &[BorrowedFd<'_>],
) -> io::Result<usize> {
    let raw: Vec<RawFd> = descriptors.iter().map(AsRawFd::as_raw_fd).collect();
    let rights = [ControlMessage::ScmRights(&raw)];
    let rights = if raw.is_empty() { &[] } else { &rights[..] };
    // Who has gone is an error, and no SIGPIPE.
    let flags = MsgFlags::MSG_NOSIGNAL;
    let bytes = [IoSlice::new(bytes)];
    Ok(sendmsg::<()>(
        socket.as_raw_fd(),
        &bytes,
        rights,
        flags,
        None,
    )?)
}

/// Receives into `bytes`; how many, and the descriptors that came with them.
pub fn receive(socket: BorrowedFd<'_>, bytes: &mut [u8]) -> io::Result<(usize, Vec<OwnedFd>)> {
    let mut room = nix::cmsg_space!([RawFd; MOST]);
    let mut slices = [IoSliceMut::new(bytes)];
    // Handed to no program that is started later.
    let flags = MsgFlags::MSG_CMSG_CLOEXEC;
    let message = recvmsg::<()>(socket.as_raw_fd(), &mut slices, Some(&mut room), flags)?;
    let mut received = Vec::new();
    for rights in message.cmsgs()? {
        if let ControlMessageOwned::ScmRights(raw) = rights {
            // SAFETY: the kernel made these descriptors just now, for this process, and nothing
            // else knows their numbers.
            received.extend(
                raw.into_iter()
                    .map(|fd| unsafe { OwnedFd::from_raw_fd(fd) }),
            );
        }
    }
    Ok((message.bytes, received))
}
