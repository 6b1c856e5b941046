//! Carries the simulated world: no process and no network in here.
