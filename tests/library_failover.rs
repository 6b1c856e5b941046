//! The failover runbooks that ship, walked to their end on real parts without anybody watching.

mod application;
mod database;
mod network;
mod records;
mod regional;
mod shipped;
mod stage;
