//! Settings below `/proc/sys/net`.
