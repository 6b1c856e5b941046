//! The pages that people read: every link leads somewhere, and every page can be found from the README.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

static LINK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)""#).unwrap());

static SPAN: LazyLock<Regex> = LazyLock::new(|| Regex::new("`[^`\n]*`").unwrap());

/// Each page's text, by its path from the root of the project.
fn pages() -> BTreeMap<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = BTreeMap::new();
    for folder in ["", "docs", "runbooks", "scenarios"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "md") {
                let name = path.strip_prefix(root).unwrap().to_path_buf();
                pages.insert(name, without_code(&std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(pages.len() > 30, "{}", pages.len());
    pages
}

/// What stands in blocks of code is no link and no heading.
fn without_code(text: &str) -> String {
    let mut fence: Option<usize> = None;
    let mut kept = String::new();
    for line in text.lines() {
        let ticks = line.trim_start().chars().take_while(|c| *c == '`').count();
        match fence {
            None if ticks >= 3 => fence = Some(ticks),
            Some(opened) if ticks >= opened => fence = None,
            None => {
                kept.push_str(line);
                kept.push('\n');
            }
            Some(_) => {}
        }
    }
    kept
}

/// The targets of a page's links: a path from the root, and the heading.
fn links(page: &Path, text: &str) -> Vec<(PathBuf, Option<String>)> {
    let text = SPAN.replace_all(text, "");
    let targets = LINK.captures_iter(&text).filter_map(|found| found.get(1).or_else(|| found.get(2)));
    let inside = targets.map(|target| target.as_str()).filter(|target| !target.contains("://"));
    inside
        .map(|target| {
            let (path, heading) =
                target.split_once('#').map_or((target, None), |(path, heading)| (path, Some(heading)));
            let path = if path.is_empty() { page.to_path_buf() } else { beside(page, path) };
            (path, heading.map(str::to_owned))
        })
        .collect()
}

fn beside(page: &Path, target: &str) -> PathBuf {
    let mut path = page.parent().unwrap_or(Path::new("")).to_path_buf();
    for part in Path::new(target).components() {
        match part {
            Component::ParentDir => assert!(path.pop(), "{}: {target} leaves the project", page.display()),
            Component::CurDir => {}
            other => path.push(other),
        }
    }
    path
}

/// The anchors that a forge gives a page's headings.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    headings
        .map(|heading| {
            let kept = heading
                .to_lowercase()
                .chars()
                .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
                .collect::<String>();
            kept.replace(' ', "-")
        })
        .collect()
}

#[test]
fn every_link_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = pages();
    let mut dead = Vec::new();
    for (page, text) in &pages {
        for (target, heading) in links(page, text) {
            let there = root.join(&target).exists();
            let headed = heading
                .as_ref()
                .is_none_or(|heading| pages.get(&target).is_some_and(|text| anchors(text).contains(heading)));
            if !there || !headed {
                dead.push(format!("{}: {}#{}", page.display(), target.display(), heading.unwrap_or_default()));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}

#[test]
fn every_page_is_found_from_the_readme() {
    let pages = pages();
    let mut found = BTreeSet::from([PathBuf::from("README.md")]);
    let mut open = vec![PathBuf::from("README.md")];
    while let Some(page) = open.pop() {
        for (target, _) in pages.get(&page).map(|text| links(&page, text)).unwrap_or_default() {
            if pages.contains_key(&target) && found.insert(target.clone()) {
                open.push(target);
            }
        }
    }
    let documents = pages.keys().filter(|page| page.starts_with("docs"));
    let lost: Vec<_> = documents.filter(|page| !found.contains(*page)).collect();
    assert!(lost.is_empty(), "{lost:#?}");
}
