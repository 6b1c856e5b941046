//! What has to be filled in becomes a variable: `<region>`, `YOUR_BUCKET`, `{{ cluster }}`, `${VAR}` of no origin.

use std::collections::BTreeMap;

use super::super::{leftover, model::Lang, script, shell, variables};

/// A longer line is data: nobody left anything to be filled in there.
const LONGEST: usize = 4096;

/// Names to declare, each with what it was in the document.
#[derive(Debug, Default)]
pub(super) struct Declared(pub(super) BTreeMap<String, String>);

impl Declared {
    /// The text with every placeholder as a variable. Variables that a script takes from nowhere are declared too.
    pub(super) fn take(&mut self, lang: &str, text: &str) -> String {
        let language = match lang {
            "bash" => Lang::Bash,
            "sql" => Lang::Sql,
            _ => return text.to_owned(),
        };
        let filled: Vec<String> = text.lines().map(|line| self.fill(language, line)).collect();
        let filled = filled.join("\n");
        if language == Lang::Bash {
            let script = shell::read(&filled);
            let free = script.uses.iter().filter(|used| {
                !used.has_default && !script.sets.contains(used.name) && !script::from_outside(used.name, &[])
            });
            for used in free.filter(|used| used.name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')) {
                if !variables::BUILT_IN.contains(&used.name) && used.name == used.name.to_uppercase() {
                    self.0.entry(used.name.to_owned()).or_insert_with(|| format!("${}", used.name));
                }
            }
        }
        filled
    }

    fn fill(&mut self, lang: Lang, line: &str) -> String {
        if line.len() > LONGEST {
            return line.to_owned();
        }
        let (mut done, mut rest) = (String::new(), line);
        while let Some(found) = leftover::placeholder(rest, lang, false) {
            let written = &rest[found.clone()];
            let Some(name) = name_of(written) else {
                done.push_str(&rest[..found.end]);
                rest = &rest[found.end..];
                continue;
            };
            done.push_str(&rest[..found.start]);
            match lang {
                Lang::Sql => done.push_str(&format!(":'{name}'")),
                _ => done.push_str(&format!("${{{name}}}")),
            }
            self.0.entry(name).or_insert_with(|| written.to_owned());
            rest = &rest[found.end..];
        }
        done.push_str(rest);
        done
    }
}

/// `<corrupted_xid>` is `CORRUPTED_XID`. Of a mark without a name, such as `[TODO]`, nothing can be made.
fn name_of(written: &str) -> Option<String> {
    let inside = written.trim_matches(['<', '>', '{', '}', '[', ']', ' ']);
    if leftover::NAMELESS.iter().any(|mark| mark.trim_matches(['[', ']']) == inside) {
        return None;
    }
    let inside = leftover::YOURS.iter().find_map(|yours| inside.strip_prefix(yours)).unwrap_or(inside);
    let name: String =
        inside.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    let name = name.trim_matches('_').to_owned();
    (name.starts_with(|c: char| c.is_ascii_alphabetic()) && !variables::BUILT_IN.contains(&name.as_str()))
        .then_some(name)
}
