//! A state directory for a test, removed with it.

use std::path::PathBuf;

use super::store::Store;

/// A directory of its own for each test.
pub struct Scratch(PathBuf);

impl Scratch {
    /// An empty one; `name` is the test's.
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("tutor-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a temporary directory can be made");
        Self(path)
    }

    /// The store in it.
    pub fn store(&self) -> Store {
        Store::at(self.0.join("state/tutor"))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
