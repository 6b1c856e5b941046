//! Carries the effects of the engine out and brings inputs back.
