//! Guards and verifies that nobody but a person can answer: kept until the facilitator says whether they hold.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::console::Question;
use domain::execution::ResolvedBlock;
use domain::ident::Hash;
use tokio::sync::watch;

use super::exec::BlockAnswer;

/// What does not hold may hold later: the facilitator is asked again, not more often than a person likes to be. On the
/// machine's clock, however fast the exercise goes.
const AGAIN: Duration = Duration::from_secs(30);

/// Clones are about the same questions.
#[derive(Clone, Debug)]
pub struct Questions {
    asked: Arc<Mutex<Vec<Asked>>>,
    open: watch::Sender<Vec<Question>>,
}

#[derive(Debug)]
struct Asked {
    question: Question,
    /// What was said last, and when.
    said: Option<(bool, Instant)>,
    open: bool,
}

impl Default for Questions {
    fn default() -> Self {
        Self { asked: Arc::default(), open: watch::Sender::new(Vec::new()) }
    }
}

impl Questions {
    /// What was answered so far. What was not is open from now on; what does not hold is, after a while, open once more,
    /// and does not hold until it is said to.
    #[must_use]
    pub fn ask(&self, block: &ResolvedBlock) -> BlockAnswer {
        let question = Question::of(block);
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let at = asked.iter().position(|known| known.question.id == question.id).unwrap_or(asked.len());
        if at == asked.len() {
            asked.push(Asked { question, said: None, open: false });
        }
        let known = &mut asked[at];
        let opens = match known.said {
            None => true,
            Some((holds, at)) => !holds && at.elapsed() >= AGAIN,
        };
        let changed = opens && !std::mem::replace(&mut known.open, true);
        let said = known.said.map(|(holds, _)| holds);
        if changed {
            self.publish(&asked);
        }
        let seen = match said {
            None => "the facilitator is asked",
            Some(true) => "it holds, the facilitator says",
            Some(false) => "it does not hold, the facilitator says",
        };
        BlockAnswer { passed: said, seen: seen.to_owned() }
    }

    /// The facilitator has spoken.
    pub fn answered(&self, question: Hash, holds: bool) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = asked.iter_mut().find(|known| known.question.id == question) {
            known.said = Some((holds, Instant::now()));
            known.open = false;
        }
        self.publish(&asked);
    }

    /// Nothing is asked any more.
    pub fn close(&self) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.clear();
        self.publish(&asked);
    }

    /// Those that wait for an answer, the oldest first, whenever they are others than before.
    #[must_use]
    pub fn open(&self) -> watch::Receiver<Vec<Question>> {
        self.open.subscribe()
    }

    fn publish(&self, asked: &[Asked]) {
        let open = asked.iter().filter(|known| known.open).map(|known| known.question.clone()).collect();
        self.open.send_if_modified(|known| {
            let other = *known != open;
            *known = open;
            other
        });
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::runbook::Lang;

    use super::*;

    fn block(text: &str) -> ResolvedBlock {
        ResolvedBlock {
            lang: Lang::Bash,
            text: text.to_owned(),
            target: None,
            env: BTreeMap::new(),
            secrets: BTreeMap::new(),
            timeout: Duration::from_secs(5),
            pass_env: Vec::new(),
        }
    }

    #[test]
    fn nothing_passes_until_somebody_says_so_and_then_it_does_for_good() {
        let questions = Questions::default();
        let open = questions.open();
        let asked = block("./smoke-test");
        assert_eq!(questions.ask(&asked).passed, None);
        assert_eq!(*open.borrow(), [Question::of(&asked)]);
        questions.answered(Question::of(&asked).id, true);
        assert_eq!(questions.ask(&asked).passed, Some(true));
        assert!(open.borrow().is_empty());
    }

    #[test]
    fn what_does_not_hold_is_not_asked_at_every_poll() {
        let questions = Questions::default();
        let open = questions.open();
        let asked = block("./smoke-test");
        let id = Question::of(&asked).id;
        assert_eq!(questions.ask(&asked).passed, None);
        questions.answered(id, false);
        assert_eq!((questions.ask(&asked).passed, open.borrow().len()), (Some(false), 0));
        let long_ago = Instant::now().checked_sub(AGAIN).unwrap();
        questions.asked.lock().unwrap()[0].said = Some((false, long_ago));
        assert_eq!((questions.ask(&asked).passed, open.borrow().len()), (Some(false), 1), "asked again");
        questions.answered(id, true);
        assert_eq!((questions.ask(&asked).passed, open.borrow().len()), (Some(true), 0));
    }
}
