//! rtnetlink: requests, dumps, notifications.

pub mod addr;
pub mod neigh;
pub mod policy;
pub mod route;
