//! Closing packet sockets, which waits.
//!
//! The kernel lets each one go only when no processor can be using it any more (`synchronize_net`
//! in `packet_release`, `net/packet/af_packet.c`), which takes it some ten milliseconds, for many at
//! once as for one.

use std::thread;

/// So many threads close at once.
const HANDS: usize = 32;

/// Drops `sockets` on threads of their own, and does not wait.
pub fn close<T: Send + 'static>(sockets: Vec<T>) {
    let share = sockets.len().div_ceil(HANDS).max(1);
    let mut sockets = sockets.into_iter();
    loop {
        let mine: Vec<T> = sockets.by_ref().take(share).collect();
        if mine.is_empty() {
            return;
        }
        // Where there can be no thread, the refused closure is dropped here, which waits.
        let _ = thread::Builder::new()
            .name("close".to_owned())
            .spawn(move || drop(mine));
    }
}
