//! Asking the guards that have to be run, all at once, each within its own time.

use std::time::Duration;

use domain::engine::GuardQuestion;
use domain::execution::GuardResult;
use domain::time::since;
use futures_util::future::join_all;

use crate::runtime::capability::Asker;
use crate::runtime::clock::Clock;

/// The engine believes no answer that is older than 5 s.
const FRESH: Duration = Duration::from_secs(3);
const ASK_AGAIN: usize = 2;

/// Answers in the order of the questions. Those that grew old while slower ones were waited for are asked again, so that
/// all of them are fresh together.
pub(super) async fn ask_all(asker: Asker, clock: Clock, questions: Vec<GuardQuestion>) -> Vec<GuardResult> {
    let mut results = ask_side_by_side(&asker, &clock, &questions).await;
    for _ in 0..ASK_AGAIN {
        let now = clock.now().wall;
        let old: Vec<usize> = (0..results.len()).filter(|at| since(now, results[*at].evaluated_at) > FRESH).collect();
        if old.is_empty() {
            break;
        }
        let again: Vec<GuardQuestion> = old.iter().map(|at| questions[*at].clone()).collect();
        for (at, result) in old.into_iter().zip(ask_side_by_side(&asker, &clock, &again).await) {
            results[at] = result;
        }
    }
    results
}

async fn ask_side_by_side(asker: &Asker, clock: &Clock, questions: &[GuardQuestion]) -> Vec<GuardResult> {
    join_all(questions.iter().map(|question| ask(asker, clock, question.clone()))).await
}

async fn ask(asker: &Asker, clock: &Clock, question: GuardQuestion) -> GuardResult {
    let answer = match question.asks.clone() {
        Err(why) => Err(why),
        Ok(block) => {
            let answer = asker.ask(block).await;
            Ok((answer.passed, answer.seen))
        }
    };
    question.answered(answer, clock.now().wall)
}
