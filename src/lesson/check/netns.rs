//! `netns`: a namespace is there.

use serde::Deserialize;
use toml::Spanned;

use super::words::NsName;
use super::{Form, Judge, Mention, Predicate, Verdict, look};
use crate::world::World;

/// `netns = { name = "app1" }`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table such as { name = \"app1\" }")]
pub struct Netns {
    name: Spanned<NsName>,
}

impl Form for Netns {
    fn title(&self) -> String {
        format!("namespace {} is there", self.name.get_ref().0)
    }

    fn mentions(&self) -> Vec<Mention> {
        vec![look::names_space(&self.name)]
    }

    fn judge(self: Box<Self>) -> Judge {
        Judge::State(std::sync::Arc::new(*self))
    }
}

impl Predicate for Netns {
    fn judge(&self, world: &World) -> Verdict {
        look::verdict(look::space(world, &self.name.get_ref().0).map(|_| ()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{World, holds, not};

    #[test]
    fn there_or_not() {
        let world = World::new().space("app1");
        holds("netns = { name = 'app1' }", &world);
        not(
            "netns = { name = 'app2' }",
            &world,
            "there is no namespace app2; there are app1",
        );
        not(
            "netns = { name = 'app1' }",
            &World::new(),
            "there is no namespace app1; none has been made so far",
        );
    }
}
