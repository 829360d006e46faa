//! Writing packets as a pcapng file that the learner has named.

use std::sync::Arc;

use super::save::put_down;
use crate::packet::{Sighting, pcapng};

/// Writes `packets` to the file at `path`, all of them or nothing; what came of it, as a sentence.
pub fn save_capture(path: &str, over: bool, packets: &[Arc<Sighting>]) -> String {
    match put_down(path, over, &pcapng::file(packets), "write") {
        Ok(target) => {
            let (count, shown) = (packets.len(), target.display());
            let s = if count == 1 { "" } else { "s" };
            format!(
                "Saved, {count} packet{s}: {shown}. Wireshark and `tcpdump -n -r {shown}` read it."
            )
        }
        Err(refusal) => refusal,
    }
}
