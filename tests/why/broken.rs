//! One thing broken, and what is said of it.

use anyhow::{Result, ensure};
use std::fmt::Write as _;
use tutor::trace::{Cause, Story};

use crate::bench::{Bench, Send};
use crate::like::is_like;
use crate::tools;
use crate::traced::way;

/// A way to break a network.
pub struct Broken {
    /// Lines that break it; those that begin with `real ` are for the tool of that name itself, which
    /// knows more than ours.
    pub lines: &'static [&'static str],
    /// Who sends.
    pub from: &'static str,
    /// To whom.
    pub to: &'static str,
    /// What.
    pub send: Send,
    /// What is wrong.
    pub cause: Cause,
    /// Where: `host/br0`, or a namespace alone.
    pub at: &'static str,
    /// How it is said, with `*` for anything.
    pub says: &'static str,
}

/// Each, one after the other, in a network made anew.
pub async fn each(net: &[&str], cases: &[Broken]) -> Result<()> {
    let mut bench = Bench::new(net).await?;
    let mut wrong = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        if index > 0 {
            bench.build(net).await?;
        }
        let mut started = Vec::new();
        for line in case.lines {
            match line.strip_prefix("real ") {
                Some(line) => drop(tools::run(line)?),
                None if line.ends_with('&') => started.push(bench.start(line).await?),
                None => bench.line(line).await?,
            }
        }
        let story = bench.story(case.from, case.to, case.send).await?;
        for ticket in started {
            bench.stop(ticket);
        }
        if let Err(why) = case.judge(&story) {
            // What a process ends with is cut short.
            eprintln!("{:?}\n{why}", case.lines);
            wrong.push(format!("{:?}", case.lines));
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    Ok(())
}

impl Broken {
    fn judge(&self, story: &Story) -> Result<()> {
        let told = told(story);
        let Some(found) = &story.diagnosis else {
            anyhow::bail!("no diagnosis: {told}");
        };
        let at = match &found.at {
            Some((ns, Some(dev))) => format!("{ns}/{dev}"),
            Some((ns, None)) => ns.to_string(),
            None => String::new(),
        };
        ensure!(
            found.cause == self.cause && at == self.at && is_like(&found.sentence, self.says),
            "wanted {} at {}: {}\n{told}",
            self.cause,
            self.at,
            self.says
        );
        ensure!(
            found.evidence.iter().all(|line| !line.is_empty()),
            "an empty line of evidence: {told}"
        );
        Ok(())
    }
}

/// A story for whoever reads of a failure.
pub fn told(story: &Story) -> String {
    let mut text = format!(
        "{} → {}: {}\n",
        story.question.from,
        story.question.to,
        story.answer.words()
    );
    for line in way(story) {
        writeln!(text, "  {line}").expect("a string takes it");
    }
    if let Some(found) = &story.diagnosis {
        writeln!(
            text,
            "{} at {:?}: {}",
            found.cause, found.at, found.sentence
        )
        .expect("a string takes it");
        for line in &found.evidence {
            writeln!(text, "  | {line}").expect("a string takes it");
        }
    }
    text
}
