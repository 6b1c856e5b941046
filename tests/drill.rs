//! Exercises that people play: the session conducts them on a clock of their own, in a world that is none.

mod auto;
mod conduct;
mod paper;
mod played;
mod player;
mod real_world;
mod shipped;
mod untouched;
