//! What the simulated world does not know, as it is asked of the facilitator.

use crate::console::Question;
use crate::execution::ResolvedBlock;
use crate::ident::Hash;

/// The question that a block asks: of the same words about the same target it is the same one.
#[must_use]
pub fn question(block: &ResolvedBlock) -> Question {
    let target = block.target.as_ref().map(|target| target.name.clone());
    let asked = [block.lang.name(), &block.text, target.as_deref().unwrap_or_default()].join("\0");
    Question { id: Hash::of(asked.as_bytes()), text: block.text.clone(), target }
}
