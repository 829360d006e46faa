//! nf_tables and conntrack.
