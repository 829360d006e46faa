//! Settings as one line.

use super::{Action, Form, Sysctl};
use crate::command::canonical::Words;

impl Sysctl {
    pub(in crate::command) fn write(&self, words: &mut Words) {
        match (self.form, &self.action) {
            (Form::Sysctl, Action::Read) => words.pair("sysctl", &self.name),
            (Form::SysctlValue, Action::Read) => words.pair("sysctl -n", &self.name),
            (Form::Sysctl, Action::Write(value)) => {
                words.pair("sysctl -w", format!("{}={value}", self.name))
            }
            (Form::SysctlValue, Action::Write(value)) => {
                words.pair("sysctl -n -w", format!("{}={value}", self.name))
            }
            (Form::File | Form::Tee, Action::Read) => words.pair("cat", self.path()),
            (Form::File, Action::Write(value)) => words.pair("echo", value).pair(">", self.path()),
            (Form::Tee, Action::Write(value)) => {
                words.pair("echo", value).pair("| sudo tee", self.path())
            }
        };
    }

    /// The setting's file.
    fn path(&self) -> String {
        let parts: Vec<String> = self
            .name
            .split('.')
            .map(|part| part.replace('/', "."))
            .collect();
        format!("/proc/sys/{}", parts.join("/"))
    }
}
