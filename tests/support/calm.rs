//! What differs from one run to the next, taken out of a text.

use regex::Regex;

/// What is replaced, and by what.
const DIFFERENT: [(&str, &str); 14] = [
    // Times: of replies, of a whole ping, of captured packets.
    (r"time=[0-9.]+ ms", "time=T ms"),
    (r"mdev = [0-9./]+ ms", "mdev = T ms"),
    (r", time [0-9]+ms", ", time T"),
    (r"(?m)^[0-9:]{8}\.[0-9]{6} ", "TIME "),
    // What the kernel draws by lot, and what follows from it.
    (r"\b[0-9a-f]{2}(:[0-9a-f]{2}){5}\b", "MAC"),
    (r"fe80::[0-9a-f:]+", "fe80::X"),
    (r"(?m)^[0-9]+: ", "N: "),
    (r"@if[0-9]+", "@ifN"),
    (r" id [0-9]+,", " id N,"),
    // How often ARP asks within a probe depends on when it began to.
    (r" \(asked [0-9]+ times\)", ""),
    // A bridge takes the lowest address of its ports, and so stands beside that one.
    (r"(?m)^([0-9]\. .*), br0 in host$", "$1"),
    // What goes on in the kernel meanwhile.
    (r" tentative\b", ""),
    (r"(?m) INCOMPLETE( ?)$", " FAILED$1"),
    (r"\b(REACHABLE|STALE|DELAY|PROBE)( |$)", "KNOWN$2"),
];

/// `text` as every run gives it.
pub fn calm(text: &str) -> String {
    let mut text = text.to_owned();
    for (what, by) in DIFFERENT {
        let what = Regex::new(what).expect("an expression of this file");
        let replaced = what.replace_all(&text, by);
        text = replaced.into_owned();
    }
    let steps: Vec<String> = text.split("\n\nStep ").map(ordered).collect();
    steps.join("\n\nStep ")
}

/// A step with what comes by itself in one order: what was captured below its command, verdicts
/// below all commands.
fn ordered(step: &str) -> String {
    let captured = Regex::new(
        r"^(TIME |tcpdump: |listening on |\d+ packets? (captured|received by filter|dropped by kernel))",
    );
    let captured = captured.expect("an expression of this file");
    let verdict = Regex::new(r"^(The check|Check \d+ of \d+) (holds|does not hold|no longer)");
    let verdict = verdict.expect("an expression of this file");
    let end = Regex::new(r"^(Step \d+ is|Both checks hold|All \d+ checks hold)");
    let end = end.expect("an expression of this file");
    let mut lines: Vec<&str> = Vec::new();
    let mut verdicts: Vec<&str> = Vec::new();
    let mut below = None;
    for line in step.lines() {
        if captured.is_match(line) {
            let at = below.unwrap_or(lines.len());
            lines.insert(at, line);
            below = Some(at + 1);
        } else if verdict.is_match(line) {
            // Carrier may come late, and then what it was waited for is told too.
            if !line.contains(" does not hold: ") {
                verdicts.push(line);
            }
        } else {
            if end.is_match(line) {
                verdicts.sort_unstable();
                lines.append(&mut verdicts);
            }
            lines.push(line);
            if line.contains("# tcpdump") {
                below = Some(lines.len());
            }
        }
    }
    lines.append(&mut verdicts);
    sort_rows(&mut lines);
    lines.join("\n")
}

/// Sorts neighbours and forwarding entries that stand together: the kernel lists them by a hash.
fn sort_rows(lines: &mut [&str]) {
    let nobody = |line: &str| line.contains(" dev ") && line.trim_end().ends_with(" FAILED");
    let by_hash =
        |line: &&str| line.contains(" lladdr ") || line.starts_with("MAC ") || nobody(line);
    for rows in lines.chunk_by_mut(|one, other| by_hash(one) && by_hash(other)) {
        if rows.len() > 1 {
            rows.sort_unstable();
        }
    }
}
