//! `switchback run --when-recommended`: follows the recommendation, says every change of it, and starts the runbook of
//! `[automatic]` once it held. A person is called for everything that only a person can say.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use domain::alert::{Notice, NoticeState};
use domain::automatic::{Due, Standing, Verdict, Watch};
use domain::console::{Ask, Banner, Request, Told};
use domain::estate::{Automatic, AutomaticMode, Estate};
use domain::ident::AlertKey;
use domain::log::Kind;
use domain::people::Actor;
use domain::reading::{AlertSeverity, Status};
use domain::redact::Redactor;
use domain::time::{clock as at_clock, human, rfc3339};
use domain::untrusted::sanitise_line;

use super::super::args::{Global, Mode};
use super::super::console::{Evaluates, start};
use super::super::setup::Setup;
use super::super::{Exit, Failure};
use super::driver::Driver;
use super::outcome::Outcome;
use super::{Args, preflight};
use crate::runtime::automatic::{Lead, Ledger, What};
use crate::runtime::journal::{self, ReadLog};
use crate::runtime::paths::Paths;
use crate::runtime::session::Incident;
use crate::runtime::{clock, notify};

/// The author of what is done without a person.
const AUTOMATIC: &str = "automatic";
/// The recommendation is looked at this often.
const LOOK: Duration = Duration::from_secs(1);

/// # Errors
/// The estate allows nothing to be started, the runbook cannot be walked, or no session can be started.
pub(super) fn run(global: &Global, mut args: Args) -> Result<Exit, Failure> {
    let mut setup = Setup::of_estate(global)?;
    let settings = setup.estate.automatic.clone().ok_or_else(|| {
        let message = "the estate has no [automatic]: nothing is started without a person; `docs/unattended.md`";
        Failure::new(Exit::Config, message)
    })?;
    if let Some(banner) = &setup.banner {
        let message = format!("{banner}; nothing is started without a person by a file that cannot be read");
        return Err(Failure::new(Exit::Config, message));
    }
    args.runbook = Some(settings.runbook.clone());
    args.mode = Mode::Forced;
    preflight::can_start(&setup, &args)?;
    let folder = setup.paths.estate(&setup.estate.name);
    let ledger = Ledger::of(&folder);
    if args.rearm {
        if setup.read_only {
            return Err(Failure::new(Exit::Refused, "--read-only: nothing is recorded, so nothing is armed"));
        }
        ledger.write(clock::now().wall, What::Rearmed { by: setup.actor.name.to_string() })?;
    }
    // Whether it acted has to be known.
    ledger.acted().map_err(|error| Failure::new(Exit::Refused, format!("its ledger cannot be read: {error}")))?;
    setup.actor = Actor::claimed(AUTOMATIC, &setup.actor.host);
    let (tell, told) = sync_channel(4096);
    let (ask, asked) = sync_channel(64);
    let (scene, estate, kind) = (setup.scene(), Arc::clone(&setup.estate), setup.kind);
    let watcher = Watcher {
        watch: Watch::new(settings.clone()),
        lead: None,
        ledger: ledger.clone(),
        folder,
        paths: setup.paths.clone(),
        kind,
        estate: Arc::clone(&estate),
        acts: settings.mode == AutomaticMode::Act && !setup.read_only,
        records: !setup.read_only,
        said: String::new(),
        would: false,
    };
    watcher.introduce(&settings);
    let session = start(setup, Incident::Fresh, Evaluates::No, asked, tell)?;
    let Some((due, status, _lead)) = watcher.follow(&told, &ask)? else {
        session.wait();
        return Ok(Exit::Yes);
    };
    let opening = format!("failover {} ▸ {} starts without a person: {}", due.from, due.to, due.because.join("; "));
    let calling = std::thread::spawn({
        let estate = Arc::clone(&estate);
        move || call(&estate, kind, &opening, None)
    });
    args.from = Some(due.from.to_string());
    args.to = Some(due.to.to_string());
    let json = args.json;
    let outcome = Driver::automatic(scene, args, ask, due, status)?.drive(&told);
    session.wait();
    drop(calling.join());
    outcome.say();
    let ended_so = What::Ended { incident: outcome.label.clone(), outcome: outcome.word().to_owned() };
    if let Err(error) = ledger.write(clock::now().wall, ended_so) {
        say(&format!("its end cannot be written down: {error}"));
    }
    call(&estate, kind, &ended(&outcome), outcome.label.as_deref());
    if json {
        super::super::stdout::print_json(&outcome)?;
    }
    Ok(outcome.exit())
}

struct Watcher {
    watch: Watch,
    lead: Option<Lead>,
    ledger: Ledger,
    folder: std::path::PathBuf,
    paths: Paths,
    kind: Kind,
    estate: Arc<Estate>,
    acts: bool,
    records: bool,
    /// The last thing that was said, without its figures.
    said: String,
    /// What would have been done was said of this recommendation.
    would: bool,
}

type Found = Option<(Due, Arc<Status>, Option<Lead>)>;

impl Watcher {
    fn introduce(&self, settings: &Automatic) {
        let does = if self.acts { "starts" } else { "observes, and starts nothing:" };
        let to = settings.to.as_ref().map_or("the best candidate".to_owned(), ToString::to_string);
        let after = human(settings.after);
        say(&format!("{does} {} to {to}, once failing over was recommended for {after}", settings.runbook));
    }

    /// Until it is time to act, or the program is told to end.
    fn follow(mut self, told: &Receiver<Told>, ask: &SyncSender<Ask>) -> Result<Found, Failure> {
        let interrupted = Arc::new(AtomicBool::new(false));
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            signal_hook::flag::register(signal, Arc::clone(&interrupted))?;
        }
        let (mut newest, mut looked) = (None, Duration::ZERO);
        while !interrupted.load(Ordering::Relaxed) {
            match told.recv_timeout(LOOK) {
                Ok(Told::Status(status)) => newest = Some(status),
                Ok(Told::Banner(Banner { text: Some(text), .. })) => say(&text),
                Ok(Told::Ended { reason: Some(reason) }) => return Err(Failure::new(Exit::No, reason)),
                // Nobody told it to end: what starts this again has to know.
                Ok(Told::Ended { reason: None }) | Err(RecvTimeoutError::Disconnected) => {
                    return Err(Failure::new(Exit::No, "the session ended by itself: nothing is watched any more"));
                }
                Ok(_) | Err(RecvTimeoutError::Timeout) => {}
            }
            let now = clock::boottime();
            let Some(status) = newest.clone().filter(|_| now.saturating_sub(looked) >= LOOK) else { continue };
            looked = now;
            if let Some(due) = self.look(&status)? {
                return Ok(Some((due, status, self.lead)));
            }
        }
        say("told to end");
        drop(ask.send(Ask { number: 1, request: Request::Quit }));
        while told.recv_timeout(LOOK).is_ok() {}
        Ok(None)
    }

    /// What is to be started now.
    fn look(&mut self, status: &Status) -> io::Result<Option<Due>> {
        if self.lead.is_none() && self.records {
            self.lead = Lead::try_take(&self.folder)?;
            // Whoever led before is gone.
            if self.lead.is_some() {
                self.hand_over()?;
            }
        }
        let standing = self.standing(status)?;
        let verdict = self.watch.see(status, &standing, clock::now());
        self.change(&verdict);
        let Verdict::Due(due) = verdict else {
            self.would = false;
            return Ok(None);
        };
        let now = clock::now().wall;
        if self.acts {
            self.ledger.write(now, What::acts(&due))?;
            return Ok(Some(due));
        }
        if !std::mem::replace(&mut self.would, true) && self.records {
            self.ledger.write(now, What::would(&due))?;
        }
        Ok(None)
    }

    /// The watcher that acted was ended before its run was: nobody goes on with that, and people are called.
    fn hand_over(&self) -> io::Result<()> {
        let Some(at) = self.ledger.cut_short()? else { return Ok(()) };
        let incident = self.open_incident();
        let of = incident.as_deref().unwrap_or("the regions: no incident is open");
        let text = format!(
            "the failover that was started without a person at {} was cut short, and nothing goes on with it: a person \
             has to look at {of}",
            rfc3339(at)
        );
        say(&text);
        call(&self.estate, self.kind, &text, incident.as_deref());
        self.ledger.write(clock::now().wall, What::Ended { incident, outcome: "cut-short".to_owned() })
    }

    /// Incidents are only looked for where something is recommended.
    fn standing(&self, status: &Status) -> io::Result<Standing> {
        let (acted_at, rearmed) = self.ledger.acted()?;
        let open = status.recommendation.failover.then(|| self.open_incident()).flatten();
        Ok(Standing { open, acted_at, rearmed, follows: self.lead.is_none() && self.records })
    }

    fn open_incident(&self) -> Option<String> {
        let dir = journal::newest_open(&self.paths, self.kind, &self.estate.name)?;
        Some(ReadLog::open(&dir).map_or_else(|_| dir.display().to_string(), |(log, _)| log.header().label.clone()))
    }

    /// Says a change, not that time passes.
    fn change(&mut self, verdict: &Verdict) {
        let text = match verdict {
            Verdict::Calm { because } => format!("nothing is recommended: {}", because.join("; ")),
            Verdict::Held { from, to, after } => {
                format!("failing over {from} ▸ {to} is recommended; it is started once that held for {}", human(*after))
            }
            Verdict::Withheld { why } => format!("nothing is started: {why}"),
            Verdict::Due(due) if self.acts => {
                format!("starts {} ▸ {}: {}", due.from, due.to, due.because.join("; "))
            }
            Verdict::Due(due) => {
                format!("would have started {} ▸ {}: {}", due.from, due.to, due.because.join("; "))
            }
        };
        let gist: String = text.chars().filter(|c| !c.is_ascii_digit()).collect();
        if gist != self.said {
            say(&text);
            self.said = gist;
        }
    }
}

fn ended(outcome: &Outcome) -> String {
    let label = outcome.label.as_deref().unwrap_or("no incident");
    match &outcome.error {
        Some(why) => format!("{label}: the failover that was started without a person stopped, and needs one: {why}"),
        None => format!("{label}: the failover that was started without a person ended: {}", outcome.word()),
    }
}

/// Calls people through every channel, and says what came of it.
fn call(estate: &Estate, kind: Kind, text: &str, incident: Option<&str>) {
    let now = clock::now().wall;
    let notice = Notice {
        key: AlertKey::new(AUTOMATIC),
        rule: AUTOMATIC.to_owned(),
        severity: AlertSeverity::Critical,
        state: NoticeState::Firing,
        text: Redactor::default().redact(&sanitise_line(text)),
        estate: estate.name.clone(),
        kind,
        since: now,
        at: now,
        incident: incident.map(str::to_owned),
        by: None,
    };
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    let called = runtime.block_on(notify::call(estate, &notice));
    if called.is_empty() {
        say("nobody is called: the estate has no channel that leaves this machine");
    }
    for (channel, outcome) in called {
        match outcome {
            Ok(()) => say(&format!("called through {channel}")),
            Err(fault) => say(&format!("NOT called through {channel}: {}; {}", fault.why, fault.remedy)),
        }
    }
}

fn say(text: &str) {
    eprintln!("{}  {}", at_clock(clock::now().wall), sanitise_line(text));
}
