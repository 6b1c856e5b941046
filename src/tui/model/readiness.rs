//! The readiness: rows by area, the area with the worst row first; the cursor stays on its row when it is evaluated anew.

use domain::readiness::{Area, Readiness, Row, RowKey, Verdict};

use super::{Filter, Narrowed};

/// Where the person stands in it; `None`: on the first row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadinessList {
    pub cursor: Option<RowKey>,
    /// Only what is not ready.
    pub only_not_ready: bool,
    pub filter: Filter,
}

impl ReadinessList {
    /// Areas with their rows, in the order of the screen.
    #[must_use]
    pub fn groups<'r>(&self, readiness: &'r Readiness) -> Vec<(Area, Vec<&'r Row>)> {
        let rows = self.narrowed(readiness).rows;
        let of = |area: Area| (area, rows.iter().copied().filter(|row| row.area == area).collect());
        let mut groups: Vec<(Area, Vec<&Row>)> = Area::ALL.into_iter().map(of).collect();
        groups.retain(|(_, rows)| !rows.is_empty());
        // Rows come worst first.
        groups.sort_by_key(|(area, rows)| (rows.first().map_or(Verdict::Ready, |row| row.verdict), *area));
        groups
    }

    /// Rows that pass its filter among those that are wanted, and what is left out.
    #[must_use]
    pub fn narrowed<'r>(&self, readiness: &'r Readiness) -> Narrowed<&'r Row> {
        let terms = self.filter.terms(&[]);
        let wanted = |row: &&Row| !self.only_not_ready || row.verdict != Verdict::Ready;
        let says =
            |row: &Row| format!("{} {} {} {}", row.area.title(), row.name, row.verdict.word(), row.reasons.join(" "));
        let all = readiness.rows.iter().filter(wanted);
        Narrowed::new(all, |row| terms.pass_text(&says(row)), |row| row.verdict == Verdict::Failing)
    }

    /// All rows that are shown, from the top.
    #[must_use]
    pub fn rows<'r>(&self, readiness: &'r Readiness) -> Vec<&'r Row> {
        self.groups(readiness).into_iter().flat_map(|(_, rows)| rows).collect()
    }

    /// Of a row that is gone the first is under the cursor.
    #[must_use]
    pub fn position(&self, rows: &[&Row]) -> usize {
        let here = |key: &RowKey| rows.iter().position(|row| row.key() == *key);
        self.cursor.as_ref().and_then(here).unwrap_or(0)
    }
}
