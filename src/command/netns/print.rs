//! `ip netns list`, as ip-netns(8) prints it.

use super::Netns;
use crate::command::Printed;
use crate::world::Space;

impl Netns {
    /// The names of `/run/netns`, in the directory's order, each with the id by which `known`, the
    /// namespace asked from, knows it.
    pub fn print_list(names: &[String], known: &Space) -> Printed {
        let line = |name: &String| match known.nsids.iter().find(|(_, known)| *known == name) {
            Some((id, _)) => format!("{name} (id: {id})\n"),
            None => format!("{name}\n"),
        };
        Printed {
            out: names.iter().map(line).collect(),
            ..Printed::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_namespace_has_its_id_behind_it() {
        let names = ["app1".to_owned(), "app2".to_owned()];
        let mut known = Space::default();
        known.nsids.insert(0, "app2".to_owned());
        assert_eq!(
            Netns::print_list(&names, &known).out,
            "app1\napp2 (id: 0)\n"
        );
    }
}
