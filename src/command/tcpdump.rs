//! `tcpdump`

mod canonical;
mod filter;
pub(super) mod grammar;
pub mod print;

use crate::packet::filter::Expr;

pub use filter::candidate;

/// `tcpdump …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tcpdump {
    /// `-i DEV`; `any` where there is none
    pub dev: Option<String>,
    /// `-c N`: end after so many
    pub count: Option<u32>,
    /// `-n`; names are never looked up here
    pub numeric: bool,
    /// `-e`: link headers too
    pub link_header: bool,
    /// Which packets; all where there is none
    pub filter: Option<Expr>,
}
