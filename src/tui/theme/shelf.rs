//! Every theme there is to choose from: the shipped ones, and the files a person has of their own.
//!
//! Nothing is understood before it is asked for, so that the first frame pays for one theme only.

use std::sync::{Arc, OnceLock};

use domain::diagnostic::{Diagnostic, did_you_mean};

use super::sheet::{Parent, Sheet, parent};
use super::{Depth, SHIPPED, Symbols, Theme, ThemeError, UNICODE, Wrong};

/// A person's theme: what it is called, where it lies, and its text or why that could not be read.
#[derive(Clone, Debug)]
pub struct OwnTheme {
    pub name: String,
    /// For people: the path as they would write it.
    pub file: String,
    pub text: Result<Arc<str>, String>,
}

/// The themes, and the terminal they are shown on. An own theme with the name of a shipped one stands in its place, and
/// may build on it.
#[derive(Debug)]
pub struct Shelf {
    own: Vec<Slot>,
    depth: Depth,
    symbols: &'static Symbols,
}

#[derive(Debug)]
struct Slot {
    theme: OwnTheme,
    /// Once it was asked for.
    read: OnceLock<Result<Theme, ThemeError>>,
}

impl Default for Shelf {
    fn default() -> Self {
        Self::new(Vec::new(), Depth::default(), &UNICODE)
    }
}

impl Shelf {
    #[must_use]
    pub fn new(own: Vec<OwnTheme>, depth: Depth, symbols: &'static Symbols) -> Self {
        let own = own.into_iter().map(|theme| Slot { theme, read: OnceLock::new() }).collect();
        Self { own, depth, symbols }
    }

    /// What can be chosen: the shipped ones in their order, then the own ones that can be used.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let shipped = SHIPPED.iter().map(|(name, _)| *name);
        let usable = self.own.iter().filter(|slot| self.slot(slot).is_ok()).map(|slot| slot.theme.name.as_str());
        shipped.chain(usable.filter(|name| !is_shipped(name))).collect()
    }

    /// The own ones that cannot be used, and why.
    pub fn unusable(&self) -> impl Iterator<Item = (&str, &ThemeError)> {
        self.own.iter().filter_map(|slot| Some((slot.theme.name.as_str(), self.slot(slot).as_ref().err()?)))
    }

    /// The theme of that name as this terminal shows it.
    ///
    /// # Errors
    /// There is none, or what is wrong with its file.
    pub fn theme(&self, name: &str) -> Result<Theme, ThemeError> {
        if let Some(slot) = self.own(name) {
            return self.slot(slot).clone();
        }
        match shipped(name) {
            Some(source) => self.read(name, &source),
            None => Err(ThemeError::Unknown { name: name.to_owned(), help: self.help(name) }),
        }
    }

    fn slot<'s>(&'s self, slot: &'s Slot) -> &'s Result<Theme, ThemeError> {
        slot.read.get_or_init(|| self.read(&slot.theme.name, &Source::own(&slot.theme)?))
    }

    fn read<'s>(&'s self, name: &str, source: &Source<'s>) -> Result<Theme, ThemeError> {
        let sheet = self.sheet(source, &mut Vec::new())?;
        Ok(Theme::of(name, &sheet).at_depth(self.depth).with_symbols(self.symbols))
    }

    fn own(&self, name: &str) -> Option<&Slot> {
        self.own.iter().find(|slot| slot.theme.name == name)
    }

    /// The sheet of a text over those it builds on; `below` are the files that are being read.
    fn sheet<'s>(&'s self, source: &Source<'s>, below: &mut Vec<&'s str>) -> Result<Sheet, ThemeError> {
        let base = match parent(source.text) {
            Some(parent) => self.base(source, &parent, below)?,
            None => Sheet::default(),
        };
        Sheet::over(base, source.text).map_err(|findings| source.wrong(findings))
    }

    fn base<'s>(&'s self, of: &Source<'s>, parent: &Parent, below: &mut Vec<&'s str>) -> Result<Sheet, ThemeError> {
        let finding = |code, message: String, help: String| {
            of.wrong(vec![Diagnostic::error(code, parent.span.clone(), message).help(help)])
        };
        below.push(of.file);
        // A theme that stands in the place of a shipped one builds on that one, and shipped ones on shipped ones.
        let own = self.own(&parent.name).filter(|slot| of.own && slot.theme.file != of.file);
        if let Some(slot) = own {
            if below.contains(&slot.theme.file.as_str()) {
                let chain = below.join(" → ");
                let help = "let one of them build on a shipped theme".to_owned();
                return Err(finding("theme::cycle", format!("these build on each other: {chain}"), help));
            }
            return self.sheet(&Source::own(&slot.theme)?, below).map_err(|why| {
                finding("theme::inherits", format!("`{}` cannot be built on", parent.name), why.to_string())
            });
        }
        match shipped(&parent.name) {
            Some(source) => self.sheet(&source, below),
            None => {
                let message = format!("there is no theme `{}` to build on", parent.name);
                Err(finding("theme::inherits", message, self.help(&parent.name)))
            }
        }
    }

    fn help(&self, name: &str) -> String {
        let all: Vec<&str> = SHIPPED
            .iter()
            .map(|(name, _)| *name)
            .chain(self.own.iter().map(|slot| slot.theme.name.as_str()).filter(|name| !is_shipped(name)))
            .collect();
        did_you_mean(name, all.iter().copied()).unwrap_or_else(|| format!("there are {}", all.join(", ")))
    }
}

fn shipped(name: &str) -> Option<Source<'static>> {
    let (file, text) = SHIPPED.iter().find(|(shipped, _)| *shipped == name)?;
    Some(Source { file, text, own: false })
}

fn is_shipped(name: &str) -> bool {
    shipped(name).is_some()
}

/// A text, and what its findings are said to be in.
struct Source<'s> {
    file: &'s str,
    text: &'s str,
    own: bool,
}

impl<'s> Source<'s> {
    fn own(theme: &'s OwnTheme) -> Result<Self, ThemeError> {
        match &theme.text {
            Ok(text) => Ok(Self { file: &theme.file, text, own: true }),
            Err(why) => Err(ThemeError::Unreadable { file: theme.file.clone(), why: why.clone() }),
        }
    }

    fn wrong(&self, findings: Vec<Diagnostic>) -> ThemeError {
        ThemeError::Wrong(Wrong { file: self.file.to_owned(), text: self.text.into(), findings })
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::Color;

    use super::super::Role;
    use super::*;

    fn shelf(own: &[(&str, &str)]) -> Shelf {
        let own = own.iter().map(|(name, text)| OwnTheme {
            name: (*name).to_owned(),
            file: format!("themes/{name}.toml"),
            text: Ok((*text).into()),
        });
        Shelf::new(own.collect(), Depth::True, &UNICODE)
    }

    fn wrong(text: &str) -> String {
        shelf(&[("mine", text)]).theme("mine").unwrap_err().to_string()
    }

    #[test]
    fn a_dotted_role_falls_back_to_its_stem() {
        let theme = shelf(&[("mine", "[roles]\nborder = \"red\"\ntext = \"green\"")]).theme("mine").unwrap();
        assert_eq!(theme.style(Role::BorderFocus).fg, Some(Color::Red));
        assert_eq!(theme.style(Role::Muted).fg, Some(Color::Green));
    }

    #[test]
    fn a_theme_builds_on_another_and_may_recolour_its_palette() {
        let theme = shelf(&[("mine", "inherits = \"dark\"\n[palette]\nred = \"#112233\"")]).theme("mine").unwrap();
        assert_eq!(theme.style(Role::Down).fg, Some(Color::Rgb(0x11, 0x22, 0x33)));
        assert_eq!(theme.style(Role::Ok), Theme::named("dark").unwrap().style(Role::Ok));
    }

    #[test]
    fn an_own_theme_builds_on_an_own_theme() {
        let team = ("team", "inherits = \"light\"\n[palette]\nhouse = \"#123456\"\n[roles]\nok = \"house\"");
        let theme = shelf(&[("mine", "inherits = \"team\"\n[roles]\ntitle = \"house\""), team]).theme("mine").unwrap();
        let house = Some(Color::Rgb(0x12, 0x34, 0x56));
        assert_eq!((theme.style(Role::Ok).fg, theme.style(Role::Title).fg), (house, house));
        assert_eq!(theme.style(Role::Down), Theme::named("light").unwrap().style(Role::Down));
    }

    #[test]
    fn an_own_theme_may_stand_in_the_place_of_a_shipped_one_and_build_on_it() {
        let dark = ("dark", "inherits = \"dark\"\n[roles]\nok = \"cyan\"");
        let shelf = shelf(&[dark, ("mine", "inherits = \"dark\"")]);
        for name in ["dark", "mine"] {
            let theme = shelf.theme(name).unwrap();
            assert_eq!(theme.style(Role::Ok).fg, Some(Color::Cyan), "{name}");
            assert_eq!(theme.style(Role::Down), Theme::named("dark").unwrap().style(Role::Down), "{name}");
        }
        assert_eq!(shelf.theme("light").unwrap(), Theme::named("light").unwrap(), "shipped ones build on shipped ones");
        assert_eq!(shelf.names().iter().filter(|name| **name == "dark").count(), 1);
    }

    #[test]
    fn themes_that_build_on_each_other_are_told_so() {
        let round = shelf(&[("a", "inherits = \"b\""), ("b", "inherits = \"a\"")]);
        let why = round.theme("a").unwrap_err().to_string();
        assert!(why.contains("themes/b.toml:1:12: these build on each other: themes/a.toml → themes/b.toml"), "{why}");
        assert!(wrong("inherits = \"mine\"").contains("there is no theme `mine` to build on"));
    }

    #[test]
    fn mistakes_are_named_with_their_place_and_a_remedy() {
        assert_eq!(
            wrong("[roles]\nwarnin = \"red\""),
            "themes/mine.toml:2:1: `warnin` is not a role: did you mean `warning`?"
        );
        let color = "themes/mine.toml:2:6: `gren` is neither a colour nor in the palette: did you mean `green`?";
        assert_eq!(wrong("[roles]\nok = \"gren\""), color);
        let parent = "themes/mine.toml:1:12: there is no theme `drak` to build on: did you mean `dark`?";
        assert_eq!(wrong("inherits = \"drak\""), parent);
        assert!(wrong("[roles]\nok = {attributes = [\"blink\"]}").contains(":2:21: `blink` is not an attribute"));
        assert!(wrong("[roles]\nok = {foreground = \"red\"}").contains(":2:7: a role has no key `foreground`"));
        assert!(wrong("[palette]\nred = 4").contains(":2:7: this is a whole number, not a colour: write it in quotes"));
        assert!(wrong("roles = 4").contains("write `[roles]` on a line of its own"));
        assert!(wrong("x").starts_with("themes/mine.toml:1:"));
    }

    #[test]
    fn every_mistake_of_a_file_is_named_at_once() {
        let why = wrong("[roles]\nok = \"gren\"\nwarnin = \"red\"\n= 1\n");
        assert_eq!(why.lines().count(), 3, "{why}");
    }

    #[test]
    fn what_cannot_be_used_is_listed_with_why_and_takes_nothing_else_along() {
        let shelf = shelf(&[("bad", "[roles]\nok = 1"), ("good", "inherits = \"light\"")]);
        assert_eq!(shelf.names().last(), Some(&"good"));
        let unusable: Vec<_> = shelf.unusable().map(|(name, why)| (name, why.to_string())).collect();
        assert!(matches!(&unusable[..], [("bad", why)] if why.starts_with("themes/bad.toml:2:6: ")), "{unusable:?}");
        assert!(shelf.theme("bda").unwrap_err().to_string().contains("did you mean `bad`?"));
    }
}
