//! What somebody else has changed, told again in our language.
//!
//! The learner's own shell, or a second terminal, changes the tables without telling with which
//! words. What the tables were and what they are now is all that is known, and from these two the
//! commands are found that lead from the one to the other, so that undo, a new build and a saved
//! script know them too. What the kernel does by itself (carrier, connected routes, learnt
//! neighbours, link-local addresses) is no deed of anybody's and is not told.
//!
//! The tables as they would be after the commands so far (`Tale::now`) are kept up to date with
//! what the kernel does of its own accord at each of them, so that a route that vanishes with its
//! device is neither deleted a second time nor forgotten when it is there again at the end.

mod addrs;
mod births;
mod by_itself;
mod devices;
mod kin;
mod lost;
mod neighs;
mod order;
mod routes;
mod rules;
mod settings;
mod strangers;
mod sysctls;

use crate::command::{Command, parse};
use crate::world::{Ns, World};

/// Commands that lead from one state of the tables to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Retold {
    /// Each with the namespace that its prompt stands in, in an order in which they can be carried
    /// out one after the other.
    pub commands: Vec<(Ns, Command)>,
    /// What our language cannot say, a sentence each.
    pub lost: Vec<String>,
}

/// The commands that turn the tables `before` into the tables `after`.
///
/// Of what cannot be told apart from the kernel's own work (an address that it drew by lot, and the
/// same address set by hand) the kernel is taken to be the author.
pub fn retell(before: &World, after: &World) -> Retold {
    let mut tale = Tale {
        now: before.clone(),
        aim: after.clone(),
        told: Retold::default(),
    };
    tale.leave_out_strangers();
    let kin = kin::Kin::of(&tale.now, &tale.aim);
    tale.take_addresses(&kin);
    tale.delete_devices(&kin);
    tale.make_spaces();
    tale.delete_spaces(&kin, false);
    tale.move_and_rename(&kin);
    tale.delete_spaces(&kin, true);
    tale.set_spaces();
    tale.make_devices();
    tale.set_devices();
    tale.change_links();
    tale.reorder();
    tale.change_addresses();
    tale.change_routes(before);
    tale.change_neighbours();
    tale.change_rules();
    tale.name_the_rest();
    tale.told
}

/// A retelling under way.
struct Tale {
    /// The tables as the commands told so far leave them.
    now: World,
    /// The tables as they are to be, without what cannot be told.
    aim: World,
    told: Retold,
}

impl Tale {
    /// Tells a command. One that does not come back from its own line as it is (a device with a
    /// name that only the kernel allows) is lost.
    fn say(&mut self, ns: &Ns, command: Command) {
        let line = command.to_string();
        let same = parse(&line)
            .ok()
            .and_then(|read| read.command)
            .is_some_and(|read| read.to_string() == line);
        if same {
            self.told.commands.push((ns.clone(), command));
        } else {
            self.lose(format!(
                "in {ns}: `{line}` is what was done, and it cannot be written here"
            ));
        }
    }

    /// Tells that something cannot be told.
    fn lose(&mut self, sentence: String) {
        if !self.told.lost.contains(&sentence) {
            self.told.lost.push(sentence);
        }
    }

    /// The namespaces that are to be, which is those that are there once they have been made.
    fn spaces(&self) -> Vec<Ns> {
        self.aim.spaces.keys().cloned().collect()
    }
}

#[cfg(test)]
mod tests;
