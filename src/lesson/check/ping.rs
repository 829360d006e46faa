//! `ping`: what an echo request brings.

use serde::Deserialize;
use toml::Spanned;

use super::answer::{Answer, CauseWord, Code, Wanted};
use super::words::{Ip, NsName};
use super::{Flaw, Form, Judge, Mention, look};
use crate::lesson::Need;
use crate::lesson::probe::{Probe, What};

/// `ping = { from = "app3", to = "172.16.0.40" }`
#[derive(Clone, Debug, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a table such as { from = \"app3\", to = \"172.16.0.40\" }"
)]
pub struct Ping {
    from: Spanned<NsName>,
    to: Ip,
    #[serde(default)]
    expect: Answer,
    by: Option<Ip>,
    code: Option<Code>,
    /// Bytes of payload.
    size: Option<u16>,
    cause: Option<CauseWord>,
}

/// The largest payload of an IPv4 echo request: 65535 bytes of packet, of which 28 are headers.
const LARGEST: u16 = 65_507;

impl Ping {
    fn wanted(&self) -> Wanted {
        Wanted {
            expect: self.expect,
            by: self.by,
            code: self.code,
            cause: self.cause,
        }
    }
}

impl Form for Ping {
    fn title(&self) -> String {
        let size = self
            .size
            .map_or_else(String::new, |size| format!(" with {size} bytes"));
        format!(
            "{} → {}{size} {}",
            self.from.get_ref().0,
            self.to.0,
            self.wanted().words()
        )
    }

    fn mentions(&self) -> Vec<Mention> {
        vec![look::names_space(&self.from)]
    }

    fn flaw(&self) -> Option<Flaw> {
        if self.size.is_some_and(|size| size > LARGEST) {
            return Some(Flaw {
                at: None,
                message: "no packet is that large".to_owned(),
                help: format!("say a size up to {LARGEST} bytes"),
            });
        }
        self.wanted().flaw()
    }

    fn needs(&self) -> &'static [Need] {
        match self.cause {
            Some(_) => &[Need::Icmp, Need::Capture],
            None => &[Need::Icmp],
        }
    }

    fn judge(self: Box<Self>) -> Judge {
        Judge::Probe(Probe {
            demands: self.wanted().demand().into_iter().collect(),
            expect: self.wanted().expect(),
            from: self.from.into_inner().0,
            to: self.to.0,
            what: What::Ping { size: self.size },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{probe, read};
    use crate::lesson::probe::{Expect, Unreachable, What};
    use crate::world::Ns;

    #[test]
    fn a_reply_unless_said() {
        let (title, probe) = probe("ping = { from = 'app3', to = '172.16.0.40' }");
        assert_eq!(title, "app3 → 172.16.0.40 answers");
        assert_eq!(probe.from, Ns::Named("app3".to_owned()));
        assert_eq!(
            (probe.what, probe.expect),
            (What::Ping { size: None }, Expect::Reply)
        );
    }

    #[test]
    fn an_error_by_somebody() {
        let (title, probe) = probe(
            "ping = { from = 'host', to = '172.16.0.30', expect = 'unreachable', \
             code = 'host', by = '172.16.0.10' }",
        );
        assert_eq!(
            title,
            "host → 172.16.0.30 cannot be reached: host unreachable, says 172.16.0.10"
        );
        let by = "172.16.0.10".parse().ok();
        let code = Some(Unreachable::Host);
        assert_eq!(probe.expect, Expect::Unreachable { by, code });
    }

    #[test]
    fn an_error_that_is_not_expected() {
        let wrong = "ping = { from = 'host', to = '172.16.0.30', code = 'host' }";
        let error = read(wrong).expect_err("contradicts itself");
        assert!(error.contains("none is expected"), "{error}");
    }
}
