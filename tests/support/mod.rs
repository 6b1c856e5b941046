//! What several promises need: servers, waiting.

<<<<<<< HEAD
pub(crate) mod log;
=======
pub(crate) mod attempts;
>>>>>>> 71ef0ec (Test execution with real processes: trees ended whole, consoles and supervisors killed at random moments)
pub(crate) mod postgres;
pub(crate) mod wait;
