//! The failover runbooks that ship, walked to their end on real parts without anybody watching.

mod database;
mod regional;
mod stage;
