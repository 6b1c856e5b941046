//! Where templates of updates come from: the estate's folders, in the place of those that ship with the program.

use std::path::{Path, PathBuf};

use domain::comms::{Checked, Templates, check};
use domain::diagnostic::line_column;
use domain::estate::Estate;
use domain::readiness::TemplateFact;

use crate::runtime::estate_file;

/// What a template's file ends with.
pub const ENDING: &str = "txt";

/// The templates there are, and why some of the estate's own could not be read. The first folder that has a name counts.
#[must_use]
pub fn load(estate: &Estate, beside: Option<&Path>) -> (Templates, Vec<String>) {
    let beside = beside.unwrap_or_else(|| Path::new("."));
    let (mut templates, mut unread) = (Templates::default(), Vec::new());
    for folder in estate.templates.iter().rev().map(|folder| beside.join(folder)) {
        for (name, path) in files(&folder) {
            match estate_file::read(&path) {
                Ok(text) => templates = templates.with(name, text),
                Err(why) => unread.push(why.to_string()),
            }
        }
    }
    (templates, unread)
}

/// Those that give no text, and those that cannot be read.
#[must_use]
pub fn facts(estate: &Estate, beside: Option<&Path>) -> Vec<TemplateFact> {
    let (templates, unread) = load(estate, beside);
    let unread = unread.into_iter().map(|why| TemplateFact { name: "of updates".to_owned(), why, remedy: None });
    let wrong = check(&templates, estate).into_iter().map(|Checked { template, diagnostic }| {
        let source = template.as_deref().and_then(|name| templates.text(name)).unwrap_or_default();
        let (line, _) = line_column(source, diagnostic.span.start);
        let place = if template.is_some() { format!("line {line}: ") } else { String::new() };
        let name = template.unwrap_or_else(|| "of updates".to_owned());
        TemplateFact { name, why: format!("{place}{}", diagnostic.message), remedy: diagnostic.help }
    });
    unread.chain(wrong).collect()
}

/// In the order of their names.
fn files(folder: &Path) -> Vec<(String, PathBuf)> {
    let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
    let named = files.filter_map(|file| {
        let path = file.ok()?.path();
        (path.extension()? == ENDING).then(|| Some((path.file_stem()?.to_str()?.to_owned(), path.clone()))).flatten()
    });
    let mut named: Vec<_> = named.collect();
    named.sort();
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_estates_own_stand_in_the_place_of_shipped_ones_and_the_first_folder_counts() {
        let dir = tempfile::tempdir().unwrap();
        for (folder, text) in [("ours", "Ours"), ("theirs", "Theirs")] {
            std::fs::create_dir(dir.path().join(folder)).unwrap();
            std::fs::write(dir.path().join(folder).join("resolved.txt"), text).unwrap();
        }
        std::fs::write(dir.path().join("theirs/public.txt"), "Public").unwrap();
        std::fs::write(dir.path().join("theirs/notes.md"), "no template").unwrap();
        let folders = ["ours", "theirs", "nowhere"].map(str::to_owned).to_vec();
        let (templates, unread) = load(&Estate { templates: folders, ..Estate::default() }, Some(dir.path()));
        assert_eq!(unread, Vec::<String>::new());
        assert_eq!((templates.text("resolved"), templates.text("public")), (Some("Ours"), Some("Public")));
        assert!(templates.text("identified").is_some() && templates.text("notes").is_none());
    }

    #[test]
    fn one_that_others_may_write_is_told_and_not_used() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("resolved.txt");
        std::fs::write(&file, "Theirs").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o666)).unwrap();
        let estate = Estate { templates: vec![dir.path().display().to_string()], ..Estate::default() };
        let (templates, unread) = load(&estate, None);
        assert!(unread[0].contains("chmod go-w"), "{unread:?}");
        assert!(templates.text("resolved").is_some_and(|text| text.contains("resolved after")));
    }
}
