//! Looks that an evaluation of the readiness rests on: programs, credentials, names, disks, the estate's file. They only
//! read, each has a time limit, and they go on at once. Nobody is connected to over SSH: that is for people to ask.

mod aws;
mod channels;
mod disk;
mod evaluation;
mod file;
mod follow;
mod kube;
mod logins;
mod machine;
mod names;
mod surroundings;
mod tools;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use domain::drill::demo_facts;
use domain::estate::Estate;
use domain::log::Kind;
use domain::readiness::{Evidence, Facts, Past, Readiness, evaluate};
use domain::reading::Status;
use domain::runbook::Runbook;
use domain::time::Timestamp;

use super::library::Library;
use super::paths::Paths;
use super::{clock, templates};

pub use disk::disk as room;
pub use evaluation::{Evaluation, Looks, newer};
pub use follow::follow;
pub use machine::{reaches, version_of, whether_processes_stay};
pub use surroundings::surroundings;
pub use tools::on_path;

/// How long one look may take.
const PATIENCE: Duration = Duration::from_secs(6);

/// Runbooks by name; `Err` says why one cannot be read.
pub type Runbooks = Vec<(String, Result<Arc<Runbook>, String>)>;

/// Who looks.
#[derive(Clone, Debug)]
pub struct Looker {
    pub estate: Arc<Estate>,
    pub kind: Kind,
    pub library: Library,
    pub paths: Paths,
    /// The estate's file, where there is one.
    pub file: Option<PathBuf>,
    /// Where blocks run: paths of scripts start there.
    pub beside: Option<PathBuf>,
    /// Programs may be started: `kubectl`. A read-only console starts none.
    pub starts_programs: bool,
}

/// What was seen, and the runbooks that it was looked at for.
#[derive(Clone, Debug)]
pub struct Looked {
    estate: Arc<Estate>,
    pub runbooks: Runbooks,
    /// Those that count for this estate; others, which only ship with the program, count once they were walked.
    counted: BTreeSet<String>,
    pub facts: Facts,
}

impl Looker {
    /// Everything, all at once.
    pub async fn look(&self) -> Looked {
        let (library, estate) = (self.library.clone(), Arc::clone(&self.estate));
        let read = tokio::task::spawn_blocking(move || (read(&library, &estate), counted(&library, &estate))).await;
        let (runbooks, counted) = read.unwrap_or_default();
        let at = clock::now().wall;
        let facts = match self.kind {
            // Of a simulated estate, what is around it is simulated too: nothing is asked of the real one.
            Kind::Demo | Kind::Drill => demo_facts(at, &self.estate, &runbooks),
            Kind::Live | Kind::Lab | Kind::Paper => self.facts(&runbooks, &counted, at).await,
        };
        Looked { estate: Arc::clone(&self.estate), runbooks, counted, facts }
    }

    async fn facts(&self, runbooks: &Runbooks, counted: &BTreeSet<String>, at: Timestamp) -> Facts {
        let usable: Vec<(&str, &Runbook)> =
            runbooks.iter().filter_map(|(name, read)| Some((name.as_str(), read.as_deref().ok()?))).collect();
        let all = usable.clone();
        let usable: Vec<(&str, &Runbook)> = usable.into_iter().filter(|(name, _)| counted.contains(*name)).collect();
        let (accounts, logins, contexts, names, channels) = tokio::join!(
            aws::accounts(&self.estate, &usable),
            logins::logins(&self.estate),
            kube::contexts(&self.estate, &usable, self.starts_programs),
            names::names(&self.estate, &usable),
            channels::channels(&self.estate),
        );
        Facts {
            at,
            tools: tools::tools(&all, self.beside.as_deref()),
            accounts,
            logins,
            contexts,
            names,
            channels,
            templates: templates::facts(&self.estate, self.beside.as_deref()),
            disks: disk::disks(&self.paths, &self.estate),
            file: self.file.as_deref().map(|path| file::file(path, &self.estate)),
        }
    }
}

/// Every runbook of the library, as it stands now.
fn read(library: &Library, estate: &Estate) -> Runbooks {
    let entries = library.list(estate).into_iter().map(|entry| {
        let read = library.read(&entry.name).map_err(|error| error.to_string());
        let read = read.map(|text| Arc::new(domain::runbook::parse(text, Some(estate))));
        (entry.name, read)
    });
    entries.collect()
}

/// The estate's own, and those that ship with the program as far as its file names them; all of them where it has none
/// of its own.
fn counted(library: &Library, estate: &Estate) -> BTreeSet<String> {
    let stem = |path: PathBuf| Some(path.file_stem()?.to_str()?.to_owned());
    let own: BTreeSet<String> = library.files().into_iter().filter_map(stem).collect();
    if own.is_empty() {
        return library.list(estate).into_iter().map(|entry| entry.name).collect();
    }
    let tests = estate.tests.iter().filter_map(|test| test.runbook.clone());
    own.into_iter().chain(tests).chain(estate.traffic.runbook.clone()).collect()
}

impl Looked {
    /// The report, with what is known beside these looks.
    #[must_use]
    pub fn evaluate(&self, past: Option<&Past>, status: Option<&Status>, now: Timestamp) -> Readiness {
        let walked = |name: &String| past.is_some_and(|past| past.walks.iter().any(|walk| walk.runbook == *name));
        let counts = |(name, _): &&(String, _)| self.counted.contains(name) || walked(name);
        let runbooks: Runbooks = self.runbooks.iter().filter(counts).cloned().collect();
        let (estate, runbooks, facts) = (&self.estate, &runbooks, &self.facts);
        evaluate(&Evidence { estate, runbooks, past, status, facts, now })
    }
}
