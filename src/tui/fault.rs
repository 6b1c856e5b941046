//! What a person reads of a fault of this program itself: what is safe, what happened, and what to hand on. It may come in
//! the middle of an incident, so it is short, and the first thing it says is how to go on.

use std::any::Any;
use std::panic::PanicHookInfo;

/// A panic, in words.
#[must_use]
pub fn sentences(info: &PanicHookInfo<'_>) -> String {
    let place = info.location().map(ToString::to_string);
    told(&cause(info.payload()), place.as_deref())
}

fn cause(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "it did not say why".to_owned())
}

fn told(cause: &str, place: Option<&str>) -> String {
    let place = place.map_or_else(String::new, |place| format!(", at {place}"));
    format!(
        "switchback: this is a fault of Switchback itself, not of your estate.\n\n  \
         The log is whole, and steps that run go on: start it again, and it goes on from there.\n  \
         What happened: {}{place} (version {}).\n  \
         To report it, hand on these lines and what you did before. RUST_BACKTRACE=1 says more the next time.\n",
        domain::untrusted::sanitise_line(cause),
        env!("CARGO_PKG_VERSION")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_says_what_is_safe_and_what_to_hand_on() {
        let told = told("index out of bounds: the len is 3 but the index is 7", Some("src/tui/view/steps.rs:41:9"));
        for said in ["not of your estate", "The log is whole", "start it again", "steps.rs:41:9", "the index is 7"] {
            assert!(told.contains(said), "{said}: {told}");
        }
        assert!(told.lines().count() < 8 && told.lines().all(|line| line.chars().count() <= 120), "{told}");
    }

    #[test]
    fn whatever_was_thrown_is_told() {
        assert_eq!(cause(&"words"), "words");
        assert_eq!(cause(&String::from("more words")), "more words");
        assert_eq!(cause(&7), "it did not say why");
    }
}
