//! The runbooks about backups, restores and degraded services, each walked without a screen on real parts: what they
//! say they do is looked at afterwards, and what they must refuse is refused.

mod backup;
mod platform;
mod point_in_time;
mod verification;
