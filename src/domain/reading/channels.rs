//! Ways of telling people that do not work: known from what came of notices, not from any probe.

use std::collections::{BTreeMap, BTreeSet};

use super::Board;
use crate::alert::{Delivered, Delivery};
use crate::ident::{AlertKey, ChannelId};
use crate::time::Timestamp;

/// A channel that people cannot be told through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) since: Timestamp,
    pub(super) why: String,
    /// Alerts that it still owes people.
    owed: BTreeSet<AlertKey>,
}

pub(super) type Troubles = BTreeMap<ChannelId, Trouble>;

impl Board {
    /// Takes in what came of a notice. A channel is well again once something went through and nothing is owed.
    pub fn told(&mut self, delivery: &Delivery) {
        let Delivery { channel, key, at, outcome, .. } = delivery;
        match outcome {
            Delivered::WouldBeSent => {}
            Delivered::Sent => {
                if let Some(trouble) = self.channels.get_mut(channel) {
                    trouble.owed.remove(key);
                    if trouble.owed.is_empty() {
                        self.channels.remove(channel);
                    }
                }
            }
            Delivered::Failed { why, .. } | Delivered::GivenUp { why } => {
                let fresh = || Trouble { since: *at, why: String::new(), owed: BTreeSet::new() };
                let trouble = self.channels.entry(channel.clone()).or_insert_with(fresh);
                trouble.why.clone_from(why);
                match outcome {
                    Delivered::Failed { .. } => trouble.owed.insert(key.clone()),
                    _ => trouble.owed.remove(key),
                };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::alert::{Delivered, Delivery, NoticeState, Rule};
    use crate::log::Kind;
    use crate::reading::testing::*;
    use crate::reading::{Board, Context};

    fn came(key: &str, outcome: Delivered) -> Delivery {
        Delivery {
            channel: "on-call".into(),
            key: key.into(),
            state: NoticeState::Firing,
            text: String::new(),
            at: now(5.0).wall,
            outcome,
        }
    }

    fn failed() -> Delivered {
        Delivered::Failed { why: "401 Unauthorized".to_owned(), remedy: String::new() }
    }

    fn seen(board: &Board) -> Vec<String> {
        let (_, sight) = board.assess(&Context::calm(Kind::Live), now(6.0));
        let found = sight.found.into_iter().filter(|found| found.rule == Rule::NotifyFailed);
        found.map(|found| format!("{}: {}", found.key, found.text)).collect()
    }

    #[test]
    fn a_channel_in_trouble_is_an_alert_until_it_owes_nothing() {
        let mut board = board();
        board.told(&came("a:x", failed()));
        board.told(&came("b:y", failed()));
        let alert = "notify-failed:on-call: nobody is told through on-call: 401 Unauthorized";
        assert_eq!(seen(&board), [alert]);
        board.told(&came("a:x", Delivered::Sent));
        assert_eq!(seen(&board), [alert], "something still waits");
        board.told(&came("b:y", Delivered::Sent));
        assert_eq!(seen(&board), [""; 0]);
    }

    #[test]
    fn what_was_given_up_is_known_until_something_goes_through() {
        let mut board = board();
        board.told(&came("a:x", failed()));
        board.told(&came("a:x", Delivered::GivenUp { why: "401 Unauthorized".to_owned() }));
        assert_eq!(seen(&board).len(), 1);
        board.told(&came("c:z", Delivered::WouldBeSent));
        assert_eq!(seen(&board).len(), 1);
        board.told(&came("c:z", Delivered::Sent));
        assert_eq!(seen(&board), [""; 0]);
    }
}
