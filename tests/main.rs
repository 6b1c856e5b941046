//! Tests of real parts, one module per promise. One binary: each more costs a long link.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod alerts;
mod automatic;
mod aws_checks;
mod backups;
mod backups_aws;
mod backups_pgbackrest;
mod backups_redis;
mod blind;
mod check;
mod child_runs;
mod consoles;
mod doctor;
mod documents;
mod execution;
mod execution_asks;
mod execution_kills;
mod execution_remote;
mod exercise_record;
mod failover_on_postgres;
mod full_disk;
mod library_failover;
mod library_restore;
mod licences;
mod log;
mod metrics;
mod notify;
mod postgres_connection;
mod postgres_reading;
mod print;
mod probes;
mod probes_hostile;
mod probes_kubernetes;
mod probes_patroni;
mod probes_postgres;
mod probes_redis;
mod readiness;
mod record;
mod resume_after_kill;
mod route53;
mod status;
mod support;
mod terminal;
mod unattended;
mod write_tests;
