//! `tcp`: what a TCP connection brings.

use serde::Deserialize;
use toml::Spanned;

use super::answer::{Answer, CauseWord, Code, Wanted};
use super::words::{Ip, NsName};
use super::{Flaw, Form, Judge, Mention, look};
use crate::lesson::Need;
use crate::lesson::probe::{Probe, What};

/// `tcp = { from = "app3", to = "172.16.0.40", port = 80, listen = "app4" }`
#[derive(Clone, Debug, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a table such as { from = \"app3\", to = \"172.16.0.40\", port = 80, listen = \"app4\" }"
)]
pub struct Tcp {
    from: Spanned<NsName>,
    to: Ip,
    port: u16,
    listen: Option<Spanned<NsName>>,
    #[serde(default)]
    expect: Answer,
    by: Option<Ip>,
    code: Option<Code>,
    cause: Option<CauseWord>,
}

impl Tcp {
    fn wanted(&self) -> Wanted {
        Wanted {
            expect: self.expect,
            by: self.by,
            code: self.code,
            cause: self.cause,
        }
    }
}

impl Form for Tcp {
    fn title(&self) -> String {
        format!(
            "{} → {} port {} {}",
            self.from.get_ref().0,
            self.to.0,
            self.port,
            self.wanted().words()
        )
    }

    fn mentions(&self) -> Vec<Mention> {
        let mut all = vec![look::names_space(&self.from)];
        all.extend(self.listen.as_ref().map(look::names_space));
        all
    }

    fn flaw(&self) -> Option<Flaw> {
        if self.port == 0 {
            return Some(Flaw {
                at: None,
                message: "there is no port 0".to_owned(),
                help: "say a port from 1 to 65535".to_owned(),
            });
        }
        self.wanted().flaw()
    }

    fn needs(&self) -> &'static [Need] {
        match self.cause {
            Some(_) => &[Need::Capture],
            None => &[],
        }
    }

    fn judge(self: Box<Self>) -> Judge {
        Judge::Probe(Probe {
            demands: self.wanted().demand().into_iter().collect(),
            expect: self.wanted().expect(),
            from: self.from.into_inner().0,
            to: self.to.0,
            what: What::Tcp {
                port: self.port,
                listen: self.listen.map(|ns| ns.into_inner().0),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{probe, read};
    use crate::lesson::probe::What;
    use crate::world::Ns;

    #[test]
    fn who_listens() {
        let check = "tcp = { from = 'app3', to = '172.16.0.40', port = 80, listen = 'app4' }";
        let (title, probe) = probe(check);
        assert_eq!(title, "app3 → 172.16.0.40 port 80 answers");
        let listen = Some(Ns::Named("app4".to_owned()));
        assert_eq!(probe.what, What::Tcp { port: 80, listen });
    }

    #[test]
    fn no_port_zero() {
        assert!(read("tcp = { from = 'host', to = '::1', port = 0 }").is_err());
        assert!(read("tcp = { from = 'host', to = '::1', port = 65536 }").is_err());
    }
}
