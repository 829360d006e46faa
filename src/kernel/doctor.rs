//! What this machine can do, found out by really doing it.

/// Why namespaces are refused here, and what helps.
pub fn explain_refusal(errno: i32) -> String {
    format!("The kernel answered errno {errno}.")
}
