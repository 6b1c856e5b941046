//! Variables of shell scripts, told from what only looks like one.

use crate::runbook::shell::read;

/// Names used and not set, with a `'` after those that are not quoted.
fn free(text: &str) -> Vec<String> {
    let script = read(text);
    script
        .uses
        .iter()
        .filter(|used| !script.sets.contains(used.name) && !used.has_default)
        .map(|used| format!("{}{}", used.name, if used.quoted { "" } else { "'" }))
        .collect()
}

#[test]
fn uses_are_told_from_what_only_looks_like_one() {
    for (text, wanted) in [
        ("echo \"$TO\" $FROM", vec!["TO", "FROM'"]),
        ("awk '{print $NF}' # $COMMENT\necho \\$ESCAPED", vec![]),
        ("echo \"$(cut -d' ' -f1 '$X' <<<\"$Y\")\" '$Z'", vec!["Y"]),
        ("echo \"it's $A\" $B", vec!["A", "B'"]),
        ("${A:-x} ${B} ${#C} ${!D} ${E[0]} ${F%/*}", vec!["B'", "C", "D'", "E'", "F'"]),
        ("X=$A\nY=\"$X\" cmd $Y\nZ+=($B)", vec!["A", "B'"]),
        ("for i in 1 2; do echo $i $J; done", vec!["J'"]),
        ("while read -r a b; do echo $a $b; done", vec![]),
        ("local x=1 y; echo $x $y; export Z=$Q", vec!["Q"]),
        ("[[ $A == $B ]] && echo $C", vec!["A", "B", "C'"]),
        ("echo $((N + $M)); (( i++ )); echo $i", vec!["M"]),
        ("cat <<EOF\n$A ${B} \\$C\nEOF\necho $D", vec!["A", "B", "D'"]),
        ("cat <<'EOF'\n$A\nEOF\necho $D", vec!["D'"]),
        ("cat <<-\"EOF\"\n\t$A\n\tEOF\necho $D", vec!["D'"]),
        ("echo $1 $@ $? $$ $# $'a\\'$X' $E", vec!["E'"]),
        ("case \"$M\" in a) X=1;; esac; echo $X", vec!["M"]),
        ("echo `date $A` $B", vec!["A'", "B'"]),
        ("if V=$(get \"$A\"); then echo \"$V\"; fi", vec!["A"]),
        ("curl -d \"{\\\"a\\\": \\\"$A\\\"}\" x", vec!["A"]),
    ] {
        assert_eq!(free(text), wanted, "{text}");
    }
}

#[test]
fn broken_scripts_are_read_to_their_end() {
    for text in [
        "\"",
        "'",
        "`",
        "$",
        "${",
        "$(",
        "$((",
        "<<",
        "<<E",
        "<<'",
        "\\",
        "((",
        "}",
        ")",
        "a=",
        "é$é\\é",
        "<<'é",
        "<<-\\é\n",
        "\u{85}{",
    ] {
        let _ = read(text);
        let _ = read(&text.repeat(3));
    }
}
