//! Packets seen on devices: `tcpdump`.
