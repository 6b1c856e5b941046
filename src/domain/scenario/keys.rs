//! Every table and key of a scenario's file, once: what the reader accepts and what the reference documents.

/// A table of the file.
#[derive(Debug)]
pub(super) struct Section {
    /// As it is written: `[[inject]]`; empty for the file as a whole.
    pub(super) heading: &'static str,
    pub(super) about: &'static str,
    pub(super) keys: &'static [Key],
}

#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    /// What its value has to be, for people.
    pub(super) value: &'static str,
    /// What holds when it is not written; `None`: it has to be.
    pub(super) default: Option<&'static str>,
    pub(super) about: &'static str,
}

const fn key(name: &'static str, value: &'static str, default: &'static str, about: &'static str) -> Key {
    Key { name, value, default: Some(default), about }
}

const fn needed(name: &'static str, value: &'static str, about: &'static str) -> Key {
    Key { name, value, default: None, about }
}

const TEXT: &str = "text";
const SPAN: &str = "a time, such as 5m";
const MILESTONE: &str = "a milestone";

pub(super) static FILE: Section = Section {
    heading: "",
    about: "The exercise as a whole.",
    keys: &[
        needed("title", TEXT, "What the exercise is called on every screen and page."),
        key("summary", TEXT, "nothing", "One or two sentences for the list."),
        key("objectives", "a list of texts", "none", "What is to be learned or shown."),
        key("preconditions", "a list of texts", "none", "What has to be so before StartEx; the facilitator checks it."),
        key(
            "counts_as",
            "a list of names",
            "none",
            "Tests of the estate's schedule (`[tests.NAME]`) that are done by it; one that names the scenario itself needs no mention.",
        ),
        key("lasts", SPAN, "1h", "EndEx at the latest: `7d` at most."),
        key("roles", "a table", "none", "What each role is told before StartEx."),
        key("inject", "tables", "none", "The master scenario events list."),
        key("fault", "tables", "none", "How the simulated world disturbs what is executed."),
        key("answer", "tables", "none", "Answers to questions about what is not simulated."),
        key("expect", "tables", "none", "What the players are expected to do."),
        key("wrong", "tables", "none", "What they must not do."),
        key("targets", "a table", "none", "Limits that the measured times are held against."),
        key("play", "a table", "none", "The right answer, for an exercise that plays itself."),
    ],
};

pub(super) static INJECT: Section = Section {
    heading: "[[inject]]",
    about: "One event. It is delivered to its role when it has a `text`, and changes the simulated world when it has an \
            `effect`.",
    keys: &[
        needed("id", "a name", "What triggers and expected actions call it."),
        key(
            "type",
            "standard, contingency, complexity or administrative",
            "standard",
            "`contingency` brings play back on track, `complexity` makes it harder for those who are ahead, \
             `administrative` is about the exercise itself.",
        ),
        key("at", SPAN, "0", "So long after StartEx, or after what `after` names; `T+5m` is as good."),
        key("after", MILESTONE, "StartEx", "With neither `at` nor `after` the facilitator fires it."),
        key("unless", MILESTONE, "none", "It does not fire by itself once this was reached."),
        key("from", TEXT, "nobody", "Who speaks: `monitoring`, `head of support`."),
        key("to", "a role", "commander", "To whom it is delivered."),
        key("channel", TEXT, "none", "How it arrives: `pager`, `phone`, `chat`."),
        key("text", TEXT, "nothing", "What the players read, and acknowledge."),
        key("effect", "a list of lines", "none", "What it does to the simulated world."),
        key("notes", TEXT, "nothing", "For whoever evaluates; players do not see it."),
        key("expect", "tables", "none", "As `[[expect]]`, counted from this inject."),
    ],
};

pub(super) static EXPECT: Section = Section {
    heading: "[[expect]]",
    about: "An action that is expected; written `[[inject.expect]]` it is counted from its inject.",
    keys: &[
        needed("text", TEXT, "What is expected, for people."),
        needed("action", MILESTONE, "What shows that it was done."),
        key(
            "after",
            MILESTONE,
            "StartEx, or its inject",
            "From when on it is expected. Never reached: never expected.",
        ),
        key("within", SPAN, "any time before EndEx", "The maximum response time."),
    ],
};

pub(super) static WRONG: Section = Section {
    heading: "[[wrong]]",
    about: "An action that must not be taken.",
    keys: &[
        needed("text", TEXT, "What is wrong with it, for people."),
        needed("action", MILESTONE, "What shows that it was taken."),
        key("unless_after", MILESTONE, "none", "It is right once this was reached."),
    ],
};

pub(super) static FAULT: Section = Section {
    heading: "[[fault]]",
    about: "What goes wrong when something is executed.",
    keys: &[
        needed(
            "on",
            "a step's id, or promote, route53, write test, shell, http, sql, any run or any verify",
            "What is disturbed. `promote` is whatever promotes a server, `route53` whatever moves traffic.",
        ),
        needed("does", "fails, times-out, unknown or slow", "`unknown`: it happens, and nobody is told."),
        key("text", TEXT, "a sentence", "What it prints."),
        key("times", "a whole number from 1", "always", "How often."),
        key("until", MILESTONE, "always", "When it is over."),
    ],
};

pub(super) static ANSWER: Section = Section {
    heading: "[[answer]]",
    about: "The facilitator answers what the simulated world does not know; an exercise that plays itself takes the \
            answer from here, else it holds.",
    keys: &[
        needed("asked", TEXT, "Words that stand in the question."),
        needed("holds", "true or false", "Whether it is so."),
    ],
};

pub(super) static TARGETS: Section = Section {
    heading: "[targets]",
    about: "What is absent is measured and shown, and not judged.",
    keys: &[
        key("detection", SPAN, "not judged", "From the impact until the players know."),
        key("decision", SPAN, "not judged", "From then until it is decided."),
        key("execution", SPAN, "not judged", "From the decision to recovery."),
        key("total", SPAN, "not judged", "From the impact to recovery."),
        key("loss", SPAN, "not judged", "Of writes, at most."),
        key("objectives", "true or false", "false", "Each tier is held against the estate's own objectives as well."),
    ],
};

pub(super) static PLAY: Section = Section {
    heading: "[play]",
    about: "How `--auto` plays it.",
    keys: &[
        key("declares", MILESTONE, "never", "What has happened when the incident is declared."),
        key("severity", "1 to 5", "1", "Of the incident."),
        key("decides", "`to fail over` or `to stay`", "nothing", "What is decided."),
        key("because", TEXT, "nothing", "Why, for the log."),
        key("fence", TEXT, "nothing", "How the old side was isolated, where a promotion asks for it."),
        key("runbook", "tables", "none", "What is walked, in this order."),
    ],
};

pub(super) static RUNBOOK: Section = Section {
    heading: "[[play.runbook]]",
    about: "A runbook that the right answer walks.",
    keys: &[
        needed("runbook", "a name", "Of the library."),
        key("mode", "planned or forced", "forced", ""),
        key("back", "true or false", "false", "From `$TO` back to `$FROM`."),
        key("after", MILESTONE, "the one before has ended", "When it is started."),
        key(
            "values",
            "names and texts",
            "none",
            "Its variables. One that is nothing but a name the estate lacks (`BACKUP = \"$BACKUP\"`) is left out.",
        ),
    ],
};

/// In the order of the reference.
pub(super) static SECTIONS: [&Section; 9] =
    [&FILE, &INJECT, &EXPECT, &WRONG, &FAULT, &ANSWER, &TARGETS, &PLAY, &RUNBOOK];
