//! What the session tells of an exercise beyond its log.

use domain::console::Question;
use domain::scenario::Pace;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conduct {
    /// `None`: no exercise, or none that has a clock of its own.
    pub pace: Option<Pace>,
    pub questions: Vec<Question>,
    /// What is red in the live estate.
    pub real_world: Option<String>,
}
