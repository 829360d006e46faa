//! Any bytes are a frame, in all or in part.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tutor::packet::{Medium, decode};

fuzz_target!(|bytes: &[u8]| {
    decode(Medium::Ethernet, bytes);
    decode(Medium::Bare, bytes);
});
