//! rtnetlink: requests, dumps, notifications.
