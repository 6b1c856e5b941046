//! Command lines worth copying, by command. A test parses each of them.

/// A command line, and what comes of it.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct Example {
    pub(in crate::cli) line: &'static str,
    pub(in crate::cli) does: &'static str,
}

const fn example(line: &'static str, does: &'static str) -> Example {
    Example { line, does }
}

/// The examples of a command; of the program itself by the empty name.
pub(in crate::cli) fn of(command: &str) -> &'static [Example] {
    match command {
        "" => {
            const {
                &[
                    example("switchback", "the console; without an estate, the demonstration"),
                    example("switchback drill regional-outage", "practise the loss of a region"),
                    example("switchback status", "one reading of the estate, as text"),
                    example("switchback config init", "write an estate's file, to be made yours"),
                ]
            }
        }
        "drill" => {
            const {
                &[
                    example("switchback drill --list", "the scenarios, and whether they fit this estate"),
                    example("switchback drill regional-outage --speed 4", "four times as fast as the clock"),
                    example("switchback drill split-brain --auto --runs 100 --json", "how the recovery time is spread"),
                ]
            }
        }
        "lab" => {
            const {
                &[
                    example("switchback lab up", "start it; it says how to open the console on it"),
                    example("switchback lab break region", "the region that serves fails, truly"),
                    example("switchback lab report", "what was lost, and how long it took"),
                    example("switchback lab down", "stop everything"),
                ]
            }
        }
        "wall" => const { &[example("switchback wall last", "the newest incident, open or closed")] },
        "run" => {
            const {
                &[
                    example(
                        "switchback run regional-failover --dry-run",
                        "what would run; nothing is changed or recorded",
                    ),
                    example(
                        "switchback run regional-failover --yes --to us-west-2 --reason \"it is lost\"",
                        "fail over, as far as nothing needs a person",
                    ),
                    example("switchback run regional-failover --yes --incident last", "go on where it stopped"),
                    example(
                        "switchback run --when-recommended",
                        "watch, and start it as [automatic] of the estate says",
                    ),
                ]
            }
        }
        "print" => {
            const {
                &[
                    example("switchback print regional-failover --html -o checklist.html", "a page for the printer"),
                    example("switchback print regional-failover --incident last", "what is left of it, by the log"),
                ]
            }
        }
        "status" => {
            const {
                &[
                    example("switchback status --json", "one document; times in ms"),
                    example("switchback status --watch", "each change as it comes, a line each"),
                    example(
                        "switchback status --watch --metrics -o switchback.prom",
                        "a page for Prometheus, renewed every 10 s",
                    ),
                ]
            }
        }
        "ack" => const { &[example("switchback ack region-down:us-east-1", "you are on it")] },
        "silence" => {
            const {
                &[
                    example(
                        "switchback silence replication-lag --for 2h --reason \"reindexing\"",
                        "a rule, for 2 hours",
                    ),
                    example("switchback silence replication-lag --end", "it may be heard again"),
                ]
            }
        }
        "declare" => {
            const {
                &[example(
                    "switchback declare \"checkout fails\" --severity 2 --impact \"5m ago\"",
                    "the impact began 5 minutes ago",
                )]
            }
        }
        "note" => {
            const { &[example("switchback note \"provider confirms the outage\" --at 02:06", "it was at 02:06 UTC")] }
        }
        "done" => {
            const { &[example("switchback done fence \"instances stopped, see ticket 41\"", "with its evidence")] }
        }
        "settle" => {
            const { &[example("switchback settle promote --took-effect \"accepts writes\"", "you have looked")] }
        }
        "approve" => const { &[example("switchback approve promote --spoken-by raj", "raj said so on the telephone")] },
        "update" => {
            const {
                &[
                    example("switchback update --dry-run", "who is due, and what they would be told"),
                    example("switchback update --yes", "tell them"),
                    example("switchback update status-page --text message.txt --yes", "one audience, in your words"),
                ]
            }
        }
        "role" => {
            const {
                &[
                    example("switchback role commander", "you command"),
                    example("switchback role scribe --by mara", "mara writes things down"),
                ]
            }
        }
        "handoff" => const { &[example("switchback handoff raj", "raj is offered command, with the brief")] },
        "accept" => const { &[example("switchback accept --spoken-by raj", "raj accepted by word of mouth")] },
        "decide" => {
            const { &[example("switchback decide \"fail over to us-west-2\" --failover", "the execution clock begins")] }
        }
        "task" => {
            const {
                &[
                    example(
                        "switchback task add \"call the provider\" --owner mara --due 20m",
                        "mara, within 20 minutes",
                    ),
                    example("switchback task done 41 \"ticket 17\"", "the one that entry 41 added"),
                ]
            }
        }
        "log" => {
            const {
                &[
                    example("switchback log --follow", "the newest incident, as it is written"),
                    example("switchback log last --json > log.jsonl", "its entries as they stand"),
                ]
            }
        }
        "export" => {
            const {
                &[
                    example("switchback export last -o incident.html", "one file for a browser and for paper"),
                    example(
                        "switchback export last --redact public --format md",
                        "without names, addresses and output",
                    ),
                ]
            }
        }
        "verify" => const { &[example("switchback verify last", "is its log whole, and whose are its signatures")] },
        "lint" => {
            const {
                &[
                    example("switchback lint runbooks/regional-failover.md", "everything that is wrong with it"),
                    example("switchback lint --json scenario.toml", "one list of findings, for a program"),
                ]
            }
        }
        "import" => {
            const {
                &[example(
                    "switchback import wiki.md -o runbooks/failover.md",
                    "a draft: read it before it is relied on",
                )]
            }
        }
        "beat" => const { &[example("switchback beat nightly-backup", "the last line of the job's script")] },
        "restored" => {
            const {
                &[
                    example(
                        "switchback restored orders-db --result pass --note \"41,207 rows\"",
                        "it was restored, and counted",
                    ),
                    example("switchback restored orders-db --within 35d", "exit code 1 when none passed since"),
                ]
            }
        }
        "tested" => const { &[example("switchback tested monthly-drill --result pass", "it was done now")] },
        "notify" => const { &[example("switchback notify test", "one message through every channel")] },
        "check" => const { &[example("switchback check --only-not-ready", "what could not be relied on")] },
        "doctor" => {
            const {
                &[
                    example("switchback doctor", "terminal, programs, files, clock"),
                    example("switchback doctor --leaving us-east-1", "what the console needs from that region"),
                ]
            }
        }
        "config" => {
            const {
                &[
                    example("switchback config init", "write an estate's file, to be made yours"),
                    example("switchback config check", "every error, with its place, cause and remedy"),
                ]
            }
        }
        "completions" => {
            const {
                &[
                    example(
                        "switchback completions bash > ~/.local/share/bash-completion/completions/switchback",
                        "for bash",
                    ),
                    example("switchback completions zsh > ~/.zfunc/_switchback", "for zsh: a folder of its fpath"),
                    example("switchback completions fish > ~/.config/fish/completions/switchback.fish", "for fish"),
                ]
            }
        }
        "man" => {
            const {
                &[
                    example("switchback man | man -l -", "read it"),
                    example(
                        "switchback man --dir ~/.local/share/man/man1",
                        "install it, with one page for each command",
                    ),
                ]
            }
        }
        _ => &[],
    }
}
