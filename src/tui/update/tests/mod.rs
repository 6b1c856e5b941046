//! The behaviour of the screen, key by key, with a clock of its own.

mod alerts;
mod bursts;
mod chords;
mod comms;
mod confirmation;
mod danger;
mod demands;
mod documents;
mod exercise;
mod exercised;
mod filtering;
mod fixture;
mod forms;
mod lead;
mod moving;
mod next;
mod palette;
mod readiness;
mod told;
