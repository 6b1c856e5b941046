//! The filter being typed, of whatever list has the keys; what passes is seen at once.

use super::turn::Turn;
use crate::keys::{Code, Key};
use crate::model::Panel;

impl Turn<'_> {
    /// Begins with what stands in it. Panels without a filter of their own leave it to the log.
    pub(super) fn begin_filter(&mut self) {
        if self.model.ui.focus == Panel::Checklist && self.model.run().is_some() {
            self.model.ui.checklist.begin();
        } else {
            self.focus(Panel::Log);
            self.model.ui.log.filter.begin();
        }
    }

    /// The keys of a list over the bridge that can be narrowed: `/` begins, esc widens it again before it closes the list.
    pub(super) fn list_filter_key(&mut self, key: Key) -> bool {
        let Some(filter) = self.model.ui.overlays.last_mut().and_then(|overlay| overlay.filter_mut()) else {
            return false;
        };
        match key.code {
            Code::Char('/') if key.types().is_some() => filter.begin(),
            Code::Esc if filter.shows() => filter.clear(),
            _ => return false,
        }
        true
    }

    pub(super) fn filter_key(&mut self, key: Key) {
        let Some(filter) = self.model.ui.typed_filter() else { return };
        match key.code {
            Code::Enter => filter.keep(),
            Code::Esc => filter.clear(),
            Code::Char('c') if key.ctrl => filter.clear(),
            _ => {
                if let Some(field) = filter.typed() {
                    super::form::edit(field, key);
                }
            }
        }
        self.model.ui.log.follow = true;
        if key.code == Code::Enter {
            self.go_to_what_is_wanted();
        }
    }

    /// A list was narrowed at once, without being typed at.
    pub(super) fn narrowed(&mut self) {
        self.model.ui.log.follow = true;
        self.go_to_what_is_wanted();
    }

    /// Of a checklist that was narrowed the first step that passes is under the cursor.
    fn go_to_what_is_wanted(&mut self) {
        let wanted = self.model.first_wanted(&self.model.ui.checklist).map(|step| step.id.clone());
        if let Some((run, step)) = self.model.run().map(|run| run.id).zip(wanted) {
            self.model.ui.steps.insert(run, step);
        }
    }
}
