//! What a step brings forward: is there anything to be seen in it?

use crate::command::Command;
use crate::lesson::model::lower::Lowered;
use crate::lesson::report::Notes;
use crate::lesson::{Step, View};

/// Notes views of packets in steps that send none.
pub fn judge(lowered: &Lowered, notes: &mut Notes) {
    for (step, places) in lowered.lesson.steps.iter().zip(&lowered.steps) {
        let (Some(view), Some(place)) = (step.look, &places.look) else {
            continue;
        };
        let shows_packets = match view {
            View::Packets | View::Trace => true,
            View::Tables | View::Map => false,
        };
        if shows_packets && !places.hurt && !sends(step) {
            let text = format!(
                "this step sends nothing, so `{}` has nothing to show",
                view.word()
            );
            let finding = notes.warning(place.clone(), text);
            finding.help("let a line or a check of it send something, or look at the map");
        }
    }
}

/// Does a line or a check of the step send a packet?
fn sends(step: &Step) -> bool {
    let probes = (step.checks.iter()).any(|check| check.judge.probe().is_some());
    let mut commands = (step.run.iter()).filter_map(|line| line.line.command.as_ref());
    probes || commands.any(|command| matches!(command.act(), Command::Ping(_)))
}
