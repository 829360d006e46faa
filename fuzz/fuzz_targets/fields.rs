//! Any bytes have fields, each of which stands within them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tutor::packet::Medium;
use tutor::packet::fields::{fields, hex};

fuzz_target!(|bytes: &[u8]| {
    for medium in [Medium::Ethernet, Medium::Bare] {
        for field in fields(medium, bytes) {
            assert!(bytes.get(field.at.clone()).is_some(), "{field:?}");
        }
    }
    hex(bytes);
});
