//! `velero`: its objects in a Kubernetes cluster.

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, key};

pub(super) const KIND: Variant = Variant {
    word: "velero",
    about: "Velero's backups, by `kubectl`: the newest that is `Completed` without an error, not expired, in a storage \
            location that answers. Its time is when it *started*. `PartiallyFailed` is not usable, and is told beside \
            the good one; a paused schedule and an unavailable location are told too.",
    keys: &[
        key("context", Kind::Text, "the current one", "The kubectl context."),
        key("namespace", Kind::Text, "\"velero\"", "Where Velero's objects are."),
        key("schedule", Kind::Text, "all", "Only backups of this schedule."),
    ],
    example: r#"[backups.cluster]
type = "velero"
every = "1d"
context = "us-east-1"
schedule = "cluster-daily"
# namespace = "velero"
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VeleroSource {
    pub context: Option<String>,
    pub namespace: String,
    pub schedule: Option<String>,
}

impl VeleroSource {
    pub(super) fn read(fields: &Fields<'_, '_>) -> Self {
        Self {
            context: fields.text("context"),
            namespace: fields.text("namespace").unwrap_or_else(|| "velero".to_owned()),
            schedule: fields.text("schedule"),
        }
    }

    /// The command that prints backups, schedules and locations in one list.
    #[must_use]
    pub fn argv(&self) -> Vec<String> {
        let mut argv = vec!["kubectl".to_owned()];
        argv.extend(self.context.iter().flat_map(|context| ["--context".to_owned(), context.clone()]));
        let objects = "backups.velero.io,schedules.velero.io,backupstoragelocations.velero.io";
        argv.extend(["get", objects, "--namespace", &self.namespace, "-o", "json"].map(str::to_owned));
        argv
    }
}
