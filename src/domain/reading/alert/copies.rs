//! Copies that checks tell of: lag by the marks of the check, copies that nothing feeds.

use super::{About, Look};
use crate::alert::Rule;
use crate::estate::Check;
use crate::reading::copies::over;
use crate::reading::{AlertSeverity, Stream};

impl Look<'_> {
    pub(super) fn copies(&mut self, check: &Check) {
        let Some(copies) = self.board.copies.get(&check.id) else { return };
        let dark = check.region.as_ref().is_some_and(|region| self.region_is_down(region));
        let (marks, answering) = (check.kind.lag_marks(), self.board.behind(check, self.now));
        for member in copies.members() {
            let subject = format!("{} {member}", check.id);
            let known = answering.iter().find(|(copy, _)| copy.member == member);
            let Some((copy, behind)) = known.filter(|_| !dark) else {
                self.unknown(Rule::ReplicationLag, &subject);
                self.unknown(Rule::StandbyUnhealthy, &subject);
                continue;
            };
            let about = || About {
                subject: subject.clone(),
                region: copy.region.clone().or(check.region.clone()),
                service: None,
            };
            match over(copy, *behind, marks) {
                Some(text) => {
                    let worst = self.board.estate.alerts.rule(Rule::ReplicationLag).severity;
                    let critical = behind.time.is_some_and(|lag| lag > marks.critical);
                    let severity = if critical { worst } else { worst.map(|worst| worst.min(AlertSeverity::Warning)) };
                    let mark = if critical { marks.critical } else { marks.warning };
                    let past = behind.time.map(|lag| lag.saturating_sub(mark)).unwrap_or_default();
                    let since = self.now.wall.checked_sub(past).unwrap_or(self.now.wall);
                    self.found_as(Rule::ReplicationLag, severity, about(), format!("{}: {text}", check.id), since);
                }
                None if behind.time.is_none() && behind.bytes.is_none() => {
                    self.unknown(Rule::ReplicationLag, &subject);
                }
                None => {}
            }
            if let Some(since) = copies.unfed_since(&member).filter(|_| copy.state != Stream::Streaming) {
                let why = copy.notes.first().map_or("not known how it is", String::as_str);
                self.found(Rule::StandbyUnhealthy, about(), format!("{subject}: {why}"), since.wall);
            }
        }
    }
}
