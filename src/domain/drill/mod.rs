//! Exercises: the simulated world that the demonstration and drills act on.
