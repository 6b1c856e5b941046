//! A runbook inside a runbook: a step whose title links to another Markdown file is done by walking that one as a run
//! of its own. Only one level is opened: what a child's own titles link to is text there.

use std::ops::Range;

use super::model::{Runbook, Step};
use crate::diagnostic::{Diagnostic, Severity, did_you_mean};
use crate::ident::Hash;
use crate::untrusted::sanitise_line;

/// The name of the runbook that a link leads to: the file's, without its ending. Links to other places lead to none.
pub(super) fn named(link: &str) -> Option<String> {
    let path = link.split(['#', '?']).next().unwrap_or_default();
    let elsewhere = path.starts_with(['/', '\\', '~']) || path.contains(':');
    let file = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = file.strip_suffix(".md").or_else(|| file.strip_suffix(".markdown"))?;
    (!elsewhere && !stem.is_empty()).then(|| sanitise_line(stem))
}

/// What stands where a step's link leads.
#[derive(Clone, Debug)]
pub enum Linked {
    /// Nothing of that name; the names there are.
    Nothing(Vec<String>),
    Runbook(Box<Runbook>),
}

impl Runbook {
    /// Steps that open another runbook, with its name.
    pub fn children(&self) -> impl Iterator<Item = (&Step, &str)> {
        self.steps().filter_map(|step| step.child.as_deref().map(|name| (step, name)))
    }

    /// Its steps open nothing: it is a child itself. Nothing ticks them unseen: they ask for a runbook to be walked.
    pub(crate) fn forget_children(&mut self) {
        let groups = self.phases.iter_mut().flat_map(|phase| &mut phase.groups);
        for step in groups.flat_map(|group| &mut group.steps) {
            let opens = step.child.take();
            step.manual_because = step
                .manual_because
                .take()
                .or_else(|| opens.map(|name| format!("it opens {name}, and this runbook was opened by a step itself")));
        }
    }
}

/// Looks at the runbooks that steps open, as far as `find` finds them, and adds what is wrong with them.
pub fn check_children(runbook: &mut Runbook, mut find: impl FnMut(&str) -> Linked) {
    let found: Vec<Diagnostic> = runbook
        .children()
        .filter_map(|(step, name)| wrong(runbook, step, name, find(name)).map(|found| found.in_span(runbook, step)))
        .collect();
    runbook.diagnostics.extend(found);
    runbook.diagnostics.sort_by_key(|found| found.span.start);
}

struct Wrong {
    severity: Severity,
    message: String,
    help: String,
}

impl Wrong {
    fn in_span(self, runbook: &Runbook, step: &Step) -> Diagnostic {
        let found =
            Diagnostic::new(self.severity, "runbook::child", title(runbook, step), sanitise_line(&self.message));
        found.help(sanitise_line(&self.help))
    }
}

fn wrong(parent: &Runbook, step: &Step, name: &str, linked: Linked) -> Option<Wrong> {
    let error = |message: String, help: &str| Some(Wrong { severity: Severity::Error, message, help: help.to_owned() });
    let child = match linked {
        Linked::Runbook(child) => child,
        Linked::Nothing(names) => {
            let help = did_you_mean(name, names.iter().map(String::as_str))
                .unwrap_or_else(|| "put it beside this file, or into a folder of `runbooks` of the estate".to_owned());
            return error(format!("`{}` opens `{name}`, and there is no runbook of that name", step.title), &help);
        }
    };
    if same(parent, &child) {
        return error(format!("`{}` opens the runbook that it stands in", step.title), "link to another one");
    }
    if !child.native {
        let help = "write `runbook: 1` between two lines of `---` at its start, or take the link out of the title";
        return error(format!("`{name}` is not written as a runbook of this console: it cannot be walked"), help);
    }
    let errors = child.diagnostics.iter().filter(|found| found.severity == Severity::Error).count();
    if errors > 0 {
        let message = format!("`{name}` has errors ({errors}): the steps concerned are done by hand");
        return Some(Wrong { severity: Severity::Warning, message, help: "`switchback lint` says which".to_owned() });
    }
    let deeper = child.children().next().map(|(step, _)| step.title.clone());
    deeper.map(|title| Wrong {
        severity: Severity::Note,
        message: format!(
            "`{name}` opens a runbook itself (“{title}”): one level is opened, there it is a step done by hand"
        ),
        help: "link to that one from here".to_owned(),
    })
}

fn same(parent: &Runbook, child: &Runbook) -> bool {
    Hash::of(parent.source.as_bytes()) == Hash::of(child.source.as_bytes())
}

/// The first line of a step.
fn title(runbook: &Runbook, step: &Step) -> Range<usize> {
    let text = runbook.source.get(step.span.clone()).unwrap_or_default();
    let line = text.lines().next().unwrap_or_default().trim_end();
    step.span.start..step.span.start + line.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runbook::parse;

    #[test]
    fn a_link_to_a_file_of_markdown_nearby_names_a_runbook() {
        for (link, name) in [
            ("cache-failure.md", Some("cache-failure")),
            ("./cache-failure.md", Some("cache-failure")),
            ("../other/cache.md#during", Some("cache")),
            ("cache.markdown", Some("cache")),
            ("https://example.com/cache.md", None),
            ("file:cache.md", None),
            ("/runbooks/cache.md", None),
            ("//host/cache.md", None),
            ("cache.html", None),
            (".md", None),
            ("#cache", None),
            ("", None),
        ] {
            assert_eq!(named(link).as_deref(), name, "{link}");
        }
    }

    fn read(body: &str) -> Runbook {
        parse(format!("---\nrunbook: 1\n---\n## A\n{body}").into(), None)
    }

    const OPENS: &str = "- [ ] **[Restore the cache](cache-failure.md)** <!-- id: cache -->\n";

    #[test]
    fn a_step_opens_the_runbook_that_its_title_links_to() {
        let runbook = read(&format!("{OPENS}\n  Owner: dba\n\n- [ ] See [the wiki](https://w/x.md), then tick\n"));
        assert_eq!(runbook.diagnostics, []);
        let steps: Vec<_> = runbook.steps().map(|step| (step.title.as_str(), step.child.as_deref())).collect();
        assert_eq!(steps, [("Restore the cache", Some("cache-failure")), ("See the wiki, then tick", None)]);
        let foreign = parse(format!("## A\n{OPENS}").into(), None);
        assert_eq!(foreign.steps().next().and_then(|step| step.child.clone()), None);
    }

    #[test]
    fn a_step_runs_something_or_opens_a_runbook() {
        let runbook = read(&format!("{OPENS}\n  ```bash run readonly\n  true\n  ```\n"));
        let step = runbook.steps().next().unwrap();
        assert_eq!((step.child.as_deref(), step.run.is_some()), (None, false));
        assert!(step.manual_because.as_deref().is_some_and(|why| why.contains("one or the other")), "{step:?}");
        let runbook = read("- [ ] [One](one.md) and [two](two.md)\n");
        assert_eq!(runbook.diagnostics[0].message, "a second runbook in this title: `two`");
    }

    fn checked(find: impl FnMut(&str) -> Linked) -> Vec<(Severity, String, usize)> {
        let mut runbook = read(OPENS);
        check_children(&mut runbook, find);
        let found = runbook.diagnostics.iter();
        found.map(|found| (found.severity, format!("{}; {:?}", found.message, found.help), found.span.start)).collect()
    }

    #[test]
    fn what_a_step_opens_has_to_be_there_and_to_be_a_runbook() {
        let native = |body: &str| Linked::Runbook(Box::new(read(body)));
        assert_eq!(checked(|_| native("- [ ] Look\n")), []);
        for (linked, severity, said) in [
            (Linked::Nothing(vec!["cache-failures".to_owned()]), Severity::Error, "did you mean `cache-failures`?"),
            (Linked::Nothing(Vec::new()), Severity::Error, "put it beside this file"),
            (Linked::Runbook(Box::new(parse("## A\n- [ ] B\n".into(), None))), Severity::Error, "is not written as"),
            (native(OPENS), Severity::Error, "the runbook that it stands in"),
            (native("- [ ] B\n\n  ```bash rum\n  x\n  ```\n"), Severity::Warning, "has errors (1)"),
            (native("- [ ] [More](more.md)\n"), Severity::Note, "one level is opened"),
        ] {
            let found = checked(|_| linked.clone());
            assert_eq!(found.len(), 1);
            assert_eq!((found[0].0, found[0].2), (severity, 24), "{found:?}");
            assert!(found[0].1.contains(said), "{found:?}");
        }
    }
}
