//! The error numbers that remarks are about (`asm-generic/errno-base.h`, `asm-generic/errno.h`).

pub(super) const EPERM: i32 = 1;
pub(super) const ESRCH: i32 = 3;
pub(super) const EACCES: i32 = 13;
pub(super) const EEXIST: i32 = 17;
pub(super) const EINVAL: i32 = 22;
pub(super) const ENOTUNIQ: i32 = 76;
pub(super) const EADDRNOTAVAIL: i32 = 99;
pub(super) const ENETDOWN: i32 = 100;
pub(super) const ENETUNREACH: i32 = 101;
