//! Any text is a filter that is read or refused in its place, what is read comes back from its
//! canonical text, and any bytes pass it or do not.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tutor::packet::Medium;
use tutor::packet::filter::{Facts, expected, explain, parse};

fuzz_target!(|input: (&str, &[u8])| {
    let (text, bytes) = input;
    expected(text);
    explain(text);
    match parse(text) {
        Ok(expr) => {
            expr.holds(Facts::of(Medium::Ethernet, bytes));
            expr.holds(Facts::of(Medium::Bare, bytes));
            let again = expr.to_string();
            assert_eq!(parse(&again), Ok(expr), "{again}");
        }
        Err(error) => assert!(text.get(error.at.clone()).is_some(), "{error:?}"),
    }
});
