//! YAML as a small tree of text with byte ranges: front matter, record sets, other tools' files. Scalars keep the text
//! they were written with: whether `5` is a number is for the one who asks. Only what could steer a terminal is made
//! visible: an escape in double quotes can spell any character.

use std::ops::Range;

use saphyr::{MarkedYaml, YamlData, YamlLoader};
use saphyr_parser::{Event, Parser, ScanError, Span};

use crate::untrusted::sanitise;

/// Front matter is short; longer ones are not read.
pub(crate) const LIMIT: usize = 64 * 1024;
const DEPTH: usize = 16;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) span: Range<usize>,
    pub(crate) value: Value,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Nothing,
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

impl Node {
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What stands under a key of a map; what `<<` brings in counts where the key itself is not written.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        let own = |wanted: &str| self.entries().find_map(|(key, _, value)| (key == wanted).then_some(value));
        own(name).or_else(|| own("<<")?.get(name))
    }

    /// What a list holds.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// Keys that are plain text, each with its node and value.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, &Node, &Node)> {
        let pairs = match &self.value {
            Value::Map(pairs) => pairs.as_slice(),
            _ => &[],
        };
        pairs.iter().filter_map(|(key, value)| key.text().map(|text| (text, key, value)))
    }
}

/// What could be read, and what was wrong with it: message and place.
pub(crate) struct Read {
    pub(crate) root: Option<Node>,
    pub(crate) problem: Option<(String, Range<usize>)>,
}

/// Reads one YAML document that stands at `base` in the file.
pub(crate) fn read(text: &str, base: usize) -> Read {
    read_within(text, base, LIMIT)
}

/// The same for a text of at most `limit` bytes.
pub(crate) fn read_within(text: &str, base: usize, limit: usize) -> Read {
    if text.len() > limit {
        let problem = (format!("longer than {} KiB", limit / 1024), base..base);
        return Read { root: None, problem: Some(problem) };
    }
    let places = Places { offsets: text.char_indices().map(|(at, _)| at).collect(), end: text.len(), base };
    if let Some(at) = too_deep(text) {
        let at = places.byte(at);
        return Read { root: None, problem: Some((format!("nested deeper than {DEPTH} levels"), at..at)) };
    }
    let (document, problem) = match load(text, false) {
        Ok(document) => (document, None),
        Err(error) => {
            let at = places.byte(error.marker().index());
            let problem = Some((error.info().to_owned(), at..at));
            (load(text, true).unwrap_or(None), problem)
        }
    };
    Read { root: document.map(|document| convert(&document, &places, DEPTH)), problem }
}

/// Where the nesting passes the limit: loading goes down it by recursion, so it is looked at first.
fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for event in Parser::new_from_str(text) {
        match event {
            Ok((Event::SequenceStart(..) | Event::MappingStart(..), span)) => {
                depth += 1;
                if depth > DEPTH {
                    return Some(span.start.index());
                }
            }
            Ok((Event::SequenceEnd | Event::MappingEnd, _)) => depth = depth.saturating_sub(1),
            Ok(_) => {}
            Err(_) => return None,
        }
    }
    None
}

fn load(text: &str, allow_duplicates: bool) -> Result<Option<MarkedYaml<'_>>, ScanError> {
    let mut loader = YamlLoader::<MarkedYaml<'_>>::default();
    loader.early_parse(false);
    loader.alias_limit(1000);
    loader.allow_duplicate_keys(allow_duplicates);
    Parser::new_from_str(text).load(&mut loader, true)?;
    match loader.error() {
        Some(error) => Err(error.clone()),
        None => Ok(loader.into_documents().into_iter().next()),
    }
}

struct Places {
    /// Byte offset of each character: the reader counts characters.
    offsets: Vec<usize>,
    end: usize,
    base: usize,
}

impl Places {
    fn byte(&self, index: usize) -> usize {
        self.base + self.offsets.get(index).copied().unwrap_or(self.end)
    }

    fn range(&self, span: Span) -> Range<usize> {
        let start = self.byte(span.start.index());
        start..self.byte(span.end.index()).max(start)
    }
}

fn convert(node: &MarkedYaml<'_>, places: &Places, depth: usize) -> Node {
    let span = places.range(node.span);
    let value = match &node.data {
        _ if depth == 0 => Value::Nothing,
        YamlData::Representation(text, style, _) => {
            let plain = *style == saphyr_parser::ScalarStyle::Plain;
            if plain && matches!(text.as_ref(), "" | "~" | "null") {
                Value::Nothing
            } else {
                Value::Text(sanitise(text.as_bytes()))
            }
        }
        YamlData::Sequence(items) => Value::List(items.iter().map(|item| convert(item, places, depth - 1)).collect()),
        YamlData::Mapping(pairs) => Value::Map(
            pairs
                .iter()
                .map(|(key, value)| (convert(key, places, depth - 1), convert(value, places, depth - 1)))
                .collect(),
        ),
        YamlData::Tagged(_, inner) => return convert(inner, places, depth - 1),
        YamlData::Value(_) | YamlData::Alias(_) | YamlData::BadValue => Value::Nothing,
    };
    Node { span, value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_keep_their_text_and_their_place() {
        let text = "a: 5\nß: [x, 'y: z']\n";
        let root = read(text, 10).root.unwrap();
        let (name, _, value) = root.entries().next().unwrap();
        assert_eq!((name, value.text()), ("a", Some("5")));
        let (_, key, _) = root.entries().nth(1).unwrap();
        assert_eq!(key.span.start, 10 + text.find('ß').unwrap());
    }

    #[test]
    fn a_duplicate_key_is_reported_and_the_rest_is_read() {
        let read = read("a: 1\nb: 2\na: 3\n", 0);
        assert!(read.problem.unwrap().0.contains("duplicate"));
        assert_eq!(read.root.unwrap().entries().count(), 2);
    }

    #[test]
    fn deep_nesting_neither_overflows_nor_hangs() {
        for text in ["[".repeat(60_000), "{a: ".repeat(15_000), "- ".repeat(30_000), "? ".repeat(30_000)] {
            read(&text, 0);
        }
    }
}
