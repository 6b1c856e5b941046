//! Commands as people paste them: with console prompts and what was printed, in fences of every name, as bullets.

/// A block of code as it will stand in the runbook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Command {
    /// `bash`, `sql`, or what the document called it.
    pub(super) lang: String,
    pub(super) text: String,
    /// What it printed when the document was written.
    pub(super) expected: Option<String>,
}

/// Programs that people write in runbooks without saying that they are commands.
const PROGRAMS: [&str; 52] = [
    "ansible-playbook",
    "argocd",
    "aws",
    "az",
    "barman",
    "cat",
    "chmod",
    "clickhouse-backup",
    "clickhouse-client",
    "consul",
    "cp",
    "curl",
    "dig",
    "docker",
    "echo",
    "etcdctl",
    "gcloud",
    "git",
    "gsutil",
    "gunzip",
    "helm",
    "helmfile",
    "journalctl",
    "kubectl",
    "ls",
    "make",
    "mkdir",
    "mysql",
    "mysqldump",
    "node",
    "npm",
    "patronictl",
    "pg_basebackup",
    "pg_ctl",
    "pg_dump",
    "pg_isready",
    "pg_restore",
    "pg_rewind",
    "pgbackrest",
    "psql",
    "python",
    "python3",
    "pytest",
    "redis-cli",
    "repmgr",
    "rsync",
    "ssh",
    "systemctl",
    "terraform",
    "velero",
    "wal-g",
    "yarn",
];

/// Words that a statement of SQL begins with, in capitals as runbooks write them.
const STATEMENTS: [&str; 16] = [
    "ALTER",
    "ANALYZE",
    "BEGIN",
    "CHECKPOINT",
    "COMMIT",
    "CREATE",
    "DELETE",
    "DROP",
    "GRANT",
    "INSERT",
    "REINDEX",
    "REVOKE",
    "SELECT",
    "SET",
    "UPDATE",
    "VACUUM",
];

/// `bash` or `sql` when the line is a command; prose is `None`.
pub(super) fn language_of(line: &str) -> Option<&'static str> {
    let line = strip_prompt(line.trim()).unwrap_or_else(|| line.trim());
    let first = line.split_whitespace().next()?;
    let more = line.split_whitespace().count() > 1;
    if STATEMENTS.contains(&first) && (more || first == "CHECKPOINT") {
        return Some("sql");
    }
    let program = first.rsplit('/').next().unwrap_or(first);
    let path = first.starts_with("./") || (first.starts_with('/') && first.len() > 1);
    let known = PROGRAMS.contains(&program.to_lowercase().as_str()) && (more || program == "ls");
    // `cat`, `make` and their like begin sentences too: those have no option, path or number in them.
    let english = matches!(program, "make" | "cat" | "node" | "echo" | "docker" | "git")
        && !line.contains([' '].map(|_| '-'))
        && !line.contains(['/', '.', '=', '"', '$']);
    (path || (known && !english)).then_some("bash")
}

/// The language that a fence's word means, when something could run.
pub(super) fn language(word: &str, text: &str) -> String {
    match word {
        "bash" | "sh" | "shell" | "zsh" | "console" | "shell-session" | "terminal" => "bash".to_owned(),
        "sql" | "postgresql" | "psql" | "pgsql" | "plpgsql" => "sql".to_owned(),
        "" => {
            let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
            let languages: Vec<Option<&str>> = lines.by_ref().map(language_of).collect();
            match languages.first() {
                Some(Some(first)) if languages.iter().filter(|one| one.is_some()).count() * 2 > languages.len() => {
                    (*first).to_owned()
                }
                _ => "text".to_owned(),
            }
        }
        other => other.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+')).collect(),
    }
}

/// Takes prompts away. Where there are any, what stands between is what the commands printed.
pub(super) fn clean(lang: &str, text: &str) -> Command {
    let prompted = text.lines().filter(|line| strip_prompt(line.trim()).is_some()).count();
    if prompted == 0 || !matches!(lang, "bash" | "sql") {
        return Command { lang: lang.to_owned(), text: text.trim_end().to_owned(), expected: None };
    }
    let (mut commands, mut printed) = (Vec::new(), Vec::new());
    let mut continued = false;
    for line in text.lines() {
        let trimmed = line.trim();
        match strip_prompt(trimmed) {
            Some(command) => {
                commands.push(command.to_owned());
                continued = command.ends_with('\\');
            }
            None if continued => {
                commands.push(line.trim_end().to_owned());
                continued = trimmed.ends_with('\\');
            }
            None if trimmed.is_empty() => {}
            None if trimmed.starts_with('#') => commands.push(trimmed.to_owned()),
            None => printed.push(line.trim_end().to_owned()),
        }
    }
    let expected = (!printed.is_empty()).then(|| printed.join("\n"));
    Command { lang: lang.to_owned(), text: commands.join("\n"), expected }
}

/// `$ ls`, `root@db1:~# ls`, `orders=# SELECT 1;`.
fn strip_prompt(line: &str) -> Option<&str> {
    if let Some(rest) = line.strip_prefix("$ ").or_else(|| line.strip_prefix("% ")) {
        return Some(rest.trim());
    }
    let (first, rest) = line.split_once(' ')?;
    let shell = first.split_once('@').is_some_and(|(user, host)| {
        let user = user.trim_start_matches('[');
        !user.is_empty()
            && user.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
            && host.ends_with(['$', '#'])
    });
    let name = first.trim_end_matches(['#', '>']);
    let sql = name.ends_with(['=', '-'])
        && name.len() < first.len()
        && !name[..name.len() - 1].is_empty()
        && name[..name.len() - 1].chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (shell || sql).then(|| rest.trim())
}

/// A script cut at its comments: what each comment says, and the commands below it. What stands before the first has no
/// words. Comments inside quotes or here-documents end up in the text, where they were.
pub(super) fn by_comments(text: &str, mark: &str) -> Vec<(Option<String>, String)> {
    let mut parts: Vec<(Option<String>, String)> = Vec::new();
    let mut here: Option<String> = None;
    for line in text.lines() {
        let trimmed = line.trim();
        if let Some(end) = &here {
            let done = trimmed == end;
            append(&mut parts, line);
            if done {
                here = None;
            }
            continue;
        }
        let comment = trimmed.strip_prefix(mark).filter(|_| !trimmed.starts_with("#!") && line.starts_with(mark));
        match comment {
            Some(words) if words.trim().is_empty() => {}
            Some(words) => parts.push((Some(words.trim().to_owned()), String::new())),
            None if trimmed.is_empty() && parts.is_empty() => {}
            None => append(&mut parts, line),
        }
        here = here_document(trimmed);
    }
    for (_, text) in &mut parts {
        *text = text.trim_end().to_owned();
    }
    parts
}

fn append(parts: &mut Vec<(Option<String>, String)>, line: &str) {
    if parts.is_empty() {
        parts.push((None, String::new()));
    }
    if let Some((_, text)) = parts.last_mut() {
        text.push_str(line);
        text.push('\n');
    }
}

/// The word that ends a here-document which begins on this line.
fn here_document(line: &str) -> Option<String> {
    let (_, after) = line.split_once("<<")?;
    let word = after.trim_start_matches('-').trim_start().trim_start_matches(['\'', '"', '\\']);
    let word: String = word.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    (!word.is_empty() && !after.starts_with('<')).then_some(word)
}
