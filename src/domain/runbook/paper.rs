//! A runbook as it is walked on paper: nothing of it executes or is polled. People read what would run, say what the
//! guards would say, and tick.

use super::model::{Block, Lang, Runbook, Step};

impl Runbook {
    pub(crate) fn put_on_paper(&mut self) {
        let groups = self.phases.iter_mut().flat_map(|phase| &mut phase.groups);
        groups.flat_map(|group| &mut group.steps).for_each(put_on_paper);
    }
}

fn put_on_paper(step: &mut Step) {
    let mut said = vec![step.prose.trim().to_owned()];
    said.extend(step.run.take().map(|block| written("Would run", &block)));
    said.extend(step.verifies.drain(..).map(|block| written("Done when", &block)));
    said.retain(|text| !text.is_empty());
    step.prose = said.join("\n\n");
    (step.rollback, step.drill, step.hold) = (None, None, None);
    // Of readings there are none: these too are asked of a person.
    for guard in &mut step.guards {
        if guard.lang == Lang::Check {
            guard.lang = Lang::Text;
        }
    }
}

fn written(what: &str, block: &Block) -> String {
    format!("{what} ({}):\n{}", block.lang.name(), block.text.trim_end())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::runbook::{Lang, parse};

    const RUNBOOK: &str = "---\nrunbook: 1\ntitle: Walk\n---\n## Walk\n\n- [ ] Promote <!-- id: promote -->\n\n  Now it counts.\n\n  \
                           ```check guard\n  us-west-2 ok\n  ```\n\n  ```bash run\n  promote\n  ```\n\n  ```bash verify\n  look\n  ```\n";

    #[test]
    fn every_step_is_ticked_and_what_would_run_is_read() {
        let mut runbook = parse(Arc::from(RUNBOOK), None);
        runbook.put_on_paper();
        let step = runbook.step(&"promote".into()).unwrap();
        assert!(step.manual() && step.verifies.is_empty() && step.manual_because.is_none());
        assert_eq!(step.prose, "Now it counts.\n\nWould run (bash):\npromote\n\nDone when (bash):\nlook");
        assert_eq!(step.guards[0].lang, Lang::Text, "asked of a person");
    }
}
