//! Programs that a runbook needs: those it names, and those its scripts call. A best effort that rather misses one than
//! asks for what is none: functions, builtins and what is made of variables are left out.

use std::collections::{BTreeMap, BTreeSet};

use crate::ident::StepId;
use crate::runbook::{Block, Lang, Runbook, Step, commands_in};

/// Of bash and sh: keywords, builtins, and what the system cannot be without.
const OWN: [&str; 84] = [
    "if",
    "then",
    "else",
    "elif",
    "fi",
    "for",
    "while",
    "until",
    "do",
    "done",
    "case",
    "esac",
    "in",
    "select",
    "function",
    "time",
    "coproc",
    "alias",
    "bg",
    "bind",
    "break",
    "builtin",
    "caller",
    "cd",
    "command",
    "compgen",
    "complete",
    "continue",
    "declare",
    "dirs",
    "disown",
    "echo",
    "enable",
    "eval",
    "exec",
    "exit",
    "export",
    "false",
    "fc",
    "fg",
    "getopts",
    "hash",
    "help",
    "history",
    "jobs",
    "kill",
    "let",
    "local",
    "logout",
    "mapfile",
    "popd",
    "printf",
    "pushd",
    "pwd",
    "read",
    "readarray",
    "readonly",
    "return",
    "set",
    "shift",
    "shopt",
    "source",
    "suspend",
    "test",
    "times",
    "trap",
    "true",
    "type",
    "typeset",
    "ulimit",
    "umask",
    "unalias",
    "unset",
    "wait",
    "compopt",
    "chdir",
    "nohup",
    "env",
    "sh",
    "bash",
    ".",
    "..",
    "...",
    "-",
];

/// A program, and the steps that call it; none where only the front matter names it.
pub type Tools = BTreeMap<String, BTreeSet<StepId>>;

/// Everything that has to be on `PATH`, or at the path that is written, for what the runbook runs on this machine.
#[must_use]
pub fn tools(runbook: &Runbook) -> Tools {
    let mut found: Tools = runbook.requires.iter().map(|name| (name.clone(), BTreeSet::new())).collect();
    for step in runbook.steps() {
        for name in blocks(step).filter(|block| matches!(block.lang, Lang::Bash | Lang::Sh)).flat_map(called) {
            found.entry(name).or_default().insert(step.id.clone());
        }
    }
    found
}

fn blocks(step: &Step) -> impl Iterator<Item = &Block> {
    step.run.iter().chain(&step.guards).chain(&step.verifies).chain(&step.rollback)
}

fn called(block: &Block) -> Vec<String> {
    let text = &block.text;
    let function = |name: &str| {
        [format!("{name}()"), format!("{name} ()"), format!("function {name}")].iter().any(|form| text.contains(form))
    };
    let made_here = |name: &str| text.contains(&format!("> {name}")) || text.contains(&format!(">{name}"));
    let program = |name: &&str| {
        let path = name.contains('/');
        let reached = name.starts_with('/') || name.starts_with("./") || name.starts_with("../");
        !OWN.contains(name) && !function(name) && (!path || reached && !made_here(name))
    };
    commands_in(text).into_iter().filter(program).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(script: &str) -> Vec<String> {
        called(&Block { text: script.to_owned(), ..Block::default() })
    }

    #[test]
    fn what_a_script_calls_is_found() {
        assert_eq!(of("kubectl --context \"$TO\" get pods | jq -r .items\n"), ["jq", "kubectl"]);
        assert_eq!(
            of("A=1 aws s3 ls && ! pg_ctl stop; if curl -f x; then psql -c 'drop x'; fi"),
            ["aws", "curl", "pg_ctl", "psql"]
        );
        assert_eq!(of("NOW=$(date -u +%s)\nssh \"$HOST\" systemctl stop postgresql"), ["date", "ssh"]);
        assert_eq!(of("aws rds \\\n  describe-db-instances > out.json"), ["aws"]);
        assert_eq!(
            of("./scripts/smoke-test.sh --region \"$TO\"\n/opt/tool --x"),
            ["./scripts/smoke-test.sh", "/opt/tool"]
        );
        assert_eq!(of("while read -r host; do ssh-keyscan \"$host\"; done < hosts.txt"), ["ssh-keyscan"]);
    }

    #[test]
    fn what_is_no_program_is_left_out() {
        for script in [
            "\"$TOOL\" apply -f x\n$HOME/bin/x y\n${PREFIX}tool z\n'a b' c",
            "check() { echo \"$1\"; }\nfunction other { :; }\ncheck a\nother b",
            "case $MODE in\n  planned) echo a ;;\n  forced|dark) echo b ;;\n  *) exit 1 ;;\nesac",
            "hosts=(alpha beta\n  gamma)\nfor host in alpha beta; do echo \"$host\"; done",
            "[[ -n $A && $B == c ]] || exit 1\n[ -f x ] && (( N > 3 ))\n: > list\n> truncated",
            "cat_=1\nexport X=2\n# kubectl apply\necho 'aws s3 ls' \"$(( 1 + two ))\"",
            "bin/relative x\nfoo*bar\n2>&1 echo x\nset -euo pipefail\n. ./lib.sh",
        ] {
            assert_eq!(of(script), [""; 0], "{script}");
        }
        assert_eq!(of("cat <<EOF\nkubectl apply\nEOF\nssh h <<'X'\nrm -rf y\nX\n"), ["cat", "ssh"]);
        assert_eq!(of("cat > ./made.sh <<EOF\nx\nEOF\n./made.sh"), ["cat"]);
    }

    #[test]
    fn requires_and_every_block_count() {
        let text = "---\nrunbook: 1\nrequires: [terraform]\n---\n\n# T\n\n## Do\n\n- [ ] **A** <!-- id: a -->\n\n  \
                    ```bash guard\n  nc -z h 1\n  ```\n\n  ```bash run\n  kubectl get x\n  ```\n\n  ```bash verify within=1m\n  curl -f x\n  ```\n";
        let found = tools(&crate::runbook::parse(text.into(), None));
        let names: Vec<_> = found.iter().map(|(name, steps)| (name.as_str(), steps.len())).collect();
        assert_eq!(names, [("curl", 1), ("kubectl", 1), ("nc", 1), ("terraform", 0)]);
    }
}
