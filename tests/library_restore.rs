//! The runbooks about backups, restores and degraded services, each walked without a screen on real parts: what they
//! say they do is looked at afterwards, and what they must refuse is refused.

mod api;
mod backup;
mod cache;
mod corruption;
mod data_loss;
mod drills;
mod platform;
mod point_in_time;
mod verification;
