//! User, mount, pid and net namespaces.
