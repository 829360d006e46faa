//! `absent`: what another check asks for is not there.

use std::sync::Arc;

use serde::Deserialize;

use super::{CheckToml, Flaw, Form, Judge, Mention, Predicate, Verdict, look};
use crate::lesson::Need;
use crate::world::{Ns, World};

/// `absent = { link = { ns = "host", name = "hlink1" } }`
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "CheckToml")]
pub struct Absent {
    title: String,
    mentions: Vec<Mention>,
    flaw: Option<Flaw>,
    needs: &'static [Need],
    predicate: Arc<dyn Predicate>,
    /// The namespace within which it is not; it must be there itself.
    within: Option<Ns>,
}

impl TryFrom<CheckToml> for Absent {
    type Error = String;

    fn try_from(check: CheckToml) -> Result<Self, String> {
        if check.title.is_some() || check.why.is_some() {
            return Err("`title` and `why` stand beside `absent`, not in it".to_owned());
        }
        let mut forms = check.forms();
        let (kind, form) = match (forms.pop(), forms.is_empty()) {
            (Some(only), true) => only,
            (Some(_), false) => {
                return Err("`absent` takes one check, and here are more".to_owned());
            }
            (None, _) => {
                return Err(
                    "`absent` says what is not there: absent = { netns = { name = \"app1\" } }"
                        .to_owned(),
                );
            }
        };
        let form = form.into_inner();
        let (title, mentions) = (form.title(), form.mentions());
        let (flaw, needs, negative) = (form.flaw(), form.needs(), form.negative());
        let within = mentions.iter().find_map(|mention| match mention {
            Mention::Space(ns, _) if kind != "netns" => Some(ns.clone()),
            Mention::Space(..) | Mention::Device(..) => None,
        });
        match form.judge() {
            Judge::State(predicate) if !negative => Ok(Self {
                title,
                mentions,
                flaw,
                needs,
                predicate,
                within,
            }),
            Judge::State(_) => Err("`absent` within `absent` says nothing".to_owned()),
            Judge::Probe(_) => Err(format!(
                "`{kind}` cannot be absent; say what comes back with `expect`"
            )),
        }
    }
}

impl Form for Absent {
    fn title(&self) -> String {
        match self.title.strip_suffix(" is there") {
            Some(what) => format!("{what} is not there"),
            None => format!("it is not so that {}", self.title),
        }
    }

    fn mentions(&self) -> Vec<Mention> {
        self.mentions.clone()
    }

    fn flaw(&self) -> Option<Flaw> {
        self.flaw.clone()
    }

    fn needs(&self) -> &'static [Need] {
        self.needs
    }

    fn negative(&self) -> bool {
        true
    }

    fn judge(self: Box<Self>) -> Judge {
        Judge::State(Arc::new(*self))
    }
}

impl Predicate for Absent {
    fn judge(&self, world: &World) -> Verdict {
        if let Some(ns) = &self.within
            && let Err(verdict) = look::space(world, ns)
        {
            return verdict;
        }
        match self.predicate.judge(world) {
            Verdict::Holds => Verdict::Not(format!("it is still so: {}", self.title)),
            Verdict::Not(_) => Verdict::Holds,
            Verdict::TooSoon => Verdict::TooSoon,
        }
    }

    fn sysctls(&self) -> Vec<(Ns, String)> {
        self.predicate.sysctls()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{World, holds, judge, not, read};
    use crate::lesson::Verdict;

    #[test]
    fn gone_or_still_there() {
        let world = World::new().space("app1").link("host", "hlink1", |_| {});
        let link = "absent = { link = { ns = 'host', name = 'hlink1' } }";
        not(link, &world, "it is still so: hlink1 in host is there");
        holds(link, &World::new().space("host"));
        let netns = "absent = { netns = { name = 'app1' } }";
        not(netns, &world, "it is still so: namespace app1 is there");
        holds(netns, &World::new());
    }

    #[test]
    fn nothing_is_absent_from_what_is_not_there() {
        not(
            "absent = { addr = { ns = 'app1', address = '172.16.0.1/16' } }",
            &World::new(),
            "there is no namespace app1; none has been made so far",
        );
    }

    #[test]
    fn what_is_not_known_yet_is_not_absent() {
        let text = "absent = { sysctl = { ns = 'host', name = 'net.ipv4.ip_forward', value = 1 } }";
        let verdict = judge(text, &World::new().space("host"));
        assert_eq!(verdict, Verdict::TooSoon);
    }

    #[test]
    fn takes_one_check_of_the_tables() {
        for wrong in [
            "absent = {}",
            "absent = { netns = { name = 'a' }, link = { ns = 'a', name = 'b' } }",
            "absent = { ping = { from = 'host', to = '8.8.8.8' } }",
            "absent = { absent = { netns = { name = 'a' } } }",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
