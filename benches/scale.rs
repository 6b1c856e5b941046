//! Five hundred HTTP checks at ten seconds: what they cost and how late they are, beside Prometheus with its prober for
//! HTTP, all of them at the same time and asking the same server.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::certificates::{Authority, Before, DAY, Valid, serve};
use super::estate::Estate;
use super::process::{Cost, Process};
use super::pty::{COMMON, FRAME, Pty};
use super::report::{Aim, Row, Unit};
use super::target::{CHECKS, HANGING_FROM, Target};

const INTERVAL: Duration = Duration::from_secs(10);
/// Until everybody has asked for everything twice.
const SETTLING: Duration = Duration::from_secs(25);
const WATCHED: Duration = Duration::from_secs(60);
const PEER: &str = "Prometheus + prober";

/// One of those that ask.
struct Prober {
    /// In the paths it asks for.
    path: &'static str,
    processes: Vec<u32>,
}

/// What one of them did in one part of the run.
struct Seen {
    cost: Cost,
    late: Vec<Duration>,
}

pub(crate) fn measure() -> Vec<Row> {
    let target = Target::start();
    let of = |prober| Estate::of_checks(|number| target.url(prober, number));
    let (watching, showing) = (of("watch"), of("console"));
    let folder = watching.folder().join("peer");
    let watch = watcher(&watching, &[]);
    let console = Pty::switchback(&showing.arguments(), &showing.state, COMMON);
    console.until(FRAME);
    let peer = peer(&target, &folder);
    let mut probers = vec![
        Prober { path: "watch", processes: vec![watch.0.id()] },
        Prober { path: "console", processes: vec![console.id()] },
    ];
    probers.extend(
        peer.as_ref()
            .map(|peer| Prober { path: "peer", processes: peer.iter().map(|running| running.0.id()).collect() }),
    );
    console.settle_for(SETTLING);
    let well = part(&target, &probers, &console);
    target.hang();
    let hanging = part(&target, &probers, &console);
    [rows("all answer", &well), rows(&format!("{} hang", CHECKS - HANGING_FROM), &hanging)].concat()
}

/// The same over TLS, where nothing is kept between looks: what a configuration shared by all of them takes.
pub(crate) fn measure_tls() -> Vec<Row> {
    let authority = Authority::new();
    let server = serve(authority.config("localhost", Valid::For(DAY)), Before::Nothing);
    let estate = Estate::of_checks(|number| format!("https://localhost:{}/{number}", server.port()));
    let watch = watcher(&estate, &[("SSL_CERT_FILE", authority.file().to_str().unwrap())]);
    sleep(SETTLING);
    let before = Process::of(&[watch.0.id()]);
    sleep(WATCHED);
    let cost = Process::of(&[watch.0.id()]).since(&before);
    let told = std::fs::read_to_string(Path::new(&estate.state).join("estates/bench/live.json")).unwrap();
    assert!(told.matches("\"status\":\"ok\"").count() >= CHECKS, "not every check is ok: {told}");
    let row =
        |what: &str, unit, figure| Row::one(format!("{CHECKS} checks by TLS: `status --watch`, {what}"), unit, figure);
    vec![
        row("processor time", Unit::Percent, cost.percent),
        row("resident", Unit::MiB, cost.resident).aiming_at(Aim::AtMost(60.0)),
        row("its share of memory", Unit::MiB, cost.proportional),
    ]
}

fn watcher(estate: &Estate, environment: &[(&str, &str)]) -> Running {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchback"));
    command.args(["status", "--watch", "--state", &estate.state]).args(estate.arguments());
    command.envs(environment.iter().copied()).stdin(Stdio::null()).stdout(Stdio::null());
    Running(command.spawn().unwrap())
}

fn part(target: &Target, probers: &[Prober], console: &Pty) -> Vec<Seen> {
    let began = Instant::now();
    let before: Vec<Process> = probers.iter().map(|prober| Process::of(&prober.processes)).collect();
    // The terminal is read all the while, as one that shows it would.
    console.settle_for(WATCHED);
    let seen = probers.iter().zip(before).map(|(prober, before)| Seen {
        cost: Process::of(&prober.processes).since(&before),
        late: target.lateness(prober.path, INTERVAL, began),
    });
    seen.collect()
}

fn rows(when: &str, seen: &[Seen]) -> Vec<Row> {
    let peer = seen.get(2);
    let beside = |of: fn(&Cost) -> f64| peer.map(|peer| of(&peer.cost));
    let mut rows = Vec::new();
    for (who, seen) in ["`status --watch`", "console"].into_iter().zip(seen) {
        let row = |what: &str| format!("{CHECKS} checks, {when}: {who}, {what}");
        let latest = |late: &[Duration]| late.iter().max().map_or(0.0, |late| late.as_secs_f64() * 1e3);
        rows.extend([
            Row::one(row("processor time"), Unit::Percent, seen.cost.percent)
                .beside_figure(PEER, beside(|cost| cost.percent))
                .aiming_at(Aim::AtMost(5.0)),
            Row::one(row("resident"), Unit::MiB, seen.cost.resident)
                .beside_figure(PEER, beside(|cost| cost.resident))
                .aiming_at(Aim::AtMost(60.0)),
            Row::one(row("its share of memory"), Unit::MiB, seen.cost.proportional)
                .beside_figure(PEER, beside(|cost| cost.proportional)),
            Row::times(row("late by"), &seen.late).beside(PEER, peer.map_or(&[][..], |peer| &peer.late)),
            Row::one(row("latest"), Unit::Millis, latest(&seen.late))
                .beside_figure(PEER, peer.map(|peer| latest(&peer.late)))
                .aiming_at(Aim::AtMost(1000.0)),
        ]);
    }
    rows
}

/// Prometheus, and the exporter that asks for it. `None` where they are not installed.
fn peer(target: &Target, folder: &Path) -> Option<[Running; 2]> {
    let ports: Vec<u16> = (0..2).map(|_| free_port()).collect();
    let exporter = format!("127.0.0.1:{}", ports[0]);
    std::fs::create_dir_all(folder).unwrap();
    let modules = folder.join("modules.yml");
    std::fs::write(&modules, "modules:\n  answers:\n    prober: http\n    timeout: 5s\n").unwrap();
    let urls: Vec<String> = (0..CHECKS).map(|number| format!("'{}'", target.url("peer", number))).collect();
    let settings = folder.join("prometheus.yml");
    let text = format!(
        "global: {{scrape_interval: {}s, scrape_timeout: 9s}}\nscrape_configs:\n- job_name: checks\n  metrics_path: /probe\n  \
         params: {{module: [answers]}}\n  static_configs: [{{targets: [{}]}}]\n  relabel_configs:\n  \
         - {{source_labels: [__address__], target_label: __param_target}}\n  \
         - {{source_labels: [__param_target], target_label: instance}}\n  \
         - {{target_label: __address__, replacement: '{exporter}'}}\n",
        INTERVAL.as_secs(),
        urls.join(", ")
    );
    std::fs::write(&settings, text).unwrap();
    let start = |program: &str, arguments: &[String]| {
        let log = File::create(folder.join(format!("{program}.log"))).unwrap();
        let command =
            Command::new(program).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn();
        command.ok().map(Running)
    };
    let prober = start(
        "prometheus-blackbox-exporter",
        &[format!("--config.file={}", modules.display()), format!("--web.listen-address={exporter}")],
    )?;
    let server = start(
        "prometheus",
        &[
            format!("--config.file={}", settings.display()),
            format!("--storage.tsdb.path={}", folder.join("series").display()),
            format!("--web.listen-address=127.0.0.1:{}", ports[1]),
        ],
    )?;
    sleep(Duration::from_secs(1));
    Some([prober, server])
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Ends with its owner.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
