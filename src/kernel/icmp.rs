//! Echo requests, their answers, and TCP probes.
