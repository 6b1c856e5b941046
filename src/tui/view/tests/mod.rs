//! Pictures of the screen at the sizes people have, from one story, so that a change of looks is seen before it ships.

mod aged;
mod backed_up;
mod covered;
mod events;
mod exercised;
mod led;
mod legible;
mod look;
mod mouse;
mod pictures;
mod rated;
mod readings;
mod scenes;
mod sizes;
mod snapshots;
mod story;
mod storyboard;
mod svg;
mod told;
mod wall;
