//! The names of a namespace's devices, by ifindex, as frames pass them.

use std::collections::HashMap;

/// More than this are not remembered: who makes and deletes devices without end gets no memory.
const MOST: usize = 4_096;

/// Names as they were when last asked for.
#[derive(Debug, Default)]
pub struct Names {
    known: HashMap<u32, Known>,
    visit: u64,
}

#[derive(Debug)]
struct Known {
    name: String,
    visit: u64,
}

impl Names {
    /// What is known is to be asked for again, as a device may be called otherwise by now.
    pub fn doubt(&mut self) {
        self.visit += 1;
        if self.known.len() > MOST {
            self.known.clear();
        }
    }

    /// The name of a device; `ask` is called once after each [doubt](Self::doubt). A device that is
    /// gone keeps its last name; one that was gone before anybody asked is called by its ifindex.
    pub fn name(&mut self, index: u32, ask: impl FnOnce() -> Option<String>) -> &str {
        let visit = self.visit;
        let known = self.known.entry(index).or_insert_with(|| Known {
            name: format!("if{index}"),
            visit: visit.wrapping_sub(1),
        });
        if known.visit != visit {
            known.visit = visit;
            if let Some(name) = ask() {
                known.name = name;
            }
        }
        &known.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_asked_for_once_in_each_visit() {
        let mut names = Names::default();
        let a = || Some("a".to_owned());
        assert_eq!(names.name(3, a), "a");
        assert_eq!(names.name(3, || panic!("asked twice")), "a");
        names.doubt();
        assert_eq!(names.name(3, || Some("b".to_owned())), "b", "renamed");
        names.doubt();
        assert_eq!(names.name(3, || None), "b", "gone");
        assert_eq!(names.name(7, || None), "if7", "gone before it was known");
    }
}
