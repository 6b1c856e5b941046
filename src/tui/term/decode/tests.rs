//! Every sequence means the same however it is cut, and no answer ever means a key.

use proptest::prelude::*;

use super::*;
use crate::input::Mouse;

const AT: Duration = Duration::from_secs(1000);

/// What the bytes mean, once nothing follows them.
fn decoded(bytes: &[u8]) -> Vec<String> {
    pieces(&[bytes])
}

/// The same in several reads.
fn pieces(reads: &[&[u8]]) -> Vec<String> {
    let mut decoder = Decoder::default();
    let mut inputs: Vec<Input> = reads.iter().flat_map(|read| decoder.feed(read, AT)).collect();
    inputs.extend(decoder.settle(AT + ANSWER * 2));
    inputs.iter().map(told).collect()
}

fn told(input: &Input) -> String {
    match input {
        Input::Key { key, .. } => key.to_string(),
        Input::Paste(text) => format!("paste {text:?}"),
        Input::Mouse(Mouse { kind, column, row, .. }) => format!("{kind:?} {column},{row}"),
        Input::Attended(attended) => format!("attended {attended}"),
        other => format!("{other:?}"),
    }
}

/// What terminals answer and report; each has a key's letter in it.
const ANSWERS: &[&[u8]] = &[
    b"\x1b[?64;1;2;6;9;15;18;21;22c",
    b"\x1b[>41;354;0c",
    b"\x1b[=0;1c",
    b"\x1b[24;80R",
    b"\x1b[?24;80R",
    b"\x1b[8;36;120t",
    b"\x1b[0n",
    b"\x1b[?997;1n",
    b"\x1b[?2026;2$y",
    b"\x1b[?1u",
    b"\x1b]10;rgb:yyyy/ffff/ffff\x07",
    b"\x1b]11;rgb:1e1e/y/2e2e\x1b\\",
    b"\x1b]52;c;eXl5\x1b\\",
    b"\x1b]lyes\x1b\\",
    b"\x1bP>|terminal y 1.2\x1b\\",
    b"\x1bP1+r696e6e=y\x1b\\",
    b"\x1bP1$r0;y\"p\x1b\\",
    b"\x1b_Gi=31;OK y\x1b\\",
    b"\x1b^y\x1b\\",
    b"\x1bXy\x1b\\",
];

#[test]
fn no_answer_is_a_key() {
    for answer in ANSWERS {
        assert_eq!(decoded(answer), [""; 0], "{:?}", String::from_utf8_lossy(answer));
    }
}

#[test]
fn an_answer_may_be_cut_anywhere() {
    for answer in ANSWERS {
        for cut in 1..answer.len() {
            let (one, other) = answer.split_at(cut);
            assert_eq!(pieces(&[one, other, b"j"]), ["j"], "{:?} cut at {cut}", String::from_utf8_lossy(answer));
        }
    }
}

#[test]
fn an_answer_that_stalls_goes_on_where_it_stopped() {
    let mut decoder = Decoder::default();
    assert!(decoder.feed(b"\x1b]11;rgb:", AT).is_empty());
    let later = AT + Duration::from_millis(900);
    assert!(decoder.feed(b"yyyy/yy\x1b", later).is_empty());
    assert!(decoder.feed(b"\\", later + ESCAPE / 2).is_empty());
    assert_eq!(decoder.feed(b"y", later + ESCAPE).len(), 1);
}

#[test]
fn an_answer_that_never_ends_does_not_take_the_keyboard() {
    let mut decoder = Decoder::default();
    decoder.feed(b"\x1bPyy", AT);
    assert!(decoder.feed(b"y", AT + ANSWER / 2).is_empty());
    assert_eq!(decoder.feed(b"j", AT + ANSWER).len(), 1, "from its beginning, whatever is typed meanwhile");
    decoder.feed(b"\x1bPyy", AT);
    decoder.feed(b"\x1b", AT);
    assert_eq!(decoder.settle(AT + ESCAPE).iter().map(told).collect::<Vec<_>>(), ["esc"], "Escape gets out of it");
}

#[test]
fn keys_are_what_their_names_say() {
    for (bytes, name) in [
        (&b"j"[..], "j"),
        (b"M", "M"),
        (b"\r", "enter"),
        (b"\t", "tab"),
        (b"\x7f", "backspace"),
        (b"\x03", "ctrl-c"),
        (b"\x1b", "esc"),
        (b"\x1bx", "alt-x"),
        (b"\x1b\r", "alt-enter"),
        (b"\x1b ", "alt-space"),
        (b"\x1b\xc3\xa9", "alt-é"),
        (b"\x1b[", "alt-["),
        (b"\x1b]", "alt-]"),
        (b"\x1bP", "alt-P"),
        (b"\x1bO", "alt-O"),
        (b"\x1b[A", "↑"),
        (b"\x1bOA", "↑"),
        (b"\x1b[1;5C", "ctrl-→"),
        (b"\x1b[1;3B", "alt-↓"),
        (b"\x1b[Z", "shift-tab"),
        (b"\x1b[3~", "delete"),
        (b"\x1b[5~", "page-up"),
        (b"\x1b[1~", "home"),
        (b"\x1b[H", "home"),
        (b"\x1b[4~", "end"),
        (b"\x1b[121;5u", "ctrl-y"),
        (b"\x1b[121;129u", "y"),
        (b"\x1b[9;2u", "shift-tab"),
        (b"\x1b[27;5;105~", "ctrl-i"),
        (b"\x1b[13;3u", "alt-enter"),
        ("é".as_bytes(), "é"),
        ("🜁".as_bytes(), "🜁"),
    ] {
        assert_eq!(decoded(bytes), [name], "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn what_is_no_key_of_ours_types_nothing() {
    for bytes in
        [&b"\x1b[[A"[..], b"\x1b[15~", b"\x1bOP", b"\x1b[121;1:3u", b"\x1b[121;9u", b"\x1b[57441u", b"\xff\xfe"]
    {
        assert_eq!(decoded(bytes), [""; 0], "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn an_escape_is_a_key_once_nothing_followed_it() {
    let mut decoder = Decoder::default();
    assert!(decoder.feed(b"\x1b", AT).is_empty());
    assert_eq!(decoder.due(), Some(AT + ESCAPE));
    assert!(decoder.settle(AT + ESCAPE / 2).is_empty());
    let inputs = decoder.settle(AT + ESCAPE);
    assert!(matches!(inputs.as_slice(), [Input::Key { key, at }] if *key == Key::of(Code::Esc) && *at == AT));
    assert_eq!(decoder.due(), None);
    // Typed slowly, they are two keys; a sequence that a link has cut is one.
    let mut decoder = Decoder::default();
    assert!(decoder.feed(b"\x1b", AT).is_empty());
    assert_eq!(decoder.feed(b"[A", AT + ESCAPE * 2).len(), 3);
    let mut decoder = Decoder::default();
    assert!(decoder.feed(b"\x1b", AT).is_empty());
    assert_eq!(decoder.feed(b"[A", AT + ESCAPE / 2).iter().map(told).collect::<Vec<_>>(), ["↑"]);
}

#[test]
fn the_mouse_looks_in_both_ways_of_reporting() {
    assert_eq!(decoded(b"\x1b[<0;10;5M"), ["Click 9,4"]);
    assert_eq!(decoded(b"\x1b[<65;1;1M"), ["WheelDown 0,0"]);
    assert_eq!(decoded(b"\x1b[<0;10;5m"), [""; 0], "let go");
    assert_eq!(decoded(b"\x1b[<2;10;5M"), [""; 0], "another button");
    // Column 89 is a `y`.
    assert_eq!(decoded(b"\x1b[M yy"), ["Click 88,88"]);
    assert_eq!(decoded(b"\x1b[M`yy"), ["WheelUp 88,88"]);
}

#[test]
fn a_paste_is_one_text_whatever_is_in_it() {
    assert_eq!(decoded(b"\x1b[200~y\r\x1b[Ax\x1b[201~j"), ["paste \"y\\r\\u{1b}[Ax\"", "j"]);
    assert_eq!(decoded(b"\x1b[200~never ended"), ["paste \"never ended\""]);
    let long = [b"\x1b[200~", "x".repeat(LONGEST_PASTE * 2).as_bytes(), PASTE_ENDS, b"j"].concat();
    let inputs = Decoder::default().feed(&long, AT);
    assert!(matches!(&inputs[..], [Input::Paste(text), Input::Key { .. }] if text.len() == LONGEST_PASTE));
}

#[test]
fn the_focus_is_told() {
    assert_eq!(decoded(b"\x1b[I\x1b[O"), ["attended true", "attended false"]);
}

proptest! {
    /// However reads cut a stream, it means the same.
    #[test]
    fn cuts_change_nothing(
        parts in prop::collection::vec(prop_oneof![
            prop::sample::select(ANSWERS.to_vec()).prop_map(<[u8]>::to_vec),
            prop::sample::select(vec![&b"\x1b[A"[..], b"y", b"\x1b[<0;9;9M", b"\x1b[200~y\r\x1b[201~", b"\xc3\xa9", b"\r"])
                .prop_map(<[u8]>::to_vec),
        ], 1..12),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let whole = parts.concat();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(whole.len())).collect();
        cuts.extend([0, whole.len()]);
        cuts.sort_unstable();
        let reads: Vec<&[u8]> = cuts.windows(2).map(|cut| &whole[cut[0]..cut[1]]).collect();
        prop_assert_eq!(pieces(&reads), decoded(&whole));
    }

    /// Bytes without any sense panic nowhere, and hold nothing for ever.
    #[test]
    fn anything_can_be_decoded(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut decoder = Decoder::default();
        decoder.feed(&bytes, AT);
        decoder.settle(AT + ANSWER);
        prop_assert_eq!(decoder.due(), None);
    }
}
