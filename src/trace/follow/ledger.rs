//! What the kernels have been asked, and what they should be asked next.

use std::cell::RefCell;

use crate::trace::{Lookup, NextHop, NoRoute, Query};

/// Answers to questions, and questions without an answer.
pub(super) struct Ledger<'a> {
    told: &'a [Lookup],
    wanted: RefCell<Vec<Query>>,
}

impl<'a> Ledger<'a> {
    /// What has been answered so far.
    pub fn new(told: &'a [Lookup]) -> Self {
        Self {
            told,
            wanted: RefCell::default(),
        }
    }

    /// The answer to `query`; one that is not there is wanted.
    pub fn ask(&self, query: Query) -> Option<&'a Result<NextHop, NoRoute>> {
        let found = self.told.iter().find(|lookup| lookup.query == query);
        if found.is_none() && !self.wanted.borrow().contains(&query) {
            self.wanted.borrow_mut().push(query);
        }
        found.map(|lookup| &lookup.route)
    }

    /// What is still to be asked.
    pub fn wanted(self) -> Vec<Query> {
        self.wanted.into_inner()
    }
}
