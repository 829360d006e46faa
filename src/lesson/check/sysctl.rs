//! `sysctl`: a setting of the kernel has a value.

use serde::Deserialize;
use toml::Spanned;

use super::look::{self, Found};
use super::words::NsName;
use super::{Form, Judge, Mention, Predicate, Verdict};
use crate::command::steers_terminal;
use crate::world::{Ns, World};

/// `sysctl = { ns = "host", name = "net.ipv4.ip_forward", value = 1 }`
#[derive(Clone, Debug, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a table such as { ns = \"host\", name = \"net.ipv4.ip_forward\", value = 1 }"
)]
pub struct Sysctl {
    ns: Spanned<NsName>,
    name: Name,
    value: Value,
}

/// A dotted name below `net.`, the settings that belong to a namespace.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
struct Name(String);

impl TryFrom<String> for Name {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        if !name.starts_with("net.") {
            return Err(format!(
                "\"{name}\" is not a setting of a namespace such as net.ipv4.ip_forward"
            ));
        }
        match name.chars().find(|char| !fit(*char)) {
            Some(char) => Err(format!("a setting's name cannot hold {char:?}")),
            None => Ok(Self(name)),
        }
    }
}

fn fit(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '.' | '_' | '-' | '/')
}

/// A number or text.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "this is neither a number nor plain text")]
enum Value {
    Number(i64),
    Text(Words),
}

/// Text of words that can be seen.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
struct Words(String);

impl TryFrom<String> for Words {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if plain(&text).chars().any(steers_terminal) {
            return Err("a value cannot hold control characters");
        }
        Ok(Self(text))
    }
}

impl Value {
    fn text(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(Words(text)) => plain(text),
        }
    }
}

/// Words with one space between; the kernel puts tabs there.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Form for Sysctl {
    fn title(&self) -> String {
        format!(
            "{} is {} in {}",
            self.name.0,
            self.value.text(),
            self.ns.get_ref().0
        )
    }

    fn mentions(&self) -> Vec<Mention> {
        vec![look::names_space(&self.ns)]
    }

    fn judge(self: Box<Self>) -> Judge {
        Judge::State(std::sync::Arc::new(*self))
    }
}

impl Predicate for Sysctl {
    fn judge(&self, world: &World) -> Verdict {
        look::verdict(self.look(world))
    }

    fn sysctls(&self) -> Vec<(Ns, String)> {
        vec![(self.ns.get_ref().0.clone(), self.name.0.clone())]
    }
}

impl Sysctl {
    fn look(&self, world: &World) -> Found<()> {
        let ns = &self.ns.get_ref().0;
        let space = look::space(world, ns)?;
        let name = &self.name.0;
        let Some(found) = space.sysctls.get(name) else {
            return Err(Verdict::TooSoon);
        };
        let (found, wanted) = (plain(found), self.value.text());
        if found == wanted {
            return Ok(());
        }
        look::not(format!("{name} in {ns}: found {found}, wanted {wanted}"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{World, holds, judge, not, settings};
    use crate::lesson::Verdict;

    const WANTED: &str = "sysctl = { ns = 'host', name = 'net.ipv4.ip_forward', value = 1 }";

    fn world(name: &str, value: &str) -> World {
        World::new().sysctl("host", name, value)
    }

    #[test]
    fn number_or_text_and_any_white_space() {
        holds(WANTED, &world("net.ipv4.ip_forward", "1\n"));
        holds(
            "sysctl = { ns = 'host', name = 'net.ipv4.ping_group_range', value = '0 1000' }",
            &world("net.ipv4.ping_group_range", "0\t1000"),
        );
    }

    #[test]
    fn another_value_fails() {
        not(
            WANTED,
            &world("net.ipv4.ip_forward", "0"),
            "net.ipv4.ip_forward in host: found 0, wanted 1",
        );
    }

    #[test]
    fn not_read_yet() {
        assert_eq!(
            judge(WANTED, &world("net.ipv4.other", "1")),
            Verdict::TooSoon
        );
        assert_eq!(
            settings(WANTED),
            [("host".to_owned(), "net.ipv4.ip_forward".to_owned())]
        );
    }
}
