//! Any text is a line that is read or refused, in its place, and what is read comes back from its
//! canonical line.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tutor::command::{expected, explain, parse};

fuzz_target!(|line: &str| {
    expected(line);
    match parse(line) {
        Ok(read) => {
            let again = read.to_string();
            assert_eq!(parse(&again), Ok(read), "{again}");
            assert!(explain(line).is_ok());
        }
        Err(error) => assert!(line.get(error.at.clone()).is_some(), "{error:?}"),
    }
});
