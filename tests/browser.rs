//! The exported page, opened by a real browser: what it makes of it is what was meant, on the screen and on paper.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use domain::ident::Hash;
use domain::log::{Draft, Event, Header, Kind, Sev};
use switchback::runtime::journal::Journal;

use crate::support::attempts::SWITCHBACK;
use crate::support::log::{header, note, paths};

const ESTATE: &str = "name = \"orders-platform\"\n[regions.us-east-1]\nrole = \"primary\"\n[regions.us-west-2]\n\
                      [tiers.1]\nrto = \"5m\"\nrpo = 0\n";
const HOSTILE: [&str; 5] = [
    "<script>document.title = 'owned'</script>",
    "</style><img src=x onerror=\"document.title = 'owned'\">",
    "\" autofocus onfocus=\"document.title='owned'",
    "&lt;b&gt; is no markup either",
    "</title></td></tr></table><h1>forged</h1>",
];

/// A page of an incident whose notes try to be something else, and how many entries it has.
fn exported(home: &tempfile::TempDir, kind: Kind) -> (PathBuf, usize) {
    let header = Header { kind, ..header("INC-2026-0001") };
    let opened = Event::IncidentOpened {
        incident: header.incident,
        label: header.label.clone(),
        kind,
        severity: Sev(1),
        title: HOSTILE[4].to_owned(),
        impact_at: "2026-11-20T02:06:55Z".parse().unwrap(),
        impact_basis: HOSTILE[0].to_owned(),
        from: Some("us-east-1".into()),
        to: Some("us-west-2".into()),
        estate: ESTATE.to_owned(),
    };
    let at = "2026-11-20T02:08:00Z".parse().unwrap();
    let mut drafts = vec![Draft { event: opened, occurred_at: at, kind, ..note("") }];
    drafts.extend((0..60).map(|number| Draft { occurred_at: at, kind, ..note(HOSTILE[number % HOSTILE.len()]) }));
    let entries = drafts.len();
    let journal = Journal::create(&paths(home), header).unwrap();
    journal.append_blocking(None, drafts).unwrap();
    let file = home.path().join("timeline.html");
    let export =
        Command::new(SWITCHBACK).arg("--state").arg(paths(home).state).args(["export", "-o"]).arg(&file).status();
    assert!(export.unwrap().success());
    (file, entries)
}

/// What the browser prints; it loads nothing, and is given a minute.
pub(crate) fn browser(home: &Path, page: &Path, args: &[&str]) -> Vec<u8> {
    let program = ["chromium-headless-shell", "chromium"].into_iter().find(|program| {
        Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
    });
    let output = Command::new("timeout")
        .args(["60", program.expect("no Chromium: scripts/test installs it")])
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"])
        .arg(format!("--user-data-dir={}", home.join("profile").display()))
        .args(args)
        .arg(format!("file://{}", page.display()))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn a_browser_finds_every_entry_and_nothing_that_was_smuggled_in() {
    let home = tempfile::tempdir().unwrap();
    let (page, entries) = exported(&home, Kind::Live);
    let dom = String::from_utf8(browser(home.path(), &page, &["--dump-dom"])).unwrap();
    let (head, body) = dom.split_once("</head>").unwrap();
    for forged in ["<script", "<img", "<h1>forged"] {
        assert!(!dom.contains(forged), "{forged}");
    }
    let mut tags = dom.split('<').skip(1).filter_map(|tag| tag.split('>').next());
    assert_eq!(tags.find(|tag| tag.contains(" on")), None, "no element listens to anything");
    assert!(head.contains("<title>INC-2026-0001: &lt;/title&gt;"), "nothing ran that changes the title: {head}");
    assert_eq!(body.matches("<h1>").count(), 1);
    let (_, timeline) = body.split_once("<section id=\"timeline\">").unwrap();
    let (timeline, _) = timeline.split_once("</section>").unwrap();
    assert_eq!(timeline.matches("<tr>").count(), entries + 1);
    assert!(timeline.contains("&amp;lt;b&amp;gt; is no markup either"));
    assert!(body.contains("<svg") && body.contains("<desc"));
}

#[test]
fn it_is_seen_by_day_and_by_night_and_printed_on_several_pages() {
    let home = tempfile::tempdir().unwrap();
    let (page, _) = exported(&home, Kind::Drill);
    let mut pictures = Vec::new();
    for (name, scheme) in [("day.png", "1"), ("night.png", "0")] {
        let picture = home.path().join(name);
        let scheme = format!("--blink-settings=preferredColorScheme={scheme}");
        browser(
            home.path(),
            &page,
            &["--window-size=1200,900", &scheme, &format!("--screenshot={}", picture.display())],
        );
        pictures.push(fs::read(picture).unwrap());
    }
    let empty = home.path().join("empty.html");
    fs::write(&empty, "<!doctype html><title>empty</title>").unwrap();
    let blank = home.path().join("blank.png");
    browser(home.path(), &empty, &["--window-size=1200,900", &format!("--screenshot={}", blank.display())]);
    let blank = fs::read(blank).unwrap();
    assert!(pictures.iter().all(|picture| picture.starts_with(b"\x89PNG") && picture.len() > 4 * blank.len()));
    assert_ne!(pictures[0], pictures[1]);
    let paper = home.path().join("paper.pdf");
    browser(home.path(), &page, &["--no-pdf-header-footer", &format!("--print-to-pdf={}", paper.display())]);
    let paper = fs::read(paper).unwrap();
    let pages = paper.windows(11).filter(|window| window.starts_with(b"/Type /Page") && window.len() == 11).count();
    let trees = paper.windows(12).filter(|window| *window == b"/Type /Pages").count();
    assert!((2..=20).contains(&(pages - trees)), "{} pages", pages - trees);
}

/// The exported page of the documents' failover, as its own test keeps it.
const FAILOVER: &str =
    include_str!("../src/domain/report/tests/snapshots/domain__report__tests__html__a_failover_as_one_file.snap");

/// Written anew with `UPDATE_SCREENSHOTS=1`. Browsers draw a little differently, so that the picture names the page it
/// was made of instead of being compared.
#[test]
fn the_picture_of_an_exported_page_is_of_the_page_as_it_is() {
    let html = FAILOVER.splitn(3, "---\n").nth(2).unwrap();
    let of = format!("Source\0{}", Hash::of(html.as_bytes()));
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots/timeline.png");
    if std::env::var_os("UPDATE_SCREENSHOTS").is_some() {
        let home = tempfile::tempdir().unwrap();
        let (page, drawn) = (home.path().join("page.html"), home.path().join("page.png"));
        fs::write(&page, html).unwrap();
        let picture = format!("--screenshot={}", drawn.display());
        let day = "--blink-settings=preferredColorScheme=1";
        browser(home.path(), &page, &["--window-size=1200,1500", day, &picture]);
        let mut picture = fs::read(drawn).unwrap();
        let end = picture.len() - END_OF_PICTURE;
        picture.splice(end..end, chunk(of.as_bytes()));
        fs::write(&kept, picture).unwrap();
    }
    let picture = fs::read(&kept).unwrap();
    let named = picture.windows(of.len()).any(|window| window == of.as_bytes());
    assert!(named, "screenshots/timeline.png is stale: run the tests with UPDATE_SCREENSHOTS=1");
}

/// The last chunk of a PNG: no data, its name, its checksum.
const END_OF_PICTURE: usize = 12;

/// A text of a PNG.
fn chunk(text: &[u8]) -> Vec<u8> {
    let named = [b"tEXt", text].concat();
    let length = u32::try_from(text.len()).unwrap();
    [&length.to_be_bytes()[..], &named, &crc32fast::hash(&named).to_be_bytes()].concat()
}
