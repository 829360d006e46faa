//! The loop: receive, handle, perform, draw once.
